"""A used database, as this version of the program writes it, to be kept for the versions that come.

python -m tests.released     writes that of this version into tests/data/databases (README.md there says when)
"""

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from smsreminders import __version__
from tests.commanding import TUESDAY, Installed, installed
from tests.gateways.fake_spryng import FakeSpryng

FOLDER = Path(__file__).parent / "data" / "databases"
AT_NOON, IN_DECEMBER, LATER = "2026-11-24T12:00:00+01:00", "2026-12-07T09:00:00+01:00", "2026-12-07T09:30:00+01:00"
BILL = "report --month 2026-11 --format csv"
_BILL_FILE = "bill.csv"


@dataclass(frozen=True, slots=True)
class Kept:
    """The database as a version wrote it, with what stands beside it, and the bill of the month that it closed."""

    files: Mapping[str, bytes]
    bill: bytes


def make(home: Path) -> Kept:
    """Make a database in which something of each kind happened: texts, a failure, a STOP, a desk's change, a close."""
    program = installed(home)
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        send_by(spryng, program)
        program("dispatch")
        spryng.report("+31612345671", "Sent", "Delivered")
        spryng.report("+31612345677", "Failed", "Absent subscriber")
        spryng.lists.receives("+31612345671", "STOP", at=datetime.fromisoformat(TUESDAY))
        program("poll", at=AT_NOON)
        program.does("appointment move A3 --start '2026-11-26 09:00'", at=AT_NOON)
        program.does("consent withdraw P3", at=AT_NOON)
        spryng.now = datetime.fromisoformat(IN_DECEMBER)
        program("report --close --month 2026-11", at=IN_DECEMBER)
        program.does("appointment add A9 --patient P2 --start '2026-12-08 10:00'", at=IN_DECEMBER)
        program.does("dispatch", at=IN_DECEMBER)
        beside = program.database.parent.glob(f"{program.database.name}*")
        bill = program.does(BILL, at=IN_DECEMBER).encode()
        return Kept({path.name: path.read_bytes() for path in beside}, bill)


def send_by(spryng: FakeSpryng, program: Installed) -> None:
    """Let the texts go to this Spryng."""
    program.config.write_text(
        f'[gateway]\nname = "spryng"\nbase_url = "{spryng.url}"\napi_key = "{spryng.api_key}"\n'
        f'account_reference = "{spryng.account_reference}"\nper_second = 10000\n',
        encoding="utf-8",
    )


def versions() -> list[str]:
    """The versions of which a database is kept."""
    return sorted(path.name.removesuffix(".tar.gz") for path in FOLDER.glob("*.tar.gz"))


def kept(version: str) -> Kept:
    """Read what is kept of a version."""
    with tarfile.open(FOLDER / f"{version}.tar.gz") as archive:
        members = ((member.name, archive.extractfile(member)) for member in archive)
        files = {name: file.read() for name, file in members if file}
    return Kept(files, files.pop(_BILL_FILE))


def keep(made: Kept, version: str) -> None:
    """Keep what this version made. Raises FileExistsError: what is kept stays."""
    with tarfile.open(FOLDER / f"{version}.tar.gz", "x:gz") as archive:
        for name, content in {**made.files, _BILL_FILE: made.bill}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


if __name__ == "__main__":
    with TemporaryDirectory() as room:
        keep(make(Path(room)), __version__)
