"""Rows of one file that tell of the same: the same content is one row, another content is rejected."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from smsreminders.importers.columns import ID_FIELD, Columns
from smsreminders.importers.records import (
    AppointmentRecord,
    ConsentRecord,
    Kind,
    PatientRecord,
    Record,
    RowError,
)

_Outcome = Record | RowError


def settle_repeats(rows: Sequence[_Outcome], kind: Kind, columns: Columns) -> Iterator[_Outcome]:
    """The rows in their order, each id once.

    Rows with the same id and different content are all rejected, each naming the other's line; a bad row has a content
    of its own. Of consents that goes for rows of one patient and time. In a file of appointments a row that says
    something else of its patient than the first row of that patient is rejected.
    """
    id_column = columns.name(ID_FIELD[kind])
    if kind is Kind.CONSENTS:
        return _consents(rows, id_column)
    once = _each_id_once(rows, id_column)
    return _patients_as_first_told(once, columns.name("patient_id")) if kind is Kind.APPOINTMENTS else once


def _each_id_once(rows: Sequence[_Outcome], column: str) -> Iterator[_Outcome]:
    first: dict[str, _Outcome] = {}
    other: dict[str, _Outcome] = {}  # the first row of the id that differs from its first
    for row in rows:
        if row.source_id is not None and _differ(first.setdefault(row.source_id, row), row):
            other.setdefault(row.source_id, row)
    for row in rows:
        if isinstance(row, RowError):
            yield row
        elif row.source_id in other:
            one = first[row.source_id]
            against = one if _differ(one, row) else other[row.source_id]
            yield RowError(row.line, column, _contradicts(against.line, "the same id"), row.source_id)
        elif first[row.source_id] is row:
            yield row


def _differ(one: _Outcome, row: _Outcome) -> bool:
    return one is not row and _content(one) != _content(row)


def _content(row: _Outcome) -> _Outcome:
    """The row without the lines; a bad row keeps its own, so it is like no other."""
    if isinstance(row, AppointmentRecord):
        return replace(row, line=0, patient=replace(row.patient, line=0))
    return row if isinstance(row, RowError) else replace(row, line=0)


def _consents(rows: Sequence[_Outcome], column: str) -> Iterator[_Outcome]:
    """Which of two consents of the same time (or both without one) came last can't be told: never guessed."""
    consents = [row for row in rows if isinstance(row, ConsentRecord)]
    first = {(row.source_id, row.at, row.given): row.line for row in reversed(consents)}
    told = set()
    for row in rows:
        if not isinstance(row, ConsentRecord):
            yield row
            continue
        against = first.get((row.source_id, row.at, not row.given))
        if against is not None:
            yield RowError(
                row.line, column, _contradicts(against, "a consent of the same patient and time"), row.source_id
            )
        elif _content(row) not in told:
            told.add(_content(row))
            yield row


def _patients_as_first_told(rows: Iterable[_Outcome], column: str) -> Iterator[_Outcome]:
    first: dict[str, PatientRecord] = {}
    for row in rows:
        if isinstance(row, AppointmentRecord):
            told = first.setdefault(row.patient.source_id, row.patient)
            if replace(row.patient, line=told.line) != told:
                reason = f"line {told.line} says something else of this patient: name, phone, language or consent"
                yield RowError(row.line, column, reason, row.source_id)
                continue
        yield row


def _contradicts(line: int, what: str) -> str:
    return f"{what} stands in line {line} with other content"
