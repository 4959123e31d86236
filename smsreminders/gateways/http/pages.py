"""Lists in pages, read to their end: by a cursor that names the next page, by the numbers of pages, or by an offset.

Page after page is asked for only when it is wanted: what is done with one is done before the next one is asked for.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import chain
from typing import TypeVar

from smsreminders.errors import TryAgainLater
from smsreminders.gateways.http.answers import Row

Key = TypeVar("Key", bound=Hashable)
ByCursor = Callable[[str], tuple[Sequence[Row], str | None]]

_LATER = "it is asked for again later"


def by_cursor(page: ByCursor, *, gateway: str, most: int) -> Iterator[Row]:
    """Read every entry of a list; see `pages_by_cursor`."""
    return chain.from_iterable(pages_by_cursor(page, gateway=gateway, most=most))


def pages_by_cursor(page: ByCursor, *, gateway: str, most: int) -> Iterator[Sequence[Row]]:
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
        yield rows
        if cursor in seen:
            raise TryAgainLater(f"{gateway}'s list repeats a page (after {len(seen)}): {_LATER}")


def pages_by_number(page: Callable[[int], tuple[Sequence[Row], int]], *, gateway: str) -> Iterator[Sequence[Row]]:
    """Read every page of a list; `page` gets a number, from 1, and gives how many pages there are by now.

    Raises TryAgainLater for an empty page that isn't the last.
    """
    number = total = 1
    while number <= total:
        rows, total = page(number)
        yield rows
        if not rows and number < total:
            raise TryAgainLater(f"{gateway}'s list of messages breaks off at page {number} of {total}")
        number += 1


def by_offset(
    page: Callable[[int], Sequence[tuple[Key, Row]]], *, gateway: str, most: int, repeated: str = _LATER
) -> Iterator[tuple[Key, Row]]:
    """Read every entry of a list with its key; see `pages_by_offset`."""
    pages = pages_by_offset(page, gateway=gateway, most=most, repeated=repeated)
    return chain.from_iterable(new.items() for new in pages)


def pages_by_offset(
    page: Callable[[int], Sequence[tuple[Key, Row]]], *, gateway: str, most: int, repeated: str = _LATER
) -> Iterator[dict[Key, Row]]:
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
        yield new
        offset += len(rows)
    raise TryAgainLater(f"{gateway}'s list has more than {most} pages: {_LATER}")
