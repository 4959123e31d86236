"""The rows of a file into the staging tables as they come."""

from collections.abc import Iterator, Sequence
from itertools import count, islice
from operator import lt
from typing import Any

from smsreminders.importers import Kind, RowError, Rows
from smsreminders.importers.records import Agenda
from smsreminders.jobs.looking import EarlyLook
from smsreminders.store import staging
from smsreminders.store.database import Database

_AT_ONCE = {Kind.APPOINTMENTS: 16, Kind.PATIENTS: 2_000, Kind.CONSENTS: 2_000}  # some thousand rows are held


def fill(db: Database, kind: Kind, file: int, rows: Rows, look: EarlyLook | None = None) -> tuple[list[RowError], bool]:
    """Stage all rows of a file under its number, in their order, and look what they change.

    Returns the bad ones, and whether the ids of the others are known to ascend.
    """
    errors: list[RowError] = []
    numbers = count(1)
    last, ascends = "", kind is Kind.APPOINTMENTS
    good = _good(rows, errors)
    while some := list(islice(good, _AT_ONCE[kind])):
        with staging.filling(db):
            if kind is Kind.PATIENTS:
                staging.stage_patients(db, file, [(next(numbers), *row) for row in some])
            elif kind is Kind.CONSENTS:
                staging.stage_consents(db, file, some)
            else:
                for agenda in some:
                    _stage_agenda(db, file, agenda)
                    ascends = ascends and _ascend([last, *agenda.source_ids])
                    last = agenda.source_ids[-1]
        if look is not None:
            look.go_on()
    with staging.filling(db):
        staging.stage_errors(db, file, ((one.line, one.source_id) for one in errors if one.source_id is not None))
    return errors, ascends


def _ascend(ids: Sequence[str]) -> bool:
    return all(map(lt, ids, islice(ids, 1, None)))


def _good(rows: Rows, errors: list[RowError]) -> Iterator[Any]:
    """The rows that were understood; the others join the errors."""
    for part in rows.parts:
        if isinstance(part, RowError):
            errors.append(part)
        else:
            yield part


def _stage_agenda(db: Database, file: int, agenda: Agenda) -> None:
    lines, source_ids, patients, visits, details, new_patients, new_visits, new_details = agenda
    staging.stage_appointments(db, file, (lines, source_ids, patients, visits, details))
    staging.stage_patients(db, file, [(number, *patient) for number, patient in new_patients])
    staging.stage_visits(db, file, [(number, *visit) for number, visit in new_visits])
    told = [(number, str(one.booking), one.location, one.practitioner) for number, one in new_details]
    staging.stage_details(db, file, told)
