"""The figures of a file beside what its source said before: what the guards of an import judge by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

_TELLING_DIGITS = 8  # a number may be written with a country code or 0 before them
_WORD = re.compile(r"\w+")


class Share(NamedTuple):
    """A count out of another one, such as 3 of 12."""

    part: int = 0
    of: int = 0

    def __str__(self) -> str:
        return f"{self.part} of {self.of}"


NONE = Share()


class Dates(NamedTuple):
    """The dates from the first to the last, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    def overlaps(self, other: "Dates") -> bool:
        """Tell whether they have a date in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class LastFile:
    """The last good import of a source that had rows: how many, and how many of their ids were known by then.

    `dates` are those of its first and last start (UTC), `written` its file's own time, if there is one.
    `then_empty` tells that an empty file was let in after it, `ever_empty` that one was at any time.
    """

    rows: int = 0
    known: int = 0
    dates: Dates | None = None
    written: datetime | None = None
    then_empty: bool = False
    ever_empty: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The booked appointments to come that a complete file lacks, of the dates that it is complete for.

    They are counted too by local date and by practitioner; `known` counts them up to the end of the source's last
    file, if it is complete by its setting. What the last complete file lacked already isn't counted.
    """

    dates: Dates
    window: Share = NONE
    known: Share = NONE
    days: Mapping[date, Share] = field(default_factory=dict)
    practitioners: Mapping[str, Share] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a file says beside what its source said before, in figures; `gone` only where the file is complete.

    `known` are the ids that the source told of before, `renamed` the other ones at a start of a patient that is known
    under an id which the file lacks, counted where nearly all are new. `moved` counts known starts to come by the
    minutes that they moved, out of `to_come`. `owners`, `phones` and `names` are those that are others now, out of
    those that were told before and are told now, `turned` the patients whose consent is a yes now, out of those of whom
    it was a no. `cancelled` are appointments to come that a word cancels now, on so many days, out of those that stood,
    `again` those that are booked now, out of those that were cancelled. `newcomers` are the patients of an agenda of
    whom the source never told, `strangers` its new appointments of patients whom nobody knows, out of those to come up
    to the last file's end. `overtaken` are rows that were written before what is known of them. `same_as` is when the
    same bytes were imported before the last file was.
    """

    last_file: LastFile
    rows: int = 0
    changes_only: bool = False
    known: int = 0
    renamed: int = 0
    moved: Mapping[int, int] = field(default_factory=dict)
    to_come: int = 0
    owners: Share = NONE
    phones: Share = NONE
    names: Share = NONE
    turned: Share = NONE
    cancelled: Share = NONE
    cancelled_days: int = 0
    again: Share = NONE
    newcomers: Share = NONE
    strangers: Share = NONE
    gone: Gone | None = None
    dates: Dates | None = None
    written: datetime | None = None
    same_as: datetime | None = None
    overtaken: int = 0


def is_other_number(before: str, now: str) -> bool:
    """Tell whether a number is another than before; one that is only written otherwise isn't."""
    return _number(before) != _number(now)


def is_other_name(before: str, now: str) -> bool:
    """Tell whether a name is another than before; the same words in another order or case aren't."""
    return _words(before) != _words(now)


def _number(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())[-_TELLING_DIGITS:]


def _words(name: str) -> list[str]:
    return sorted(_WORD.findall(name.casefold()))
