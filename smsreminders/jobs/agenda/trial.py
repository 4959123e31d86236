"""The trial of a file: what would be understood of it, read as an import reads it; nothing is kept."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from smsreminders.importers.formats import read_file
from smsreminders.importers.records import AppointmentRecord, Kind, Layout, LeftOut, Record, RowError, Trouble
from smsreminders.jobs.agenda.stage import Source, stage, understood
from smsreminders.store.database import scratch

_SHOWN = 10
_ENOUGH = 3  # starts that are at one time of day by no chance
_MIDNIGHTS = ("00:00", "01:00", "02:00")  # here and in UTC


@dataclass(frozen=True, slots=True)
class Understood:
    """What an import would understand of a file: its first records, how many there are of each sort, what is told.

    `errors` are of rows that are rejected or unclear, `notes` of cells that don't matter. `asks` tell what looks wrong
    of the rows as a whole.
    """

    first: Sequence[Record]
    counts: dict[str, int]
    errors: Sequence[RowError]
    notes: Sequence[RowError]
    asks: Sequence[str]


def understand(path: Path, kind: Kind, layout: Layout, *, format_name: str, now: datetime) -> Understood:
    """Read a file as a trial found that it is to be read. Raises InputFileError."""
    reading = read_file(path, kind, layout, format_name=format_name)
    source = Source(path.name, reading, columns=layout.columns, fields=reading.fields, left_out=reading.left_out)
    with scratch() as db:
        [file] = stage(db, kind, [source], now=now)
        first: list[Record] = []
        counts: Counter[str] = Counter()
        clocks: Counter[str] = Counter()
        for record in understood(db, kind, file):
            first += [record] if len(first) < _SHOWN else []
            counts[_sort(record)] += 1
            clocks.update(_clock(record, layout.zone))
        unclear, rejected = file.count(Trouble.UNCLEAR), file.count(Trouble.REJECTED)
        errors = file.row_errors()
    left_out = {what if what is LeftOut.ABOVE else f"{what}s": n for what, n in reading.left_out.items() if n}
    rows = counts.total() + unclear + rejected
    shown = {
        "read": rows + reading.left_out.total(),
        **dict(sorted(counts.items())),
        "unclear": unclear,
        "rejected": rejected,
        **left_out,
    }
    return Understood(first, shown, errors, file.notes, list(_looks_wrong(clocks, bad=unclear + rejected, rows=rows)))


def _sort(record: Record) -> str:
    """Name the sort of a record that it is counted under."""
    if not isinstance(record, AppointmentRecord):
        return "understood"
    if record.ignored:
        return "ignored"
    return str(record.outcome or record.booking or "booked")


def _clock(record: Record, zone: tzinfo) -> Iterable[str]:
    if isinstance(record, AppointmentRecord) and record.starts_at:
        yield f"{record.starts_at.astimezone(zone):%H:%M}"


def _looks_wrong(clocks: Counter[str], *, bad: int, rows: int) -> Iterable[str]:
    """Tell what a person should look at of the rows as a whole."""
    if len(clocks) == 1 and clocks.total() >= _ENOUGH and clocks.keys() <= set(_MIDNIGHTS):
        yield f"every appointment starts at {next(iter(clocks))}, as a date does that has no time of day"
    if not rows:
        yield "there are no rows in it, or none from a month ago to the horizon"
    if bad * 2 > rows:
        yield f"{bad} of {rows} rows are bad: an import refuses such a file"
