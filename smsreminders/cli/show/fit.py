"""What fits on a line of a terminal: which columns stay, how wide they are, and where a text is cut."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

GAP = 2  # blanks between columns
LEAST = 18  # of a text that may be cut: less of it tells nothing


@dataclass(frozen=True, slots=True)
class Need:
    """The room that a column asks for: its `full` width, and the `least` that it can do with."""

    weight: int
    full: int
    least: int


def need(title: str, texts: Iterable[str], *, weight: int = 0, may_be_cut: bool = False) -> Need:
    """Measure a column by its title and its cells."""
    full = max(map(cell_len, texts), default=0)
    least = min(full, LEAST) if may_be_cut else full
    return Need(weight, max(full, cell_len(title)), max(least, cell_len(title)))


def fit(needs: Sequence[Need], width: int) -> dict[int, int]:
    """Choose the columns that fit, the weightiest first; return their widths by place, in reading order."""
    room, widths = width + GAP, {}
    for place in sorted(range(len(needs)), key=lambda place: -needs[place].weight):
        least = needs[place].least
        if least + GAP <= room:
            widths[place] = least
            room -= least + GAP
    for place, least in widths.items():
        more = min(room, needs[place].full - least)
        widths[place] += more
        room -= more
    return dict(sorted(widths.items()))


def cut(text: str, width: int, sign: str = "…") -> str:
    """Cut a text that is too long after its last word that fits, with a sign that there was more."""
    if cell_len(text) <= width:
        return text
    kept = ""
    for word in text.split(" "):
        longer = f"{kept} {word}" if kept else word
        if cell_len(longer + sign) > width:
            break
        kept = longer
    return kept + sign


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text up with blanks, before it where it stands at the right side."""
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks
