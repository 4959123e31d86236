"""The import of a file: all of its good rows in one transaction, its bad ones told in one go."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from smsreminders.domain.appointments import Booking
from smsreminders.domain.local_time import day_start
from smsreminders.errors import InputFileError, UsageError
from smsreminders.importers import Kind, Record, RowError
from smsreminders.importers.records import AppointmentRecord, ConsentRecord
from smsreminders.jobs.records import Change, save_appointment, save_consent, save_patient
from smsreminders.store.appointments import appointments_between, cancel_appointments
from smsreminders.store.database import Database, rehearsal, write_transaction
from smsreminders.store.imports import record_import

_ALWAYS_LOST = 5  # so many appointments may be gone from a complete file without a question


@dataclass(slots=True)
class ImportReport:
    """What an import did: the rows that it read, what they changed, and those that it didn't understand."""

    read: int = 0
    changes: dict[Change, int] = field(default_factory=lambda: dict.fromkeys(Change, 0))
    errors: list[RowError] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


class BadFile(InputFileError):
    """A file that is refused as a whole; `errors` are its bad rows."""

    def __init__(self, message: str, errors: list[RowError]) -> None:
        super().__init__(message)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Complete:
    """The word that a file has every appointment of these local dates, both included: what it lacks is cancelled."""

    first: date
    last: date
    zone: tzinfo
    sure: bool = False


def import_rows(
    db: Database,
    practice_id: int,
    kind: Kind,
    rows: Iterable[Record | RowError],
    *,
    file: str,
    now: datetime,
    complete: Complete | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Import the rows of a file; a dry run does the same and takes it back.

    Raises BadFile where more than half of the rows are bad, or where a complete file would cancel too much: then
    nothing was imported.
    """
    report = ImportReport()
    transaction: AbstractContextManager[None] = rehearsal(db) if dry_run else write_transaction(db)
    with transaction:
        for row in rows:
            report.read += 1
            if isinstance(row, RowError):
                report.errors.append(row)
                continue
            try:
                change = _save(db, practice_id, kind, row, file=file, now=now)
            except UsageError as error:
                report.errors.append(RowError(row.line, _field(row), str(error), row.source_id))
                continue
            report.records.append(row)
            report.changes[change] += 1
        if len(report.errors) * 2 > report.read:
            raise BadFile(
                f"{file}: {len(report.errors)} of {report.read} rows are bad: the columns are probably mapped wrongly; "
                "nothing was imported",
                report.errors,
            )
        if complete is not None:
            report.changes[Change.CANCELLED] += _cancel_the_rest(db, practice_id, report, complete, file=file, now=now)
        record_import(
            db, practice_id, kind.value, file=file, now=now, rows_read=report.read, rejected=len(report.errors)
        )
    return report


def _save(db: Database, practice_id: int, kind: Kind, row: Record, *, file: str, now: datetime) -> Change:
    if isinstance(row, AppointmentRecord):
        return save_appointment(db, practice_id, row, file=file, now=now)
    if isinstance(row, ConsentRecord):
        return save_consent(db, practice_id, row, file=file, now=now)
    return save_patient(db, practice_id, row, kind=kind, file=file, now=now)[1]


def _field(row: Record) -> str:
    return "at" if isinstance(row, ConsentRecord) and row.at else "patient_id"


def _cancel_the_rest(
    db: Database,
    practice_id: int,
    report: ImportReport,
    complete: Complete,
    *,
    file: str,
    now: datetime,
) -> int:
    """Cancel what is still to come in the complete days and isn't in the file; a bad row's appointment stays."""
    if any(error.source_id is None for error in report.errors):
        raise BadFile(
            f"{file} can't be taken as complete: it has a row of which not even the id could be read; "
            "nothing was imported",
            report.errors,
        )
    told = {row.source_id for row in report.records} | {error.source_id for error in report.errors}
    start = max(now, day_start(complete.first, complete.zone))
    booked = {
        id_: appointment.source_id
        for id_, appointment in appointments_between(
            db, practice_id, start, day_start(complete.last + timedelta(days=1), complete.zone)
        )
        if appointment.booking is Booking.BOOKED
    }
    gone = [id_ for id_, source_id in booked.items() if source_id not in told]
    if not complete.sure and (not report.records or len(gone) > max(_ALWAYS_LOST, len(booked) // 5)):
        raise BadFile(
            f"{file} lacks {len(gone)} of the {len(booked)} appointments from {complete.first} to {complete.last}, "
            "which would be cancelled: if that is right, run it again with --yes; nothing was imported",
            report.errors,
        )
    cancel_appointments(db, gone)
    return len(gone)
