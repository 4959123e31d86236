"""The trial of a file as it is shown: the talk, ten rows as understood, the block to paste, and all of it as JSON."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smsreminders.cli.show.columns import Column
from smsreminders.cli.show.imported import record_row, trouble_lines
from smsreminders.cli.show.source_block import block_lines

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns, View
    from smsreminders.importers.records import Record
    from smsreminders.importers.trial.found import Found
    from smsreminders.jobs.agenda.trial import Understood

_FIRST_COLUMNS = 12
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found of a file for one kind of rows, and what was understood of it; None where nothing can be read."""

    file: Path
    found: "Found"
    read: "Understood | None"
    file_format: str
    practice: str | None
    initials: bool

    @property
    def is_unsure(self) -> bool:
        """Whether something must be said by a person, or isn't understood."""
        return self.read is None or bool(self.asks or self.read.errors)

    @property
    def asks(self) -> list[str]:
        """What a person must say or look at."""
        return [*self.found.asks, *(self.read.asks if self.read else ())]

    def rows(self) -> list[Row]:
        """Give the first rows as they are understood, the names shortened if that is asked."""
        return [self._row(record) for record in self.read.first] if self.read else []

    def _row(self, record: "Record") -> Row:
        row = record_row(record)
        if getattr(record, "ignored", False):
            row["status"] = "ignored"
        if self.found.of_nobody:
            row["patient"] = "?"
        names = {key: initials(row[key]) for key in ("name", "patient_name") if self.initials and row.get(key)}
        return row | names


def initials(name: str) -> str:
    """Shorten a name to the first letters of its words."""
    return " ".join(f"{word[0]}." for word in name.split())


def said(trial: Trial, view: "View") -> Iterator[str]:
    """Say what a file seems to be, with its first rows and the counts."""
    found, read = trial.found, trial.read
    yield f"{trial.file}: {found.kind}; {'; '.join(found.facts)}."
    rows = trial.rows()
    if rows:
        yield from _table(rows, view)
    if read:
        yield f"Counted: {', '.join(f'{count} {what}' for what, count in read.counts.items())}."
    yield from _lacks(found)
    if found.unused:
        more = f" and {len(found.unused) - _FIRST_COLUMNS} more" if len(found.unused) > _FIRST_COLUMNS else ""
        yield f"Columns that are not used: {', '.join(found.unused[:_FIRST_COLUMNS])}{more}."
    for line in trouble_lines(trial.file.name, read.notes if read else ()):
        yield f"Note: {line}; the rest of the row counts."


def _lacks(found: "Found") -> Iterator[str]:
    """Say what follows from columns that the file hasn't got."""
    fields = {line.key for line in found.columns}
    of_people = fields & {"name", "patient_name"}
    if of_people and "phone" not in fields:
        yield "No column was read as phone, without which nobody is texted."
    if of_people and "consent" not in fields:
        yield "No column was read as consent: nobody is texted until it is given in another way."
    if "start" in fields and "status" not in fields:
        yield "No column was read as status: what is cancelled is known only if a complete file lacks it."


def told(trial: Trial) -> Iterator[str]:
    """Tell what isn't understood, and what a person must say."""
    if trial.read:
        yield from trouble_lines(trial.file.name, trial.read.errors)
    yield from (f"{trial.file.name}: {ask}" for ask in trial.asks)


def block_of(trial: Trial) -> list[str]:
    """Write the block to paste."""
    return list(block_lines(trial.found, trial.file, file_format=trial.file_format, practice=trial.practice))


def as_json(trial: Trial) -> dict[str, Any]:
    """Give the whole trial, by key."""
    found, read = trial.found, trial.read

    def lines(findings: Sequence[Any]) -> list[dict[str, Any]]:
        return [{"key": one.key, "value": one.value, "why": one.why, "sure": one.sure} for one in findings]

    return {
        "file": str(trial.file),
        "kind": found.kind,
        "facts": list(found.facts),
        "settings": lines(found.settings),
        "columns": lines(found.columns),
        "words": {field: lines(words) for field, words in found.words.items()},
        "unused": list(found.unused),
        "asks": trial.asks,
        "counts": read.counts if read else {},
        "errors": [{"place": e.place, "field": e.field, "reason": e.reason} for e in (read.errors if read else ())],
        "rows": trial.rows(),
        "block": "\n".join(block_of(trial)) + "\n",
    }


def _table(rows: Sequence[Row], view: "View") -> Iterator[str]:
    import shutil

    from smsreminders.cli.show.table import NARROWEST, table_of

    filled = [column for column in COLUMNS if any(column.cell(row, view) not in (None, "") for row in rows)]
    width = max(NARROWEST, shutil.get_terminal_size().columns) if sys.stderr.isatty() else None
    yield from table_of(rows, filled, view, width=width).lines(in_colour=False, sign="...")


COLUMNS: "Columns[Row]" = (
    Column("place", lambda row, _: row["place"], 90),
    Column("id", lambda row, _: row["source_id"], 80, cut=True),
    Column("patient", lambda row, _: row.get("patient"), 70),
    Column("name", lambda row, _: row.get("patient_name") or row.get("name"), 65, cut=True),
    Column("phone", lambda row, view: view.phone(row.get("phone") or ""), 50),
    Column("start", lambda row, view: view.local(row.get("starts_at")), 85),
    Column("end", lambda row, view: view.local(row.get("ends_at")), 20),
    Column("status", lambda row, _: row.get("outcome") or row.get("status"), 75),
    Column("consent", lambda row, _: row.get("consent"), 60),
    Column("at", lambda row, view: view.local(row.get("at")), 55),
    Column("language", lambda row, _: row.get("language"), 15),
    Column("location", lambda row, _: row.get("location"), 40),
    Column("practitioner", lambda row, _: row.get("practitioner"), 30),
    Column("type", lambda row, _: row.get("type"), 25),
)
