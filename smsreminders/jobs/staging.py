"""The rows of a file into the staging tables, each id once; and out of them again, as they were understood."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, groupby
from operator import attrgetter
from typing import Any

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import How
from smsreminders.importers import Kind, Record, RowError, Rows
from smsreminders.importers.records import Agenda, AppointmentRecord, ConsentRecord, PatientRecord, agenda_of
from smsreminders.importers.repeats import Verdict, settle_consent, settle_id, settle_patient
from smsreminders.store import repeats, staging
from smsreminders.store.changes import staged_rows
from smsreminders.store.database import Database
from smsreminders.store.repeats import StagedRow
from smsreminders.store.times import from_text, maybe_time

_AT_ONCE = 2_000  # rows that are held at a time
_MOST_KNOWN = 16_384  # parts of one kind that are not staged again


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
    with _uncollected(), staging.filling(db):
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
    """Rows come alone, or as an agenda of many."""
    known = _Known(), _Known(), _Known()
    rows: list[Any] = []

    def add_rows() -> None:
        if not rows:
            return
        if kind is Kind.APPOINTMENTS:
            _add_agenda(db, file.number, agenda_of(rows), ids, *known)
        elif kind is Kind.PATIENTS:
            staging.stage_patients(db, file.number, ((next(ids), *row) for row in rows))
        else:
            staging.stage_consents(db, file.number, rows)
        rows.clear()

    for part in file.source.rows.parts:
        if isinstance(part, Agenda):
            add_rows()
            _add_agenda(db, file.number, part, ids, *known)
        elif isinstance(part, RowError):
            file.errors.append(part)
        else:
            rows.append(part)
            if len(rows) >= _AT_ONCE:
                add_rows()
    add_rows()
    bad = ((error.line, error.source_id) for error in file.errors if error.source_id is not None)
    staging.stage_errors(db, file.number, bad)


class _Known:
    """The numbers of objects that rows share; what is known again later under another number does no harm."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}  # by the id of an object, which no other has while this one is kept
        self._kept: list[tuple[Any, ...]] = []

    def number(self, parts: Sequence[tuple[Any, ...]], ids: Iterator[int]) -> tuple[list[int], list[tuple[Any, ...]]]:
        """The number of each, and those that are new: number and content."""
        if len(self._kept) > _MOST_KNOWN:
            self._numbers.clear()
            self._kept.clear()
        names = list(map(id, parts))
        unknown = set(names).difference(self._numbers)
        new = list({name: part for name, part in zip(names, parts, strict=True) if name in unknown}.values())
        self._kept += new
        numbered = [(next(ids), *part) for part in new]
        self._numbers.update((id(part), number) for part, (number, *_) in zip(new, numbered, strict=True))
        return list(map(self._numbers.__getitem__, names)), numbered


def _add_agenda(
    db: Database, file: int, agenda: Agenda, ids: Iterator[int], patients: _Known, visits: _Known, details: _Known
) -> None:
    of_patients, new_patients = patients.number(agenda.patients, ids)
    of_visits, new_visits = visits.number(agenda.visits, ids)
    of_details, new_details = details.number(agenda.details, ids)
    rows = zip(agenda.lines, agenda.source_ids, of_patients, of_visits, of_details, strict=True)
    staging.stage_appointments(db, file, rows)
    staging.stage_patients(db, file, new_patients)
    staging.stage_visits(db, new_visits)
    staging.stage_details(db, [(id_, str(booking), *rest) for id_, booking, *rest in new_details])


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: reading makes none, and a look through all that is known costs a quarter."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


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
