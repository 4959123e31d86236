"""The form in which a list is asked for, and how many of its rows that form shows."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from typing import Generic, TypeVar

from smsreminders.errors import UsageError

Thing = TypeVar("Thing")
LONGEST = 200  # rows of a table


class Kind(Enum):
    """What a list is written as."""

    TABLE = auto()
    LINES = auto()
    JSON = auto()
    CSV = auto()
    DUTCH_CSV = auto()


@dataclass(frozen=True, slots=True)
class Listed(Generic[Thing]):
    """The things that a list shows, and how many there are; of the `newest` the last ones are shown."""

    things: list[Thing]
    total: int
    newest: bool = False

    @property
    def how_many(self) -> str:
        """Say how many are shown and how to see the others; empty where all are."""
        if len(self.things) == self.total:
            return ""
        which = "The newest" if self.newest else "The first"
        return f"{which} {len(self.things)} of {self.total} are shown (--all shows every one)."


@dataclass(frozen=True, slots=True)
class Form:
    """What a list is written as; a table may be `wide`, with all columns, and `whole`, with all rows."""

    kind: Kind
    wide: bool = False
    whole: bool = False

    @property
    def limit(self) -> int | None:
        """How many rows are shown at most: lines, JSON and CSV go to other programs, which must not miss one."""
        return LONGEST if self.kind is Kind.TABLE and not self.whole else None

    def take(
        self, things: Iterable[Thing], count: Callable[[], int] | None = None, *, newest: bool = False
    ) -> Listed[Thing]:
        """Take as many things as are shown; where there may be more, `count` tells how many there are."""
        rest = iter(things)
        taken = list(islice(rest, self.limit))
        if len(taken) != self.limit:
            return Listed(taken, len(taken), newest)
        return Listed(taken, count() if count else len(taken) + sum(1 for _ in rest), newest)


def form_of(
    *, as_json: bool = False, as_csv: bool = False, as_csv_nl: bool = False, wide: bool = False, whole: bool = False
) -> Form:
    """Choose the form that is asked for: else a table on a terminal and plain lines elsewhere. Raises UsageError."""
    forms = {Kind.JSON: as_json, Kind.CSV: as_csv, Kind.DUTCH_CSV: as_csv_nl}
    asked = [kind for kind, is_asked in forms.items() if is_asked]
    if len(asked) > 1:
        raise UsageError("a list has one form: give one of --json, --csv and --csv-nl")
    kind = asked[0] if asked else Kind.TABLE if sys.stdout.isatty() else Kind.LINES
    return Form(kind, wide, whole)
