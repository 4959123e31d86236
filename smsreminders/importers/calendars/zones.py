"""Time zones: the name that a calendar gives a time's zone -> the zone, where it is certain.

By its IANA or Windows name, by the calendar's own definition (VTIMEZONE), or by a city in a name such as
"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", which Outlook writes without a definition.
"""

import re
import warnings
from collections.abc import Iterable
from datetime import tzinfo
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from smsreminders.importers.calendars.lines import Block, name_of

_CENTRAL_EUROPE = re.compile(r"\((UTC|GMT)\+01:00\)")
_CITIES = {  # of Windows' names of zones at +01:00, in English and Dutch: all have one clock since 1980
    **dict.fromkeys(("amsterdam", "berlin", "berlijn", "bern", "rome", "stockholm", "vienna", "wenen"), "Amsterdam"),
    **dict.fromkeys(("brussels", "brussel", "copenhagen", "kopenhagen", "madrid", "paris", "parijs"), "Brussels"),
}
_YEARLY = re.compile(r"RRULE[^:]*:(?=.*FREQ=YEARLY)[A-Z0-9=;,+-]*", re.IGNORECASE)
_RARE = re.compile(
    r"INTERVAL=(?!1\b)|BY(SETPOS|WEEKNO|YEARDAY|SECOND)|BYMONTHDAY=(-|29|3)|BYDAY=[^;]*([6-9]|\d\d)", re.IGNORECASE
)
_MOST_LINES = 2_000  # of a zone: with the whole of its history it has some hundreds
_MOST_OWN = 50  # zones of a calendar's own definition


class Zones:
    """The time zones of a calendar: `floating` is that of times without one, `series` that of series written in UTC."""

    def __init__(self, blocks: Iterable[Block], floating: tzinfo, shown_in: str = "") -> None:
        # the name is escaped as a text there, and not where it is used
        own = ((block.value_of("TZID").replace("\\", ""), block) for block in islice(blocks, _MOST_OWN))
        self._own = {name: block for name, block in own if name}
        self._known: dict[str, tzinfo | None] = {}
        self.series = self.find(shown_in) if shown_in else None
        self.floating = self.series or floating

    def find(self, name: str) -> tzinfo | None:
        """Find a zone by its name in the calendar; None where it isn't certain."""
        if name not in self._known:
            self._known[name] = by_name(name) or self._by_definition(name) or _by_city(name)
        return self._known[name]

    def _by_definition(self, name: str) -> tzinfo | None:
        block = self._own.get(name)
        if block is None or len(block.lines) > _MOST_LINES or not all(map(_is_bounded, block.lines)):
            return None
        return _defined(block)


def by_name(name: str) -> tzinfo | None:
    """Find a zone by its IANA name, also behind somebody's prefix, or by its Windows name."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    cleaned = name.strip().strip("/")
    parts = cleaned.split("/")
    suffixes = ["/".join(parts[start:]) for start in range(1, len(parts) - 1)] if name.startswith("/") else []
    for candidate in (cleaned, WINDOWS_TO_OLSON.get(cleaned, ""), *suffixes):
        try:
            if candidate:
                return ZoneInfo(candidate)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones, such as "Europe"
            continue
    return None


def _by_city(name: str) -> tzinfo | None:
    if not _CENTRAL_EUROPE.match(name):
        return None
    cities = (_CITIES.get(word) for word in re.findall(r"\w+", name.casefold()))
    city = next(filter(None, cities), None)
    return ZoneInfo(f"Europe/{city}") if city else None


def _is_bounded(line: str) -> bool:
    """Tell whether a line of a definition is no rule, or one that surely has a day each year: others may never end."""
    return name_of(line) != "RRULE" or bool(_YEARLY.fullmatch(line) and not _RARE.search(line))


def _defined(block: Block) -> tzinfo | None:
    """Make a zone of its definition; None where it can't be understood."""
    from icalendar import Timezone

    text = "\r\n".join(["BEGIN:VTIMEZONE", *block.lines, "END:VTIMEZONE", ""])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            zone = Timezone.from_ical(text)
            return zone.to_tz(lookup_tzid=False) if isinstance(zone, Timezone) else None
        except (ValueError, KeyError, IndexError, AttributeError, TypeError):  # what the library makes of rubbish
            return None
