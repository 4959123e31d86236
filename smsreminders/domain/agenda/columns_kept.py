"""The columns of a source's files: one that was there and is gone, or is suddenly empty, makes a file another one."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

_FEWEST_ROWS = 10  # of fewer nothing can be told


class ColumnsChanged(NamedTuple):
    """The fields that a source's file had the last time: those that are gone, and those that most rows leave empty."""

    gone: list[str]
    emptied: list[str]


def columns_changed(
    before: Mapping[str, bool], fields: Collection[str], filled: Mapping[str, int], *, rows: int
) -> ColumnsChanged:
    """Compare the fields of a file with those of its source's last good one.

    `before` tells of each field whether most rows filled it, `filled` how many of the `rows` do now.
    """
    gone = [name for name in before if name not in fields]
    emptied = [
        name
        for name, most in before.items()
        if most and name in fields and rows >= _FEWEST_ROWS and 2 * filled.get(name, rows) < rows
    ]
    return ColumnsChanged(gone, emptied)


def columns_of(
    before: Mapping[str, bool], fields: Collection[str], filled: Mapping[str, int], *, rows: int
) -> dict[str, bool]:
    """Tell of each field of a file whether most rows fill it; a file without rows leaves that as it was."""
    return {name: 2 * filled.get(name, rows) >= rows if rows else before.get(name, False) for name in fields}
