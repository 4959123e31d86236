"""The program in this process, as `python -m smsreminders` runs it: its exit code, its data and its talk, as bytes."""

import io
import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smsreminders.cli.main import run

TUESDAY = "2026-11-24T09:00:00+01:00"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> list[str]:
        """The talk as a list of lines."""
        return self.err.splitlines()


def run_here(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> Ended:
    """One run with this environment and no other, in this folder."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=e) for e in ("strict", "backslashreplace"))
    with _surroundings(environment, folder), _streams(out, err):
        code = run(arguments)
    return Ended(code, _written(out), _written(err))


@dataclass(frozen=True)
class Installed:
    """An installation with a home of its own, at a moment; a call runs a command line."""

    home: Path
    at: str = TUESDAY

    @property
    def config(self) -> Path:
        return self.home / ".config" / "smsreminders" / "config.toml"

    @property
    def database(self) -> Path:
        return self.config.with_name("smsreminders.db")

    @property
    def journal(self) -> list[str]:
        """What the sandbox took, a line each."""
        file = self.config.with_name("smsreminders.db.sandbox.jsonl")
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    @property
    def environment(self) -> dict[str, str]:
        return {"HOME": str(self.home), "PATH": os.defpath, "LANG": "C.UTF-8", "SMSREMINDERS_NOW": self.at}

    def __call__(self, command: str, *, at: str | None = None) -> Ended:
        return run_here(shlex.split(command), self.environment | ({"SMSREMINDERS_NOW": at} if at else {}), self.home)

    def does(self, command: str, *, at: str | None = None) -> str:
        """Run what must go well; its data."""
        ended = self(command, at=at)
        assert ended.code == 0, ended
        return ended.out


def installed(home: Path, configuration: str = "") -> Installed:
    """A practice with patients P1 to P4 and their appointments tomorrow; P4 never gave consent, P2's number fails."""
    made = Installed(home)
    made.does("init")
    made.config.write_text(f"[gateway]\nper_second = 10000\n{configuration}", encoding="utf-8")
    made.does("practice add linde --name 'Tandarts Linde'")
    made.does("service add --name Notificaties --channel sms --notification-type appointment-reminder")
    rows = ["appointment_id,patient_id,patient_name,phone,consent,start"]
    for number, digit in ((1, 1), (2, 7), (3, 3), (4, 4)):
        consent = "" if number == 4 else "ja"
        rows.append(f"A{number},P{number},K. Canaria,06-1234567{digit},{consent},2026-11-25 1{number}:00")
    (home / "agenda.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    made.does("import agenda.csv --kind appointments")
    return made


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8", "replace")


@contextmanager
def _surroundings(environment: Mapping[str, str], folder: Path) -> Iterator[None]:
    before, mask, here = dict(os.environ), os.umask(0), Path.cwd()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        os.umask(mask)
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _streams(out: io.TextIOWrapper, err: io.TextIOWrapper) -> Iterator[None]:
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
