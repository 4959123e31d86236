"""The import of files: all good rows in one transaction, the bad ones told in one go."""

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.agenda.columns_kept import columns_changed, columns_of
from smsreminders.domain.agenda.import_guards import Alarm, Guard, alarms_of
from smsreminders.errors import InputFileError
from smsreminders.importers.records import Kind, Record, RowError, Trouble
from smsreminders.jobs.agenda.apply import apply_file
from smsreminders.jobs.agenda.complete import Complete, CompleteFor, Lacking, find_lacking, miss, names_of
from smsreminders.jobs.agenda.guarding import compare, keep
from smsreminders.jobs.agenda.stage import Source, Staged, stage, understood
from smsreminders.jobs.agenda.tally import Change, Tally
from smsreminders.jobs.agenda.troubles import likely_cause
from smsreminders.jobs.round.guard import check_clock_of_words
from smsreminders.store.agenda import staged_records
from smsreminders.store.agenda.changes import gone_of_whole
from smsreminders.store.agenda.imports import record_import
from smsreminders.store.agenda.said import SourceRow, keep_fields, keep_missing, source_of
from smsreminders.store.appointments import miss_appointments
from smsreminders.store.database import Database, rehearsal, write_transaction

__all__ = [
    "BY_HAND",
    "BadFile",
    "Complete",
    "CompleteFor",
    "ImportResult",
    "Order",
    "Source",
    "import_files",
    "keep_refusal",
]


BY_HAND = "by hand"
_TO_TEXT = ("phone", "consent")


@dataclass(slots=True)
class ImportResult:
    """What the import of a file did: the rows that were read, what they changed, and what is told of the bad ones.

    `notes` are of cells that don't matter, `gone` the appointments that a complete file cancelled, `missing` those that
    nobody is texted of since it lacks them, `incomplete` why it could not be taken as complete. `lacking` are
    fields without which nobody is texted, where a source's first file of patients has none but columns that were read
    as nothing, the `unused` ones. `partial` tells why the file isn't all that the record has.
    `out_of_series` are appointments that were cancelled because their series has no such occurrence any more. `let_in`
    is what the file would have been refused for if nobody had been sure.
    """

    read: int = 0
    tally: Tally = field(default_factory=Tally)
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)
    unclear: int = 0
    rejected: int = 0
    gone: Sequence[str] = ()
    missing: Sequence[str] = ()
    incomplete: str | None = None
    lacking: Sequence[str] = ()
    partial: str | None = None
    out_of_series: Sequence[str] = ()
    let_in: Sequence[Alarm] = ()
    unused: Sequence[str] = ()

    @property
    def changes(self) -> dict[Change, int]:
        """Count the records by the change that they made."""
        return self.tally.changes


class BadFile(InputFileError):
    """A file that is refused as a whole; `errors` are its bad rows."""

    def __init__(self, message: str, file: str, errors: list[RowError]) -> None:
        super().__init__(message)
        self.file, self.errors = file, errors


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of an import: of which practice, kind and source, and what a person says of it.

    `sure` takes files that would be refused for what they changed, a dry run takes all of it back.
    """

    practice_id: int
    kind: Kind
    source: str = BY_HAND
    complete: Complete | CompleteFor | None = None
    sure: bool = False
    dry_run: bool = False


def import_files(
    db: Database,
    order: Order,
    files: Iterable[Source],
    *,
    now: datetime,
    show: Callable[[Iterable[Record]], None] | None = None,
) -> list[ImportResult]:
    """Import files, all of them or none, with a result for each; a dry run does the same and takes it back.

    The files are read before the database is locked for the write. When all went well, `show` gets the records of each
    file that were understood, in their order. Memory is that of the bad rows. A refusal is kept until a good file of
    the source comes.
    Raises InputFileError for a file that can't be read to its end, BadFile where more than half of a file's rows are
    bad, those of what has started not counted, or where a guard finds the files too unlike what their source said
    before: all alarms are told together, and who is sure gets them with the results. By a clock in doubt
    AdministratorNeeded, for what a file says is dated by it.
    """
    if not order.dry_run:
        check_clock_of_words(db, now, nothing="nothing was imported")
    try:
        staged = stage(db, order.kind, files, now=now)
        transaction: AbstractContextManager[None] = rehearsal(db) if order.dry_run else write_transaction(db)
        with transaction:
            results = _import(db, order, staged, now=now)
    except InputFileError as refused:
        keep_refusal(db, order, refused.file if isinstance(refused, BadFile) else "", str(refused), now=now)
        raise
    if show is not None:
        for file in staged:
            show(understood(db, order.kind, file))
    return results


def keep_refusal(db: Database, order: Order, file: str, why: str, *, now: datetime) -> None:
    """Keep why a file was refused until a good one of its source comes; a dry run keeps nothing."""
    if order.dry_run:
        return
    with write_transaction(db):
        source = source_of(db, order.practice_id, order.source, order.kind.value)
        record_import(db, source, file=file, now=now, rows_read=0, rejected=0, refused=why)


def _import(db: Database, order: Order, files: Sequence[Staged], *, now: datetime) -> list[ImportResult]:
    source = source_of(db, order.practice_id, order.source, order.kind.value)
    lacking = find_lacking(db, source, files, order.complete, now=now) if order.complete else None
    names, errors = names_of(files), [error for file in files for error in file.row_errors()]
    if lacking and lacking.incomplete and isinstance(order.complete, Complete):
        raise BadFile(f"{lacking.incomplete}; nothing was imported", names, errors)
    compared = compare(db, source, files, lacking.days if lacking else None, now=now)
    alarms = [*alarms_of(compared), *(alarm for file in files for alarm in _columns_lost(source, file))]
    if alarms and not order.sure:
        found = "; ".join(alarm.says for alarm in alarms)
        again = "--sure" if order.source == BY_HAND else f"--source {shlex.quote(order.source)} --sure"
        raise BadFile(
            f"{names}: {found}: look at the export, and if it is right, import it with {again}; nothing was imported",
            names,
            errors,
        )
    results = [_import_one(db, order, source, file, now=now) for file in files]
    keep(db, source, compared, lacking.days if lacking else None, now=now)
    results[-1].let_in = alarms
    if lacking:
        lacking = lacking.without({id_ for result in results for id_ in result.out_of_series})
        miss(db, source, files, lacking, now=now)
        _tell_lacking(results[-1], lacking)
    return results


def _tell_lacking(result: ImportResult, lacking: Lacking) -> None:
    """Tell with a result what complete files lack, or why they aren't complete."""
    result.missing = [absent.source_id for absent in lacking.missing]
    result.gone = [absent.source_id for absent in lacking.cancelled]
    result.incomplete = lacking.incomplete
    result.changes[Change.MISSING] += len(result.missing)
    result.changes[Change.CANCELLED] += len(result.gone)


