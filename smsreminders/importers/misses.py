"""Misses: what an importer without columns could not understand of a record, gathered while the record is read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from smsreminders.domain.agenda.source_ids import LONGEST as LONGEST_ID
from smsreminders.domain.agenda.source_ids import check_source_id
from smsreminders.errors import UsageError
from smsreminders.importers import cells
from smsreminders.importers.cells import CellError
from smsreminders.importers.records import Unread

_T = TypeVar("_T")
_HOLDING = frozenset({"start", "status", "patient_id"})


@dataclass(frozen=True, slots=True)
class Misses:
    """What could not be understood of one record so far."""

    unread: list[Unread] = field(default_factory=list)

    def read(self, name: str, text: str, how: Callable[[str], _T], *, column: str = "") -> _T | None:
        """Read a text as `how` does; None where it raises CellError, which is kept under our name of the field."""
        try:
            return how(text)
        except CellError as error:
            self.miss(name, text, str(error), word=error.word, column=column)
            return None

    def miss(self, name: str, text: str, reason: str, *, word: str = "", column: str = "") -> None:
        """Keep that a field can't be understood, and why; the column is the format's own name of it."""
        self.unread.append(Unread(name, column or name, reason, cells.mark_of(text), word))

    def words(self, name: str, text: str, *, column: str) -> str | None:
        """Read words for people onto one line; None where they can't be used."""
        return self.read(name, cells.on_one_line(text), _plain, column=column)

    def name(self, text: str) -> str:
        """Read a person's name onto one line; one that can't be used is cut to what can, so that nobody is left out."""
        return self._cut("name", text, column="name")

    def several(self, name: str, texts: Iterable[str], *, column: str) -> str:
        """Read words by which a practice may leave appointments out, each once, with `; ` between them.

        What can't be used of them is cut to what can.
        """
        return self._cut(name, "; ".join(dict.fromkeys(filter(None, texts))), column=column)

    def _cut(self, name: str, text: str, *, column: str) -> str:
        words = self.words(name, text, column=column)
        return "".join(filter(str.isprintable, text))[: cells.LONGEST] if words is None else words

    def holding(self) -> tuple[Unread, ...]:
        """List what holds the appointment."""
        return tuple(miss for miss in self.unread if miss.field in _HOLDING)

    def others(self) -> tuple[Unread, ...]:
        """List what doesn't hold the appointment."""
        return tuple(miss for miss in self.unread if miss.field not in _HOLDING)


def read_source_id(text: str) -> str:
    """Read the id of a thing. Raises CellError."""
    cells.check_plain(text, LONGEST_ID)
    try:
        return check_source_id(text)
    except UsageError as error:
        raise CellError(str(error)) from None


def _plain(text: str) -> str:
    cells.check_plain(text)
    return text
