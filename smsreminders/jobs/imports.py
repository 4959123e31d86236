"""The import of files: all good rows in one transaction, the bad ones told in one go."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import FutureConsent
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

    def __init__(self, message: str, file: str, errors: list[RowError]) -> None:
        super().__init__(message)
        self.file, self.errors = file, errors


@dataclass(frozen=True, slots=True)
class Complete:
    """The word that a file has every appointment of these local dates, both included: what it lacks is cancelled."""

    first: date
    last: date
    zone: tzinfo
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A file by its name, with its rows as they were understood, and the SHA-256 of its bytes if it is known."""

    file: str
    rows: Iterable[Record | RowError]
    content: str = ""


def import_files(
    db: Database,
    practice_id: int,
    kind: Kind,
    sources: Sequence[Source],
    *,
    now: datetime,
    complete: Complete | None = None,
    dry_run: bool = False,
) -> list[ImportReport]:
    """Import files, all of them or none; a dry run does the same and takes it back. A report a file.

    Raises BadFile where more than half of a file's rows are bad, or where complete files would cancel too much.
    """
    transaction: AbstractContextManager[None] = rehearsal(db) if dry_run else write_transaction(db)
    with transaction:
        reports = [_import_one(db, practice_id, kind, source, now=now) for source in sources]
        if complete is not None:
            gone = _cancel_the_rest(db, practice_id, sources, reports, complete, now=now)
            reports[-1].changes[Change.CANCELLED] += gone
    return reports


def _import_one(db: Database, practice_id: int, kind: Kind, source: Source, *, now: datetime) -> ImportReport:
    report = ImportReport()
    for row in source.rows:
        report.read += 1
        if isinstance(row, RowError):
            report.errors.append(row)
            continue
        try:
            change = _save(db, practice_id, kind, row, file=source.file, now=now)
        except UsageError as error:
            field_name = "at" if isinstance(error, FutureConsent) else "patient_id"
            report.errors.append(RowError(row.line, field_name, str(error), row.source_id))
            continue
        report.records.append(row)
        report.changes[change] += 1
    rejected = len(report.errors)
    if rejected * 2 > report.read:
        raise BadFile(
            f"{source.file}: {rejected} of {report.read} rows are bad: the columns are probably mapped wrongly; "
            "nothing was imported",
            source.file,
            report.errors,
        )
    record_import(
        db,
        practice_id,
        kind.value,
        file=source.file,
        content=source.content,
        now=now,
        rows_read=report.read,
        rejected=rejected,
    )
    return report


def _save(db: Database, practice_id: int, kind: Kind, row: Record, *, file: str, now: datetime) -> Change:
    if isinstance(row, AppointmentRecord):
        return save_appointment(db, practice_id, row, file=file, now=now)
    if isinstance(row, ConsentRecord):
        return save_consent(db, practice_id, row, file=file, now=now)
    return save_patient(db, practice_id, row, kind=kind, file=file, now=now)[1]


def _cancel_the_rest(
    db: Database,
    practice_id: int,
    sources: Sequence[Source],
    reports: Sequence[ImportReport],
    complete: Complete,
    *,
    now: datetime,
) -> int:
    """Cancel what is still to come in the complete days and isn't in the files; a bad row's appointment stays."""
    files = ", ".join(source.file for source in sources)
    errors = [error for report in reports for error in report.errors]
    records = [record for report in reports for record in report.records]
    if any(error.source_id is None for error in errors):
        raise BadFile(
            f"{files} can't be taken as complete: there is a row of which not even the id could be read; "
            "nothing was imported",
            files,
            errors,
        )
    told = {row.source_id for row in records} | {error.source_id for error in errors}
    start, end = day_start(complete.first, complete.zone), day_start(complete.last + timedelta(days=1), complete.zone)
    booked = {
        id_: appointment.source_id
        for id_, appointment in appointments_between(db, practice_id, max(now, start), end)
        if appointment.booking is Booking.BOOKED
    }
    gone = [id_ for id_, source_id in booked.items() if source_id not in told]
    if not complete.sure and (not records or len(gone) > max(_ALWAYS_LOST, len(booked) // 5)):
        raise BadFile(
            f"{files} lacks {len(gone)} of the {len(booked)} appointments from {complete.first} to {complete.last}, "
            "which would be cancelled: if that is right, run it again with --yes; nothing was imported",
            files,
            errors,
        )
    cancel_appointments(db, gone)
    return len(gone)
