"""The table on a terminal: one line a row, no word broken, statuses in colour, as wide as the terminal at most."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from smsreminders.cli.show.columns import Columns, Thing, View
from smsreminders.cli.show.fit import GAP, Need, cut, fit, need, padded
from smsreminders.cli.show.moments import day_text, moment_text
from smsreminders.cli.show.values import in_one_line

NARROWEST = 80
BOLD, RED, GREEN, YELLOW, BLUE, GREY = "1", "31", "32", "33", "34", "90"  # ECMA-48, 8.3.117
PAINT = {  # the words of ours that say how something stands; never a word of the data
    "queued": BLUE,
    "sending": BLUE,
    "sent": BLUE,
    "delivered": GREEN,
    "failed": RED,
    "expired": RED,
    "rejected": RED,
    "uncertain": YELLOW,
    "cancelled": GREY,
    "given": GREEN,
    "withdrawn": RED,
    "never asked": YELLOW,
}


@dataclass(frozen=True, slots=True)
class Strip:
    """A column as a table has it: its title, and its cells from top to bottom with their texts."""

    key: str
    title: str
    weight: int
    cut: bool
    values: list[object]
    texts: list[str]

    @property
    def is_equal(self) -> bool:
        """Whether the column says the same in each of several rows."""
        return len(self.texts) > 1 and len(set(self.texts)) == 1

    @property
    def is_right(self) -> bool:
        """Whether the column has nothing but numbers, which stand at its right side."""
        return all(isinstance(value, int | Decimal) and not isinstance(value, bool) for value in self.values)


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a table that are shown, each with its width, and what is left out."""

    shown: list[tuple[Strip, int]]
    equal: list[Strip]
    no_room: list[Strip]

    def lines(self, *, in_colour: bool, sign: str = "…") -> Iterator[str]:
        """Write the titles and then a line a row; `sign` ends a text that is cut."""
        if not self.shown:
            return
        gap, sides = " " * GAP, [strip.is_right for strip, _ in self.shown]
        titles = (padded(s.title, width, right=right) for (s, width), right in zip(self.shown, sides, strict=True))
        yield _painted(gap.join(titles).rstrip(), BOLD, in_colour=in_colour)
        for index in range(len(self.shown[0][0].texts)):
            cells = (
                _painted(
                    padded(cut(strip.texts[index], width, sign), width, right=right),
                    _paint(strip.values[index]),
                    in_colour=in_colour,
                )
                for (strip, width), right in zip(self.shown, sides, strict=True)
            )
            yield gap.join(cells).rstrip()

    def left_out(self) -> str:
        """Say what isn't shown: what is the same in each row, unless it is free text, and what found no room."""
        same = [f"{strip.title} {strip.texts[0]}" for strip in self.equal if strip.texts[0] and not strip.cut]
        sentences = [f"The same in each row: {', '.join(same)}."] if same else []
        if self.no_room:
            sentences.append(f"No room for: {', '.join(strip.title for strip in self.no_room)} (--wide shows all).")
        return " ".join(sentences)


def table_of(things: Iterable[Thing], columns: Columns[Thing], view: View, *, width: int | None) -> Table:
    """Lay out a table for a terminal of a width; without a width it has all columns, as wide as they are."""
    strips = _strips(things, [column for column in columns if column.weight or width is None], view)
    if width is None:
        return Table([(strip, need(strip.title, strip.texts).full) for strip in strips], [], [])
    weightiest = max(strips, key=lambda strip: strip.weight)
    equal = [strip for strip in strips if strip.is_equal and strip is not weightiest]
    rest = [strip for strip in strips if not (strip.is_equal and strip is not weightiest)]
    lightest = min((strip for strip in rest if strip.cut), key=lambda strip: strip.weight, default=None)
    widths = fit([_need(strip, may_be_cut=strip is lightest) for strip in rest], width)
    no_room = [strip for place, strip in enumerate(rest) if place not in widths]
    return Table([(rest[place], room) for place, room in widths.items()], equal, no_room)


def shown(value: object, view: View) -> str:
    """Write a cell of a table: times as people read them, and nothing that a terminal would obey."""
    if isinstance(value, datetime):
        return moment_text(value, view)
    if isinstance(value, date):
        return day_text(value, view)
    text = in_one_line(value)
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _strips(things: Iterable[Thing], columns: Columns[Thing], view: View) -> list[Strip]:
    rows = [[column.cell(thing, view) for column in columns] for thing in things]
    return [
        Strip(
            column.key,
            column.title,
            column.weight,
            column.cut,
            values := [row[place] for row in rows],
            _texts(values, view),
        )
        for place, column in enumerate(columns)
    ]


def _texts(values: Sequence[object], view: View) -> list[str]:
    return [shown(value, view) for value in values]


def _need(strip: Strip, *, may_be_cut: bool) -> Need:
    return need(strip.title, strip.texts, weight=strip.weight, may_be_cut=may_be_cut)


def _paint(value: object) -> str:
    return PAINT.get(str(value.value), "") if isinstance(value, Enum) else ""


def _painted(text: str, paint: str, *, in_colour: bool) -> str:
    return f"\x1b[{paint}m{text}\x1b[0m" if in_colour and paint and text else text
