"""What a page is made of: sections, each with a table, a list of points, or a chart."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Head(NamedTuple):
    """The head of a column."""

    title: str
    is_number: bool = False


class Cell(NamedTuple):
    """A cell: its text, by what it sorts where that is another text, and how it is painted."""

    text: str
    sort: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table with what it is about."""

    caption: str
    columns: Sequence[Head]
    rows: Sequence[Sequence[Cell]]


class Bar(NamedTuple):
    """A part of a day's column in the chart, in its own units from the top left."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    label: str


class Line(NamedTuple):
    """A line across the chart, with the number that it stands for."""

    y: float
    label: str


class Tick(NamedTuple):
    """The name of a day below the chart."""

    x: float
    label: str


class Key(NamedTuple):
    """What a colour of the chart means."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of days, as numbers that the page draws as they are."""

    width: int
    height: int
    left: int
    bars: Sequence[Bar]
    lines: Sequence[Line]
    days: Sequence[Tick]
    keys: Sequence[Key]


class Link(NamedTuple):
    """A page of another month, in a file beside this one."""

    file: str
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under its title; `nothing` stands where there is nothing to show.

    A table that `is_searched` can be sorted and searched; one that `is_folded` opens at a click.
    """

    id: str
    title: str
    nothing: str = ""
    points: Sequence[str] = ()
    chart: Chart | None = None
    table: PageTable | None = None
    is_searched: bool = False
    is_folded: bool = False
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page: whose it is, when it was made, and its sections."""

    names: str
    made: str
    is_masked: bool
    is_rehearsal: bool
    sections: Sequence[Section] = field(default_factory=list)
