"""The columns of a list: what is shown of each thing, stated once for people and for programs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Generic, TypeVar

Thing = TypeVar("Thing")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """How things are shown: on which clock, in which currency and language, and whether phone numbers are whole.

    `today` tells which year goes without saying in a table; None where none does.
    """

    zone: tzinfo = UTC
    currency: str = ""
    show_numbers: bool = False
    language: str = "en"
    today: date | None = None

    def local(self, moment: datetime | None) -> datetime | None:
        """Put a time on the practice's clock, in whole seconds; None stays None."""
        return None if moment is None else moment.astimezone(self.zone).replace(microsecond=0)

    def phone(self, number: str) -> str:
        """Mask a phone number, unless numbers are shown."""
        from smsreminders.domain.phone import mask

        return number if self.show_numbers or not number else mask(number)


@dataclass(frozen=True, slots=True)
class Column(Generic[Thing]):
    """One column of a list of things; lists read in the order of their columns.

    `key` names it in JSON and CSV, in words on a table. A table has the columns with a weight; where there is little
    room the light ones give way first. `cut` marks free text, such as a name or an SMS: in the lightest of these what
    is too long is cut.
    """

    key: str
    cell: Callable[[Thing, View], object]
    weight: int = 0
    cut: bool = False
    heading: str = ""

    @property
    def title(self) -> str:
        """The heading of its own, or the key in words, as a person reads it."""
        return self.heading or self.key.replace("_", " ")


Columns = Sequence[Column[Thing]]


def keys(columns: Columns[Thing]) -> list[str]:
    """List the keys of columns, in their order."""
    return [column.key for column in columns]


def row(thing: Thing, columns: Columns[Thing], view: View) -> dict[str, object]:
    """Fill the cells of one thing, by key."""
    return {column.key: column.cell(thing, view) for column in columns}
