"""The rows of a file into the staging tables, each id once; and out of them again, as they were understood."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import count, groupby, islice
from operator import attrgetter
from typing import Any

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import How
from smsreminders.importers import Kind, Record, RowError, Rows
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, PatientRecord
from smsreminders.importers.repeats import Verdict, settle_consent, settle_id, settle_patient
from smsreminders.store import repeats, staging
from smsreminders.store.changes import staged_rows
from smsreminders.store.database import Database
from smsreminders.store.repeats import StagedRow
from smsreminders.store.times import from_text, maybe_time

_AT_ONCE = 2_000  # rows that are held at a time
_PATIENTS_KNOWN = 16_384  # of whom a row is not staged again


@dataclass(frozen=True, slots=True)
class Source:
    """A file by its name, with its rows as they were understood."""

    file: str
    rows: Rows


@dataclass(slots=True)
class Staged:
    """A file whose rows are staged under a number; `errors` are its bad rows."""

    number: int
    source: Source
    errors: list[RowError] = field(default_factory=list)


def stage(db: Database, kind: Kind, sources: Sequence[Source]) -> list[Staged]:
    """Read files into the empty tables, each id of a file once: memory is that of the bad rows.

    Rows with the same id and different content are all rejected, each naming the other's line; a bad row has a content
    of its own. Of consents that goes for rows of one patient and time. In a file of appointments a row that says
    something else of its patient than the first row of that patient is rejected. Raises InputFileError.
    """
    files = [Staged(number, source) for number, source in enumerate(sources)]
    ids = count()
    with staging.filling(db):
        for one in files:
            _fill(db, kind, one, ids)
        staging.index(db)
        for one in files:
            _settle_all(db, kind, one)
    return files


def understood(db: Database, kind: Kind, file: Staged) -> Iterator[Record]:
    """The records of a file in their order, without those that were rejected."""
    bad = {error.line for error in file.errors}
    return (_RECORDS[kind](*row) for row in staged_rows(db, kind, file.number) if row[0] not in bad)


def patient_record(
    line: int, source_id: str, name: str | None, phone: str | None, language: str | None, consent: int | None
) -> PatientRecord:
    """A patient's row as it was staged."""
    return PatientRecord(line, source_id, name, phone, language, None if consent is None else bool(consent))


def appointment_record(line: int, source_id: str, *told: Any) -> AppointmentRecord:  # noqa: ANN401 - the same
    """An appointment's row as it was staged."""
    *patient, starts_at, ends_at, status, location, practitioner = told
    return AppointmentRecord(
        line,
        source_id,
        patient_record(0, *patient),
        from_text(starts_at),
        maybe_time(ends_at),
        Booking(status),
        location,
        practitioner,
    )


def consent_record(line: int, source_id: str, given: int, at: str | None, how: str, *rest: str) -> ConsentRecord:
    """A row of a list of consents as it was staged."""
    return ConsentRecord(line, source_id, bool(given), maybe_time(at), How(how), *rest)


_RECORDS: dict[Kind, Callable[..., Record]] = {
    Kind.PATIENTS: patient_record,
    Kind.APPOINTMENTS: appointment_record,
    Kind.CONSENTS: consent_record,
}


def _fill(db: Database, kind: Kind, file: Staged, ids: Iterator[int]) -> None:
    rows = iter(file.source.rows)
    add = _FILLERS[kind](db, file.number, ids)
    while batch := list(islice(rows, _AT_ONCE)):
        bad = [row for row in batch if isinstance(row, RowError)]
        if bad:
            file.errors += bad
            known = [(error.line, error.source_id) for error in bad if error.source_id is not None]
            staging.stage_errors(db, file.number, known)
            batch = [row for row in batch if not isinstance(row, RowError)]
        if batch:
            add(batch)


def _appointments(db: Database, file: int, ids: Iterator[int]) -> Callable[[list[Any]], None]:
    new: list[tuple[Any, ...]] = []

    @lru_cache(maxsize=_PATIENTS_KNOWN)
    def staged_patient(patient: PatientRecord) -> int:
        new.append((next(ids), *patient))
        return int(new[-1][0])

    def add(batch: list[AppointmentRecord]) -> None:
        lines, source_ids, patients, *rest = zip(*batch, strict=True)
        staged = map(staged_patient, patients)
        staging.stage_appointments(db, file, zip(lines, source_ids, staged, *rest, strict=True))
        staging.stage_patients(db, file, new)
        new.clear()

    return add


def _patients(db: Database, file: int, ids: Iterator[int]) -> Callable[[list[Any]], None]:
    return lambda batch: staging.stage_patients(db, file, ((next(ids), *row) for row in batch))


def _consents(db: Database, file: int, _ids: Iterator[int]) -> Callable[[list[Any]], None]:
    return partial(staging.stage_consents, db, file)


_FILLERS = {Kind.PATIENTS: _patients, Kind.APPOINTMENTS: _appointments, Kind.CONSENTS: _consents}


def _settle_all(db: Database, kind: Kind, file: Staged) -> None:
    rows = file.source.rows
    if kind is Kind.CONSENTS:
        _settle(db, kind, file, repeats.consents_of_one_time(db, file.number), settle_consent, rows.id_column)
        return
    _settle(db, kind, file, repeats.rows_of_one_id(db, kind, file.number), settle_id, rows.id_column)
    if kind is Kind.APPOINTMENTS:
        told_again = repeats.rows_of_one_patient(db, file.number)
        _settle(db, kind, file, told_again, settle_patient, rows.patient_column)


def _settle(
    db: Database,
    kind: Kind,
    file: Staged,
    rows: Iterable[StagedRow],
    judge: Callable[[Sequence[StagedRow]], Iterable[Verdict]],
    column: str,
) -> None:
    """Take away what is not to be imported, as `judge` says of the rows about one thing."""
    gone = []
    for _, group in groupby(rows, attrgetter("about")):
        together = list(group)
        for place, reason in judge(together):
            row = together[place]
            gone.append(row.id)
            if reason is not None:
                file.errors.append(RowError(row.line, column, reason, row.source_id))
    if gone:
        staging.remove(db, kind, [id_ for id_ in gone if id_ is not None])
