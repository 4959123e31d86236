"""Our requests before Prism, a mock that others wrote, made of the vendors' own specifications: none may be refused.

python -m tests.long.prism [--folder FOLDER]: installs Prism there (npm, 90 MB), else in a temporary folder.
Prism has no state, so what it answers proves nothing; what counts is whether it finds a violation in what we ask.
"""

import argparse
import json
import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import requests

from smsreminders.errors import SmsremindersError
from smsreminders.gateways.base import Gateway, Hears, KnowsOptOuts
from tests.gateways.contract import Bench, an_sms, asked_about, bench_of
from tests.gateways.faults import FaultyServer, Seen
from tests.long.setting import figures, tell

_DATA = Path(__file__).parents[3] / "shared" / "data"
_OURS = Path(__file__).parents[1] / "data"
_PATIENCE = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Mocked:
    """A gateway's specification, and what our path has before the one that stands in it.

    `has_lists`: it has what comes in too; `is_ours`: it is our transcription, in tests/data.
    """

    file: str
    prefix: str = ""
    has_lists: bool = False
    is_ours: bool = False

    @property
    def path(self) -> Path:
        """Where it stands."""
        if self.is_ours:
            return _OURS / self.file
        return Path(os.environ.get("SMSREMINDERS_TEST_DATA") or _DATA) / "gateway-specs" / self.file


MOCKED = {
    "cm": Mocked("cm.transcribed.yml"),
    "infobip": Mocked("infobip.sms-v3.json"),
    "seven": Mocked("seven.sms.yml", "/api"),
    "smsgate": Mocked("sms-gate.messages.json", "/api/3rdparty/v1"),
    "spryng": Mocked("spryng.v2.transcribed.yml", "/v2", has_lists=True, is_ours=True),
    "twilio": Mocked("twilio_api_v2010.messages.json", has_lists=True),  # replies stand in the one list
}


class Forwarder(FaultyServer):
    """Hands our requests on to Prism, and keeps what it finds in them."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__()
        self._name, self._to = name, f"http://127.0.0.1:{port}"
        self.refused: list[str] = []

    def answer(self, request: Seen) -> tuple[int, object]:
        headers = {k: v for k, v in request.headers.items() if k not in {"host", "content-length", "connection"}}
        as_form = "urlencoded" in headers.get("content-type", "")
        body = request.body
        if self._name == "seven":  # its document lags behind: OAuth and forms alone, no ttl
            headers |= {"authorization": "Bearer made-up", "content-type": "application/x-www-form-urlencoded"}
            as_form = True
            body = {k: v for k, v in body.items() if k != "ttl"} if isinstance(body, dict) else body
        got = requests.request(
            request.method,
            self._to + request.path.removeprefix(MOCKED[self._name].prefix),
            params=request.asked or request.query,
            headers=headers,
            json=None if as_form else body,
            data=body if as_form else None,  # type: ignore[arg-type]  # a form is a dict
            timeout=_PATIENCE,
        )
        violations = [v for v in json.loads(got.headers.get("sl-violations", "[]")) if v["location"][0] == "request"]
        if got.status_code >= 400 or violations:
            self.refused.append(f"{request.method} {request.path}: {got.status_code} {got.text[:300]} {violations}")
        return got.status_code, got.json() if got.text else None


def look(folder: Path) -> dict[str, object]:
    """Send, ask and look at the account of each gateway before its mock; how many requests, how many refused."""
    tally: dict[str, object] = {}
    for name, mocked in MOCKED.items():
        if not mocked.path.exists():
            tally[f"{name}: no {mocked.file}, skipped"] = 1
            continue
        with _mock(folder, mocked.path) as port, Forwarder(name, port) as forwarder:
            bench: Bench
            with bench_of(name)(folder) as bench:
                _ask(bench.open(base_url=forwarder.url), has_lists=mocked.has_lists)
            tally[f"{name}: requests"] = len(forwarder.requests)
            tally[f"{name}: refused"] = len(forwarder.refused)
            for line in forwarder.refused:
                tell(f"{name}: {line}")
    return tally


def _ask(gateway: Gateway, *, has_lists: bool) -> None:
    for number, text in enumerate(("Tot morgen om 10:30.", "Patiënt: tot morgen 😀")):
        gateway.send(an_sms(number, text=text))
    for asked in (asked_about(an_sms(1), "SM" + "0" * 32), asked_about(an_sms(2))):
        with suppress(SmsremindersError):  # what a mock answers makes no sense together
            list(gateway.lookup([asked]))
    with suppress(SmsremindersError):
        gateway.account()
    since = datetime.now(UTC) - timedelta(days=1)
    if has_lists and isinstance(gateway, Hears):
        with suppress(SmsremindersError):
            list(gateway.inbox(since))
    if has_lists and isinstance(gateway, KnowsOptOuts):
        with suppress(SmsremindersError):
            list(gateway.opt_outs(since))


@contextmanager
def _mock(folder: Path, specification: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = folder / "node_modules" / ".bin" / "prism"
    with subprocess.Popen(
        [program, "mock", "-h", "127.0.0.1", "-p", str(port), specification],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    pause = threading.Event()
    for _ in range(int(_PATIENCE / 0.1)):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        pause.wait(0.1)
    raise RuntimeError("Prism doesn't start")


def _install(folder: Path) -> Mapping[str, object]:
    npm = which("npm")
    if npm is None:
        return {"skipped: there is no npm here (Debian: apt-get install npm)": 1}
    if not (folder / "node_modules" / ".bin" / "prism").exists():
        subprocess.run([npm, "install", "--silent", "--prefix", folder, "@stoplight/prism-cli@5.14.2"], check=True)
    return {}


def main() -> int:
    """Look, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.prism", description=__doc__)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="prism-") as name:
        folder = options.folder or Path(name)
        tally = dict(_install(folder)) or look(folder)
    return figures(tally, broken=[name for name in tally if name.endswith(": refused")])


if __name__ == "__main__":
    raise SystemExit(main())
