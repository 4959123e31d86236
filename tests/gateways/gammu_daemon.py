"""The real gammu-smsd with its dummy phone, a folder: found here or installed, started, stopped, reported to.

Facts: run with 1.42.0 of Debian 12. The dummy phone sends whatever it gets; a status report is a file in its inbox,
matched by number, reference (it always says 255) and the time of sending; in such a file, without a zone, that is UTC.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from threading import Event
from typing import Self

import pytest

from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from tests.gateways.smsd import Smsd, real_schema

PACKAGES = ("gammu", "gammu-smsd", "libdbd-sqlite3")
DUMMY = "999999999999999"  # the dummy phone's IMEI
_CONFIGURATION = Path(__file__).parents[1] / "data" / "gammu" / "gammu-smsdrc.dummy-sqlite"
_STEP, _STEPS = 0.05, 600  # seconds between two looks, and how many: half a minute


def program() -> str:
    """Find the program gammu-smsd; skip where there is none and it can't be installed."""
    lock = Path(gettempdir()) / f"smsreminders-tests-{os.getuid()}-apt.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # several workers of the tests ask for it at a time
        if not shutil.which("gammu-smsd"):
            _install()
    return shutil.which("gammu-smsd") or pytest.skip("apt-get installed no gammu-smsd")


def _install() -> None:
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or not apt:
        pytest.skip(f"no gammu-smsd; as root on Debian: apt-get install {' '.join(PACKAGES)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["install", "-y", "--no-install-recommends", *PACKAGES]
    for arguments in (["update"], install):
        try:
            done = subprocess.run(
                [apt, *arguments],
                env=environment,
                check=False,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=240,
            )
        except subprocess.TimeoutExpired:
            pytest.skip(f"apt-get {arguments[0]} took too long: no gammu-smsd")
        if done.returncode:
            pytest.skip(f"apt-get {arguments[0]} failed with {done.returncode}: no gammu-smsd")


class Daemon(Smsd):
    """A gammu-smsd on a folder of its own, in a time zone of its own; a context manager that ends it."""

    def __init__(self, folder: Path, *, zone: str = "Europe/Amsterdam", reports: str = "no") -> None:
        self._program, self._folder, self._zone = program(), folder, zone
        for number in range(1, 6):
            (folder / "phone" / "sms" / str(number)).mkdir(parents=True)
        settings = _CONFIGURATION.read_text(encoding="utf-8").replace("BASE", str(folder))
        (folder / "smsdrc").write_text(settings.replace("deliveryreport = log", f"deliveryreport = {reports}"))
        self._process: subprocess.Popen[bytes] | None = None
        super().__init__(folder / "smsd.db", real_schema())
        self.do("delete from phones")  # it gives its own sign of life

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and wait for its sign of life."""
        self.do("delete from phones")
        self._process = subprocess.Popen(
            [self._program, "-c", str(self._folder / "smsdrc")],
            env=os.environ | {"TZ": self._zone},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.until(lambda: bool(self.rows("phones")))

    def stop(self) -> None:
        """End it, and wait until it ended."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def until(self, so: Callable[[], bool]) -> None:
        """Look at a condition in small steps, at most half a minute, while the daemon lives."""
        for _ in range(_STEPS):
            if so():
                return
            assert self._process is None or self._process.poll() is None, self._log()
            Event().wait(_STEP)
        pytest.fail(f"it did not come to that within {_STEP * _STEPS:.0f} s:\n{self._log()}")

    def reports(self, reference: str, word: str) -> None:
        """Let the network report: Delivered, Failed, Pending or Unknown."""
        sent = self.do("select * from sentitems where CreatorID = ?", reference)[0]
        at = sent["UpdatedInDB"].replace("-", "").replace(":", "").replace(" ", "T")
        more = {"SMSC": f'"{sent["SMSCNumber"]}"', "SMSCTime": at, "MessageReference": str(sent["TPMR"])}
        self._puts_into_the_phone("1", "Status_Report", sent["DestinationNumber"], word, at=at, more=more)

    def hears(self, phone: str, text: str, *, at: str = "20261123T080000", header: str = "", place: str = "1") -> None:
        """Let an SMS come in, sent as of a time in UTC; the dummy phone's inbox has as many places as are named.

        `header` is that of a part, in hexadecimal digits. Wait with `until` for its row in `inbox`.
        """
        more = {"SMSC": '"+31653131313"'} | ({"UDH": header} if header else {})
        self._puts_into_the_phone(place, "Deliver", phone, text, at=at, more=more)

    def _puts_into_the_phone(
        self, place: str, kind: str, phone: str, text: str, *, at: str, more: dict[str, str]
    ) -> None:
        lines = {
            "PDU": kind,
            "DateTime": at,
            "State": "UnRead",
            "Number": f'"{phone}"',
            "Coding": "Default" if text.isascii() else "Unicode",
            "Folder": "1",
            "Length": str(len(text)),
            "Class": "-1",
            "ReplySMSC": "False",
            "RejectDuplicates": "False",
            "ReplaceMessage": "0",
            "Text00": text.encode("utf-16-be").hex().upper(),
        } | more
        written = self._folder / "written"
        written.write_text("[SMSBackup000]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items()))
        written.rename(self._folder / "phone" / "sms" / "1" / place)  # whole at once: the daemon reads all the time

    def gateway(self) -> Gateway:
        """Ours, on its database."""
        return open_gateway("gammu", Options(self._folder / "smsreminders.db", own={"database": str(self.file)}))

    def _log(self) -> str:
        log = self._folder / "smsd.log"
        return log.read_text(encoding="utf-8", errors="replace")[-3000:] if log.exists() else "no log"
