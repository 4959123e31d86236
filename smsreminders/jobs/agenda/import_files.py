"""The import of files: all good rows in one transaction, the bad ones told in one go."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from smsreminders.domain.guards import too_many_gone
from smsreminders.domain.local_time import day_start
from smsreminders.errors import InputFileError
from smsreminders.importers.records import Kind, Record, RowError
from smsreminders.jobs.agenda.apply import apply_file
from smsreminders.jobs.agenda.records import Change
from smsreminders.jobs.agenda.stage import Source, Staged, stage, understood
from smsreminders.store.appointments import cancel_appointments
from smsreminders.store.changes import booked_between, gone_between
from smsreminders.store.database import Database, rehearsal, write_transaction
from smsreminders.store.imports import record_import

__all__ = ["BadFile", "Complete", "ImportResult", "Source", "import_files"]


@dataclass(slots=True)
class ImportResult:
    """What the import of a file did: the rows that were read, what they changed, and those that were rejected.

    `unaddressed` are the patients with a new name that can't stand in a text, by the reason.
    """

    read: int = 0
    changes: dict[Change, int] = field(default_factory=lambda: dict.fromkeys(Change, 0))
    errors: list[RowError] = field(default_factory=list)
    unaddressed: dict[str, list[str]] = field(default_factory=dict)


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


def import_files(
    db: Database,
    practice_id: int,
    kind: Kind,
    sources: Sequence[Source],
    *,
    now: datetime,
    complete: Complete | None = None,
    dry_run: bool = False,
    show: Callable[[Iterable[Record]], None] | None = None,
) -> list[ImportResult]:
    """Import files, all of them or none, with a result for each; a dry run does the same and takes it back.

    The files are read before the database is locked for the write. When all went well, `show` gets the records of each
    file that were understood, in their order. Memory is that of the bad rows.
    Raises InputFileError for a file that can't be read to its end, BadFile where more than half of a file's rows are
    bad, or where complete files would cancel too much.
    """
    files = stage(db, kind, sources)
    transaction: AbstractContextManager[None] = rehearsal(db) if dry_run else write_transaction(db)
    with transaction:
        results = [_import_one(db, practice_id, kind, file, now=now) for file in files]
        if complete is not None:
            gone = _cancel_the_rest(db, practice_id, files, results, complete, now=now)
            results[-1].changes[Change.CANCELLED] += gone
    if show is not None:
        for file in files:
            show(understood(db, kind, file))
    return results


def _import_one(db: Database, practice_id: int, kind: Kind, file: Staged, *, now: datetime) -> ImportResult:
    changes = apply_file(db, practice_id, kind, file, now=now)
    result = ImportResult(changes=changes, errors=[error for _, error in sorted(file.errors.items())])
    result.unaddressed = file.unaddressed
    result.read = sum(result.changes.values()) + len(result.errors)
    rejected = len(result.errors)
    if rejected * 2 > result.read:
        raise BadFile(
            f"{file.source.file}: {rejected} of {result.read} rows are bad: the columns are probably mapped wrongly; "
            "nothing was imported",
            file.source.file,
            result.errors,
        )
    record_import(
        db,
        practice_id,
        kind.value,
        file=file.source.file,
        content=file.source.content,
        now=now,
        rows_read=result.read,
        rejected=rejected,
    )
    return result


def _cancel_the_rest(
    db: Database,
    practice_id: int,
    files: Sequence[Staged],
    results: Sequence[ImportResult],
    complete: Complete,
    *,
    now: datetime,
) -> int:
    """Cancel what is still to come in the complete days and isn't in the files; a bad row's appointment stays."""
    names = ", ".join(file.source.file for file in files)
    errors = [error for result in results for error in result.errors]
    if any(error.source_id is None for error in errors):
        raise BadFile(
            f"{names} can't be taken as complete: there is a row of which not even the id could be read; "
            "nothing was imported",
            names,
            errors,
        )
    start, end = day_start(complete.first, complete.zone), day_start(complete.last + timedelta(days=1), complete.zone)
    days = max(now, start), end
    booked = booked_between(db, practice_id, *days)
    gone = gone_between(db, practice_id, *days)
    understood_rows = sum(result.read for result in results) - len(errors)
    if not complete.sure and too_many_gone(len(gone), booked, understood=understood_rows):
        raise BadFile(
            f"{names} lacks {len(gone)} of the {booked} appointments from {complete.first} to {complete.last}, "
            "which would be cancelled: if that is right, run it again with --yes; nothing was imported",
            names,
            errors,
        )
    cancel_appointments(db, gone)
    return len(gone)
