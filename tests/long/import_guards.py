"""Sixty nights of practices: which right files the guards refuse, and which wrong ones they let in.

python -m tests.long.import_guards [--seed N] [--practices N] [--nights 60]
"""

import argparse
import hashlib
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count as counting
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from smsreminders.domain.appointments import Booking
from smsreminders.domain.practices import Practice
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord, Record
from smsreminders.jobs.agenda.import_files import BadFile, CompleteFor, ImportResult, Order, Source, import_files
from smsreminders.jobs.agenda.tally import Change
from smsreminders.store.database import Database, opened
from tests.builders import a_database
from tests.jobs.builders import ZONE, a_practice
from tests.long.agenda_world import Habits, World
from tests.long.model import to_utc
from tests.long.setting import tell

FIRST = date(2027, 3, 1)  # in sixty nights: the clock goes forward, Good Friday, Easter, King's Day
WINDOW = timedelta(days=14)  # that a file is complete for
LEAVE, LEAVE_DAYS, CLOSED = 21, 12, 12  # days ahead at which they are known, and how long leave is
SHIFTS = (60, -60, 120, -120, 30, -30)
ORDERS = ("start", "practitioner", "id")
COLUMNS = (("name", "phone", "practitioner"), ("name", "phone"), ("name",), ())
PROMISED = (
    "empty",
    "cut",
    "last week's",
    "yesterday's",
    "another's",
    "another's ids",
    "shifted",
    "sorted",
    "mixed",
    "turned",
)
_OTHER = {Booking.BOOKED: Booking.CANCELLED, Booking.CANCELLED: Booking.BOOKED}
HARMLESS = {Change.UNCHANGED, Change.IGNORED}


@dataclass
class Figures:
    """What the nights came to.

    `false` counts the right files that were refused, by practice; `wrong` the wrong files, `missed` those that came in
    and changed something that the right file doesn't, `harmless` those that came in and changed nothing of the kind.
    """

    nights: int = 0
    rows: int = 0
    false: Counter[int] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    harmless: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def most_false(self) -> int:
        """The most false alarms that one practice had."""
        return max(self.false.values(), default=0)

    @property
    def kept(self) -> bool:
        """Whether every promise was kept, and something was promised."""
        return self.nights > 0 and self.most_false <= 1 and not any(self.missed[name] for name in PROMISED)


