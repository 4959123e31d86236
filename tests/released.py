"""A used database, as this version of the program writes it, to be kept for the versions that come.

python -m tests.released     writes that of this version into tests/data/databases (README.md there says when)
"""

import io
import os
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from smsreminders import __version__
from tests.commanding import TUESDAY, Installed, installed
from tests.gateways.fake_spryng import FakeSpryng

FOLDER = Path(__file__).parent / "data" / "databases"
_BILL = ".csv"  # behind the month
_AT_NOON, _IN_DECEMBER = "2026-11-24T12:00:00+01:00", "2026-12-07T09:00:00+01:00"
_IN_JANUARY, _NEXT_DAY, _IN_FEBRUARY = (f"2027-{day}T09:00:00+01:00" for day in ("01-05", "01-06", "02-05"))
LATER = "2027-02-05T09:30:00+01:00"  # in the middle of that morning
_SOURCE = '[[sources]]\nname = "agenda"\npath = "{}"\ncomplete = "60d"\n'


@dataclass(frozen=True, slots=True)
class Kept:
    """The database as a version wrote it, with what stands beside it, and the bills of the months that it closed."""

    files: Mapping[str, bytes]
    bills: Mapping[str, bytes]


def make(home: Path) -> Kept:
    """Make a database with something in each table, by the commands of a practice from November to February."""
    program = installed(home)
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        send_by(spryng, program)
        with program.config.open("a", encoding="utf-8") as configuration:
            configuration.write(_SOURCE.format(program.home / "export.csv"))
        _in_november(program, spryng)
        _in_winter(program, spryng)
    beside = program.database.parent.glob(f"{program.database.name}*")
    bills = {month: bill_of(program, month) for month in ("2026-11", "2026-12", "2027-01")}
    files = {path.name: path.read_bytes() for path in beside}
    lock = f"{program.database.name}.lock"
    files[lock] = files[lock].splitlines()[0]  # without the machine: what is kept is opened on others
    return Kept(files, bills)


def _in_november(program: Installed, spryng: FakeSpryng) -> None:
    """A day of texts, of what patients and gateway answer, and of the desk; and a practice that comes and goes."""
    program.does("practice days linde --closed-on 2026-12-24 --open-on-holiday 'Goede Vrijdag'")
    program.does("rate add 0.09 --from 2026-12-01")
    program.does("dispatch")
    spryng.report("+31612345671", "Sent", "Delivered")
    spryng.report("+31612345677", "Failed", "LandlineNotAllowed")
    spryng.lists.receives("+31612345671", "STOP", at=datetime.fromisoformat(TUESDAY))
    for command in (
        "poll",
        "appointment move A3 --start '2026-11-26 09:00'",
        "consent withdraw P3",
        "patient add P5 --name 'B. Canaria' --phone 06-12345675",
        "appointment add A5 --patient P5 --start '2026-12-21 10:00'",
        "stopped add 06-12345675 --by anna",
        "patient erase P5 --yes",
        "practice add duin --name 'Fysio Duin'",
        "practice remove duin --yes",
    ):
        program.does(command, at=_AT_NOON)


def _in_winter(program: Installed, spryng: FakeSpryng) -> None:
    """Three closes: with a correction, with a text that was reported late, and with one that was reported too late."""

    def on(moment: str, *commands: str) -> None:
        spryng.now = datetime.fromisoformat(moment)
        for command in commands:
            program.does(command, at=moment)

    settle = f"notifications settle {spryng.journal[0]['reference']} --as not-delivered"
    add = "appointment add A9 --patient P2 --start '2026-12-08 10:00'"
    on(
        _IN_DECEMBER,
        "report --close --month 2026-11",
        settle,
        "patient edit P2 --phone 06-12345676",
        "stopped lift 06-12345671 --by anna",
        add,
        "dispatch",
    )
    on(_IN_JANUARY, "appointment outcome A3 attended", "report --close --month 2026-12")
    for phone in ("+31612345673", "+31612345676"):
        spryng.report(phone, "Sent", "Delivered")
    export(program, at=_NEXT_DAY, rows=["A10,P1,2027-02-08 10:00", "A11,P4,2027-02-08 11:00"])
    on(_NEXT_DAY, "poll", "import --all")
    export(program, at=_IN_FEBRUARY, rows=["A10,P1,2027-02-08 10:00"])
    on(_IN_FEBRUARY, "report --close --month 2027-01", "import --all", "dispatch")


def export(program: Installed, *, at: str, rows: Sequence[str]) -> None:
    """Let the practice's program write its agenda an hour before a moment; it is the source of `import --all`."""
    file = program.home / "export.csv"
    file.write_text("\n".join(["appointment_id,patient_id,start", *rows, ""]), encoding="utf-8")
    written = datetime.fromisoformat(at).timestamp() - 3600
    os.utime(file, (written, written))


def bill_of(program: Installed, month: str) -> bytes:
    """The bill of a month, as this version prints it."""
    return program.does(f"report --month {month} --format csv", at=LATER).encode()


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
    bills = {name: files.pop(name) for name in list(files) if name.endswith(_BILL)}
    return Kept(files, {name.removesuffix(_BILL): bill for name, bill in bills.items()})


def keep(made: Kept, version: str) -> None:
    """Keep what this version made. Raises FileExistsError: what is kept stays."""
    with tarfile.open(FOLDER / f"{version}.tar.gz", "x:gz") as archive:
        for name, content in {**made.files, **{f"{month}{_BILL}": bill for month, bill in made.bills.items()}}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


if __name__ == "__main__":
    with TemporaryDirectory() as room:
        keep(make(Path(room)), __version__)
