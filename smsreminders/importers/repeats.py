"""Rows of one file that tell of the same: the same content is one row, another content is rejected."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

_Content = tuple[Any, ...]


class Told(Protocol):
    """A row and what it says, without its line; a bad row has no id, and a content like no other."""

    @property
    def line(self) -> int:
        """Where it begins."""
        ...

    @property
    def id(self) -> int | None:
        """By which it is known."""
        ...

    @property
    def content(self) -> _Content:
        """What it says, to be compared."""
        ...


class Verdict(NamedTuple):
    """A row that goes: a mere repeat, or one that is told with this reason."""

    place: int  # among the rows that were judged
    reason: str | None = None


def settle_id(rows: Sequence[Told]) -> Iterator[Verdict]:
    """Which of the rows of one id go, in their order: all if two differ, each naming the other's line, else repeats."""
    first = rows[0]
    other = next((row for row in rows if _differ(first, row)), None)
    for place, row in enumerate(rows):
        if row.id is None:
            continue
        if other is not None:
            against = first if _differ(first, row) else other
            yield Verdict(place, _contradicts(against.line, "the same id"))
        elif place:
            yield Verdict(place)


def settle_consent(rows: Sequence[Told]) -> Iterator[Verdict]:
    """The same for consents of one patient and time, whose content begins with whether they were given.

    Which of two came last can't be told: never guessed.
    """
    lines = {row.content[0]: row.line for row in reversed(rows)}
    told: set[_Content] = set()
    for place, row in enumerate(rows):
        if len(lines) > 1:
            against = next(line for given, line in lines.items() if given != row.content[0])
            yield Verdict(place, _contradicts(against, "a consent of the same patient and time"))
        elif row.content in told:
            yield Verdict(place)
        told.add(row.content)


def settle_patient(rows: Sequence[Told]) -> Iterator[Verdict]:
    """Which of the appointments of one patient go: those that say another thing of the patient than the first row."""
    first = rows[0]
    for place, row in enumerate(rows):
        if row.content != first.content:
            reason = f"line {first.line} says something else of this patient: name, phone, language or consent"
            yield Verdict(place, reason)


def _differ(one: Told, row: Told) -> bool:
    return one is not row and (one.id is None or row.id is None or one.content != row.content)


def _contradicts(line: int, what: str) -> str:
    return f"{what} stands in line {line} with other content"
