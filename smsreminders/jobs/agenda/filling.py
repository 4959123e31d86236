"""The rows of a file into the staging tables as they come."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from operator import lt
from typing import Any

from smsreminders.importers.records import Agenda, Kind, RowError, Rows
from smsreminders.jobs.agenda.looking import EarlyLook
from smsreminders.store import staging
from smsreminders.store.database import Database

_AT_ONCE = 5_000  # rows that are held, or a few more


def fill(db: Database, kind: Kind, file: int, rows: Rows, look: EarlyLook | None = None) -> tuple[list[RowError], bool]:
    """Stage all rows of a file under its number, in their order, and look what they change.

    Returns the bad ones, and whether the ids of the others are known to ascend.
    """
    errors: list[RowError] = []
    numbers = count(1)
    last, ascends = "", kind is Kind.APPOINTMENTS
    for some in _some_at_a_time(_good(rows, errors)):
        with staging.filling(db):
            if kind is Kind.PATIENTS:
                staging.stage_patients(db, file, [(next(numbers), *row) for row in some])
            elif kind is Kind.CONSENTS:
                staging.stage_consents(db, file, some)
            else:
                ids = _stage_agendas(db, file, some)
                ascends = ascends and all(map(lt, [last, *ids], ids))
                last = ids[-1]
        if look is not None:
            look.go_on()
    with staging.filling(db):
        staging.stage_errors(db, file, ((one.line, one.source_id) for one in errors if one.source_id is not None))
    return errors, ascends


def _good(rows: Rows, errors: list[RowError]) -> Iterator[Any]:
    """The rows that were understood; the others join the errors."""
    for part in rows.parts:
        if isinstance(part, RowError):
            errors.append(part)
        else:
            yield part


def _some_at_a_time(parts: Iterable[Any]) -> Iterator[list[Any]]:
    """Rows that stand alone, or by many, in lists of so many rows."""
    some: list[Any] = []
    rows = 0
    for part in parts:
        some.append(part)
        rows += len(part.lines) if isinstance(part, Agenda) else 1
        if rows >= _AT_ONCE:
            yield some
            some, rows = [], 0
    if some:
        yield some


def _stage_agendas(db: Database, file: int, agendas: Sequence[Agenda]) -> list[str]:
    """Stage them together, and return the ids of their rows."""
    columns = [list(chain.from_iterable(column)) for column in zip(*agendas, strict=True)]
    lines, source_ids, patients, visits, details, new_patients, new_visits, new_details = columns
    staging.stage_appointments(db, file, (lines, source_ids, patients, visits, details))
    staging.stage_patients(db, file, [(number, *patient) for number, patient in new_patients])
    staging.stage_visits(db, file, [(number, *visit) for number, visit in new_visits])
    told = [(number, str(one.booking), one.location, one.practitioner) for number, one in new_details]
    staging.stage_details(db, file, told)
    return source_ids