@dataclass
class Night:
    """A night of a practice: its record, and what was imported before."""

    db: Database
    practice: Practice
    world: World
    other: World
    complete: bool
    files: list[list[AppointmentRecord]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """Two o'clock, but three on the day on which there is no two."""
        return to_utc(datetime.combine(self.world.today, datetime.min.time()) + timedelta(hours=3))

    def imports(
        self,
        records: Sequence[Record],
        *,
        days_old: int = 0,
        sure: bool = False,
        dry_run: bool = False,
        kind: Kind = Kind.APPOINTMENTS,
    ) -> ImportResult:
        """Import a file as the nightly source has it."""
        complete = CompleteFor(WINDOW, ZONE) if self.complete and kind is Kind.APPOINTMENTS else None
        content = hashlib.sha256(repr([tuple(record) for record in records]).encode()).hexdigest()
        written = self.now - timedelta(hours=1, days=days_old)
        order = Order(self.practice.id, kind, "agenda", complete, sure=sure, dry_run=dry_run)
        [result] = import_files(self.db, order, [Source("agenda.csv", records, content, written=written)], now=self.now)
        return result


def run(
    *, seed: int, practices: int, nights: int = 60, sizes: Sequence[int] = (1, 3, 6), first: date = FIRST
) -> Figures:
    """Let practices of each size have so many nights, half of them with complete files."""
    figures = Figures()
    with TemporaryDirectory() as folder, opened(a_database(Path(folder))) as db:
        db.execute("pragma synchronous = off")
        for number in range(practices):
            draw = random.Random(seed + number)  # noqa: S311  # a simulation
            size = sizes[number % len(sizes)]
            habits = Habits(
                size,
                draw.choice((8, 14)),
                ORDERS[number // 2 % 3],
                cancelled_are_told=number % 5 == 4,
                tells=COLUMNS[number // 3 % 4],
            )
            other = Habits(draw.choice(sizes), 14, habits.order, tells=habits.tells, prefix=draw.choice(("", "X")))
            practice = a_practice(db, f"p{number}", service=False)
            complete = number % 2 == 0
            night = Night(db, practice, World(draw, habits, first), World(draw, other, first), complete)
            _live(night, figures, number, draw, nights=nights)
    return figures


def _live(night: Night, figures: Figures, number: int, draw: random.Random, *, nights: int) -> None:
    world = night.world
    leave, closed = draw.randrange(nights), draw.randrange(nights)
    for count in range(nights):
        if count == leave:
            who = draw.choice(world.practitioners)
            world.take_leave(who, world.today + timedelta(days=LEAVE), LEAVE_DAYS)
        if count == closed:
            world.close(world.today + timedelta(days=CLOSED))
        right = world.export()
        if "name" not in world.habits.tells:
            night.imports(_people(world), sure=True, kind=Kind.PATIENTS)
        figures.nights += 1
        figures.rows += len(right)
        if count:
            for name, records, days_old in _wrong(night, right, draw):
                _try(night, figures, f"{name}", records, days_old=days_old, right=right)
        try:
            night.imports(right)
        except BadFile as alarm:
            figures.false[number] += 1
            figures.examples.append(f"false on {world.today}, practice {number}: {alarm}")
            night.imports(right, sure=True)
        night.files.append(right)
        if count:
            _try(night, figures, "yesterday's", night.files[-2], days_old=0, right=right)
        world.sleep()
        night.other.sleep()


def _people(world: World) -> list[PatientRecord]:
    return [
        PatientRecord(f"line {number + 2}", f"{world.habits.prefix}{number}", name, world.numbers[number])
        for number, name in enumerate(world.names)
    ]


def _wrong(
    night: Night, right: list[AppointmentRecord], draw: random.Random
) -> Iterator[tuple[str, list[AppointmentRecord], int]]:
    """Give wrong files of a night, each with how many days ago it says that it was written."""
    yield "empty", [], 0
    yield "cut", right[: int(len(right) * draw.uniform(0.02, 0.6))], 0
    yield "cut late", right[: int(len(right) * draw.uniform(0.6, 0.99))], 0
    if len(night.files) >= 7:
        yield "last week's", night.files[-7], draw.choice((0, 7))
        yield "last week's anew", [*night.files[-7], *night.files[-7][:1]], 0  # its bytes are others
    yield "another's", night.other.export(), 0
    own = [record._replace(source_id=f"Z{record.source_id}") for record in night.other.export()]
    yield "another's ids", own, 0
    by = timedelta(minutes=draw.choice(SHIFTS))
    yield "shifted", [row._replace(starts_at=row.starts_at and row.starts_at + by) for row in right], 0
    yield "turned", [row._replace(booking=_OTHER[row.booking or Booking.BOOKED]) for row in right], 0
    yield "sorted", _sorted(right, night.world.habits.order), 0
    yield "mixed", [*right, *_strangers(own, len(right))], 0
    yield "mixed a little", [*right, *_strangers(own, len(right) // 3)], 0


def _strangers(rows: list[AppointmentRecord], count: int) -> list[AppointmentRecord]:
    """Give so many rows of patients whom nobody knows: those of another practice, as often as it takes."""
    return [
        row._replace(
            source_id=f"{row.source_id}-{again}",
            patient=row.patient._replace(source_id=f"Z{row.patient.source_id}-{again}"),
        )
        for again, row in islice(((again, row) for again in counting() for row in rows), count if rows else 0)
    ]


def _sorted(right: list[AppointmentRecord], order: str) -> list[AppointmentRecord]:
    """Sort the column of the starts and leave the others as they are; downwards, where the file is in their order."""
    starts = sorted((row.starts_at for row in right if row.starts_at), reverse=order == "start")
    return [row._replace(starts_at=start) for row, start in zip(right, starts, strict=True)]


def _try(
    night: Night,
    figures: Figures,
    name: str,
    records: list[AppointmentRecord],
    *,
    days_old: int,
    right: list[AppointmentRecord],
) -> None:
    """Import a wrong file and take it back; if it came in, see whether it did what the right one doesn't."""
    figures.wrong[name] += 1
    try:
        result = night.imports(records, days_old=days_old, dry_run=True)
    except BadFile:
        return
    there = {record.source_id for record in right}
    rights = {record[1:] for record in right}
    changes_nothing = not any(count for change, count in result.changes.items() if change not in HARMLESS)
    says_right = all(record[1:] in rights for record in records) and there.isdisjoint([*result.gone, *result.missing])
    if changes_nothing or says_right:
        figures.harmless[name] += 1
        return
    figures.missed[name] += 1
    if name not in PROMISED:
        return
    what = {change.value: count for change, count in result.changes.items() if count}
    kind = "complete" if night.complete else "plain"
    rows = f"{len(records)} of {len(right)} rows"
    figures.examples.append(f"missed {name} on {night.world.today}: {rows}, {kind}, {night.world.habits}: {what}")


def main(arguments: Sequence[str]) -> int:
    """Run it and print what it came to; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog="import_guards", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--practices", type=int, default=24)
    parser.add_argument("--nights", type=int, default=60)
    given = parser.parse_args(arguments)
    figures = run(seed=given.seed, practices=given.practices, nights=given.nights)
    tell(f"{figures.nights} nights of {given.practices} practices, {figures.rows} rows")
    tell(f"false alarms: {figures.false.total()}, of one practice at most {figures.most_false}")
    for name, count in figures.wrong.items():
        tell(f"{name}: {count}, let in {figures.missed[name]}, without effect {figures.harmless[name]}")
    for example in figures.examples:
        tell(example)
    tell("all promises kept" if figures.kept else "BROKEN")
    return 0 if figures.kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