def _import_one(db: Database, order: Order, source: SourceRow, file: Staged, *, now: datetime) -> ImportResult:
    if fields := file.source.fields:
        keep_fields(db, source, columns_of(source.fields, fields, file.filled, rows=file.rows))
    tally = apply_file(db, source, order.kind, file, now=now)
    unclear, rejected = file.count(Trouble.UNCLEAR), file.count(Trouble.REJECTED)
    read = sum(tally.changes.values()) + unclear + rejected
    result = ImportResult(read, tally, file.row_errors(), file.notes, unclear, rejected, unused=file.source.unused)
    result.partial = file.partial
    result.out_of_series = _cancel_out_of_series(db, source, file, now=now)
    result.changes[Change.CANCELLED] += len(result.out_of_series)
    if order.kind is Kind.PATIENTS and file.source.unused and not source.fields:
        result.lacking = [name for name in _TO_TEXT if name not in file.source.fields]
    bad = unclear + rejected
    begun, begun_and_rejected = staged_records.started(db, file.number, now)
    bad_to_come = bad - len(file.errors.keys() & file.started.union(begun_and_rejected))
    to_come = read - file.source.left_out.total() - begun
    if bad_to_come * 2 > to_come:
        cause = likely_cause(result.errors, has_columns=bool(file.source.fields))
        raise BadFile(
            f"{file.source.file}: {bad_to_come} of {to_come} rows are bad: {cause}; nothing was imported",
            file.source.file,
            result.errors,
        )
    record_import(db, source, file=file.source.file, content=file.source.content, now=now, rows_read=read, rejected=bad)
    return result


def _cancel_out_of_series(db: Database, source: SourceRow, file: Staged, *, now: datetime) -> list[str]:
    """Cancel what is still to come of series that a file has whole, and isn't in them."""
    gone = gone_of_whole(db, source, file.source.whole, now)
    why = f"{file.source.file}, imported on {now:%Y-%m-%d}, doesn't have it in its series any more"
    miss_appointments(db, gone, why, cancelled=True)
    keep_missing(db, source, gone, file.source.content, now)
    return list(gone.values())


def _columns_lost(source: SourceRow, file: Staged) -> Iterator[Alarm]:
    """Tell of columns that the source's files had and this one hasn't, or leaves empty in most rows."""
    if not file.source.fields:
        return
    gone, emptied = columns_changed(source.fields, file.source.fields, file.filled, rows=file.rows)
    if not (gone or emptied):
        return
    losses = [f"no column {', '.join(gone)} any more"] if gone else []
    losses += [f"{', '.join(emptied)} empty in most rows"] if emptied else []
    called = f'which the files of "{source.name}" had (called otherwise now? --map {(gone or emptied)[0]}=COLUMN)'
    yield Alarm(Guard.COLUMNS, f"{' and '.join(losses)}, {called}")
