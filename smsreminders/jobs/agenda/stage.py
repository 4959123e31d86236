"""Staging: files are read into the staging tables, each id of a file once; records that contradict are rejected."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, groupby
from operator import attrgetter

from smsreminders.domain.repeats import Verdict, judge_consents, judge_id
from smsreminders.importers.records import Kind, Record, RowError
from smsreminders.jobs.agenda.rows import RECORD_OF, StagedRow, row_of
from smsreminders.store import repeats, staging
from smsreminders.store.database import Database
from smsreminders.store.repeats import RepeatedRow

_ID_FIELD = {Kind.PATIENTS: "patient_id", Kind.APPOINTMENTS: "appointment_id", Kind.CONSENTS: "patient_id"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file by its name, with its records and bad rows as they come, and the SHA-256 of its bytes if it is known.

    `columns` are its own names of our fields, as the user gave them.
    """

    file: str
    records: Iterable[Record | RowError]
    content: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Staged:
    """A file whose records are staged under a number; `errors` are what was rejected, by the number of each record.

    `unaddressed` are the patients whose new name can't stand in a text, by the reason.
    """

    number: int
    source: Source
    errors: dict[int, RowError] = field(default_factory=dict)
    unaddressed: dict[str, list[str]] = field(default_factory=dict)

    def reject(self, number: int, place: str, field_name: str, reason: str, source_id: str) -> None:
        """Tell why a record is rejected, with the file's own name of the field."""
        column = self.source.columns.get(field_name, field_name)
        self.errors[number] = RowError(place, column, reason, source_id)


def stage(db: Database, kind: Kind, sources: Sequence[Source]) -> list[Staged]:
    """Read files into the staging tables, each id of a file once: memory is that of the bad rows.

    Records with the same id and different content are all rejected, each naming the other's place; a bad row has a
    content of its own. Of consents that goes for those of one patient and time. An appointment that says something
    else of its patient than the first one of that patient in the file is rejected. Raises InputFileError.
    """
    staging.set_up(db)
    numbers = count(1)
    files = [Staged(number, source) for number, source in enumerate(sources)]
    with staging.filling(db):
        for file in files:
            staging.stage(db, kind, _rows(file, numbers))
            bad = ((number, file.number, one.place, one.source_id) for number, one in file.errors.items())
            staging.stage(db, "errors", (row for row in bad if row[-1] is not None))
        staging.index(db, kind)
        for file in files:
            _settle(db, kind, file)
    return files


def understood(db: Database, kind: Kind, file: Staged) -> Iterator[Record]:
    """Give the records of a file in their order, without those that were rejected."""
    return (RECORD_OF[kind](row) for row in staging.staged_rows(db, kind, file.number) if row[0] not in file.errors)


def _rows(file: Staged, numbers: Iterator[int]) -> Iterator[StagedRow]:
    """Number what a file has and give the rows of its records; what is bad joins the errors."""
    for number, record in zip(numbers, file.source.records, strict=False):
        if isinstance(record, RowError):
            file.errors[number] = record
        else:
            yield row_of(number, file.number, record)


def _settle(db: Database, kind: Kind, file: Staged) -> None:
    """Take away what repeats itself, reject what contradicts itself."""
    if kind is Kind.CONSENTS:
        _judge(db, kind, file, repeats.consents_of_one_time(db, file.number), judge_consents)
        return
    _judge(db, kind, file, repeats.rows_of_one_id(db, kind, file.number), judge_id)
    staging.gather_people(db, kind, file.number)
    if kind is Kind.APPOINTMENTS:
        rejected = list(repeats.contradictions_of_patients(db, file.number))
        for number, place, source_id, first in rejected:
            reason = f"{first} says something else of this patient: name, phone, language or consent"
            file.reject(number, place, "patient_id", reason, source_id)
        staging.reject(db, kind, [number for number, *_ in rejected])


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
                rejected.append(record.number)
                file.reject(record.number, record.place, _ID_FIELD[kind], reason, record.source_id)
    staging.remove(db, kind, again)
    staging.reject(db, kind, rejected)
