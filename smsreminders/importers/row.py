"""A row of a table: its texts by field, and what of them can't be read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from smsreminders.domain.agenda.source_ids import LONGEST as LONGEST_ID
from smsreminders.errors import UsageError
from smsreminders.importers import cells, times
from smsreminders.importers.cells import CellError
from smsreminders.importers.columns import Columns
from smsreminders.importers.records import Layout, Unread

_T = TypeVar("_T")


class FieldError(Exception):
    """A field without which a row is nothing can't be read, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class Row(NamedTuple):
    """A row's texts by field, only of those that have a column; what can't be read of them joins `unread`.

    `unfit` tells by field why a text can't be used at all.
    """

    place: str
    cells: Sequence[str]
    columns: Columns
    texts: Mapping[str, str]
    unfit: Mapping[str, str]
    layout: Layout
    unread: list[Unread]

    def required(self, field: str, how: Callable[[str], _T]) -> _T:
        """Read a text as `how` does. Raises FieldError."""
        if field in self.unfit:
            raise FieldError(field, self.unfit[field])
        try:
            return how(self.texts.get(field, ""))
        except (CellError, UsageError) as error:
            raise FieldError(field, str(error)) from None

    def read(self, field: str, how: Callable[[str], _T]) -> _T | None:
        """Read a text as `how` does, in the meaning that the user gave it; None where it can't be read."""
        text = self.texts.get(field, "")
        if field in self.unfit:
            return self.miss(field, self.unfit[field])
        meanings = self.layout.words.get(field)
        try:
            return how(meanings.get(text.casefold(), text) if meanings else text)
        except CellError as error:
            return self.miss(field, str(error), error.word)
        except UsageError as error:
            return self.miss(field, str(error))

    def miss(self, field: str, reason: str, word: str = "") -> None:
        """Keep that a field can't be read, and why."""
        mark = cells.mark_of(self.texts.get(field, ""))
        self.unread.append(Unread(field, self.columns.name(field), reason, mark, word))

    def text(self, field: str) -> str | None:
        """Read a text as it is written; None without its column, or where it can't be used.

        A name or a type that can't be used is cut to what can: nobody is left out for it, and no text says it.
        """
        if field not in self.texts:
            return None
        if field in self.unfit and field in _CUT:
            self.miss(field, self.unfit[field])
            return "".join(filter(str.isprintable, self.texts[field]))[: cells.LONGEST]
        if field in self.unfit or field in self.layout.words:
            return self.read(field, str)
        return self.texts[field]

    def time(self, field: str) -> datetime | None:
        """Read a time in UTC; None where nothing is written, or nothing that is a time."""
        return self.read(field, lambda text: times.read_time(text, self.layout) if text else None)

    def says_nothing_of(self, *fields: str) -> bool:
        """Whether nothing is written in these fields."""
        return not any(map(self.texts.get, fields))


def row_of(place: str, written: Sequence[str], columns: Columns, layout: Layout) -> Row:
    """Make a row of cells that stand as the header's do, each on one line."""
    plain, unfit = _fit(written, columns)
    texts = columns.texts(plain)
    for field in columns.joined:
        if field in _IDS and texts[field] and columns.lack(plain, field):
            unfit = unfit | {field: "one of its columns is empty, so it isn't known whose id it is"}
    return Row(place, plain, columns, texts, unfit, layout, [])


def _fit(written: Sequence[str], columns: Columns) -> tuple[Sequence[str], dict[str, str]]:
    """Write each cell on one line and tell by field why one can't be used: most rows are looked at as a whole."""
    whole = "".join(written)
    if whole.isprintable() and (len(whole) <= cells.LONGEST or max(map(len, written)) <= cells.LONGEST):
        return written, {}
    ids = {place for field, places in columns.places.items() if field in _IDS for place in places}
    plain = [cell if place in ids else cells.on_one_line(cell) for place, cell in enumerate(written)]
    unfit = {}
    for field, places in columns.places.items():
        longest = LONGEST_ID if field in _IDS else cells.LONGEST
        try:
            for place in places:
                cells.check_plain(plain[place], longest)
        except CellError as error:
            unfit[field] = str(error)
    return plain, unfit


_IDS = frozenset({"appointment_id", "patient_id"})
_CUT = frozenset({"name", "patient_name", "practitioner", "type"})  # a practice may leave out by the last two
