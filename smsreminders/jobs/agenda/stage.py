"""Staging: files are read into the staging tables, each id of a file once; records that contradict are rejected."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, groupby
from operator import attrgetter

from smsreminders.domain.agenda.repeats import Verdict, judge_consents, judge_id
from smsreminders.domain.agenda.source_ids import is_another_person
from smsreminders.importers.records import (
    AppointmentRecord,
    IdRange,
    Kind,
    LeftOut,
    Record,
    RowError,
    Trouble,
)
from smsreminders.jobs.agenda.rows import RECORD_OF, StagedRow, row_of
from smsreminders.store.agenda import repeats, staged_records, staging
from smsreminders.store.agenda.repeats import RepeatedRow
from smsreminders.store.database import Database

_FEW = 3  # rows of which it is told that others contradict them
_ID_FIELD = {Kind.PATIENTS: "patient_id", Kind.APPOINTMENTS: "appointment_id", Kind.CONSENTS: "patient_id"}


_HOLDING = {
    Kind.PATIENTS: {"consent"},
    Kind.APPOINTMENTS: {"start", "status", "patient_id", "consent"},
    Kind.CONSENTS: {"consent", "at"},
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file by its name, with its records and bad rows as they come, and the SHA-256 of its bytes if it is known.

    `columns` are its own names of our fields, as the user gave them, `fields` those of our fields that it has,
    `unused` its columns that are none of them. `left_out` counts its lines that are no records, as they are come by.
    `whole` are ids of which it has all, once its records were read. With `changes_only` it can't be complete. `written`
    is the file's own time.
    """

    file: str
    records: Iterable[Record | RowError]
    content: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    fields: Sequence[str] = ()
    unused: Sequence[str] = ()
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    whole: Sequence[IdRange] = ()
    changes_only: bool = False
    written: datetime | None = None


@dataclass(slots=True)
class Staged:
    """A file whose records are staged under a number; `errors` are what is told of its bad rows, by their number.

    `notes` are of cells that don't matter, `started` the numbers of bad rows of what has begun, `unheard` tells of
    patients why their consent was not understood. `rows` is how many there are, `filled` in how many something is
    written, by field. `partial` tells why the file isn't all that the record has, where it says so itself; `dated` that
    its records tell when they were written.
    """

    number: int
    source: Source
    errors: dict[int, list[RowError]] = field(default_factory=dict)
    notes: list[RowError] = field(default_factory=list)
    unheard: dict[str, str] = field(default_factory=dict)
    partial: str | None = None
    started: set[int] = field(default_factory=set)
    dated: bool = False
    rows: int = 0
    filled: dict[str, int] = field(default_factory=dict)

    def reject(self, number: int, place: str, field_name: str, reason: str, source_id: str) -> None:
        """Tell why a record is rejected, with the file's own name of the field."""
        column = self.source.columns.get(field_name, field_name)
        self.errors[number] = [*self.errors.get(number, []), RowError(place, column, reason, source_id)]

    def reason(self, number: int) -> str:
        """Say where and why a bad row could not be understood, for who looks at what it holds."""
        return self._said(self.errors[number][0])

    def forget(self, numbers: Iterable[int]) -> None:
        """Tell nothing of these records: newer ones count in their place."""
        for number in numbers:
            self.errors.pop(number, None)

    def count(self, trouble: Trouble) -> int:
        """Count the rows that are rejected, or those that are unclear and not rejected."""
        troubles = ({error.trouble for error in errors} for errors in self.errors.values())
        return sum(
            trouble is (Trouble.REJECTED if Trouble.REJECTED in of_row else Trouble.UNCLEAR) for of_row in troubles
        )

    def is_rejected(self, number: int) -> bool:
        """Tell whether the record of this number is rejected."""
        return any(error.trouble is Trouble.REJECTED for error in self.errors.get(number, ()))

    def rejected_rows(self) -> Iterator[StagedRow]:
        """Give the rows of the rejected records of which the id is known, as they are staged."""
        for number, [error, *_] in self.errors.items():
            if error.source_id is not None and self.is_rejected(number):
                yield number, self.number, error.place, error.source_id, None

    def row_errors(self) -> list[RowError]:
        """List what is told of the bad rows, in their order."""
        return [error for _, errors in sorted(self.errors.items()) for error in errors]

    def tell_unread(self, number: int, kind: Kind, record: Record) -> None:
        """Tell of each cell of a record that can't be understood."""
        patient = record.patient if isinstance(record, AppointmentRecord) else record
        cells = record.unread if patient is record else (*record.unread, *patient.unread)
        for cell in cells:
            holds = cell.field in _HOLDING[kind]
            trouble = Trouble.UNCLEAR if holds else Trouble.NOTE
            error = RowError(record.place, cell.column, cell.reason, record.source_id, trouble, cell.word)
            if holds:
                self.errors.setdefault(number, []).append(error)
            else:
                self.notes.append(error)
            if cell.field == "consent":
                self.unheard[patient.source_id] = self._said(error)

    def _said(self, error: RowError) -> str:
        return f"{self.source.file}, {error.place}, {error.field}: {error.reason}"


