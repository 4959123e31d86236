"""The rows of a file into the staging tables as they come: alone, or as an agenda of many."""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from smsreminders.importers import Kind, Record, RowError, Rows
from smsreminders.importers.records import Agenda, agenda_of, next_number
from smsreminders.store import staging
from smsreminders.store.database import Database

_AT_ONCE = 2_000  # rows that come alone and are held


def fill(db: Database, kind: Kind, file: int, rows: Rows) -> list[RowError]:
    """Stage all rows of a file under its number, in their order; returns the bad ones."""
    errors: list[RowError] = []
    for part in _some_at_a_time(_good(rows, errors)):
        if isinstance(part, Agenda):
            _stage_agenda(db, file, part)
        elif kind is Kind.APPOINTMENTS:
            _stage_agenda(db, file, agenda_of(part))
        elif kind is Kind.PATIENTS:
            staging.stage_patients(db, file, [(next_number(), *row) for row in part])
        else:
            staging.stage_consents(db, file, part)
    staging.stage_errors(db, file, ((one.line, one.source_id) for one in errors if one.source_id is not None))
    return errors


def _good(rows: Rows, errors: list[RowError]) -> Iterator[Record | Agenda]:
    """The rows that were understood; the others join the errors."""
    for part in rows.parts:
        if isinstance(part, RowError):
            errors.append(part)
        else:
            yield part


def _some_at_a_time(parts: Iterable[Record | Agenda]) -> Iterator[Agenda | list[Any]]:
    """Agendas as they are, rows that come alone together."""
    for are_many, alike in groupby(parts, key=lambda part: isinstance(part, Agenda)):
        if are_many:
            yield from alike  # type: ignore[misc]  # the key tells what they are
        while some := list(islice(alike, _AT_ONCE)):
            yield some


def _stage_agenda(db: Database, file: int, agenda: Agenda) -> None:
    lines, source_ids, patients, visits, details, new_patients, new_visits, new_details = agenda
    staging.stage_appointments(db, file, (lines, source_ids, patients, visits, details))
    staging.stage_patients(db, file, [(number, *patient) for number, patient in new_patients])
    staging.stage_visits(db, [(number, *visit) for number, visit in new_visits])
    staging.stage_details(
        db, [(number, str(one.booking), one.location, one.practitioner) for number, one in new_details]
    )
