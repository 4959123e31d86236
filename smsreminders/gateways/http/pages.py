"""Lists in pages, read to their end: by a cursor that names the next page, or by an offset."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from smsreminders.errors import TryAgainLater
from smsreminders.gateways.http.answers import Row

Key = TypeVar("Key", bound=Hashable)

_LATER = "it is asked for again later"


def by_cursor(page: Callable[[str], tuple[Sequence[Row], str | None]], *, gateway: str, most: int) -> Iterator[Row]:
    """Read every page of a list; `page` gets a cursor, "" at first, and gives the next one, None at the end.

    Raises TryAgainLater for a cursor that comes again, and for more than `most` pages.
    """
    cursor: str | None = ""
    seen: set[str] = set()
    while cursor is not None:
        if len(seen) == most:
            raise TryAgainLater(f"{gateway}'s list has more than {most} pages: {_LATER}")
        seen.add(cursor)
        rows, cursor = page(cursor)
        yield from rows
        if cursor in seen:
            raise TryAgainLater(f"{gateway}'s list repeats a page (after {len(seen)}): {_LATER}")


def by_offset(
    page: Callable[[int], Sequence[tuple[Key, Row]]], *, gateway: str, most: int, repeated: str = _LATER
) -> Iterator[tuple[Key, Row]]:
    """Read a list from offset to offset up to an empty page, each row once by the key that `page` gives with it.

    A page may be shorter than was asked for. One that is sent meanwhile may move the pages, so that a page shows again
    what the one before it showed. Raises TryAgainLater for a page with nothing new, with what to do then in
    `repeated`, and for more than `most` pages.
    """
    seen: set[Key] = set()
    offset = 0
    for _ in range(most):
        rows = page(offset)
        if not rows:
            return
        new = {key: row for key, row in rows if key not in seen}
        if not new:
            raise TryAgainLater(f"{gateway}'s list repeats a page (at entry {offset}): {repeated}")
        seen.update(new)
        yield from new.items()
        offset += len(rows)
    raise TryAgainLater(f"{gateway}'s list has more than {most} pages: {_LATER}")