def stage(db: Database, kind: Kind, sources: Iterable[Source], *, now: datetime) -> list[Staged]:
    """Read files into the staging tables, each id of a file once: memory is that of the bad rows.

    Records with the same id and different content are all rejected, each naming the other's place; a bad row has a
    content of its own. Of consents that goes for those of one patient and time. An appointment that says another name
    or number of its patient than the first one of that patient in the file is rejected; an empty cell says none. What
    is rejected holds its appointment, and a no of consent in it counts. Raises InputFileError.
    """
    staging.set_up(db)
    numbers = count(1)
    files = [Staged(number, source) for number, source in enumerate(sources)]
    with staging.filling(db):
        for file in files:
            staging.stage(db, kind, _rows(file, kind, numbers, now=now))
            staging.stage(db, "errors", file.rejected_rows())
            file.rows, file.filled = staged_records.count_filled(db, kind, file.number)
        staging.index(db, kind)
        for file in files:
            _settle(db, kind, file)
    return files


def understood(db: Database, kind: Kind, file: Staged) -> Iterator[Record]:
    """Give the records of a file in their order, without those that were rejected."""
    return (
        RECORD_OF[kind](row) for row in staged_records.staged_rows(db, kind, file.number) if row[0] not in file.errors
    )


def _rows(file: Staged, kind: Kind, numbers: Iterator[int], *, now: datetime) -> Iterator[StagedRow]:
    """Number what a file has and give the rows of its records; what is bad joins the errors.

    What started before is never bad for the word of its status: nobody is reminded of it any more.
    """
    for number, record in zip(numbers, file.source.records, strict=False):
        if isinstance(record, RowError) and record.trouble is Trouble.PARTIAL:
            file.partial = record.reason
        elif isinstance(record, RowError):
            file.errors[number] = [record]
        else:
            begun = isinstance(record, AppointmentRecord) and record.starts_at is not None and record.starts_at < now
            read = _without_status(record) if begun else record
            file.tell_unread(number, kind, read)
            if begun and number in file.errors:
                file.started.add(number)
            file.dated |= isinstance(record, AppointmentRecord) and record.as_of is not None
            yield row_of(number, file.number, read)


def _without_status(record: Record) -> Record:
    """Take the word of its status out of what is unread of an appointment."""
    if not (isinstance(record, AppointmentRecord) and record.unread):
        return record
    return record._replace(unread=tuple(cell for cell in record.unread if cell.field != "status"))


def _settle(db: Database, kind: Kind, file: Staged) -> None:
    """Take away what repeats itself, reject what contradicts itself."""
    if kind is Kind.CONSENTS:
        _judge(db, kind, file, repeats.consents_of_one_time(db, file.number), judge_consents)
        return
    if file.dated:
        overtaken = staging.overtaken(db, file.number)
        staging.remove(db, kind, overtaken)
        file.forget(overtaken)
    staging.keep_words(db, kind, file.number)
    _judge(db, kind, file, repeats.rows_of_one_id(db, kind, file.number), judge_id)
    staging.gather_people(db, kind, file.number)
    if file.dated:
        staging.gather_newest_people(db, file.number)
    if kind is Kind.APPOINTMENTS:
        _reject_contradictions(db, file)


def _reject_contradictions(db: Database, file: Staged) -> None:
    """Reject the appointments that say another name or number of their patient than the first one of that patient."""
    rejected = [
        row
        for row in repeats.otherwise_of_patients(db, file.number)
        if is_another_person(row.name, row.phone, row.first_name, row.first_phone)
    ]
    are_few = len({row.first_place for row in rejected}) <= _FEW
    for row in rejected:
        other = row.first_place if are_few else "an earlier row"
        reason = f"{other} says another name or number of this patient"
        file.reject(row.number, row.place, "patient_id", reason, row.source_id)
    staging.reject(db, Kind.APPOINTMENTS, [row.number for row in rejected])


def _judge(
    db: Database,
    kind: Kind,
    file: Staged,
    rows: Iterable[RepeatedRow],
    judge: Callable[[Sequence[RepeatedRow]], Iterable[Verdict]],
) -> None:
    again, rejected = [], []
    for _, group in groupby(rows, attrgetter("about")):
        together = list(group)
        for position, reason in judge(together):
            record = together[position]
            if reason is None:
                again.append(record.number)
            else:
                if not (kind is Kind.CONSENTS and record.content and record.content[0] == 0):  # a no counts
                    rejected.append(record.number)
                file.reject(record.number, record.place, _ID_FIELD[kind], reason, record.source_id)
    staging.remove(db, kind, again)
    staging.reject(db, kind, rejected)
