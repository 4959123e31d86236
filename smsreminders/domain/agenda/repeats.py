"""Repeats: records of one file about the same thing; the same content counts once, other content rejects all."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol


class Repeat(Protocol):
    """A record and what it says; a bad row has no content, which is like no other."""

    @property
    def place(self) -> str:
        """Where the record stands in its file, in words."""
        ...

    @property
    def content(self) -> tuple[Any, ...] | None:
        """What the record says, to be compared."""
        ...


class Verdict(NamedTuple):
    """A record that goes: a mere repeat, or one that is rejected with this reason."""

    position: int  # among the records that were judged
    reason: str | None = None


def judge_id(records: Sequence[Repeat]) -> Iterator[Verdict]:
    """Judge the records of one id in their order: if two differ all go, each naming another's place, else repeats."""
    first = records[0]
    other = next((record for record in records if _differ(first, record)), None)
    for position, record in enumerate(records):
        if record.content is None:
            continue
        if other is not None:
            against = first if _differ(first, record) else other
            yield Verdict(position, _contradicts(against.place, "the same id"))
        elif position:
            yield Verdict(position)


def judge_consents(records: Sequence[Repeat]) -> Iterator[Verdict]:
    """Judge the consents of one patient and time, whose content begins with whether they were given.

    Which of two came last can't be told: never guessed.
    """
    contents = [record.content or () for record in records]
    given_at = [(content[0], record.place) for content, record in zip(contents, records, strict=True)]
    places = {given: place for given, place in reversed(given_at) if given is not None}
    seen: set[tuple[Any, ...]] = set()
    for position, content in enumerate(contents):
        if len(places) > 1 and content[0] is not None:
            against = next(place for given, place in places.items() if given != content[0])
            yield Verdict(position, _contradicts(against, "a consent of the same patient and time"))
        elif content in seen:
            yield Verdict(position)
        seen.add(content)


def _differ(record: Repeat, other: Repeat) -> bool:
    return record is not other and (record.content is None or record.content != other.content)


def _contradicts(place: str, what: str) -> str:
    return f"{what} stands in {place} with other content"
