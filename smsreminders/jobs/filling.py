"""The rows of a file into the staging tables as they come: alone, or as an agenda of many."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

from smsreminders.importers import Kind, Record, RowError, Rows
from smsreminders.importers.records import Agenda, agenda_of
from smsreminders.store import staging
from smsreminders.store.database import Database

_AT_ONCE = 2_000  # rows that come alone and are held
_MOST_KNOWN = 16_384  # parts of one kind that are not staged again

_Part = tuple[Any, ...]


def fill(db: Database, kind: Kind, file: int, rows: Rows, ids: Iterator[int]) -> list[RowError]:
    """Stage all rows of a file under its number, in their order, by the next ids; returns the bad ones."""
    errors: list[RowError] = []
    agendas = _Agendas(db, file, ids)
    for part in _some_at_a_time(_good(rows, errors)):
        if isinstance(part, Agenda):
            agendas.add(part)
        elif kind is Kind.APPOINTMENTS:
            agendas.add(agenda_of(part))
        elif kind is Kind.PATIENTS:
            staging.stage_patients(db, file, ((next(ids), *row) for row in part))
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


class _Agendas:
    """The appointments of one file, and which of what they share is staged."""

    def __init__(self, db: Database, file: int, ids: Iterator[int]) -> None:
        self._db, self._file = db, file
        self._patients, self._visits, self._details = _Known(ids), _Known(ids), _Known(ids)

    def add(self, agenda: Agenda) -> None:
        """Stage the rows, and of what they share that which is new."""
        patients, new_patients = self._patients.number(agenda.patients)
        visits, new_visits = self._visits.number(agenda.visits)
        details, new_details = self._details.number(agenda.details)
        rows = zip(agenda.lines, agenda.source_ids, patients, visits, details, strict=True)
        staging.stage_appointments(self._db, self._file, rows)
        staging.stage_patients(self._db, self._file, new_patients)
        staging.stage_visits(self._db, new_visits)
        staging.stage_details(self._db, ((id_, str(booking), *rest) for id_, booking, *rest in new_details))


class _Known:
    """The numbers of objects that rows share; that one is staged again later, under another number, does no harm."""

    def __init__(self, ids: Iterator[int]) -> None:
        self._ids = ids
        self._numbers: dict[int, int] = {}  # by the id of an object, which no other has while this one is kept
        self._kept: list[_Part] = []

    def number(self, parts: Sequence[_Part]) -> tuple[list[int], list[_Part]]:
        """The number of each, and those that are new: number and content."""
        if len(self._kept) > _MOST_KNOWN:
            self._numbers.clear()
            self._kept.clear()
        names = list(map(id, parts))
        unknown = set(names).difference(self._numbers)
        new = {name: part for name, part in zip(names, parts, strict=True) if name in unknown} if unknown else {}
        numbered = {name: next(self._ids) for name in new}
        self._numbers |= numbered
        self._kept += new.values()
        return list(map(self._numbers.__getitem__, names)), [(numbered[name], *part) for name, part in new.items()]
