"""The import of an agenda, against the sqlite3 shell's `.import` of the same file into a table with the unique key.

Both in processor time.
"""

import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from uuid import UUID

from bench.measure import Ended, Figure, Goal, must, run_to_its_end, speed, times
from bench.size import Size

_COLUMNS = "appointment_id,patient_id,start,end,status,location,practitioner,patient_name,phone,consent"
_TABLE = f"create table appointments ({_COLUMNS.replace(',', ' text, ')} text, unique (appointment_id))"
_NAMES = ("Jansen", "de Vries", "Bakker", "Özdemir", "van den Berg", "Smit", "Meijer")
_A_PRACTICE = 5_000  # appointments in the file of one
_A_DAY = 1_000  # appointments of a big practice, each working day
_UNDER_TREATMENT = 3_000  # patients at a time; each stays for about twenty appointments
_FIRST_DAY = datetime(2022, 1, 3)  # noqa: DTZ001 - local, a Monday
_NOW = "2024-11-24T09:00:00+01:00"
_TURNS = 3


@dataclass(frozen=True, slots=True)
class _Here:
    """A folder with the file to import, of so many rows and patients."""

    folder: Path
    rows: int
    patients: int

    @property
    def file(self) -> Path:
        return self.folder / "agenda.csv"

    @property
    def database(self) -> Path:
        return self.folder / "smsreminders" / "smsreminders.db"


def run(size: Size) -> Iterator[Figure]:
    """Measure speed, new and unchanged, and memory; nothing where the shell of SQLite isn't installed."""
    shell = shutil.which("sqlite3")
    if shell is None:
        print("imports: there is no sqlite3 shell to compare with: install the package sqlite3")
        return
    with tempfile.TemporaryDirectory() as folder:
        practice = _agenda(Path(folder, "practice"), min(_A_PRACTICE, size.rows), _drawn, _under_treatment())
        few = _agenda(Path(folder, "few"), size.rows // 10, _in_order, _under_treatment())
        agendas = {
            "ids in order": _agenda(Path(folder, "ordered"), size.rows, _in_order, _under_treatment()),
            "ids drawn": _agenda(Path(folder, "drawn"), size.rows, _drawn, _under_treatment()),
            "patients drawn too": _agenda(Path(folder, "any"), size.rows, _drawn, _of_any(size.rows // 20)),
        }
        yield times(
            partial(_seconds, practice, is_new=True),
            partial(_by_shell, shell, practice),
            turns=size.turns,
            goal=Goal(12),
            what=f"import of {practice.rows:,}, the whole command",
            against="sqlite3 .import, unique key",
        )
        turns = min(size.turns, _TURNS)
        for which, agenda in agendas.items():
            for what, is_new, limit in (("new", True, 0.2), ("unchanged", False, 0.3)):
                yield speed(
                    partial(_seconds, agenda, is_new=is_new),
                    partial(_by_shell, shell, agenda),
                    turns=turns,
                    goal=Goal(limit, at_least=True),
                    what=f"import of {size.rows:,}, {what}, {which}",
                    against="sqlite3 .import, unique key",
                )
        many = agendas["ids in order"]
        pairs = [(_imported(many, is_new=True).megabytes, _imported(few, is_new=True).megabytes) for _ in range(turns)]
        yield Figure(
            f"its memory, {size.rows:,} rows",
            f"that of {few.rows:,}",
            tuple(more / less for more, less in pairs),
            Goal(1.3),
            f"{pairs[0][0]} against {pairs[0][1]} MB",
        )


def _in_order(number: int) -> str:
    """Make ids that ascend as the file does, which spares the shell's index, and nothing here."""
    return f"A{1_000_000 + number}"


def _drawn(number: int) -> str:
    """Make ids as many records have them: the next one stands anywhere."""
    return str(UUID(int=Random(number).getrandbits(128), version=4))  # noqa: S311 - the same file each time


def _under_treatment() -> Iterator[int]:
    """Draw the patient of each appointment of one practice: patients come and go, most have many appointments."""
    random, present, newest = Random(6), [1], 1  # noqa: S311 - the same file each time
    while True:
        if len(present) < _UNDER_TREATMENT or random.random() < 0.05:
            newest += 1
            present.append(newest)
        if len(present) > _UNDER_TREATMENT:
            present.pop(random.randrange(_UNDER_TREATMENT))
        yield random.choice(present)


def _of_any(patients: int) -> Iterator[int]:
    """Draw the patient of each appointment from all patients, in no order."""
    random = Random(7)  # noqa: S311 - the same file each time
    while True:
        yield random.randint(1, patients)


def _agenda(folder: Path, rows: int, id_of: Callable[[int], str], patients: Iterator[int]) -> _Here:
    """Write several years of one practice, by day."""
    folder.mkdir()
    day, known = _FIRST_DAY, set()
    with (folder / "agenda.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(f"{_COLUMNS}\r\n")
        for number, patient in zip(range(1, rows + 1), patients, strict=False):
            known.add(patient)
            start = day + timedelta(hours=8, minutes=15 * (number % _A_DAY * 32 // _A_DAY))
            file.write(_line(number, id_of(number), patient, start))
            if number % _A_DAY == 0:
                day += timedelta(days=3 if day.weekday() == 4 else 1)
    return _Here(folder, rows, len(known))


def _line(number: int, id_: str, patient: int, start: datetime) -> str:
    end = start + timedelta(minutes=15)
    name = f"{chr(65 + patient % 26)}. {_NAMES[patient % 7]}"
    return (
        f"{id_},P{100_000 + patient},{start:%Y-%m-%d %H:%M},{end:%Y-%m-%d %H:%M},"
        f"{'booked' if number % 20 else 'cancelled'},Kamer {number % 12},dr. {_NAMES[number % 7]},"
        f"{name},06-{12_000_000 + patient},{'ja' if patient % 10 else 'nee'}\r\n"
    )


def _by_shell(shell: str, here: _Here) -> float:
    peer = here.folder / "peer.db"
    peer.unlink(missing_ok=True)
    ended = _ended([shell, peer, _TABLE, f".import --csv --skip 1 {here.file} appointments"], here)
    must(_counted(peer, "appointments") == here.rows, "the shell did not import all rows")
    return ended.seconds


def _seconds(here: _Here, *, is_new: bool) -> float:
    return _imported(here, is_new=is_new).seconds


def _imported(here: _Here, *, is_new: bool) -> Ended:
    """Run the command on a new database, or on the last one."""
    program = Path(sys.executable).with_name("smsreminders")
    if is_new:
        shutil.rmtree(here.database.parent, ignore_errors=True)
        _ended([program, "init", "--practice", "De Linde"], here)
    ended = _ended([program, "import", here.file, "--kind", "appointments", "--json"], here)
    counts = json.loads(ended.output)
    must(counts["added" if is_new else "unchanged"] == counts["read"] == here.rows, f"it did {counts}")
    must(_counted(here.database, "appointments") == here.rows, "appointments are missing")
    must(_counted(here.database, "patients") == here.patients, "patients are missing")
    must(_counted(here.database, "consent_events") == here.patients, "consents are missing, or told twice")
    return ended


def _ended(command: Sequence[str | Path], here: _Here) -> Ended:
    folder = str(here.folder)
    return run_to_its_end(command, {"HOME": folder, "XDG_CONFIG_HOME": folder, "SMSREMINDERS_NOW": _NOW})


def _counted(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as db:
        (count,) = db.execute(f"select count(*) from {table}").fetchone()
        return int(count)
