"""The list of messages of an account at Twilio, read page by page: each page names the next."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from urllib.parse import parse_qsl

from smsreminders.errors import TryAgainLater
from smsreminders.gateways.http.answers import Row, not_understood, rows_of, shown
from smsreminders.gateways.http.client import HttpClient
from smsreminders.gateways.http.pages import pages_by_cursor

SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")

_DAY = "%Y-%m-%dT00:00:00Z"  # as Twilio's own SDK asks; the documents speak of whole days
_PAGE_SIZE, _MOST_PAGES = 80, 1000  # 1,600 characters, each written as \u00eb, stay below the longest answer


class Messages:
    """The messages that an account sent and got, at `path`."""

    def __init__(self, http: HttpClient, path: str) -> None:
        self._http, self._path = http, f"{path}.json"

    def of(self, filters: Mapping[str, str]) -> Iterator[Row]:
        """Read every message that the filters let through, once. Raises TryAgainLater."""
        return chain.from_iterable(self.pages(filters))

    def pages(
        self, filters: Mapping[str, str], *, listing: str = "", most: int = _MOST_PAGES
    ) -> Iterator[Sequence[Row]]:
        """Read every page of the messages that the filters let through, each message once. Raises TryAgainLater."""
        ours = {**filters, "PageSize": str(_PAGE_SIZE)}
        seen: set[object] = set()

        def page(query: str) -> tuple[list[Row], str | None]:
            messages, following = self.page({**dict(parse_qsl(query)), **ours}, listing=listing)
            new = [message for message in messages if message["sid"] not in seen]
            seen.update(message["sid"] for message in new)
            if following is not None and not new:
                raise TryAgainLater("twilio's list of messages doesn't go on: it is asked for again later")
            return new, following

        return pages_by_cursor(page, gateway="twilio", most=most)

    def page(self, asked: Mapping[str, str], *, listing: str = "") -> tuple[list[Row], str | None]:
        """The messages of a page and the query that asks for the next of this list. Raises TryAgainLater."""
        match self._http.get(self._path, asked, listing=listing):
            case {"messages": rows, "next_page_uri": None | str() as uri}:
                messages = rows_of(rows)
                path, _, query = (uri or "").partition("?")
                goes_on = uri is None or (path == self._path and _can_be_parsed(query))
                if messages is not None and goes_on and all(map(has_sid, messages)):
                    return messages, None if uri is None else query
        raise not_understood("twilio's list of messages")


def sent_since(moment: datetime) -> dict[str, str]:
    """The filter for what was sent since the beginning of a day, in UTC."""
    return {"DateSent>": moment.astimezone(UTC).strftime(_DAY)}


def has_sid(message: Row) -> bool:
    """Whether a message has an id in the form that Twilio gives them."""
    return SID.fullmatch(shown(message.get("sid"))) is not None


def _can_be_parsed(query: str) -> bool:
    try:
        return bool(parse_qsl(query, strict_parsing=True, max_num_fields=20))
    except ValueError:
        return False
