"""Files into the staging tables, each id once: rows that contradict each other are told."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from smsreminders.importers.records import Kind, RowError, Rows
from smsreminders.importers.repeats import Verdict, settle_consent, settle_id, settle_patient
from smsreminders.jobs.agenda.filling import fill
from smsreminders.jobs.agenda.looking import EarlyLook
from smsreminders.store import repeats, staging
from smsreminders.store.database import Database
from smsreminders.store.repeats import StagedRow


@dataclass(frozen=True, slots=True)
class Source:
    """A file by its name, with its rows as they were understood, and the SHA-256 of its bytes if it is known."""

    file: str
    rows: Rows
    content: str = ""


@dataclass(slots=True)
class Staged:
    """A file whose rows are staged under a number; `errors` are its bad rows, `look` has seen what it changes.

    It `ascends` where each row is known to have a greater id than the one before, so that none comes twice.
    """

    number: int
    source: Source
    errors: list[RowError] = field(default_factory=list)
    ascends: bool = False
    look: EarlyLook | None = None


def stage(db: Database, practice_id: int, kind: Kind, sources: Sequence[Source]) -> list[Staged]:
    """Read files into the staging tables, each id of a file once: memory is that of the bad rows.

    Appointments are compared with what is stored meanwhile if they come in one file: of several, each would change what
    the next one is compared with.

    Rows with the same id and different content are all rejected, each naming the other's line; a bad row has a content
    of its own. Of consents that goes for rows of one patient and time. In a file of appointments a row that says
    something else of its patient than the first row of that patient is rejected. Raises InputFileError.
    """
    staging.set_up(db)
    files = [Staged(number, source) for number, source in enumerate(sources)]
    if kind is Kind.APPOINTMENTS and len(files) == 1:
        files[0].look = EarlyLook(db, practice_id, files[0].number)
    with _uncollected():
        for one in files:
            one.errors, one.ascends = fill(db, kind, one.number, one.source.rows, one.look)
    with staging.filling(db):
        for name in {"patients", "errors"} - {kind}:
            staging.index(db, name)
        each_once = all(one.ascends and not one.errors for one in files) or staging.index(db, kind)
        for one in files:
            _settle_all(db, kind, one, each_id_once=each_once)
    return files


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: reading makes none, and a look through all that is known costs a quarter."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _settle_all(db: Database, kind: Kind, file: Staged, *, each_id_once: bool) -> None:
    rows = file.source.rows
    if kind is Kind.CONSENTS:
        _settle(db, kind, file, repeats.consents_of_one_time(db, file.number), settle_consent, rows.id_column)
        return
    if file.errors or not each_id_once:
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
