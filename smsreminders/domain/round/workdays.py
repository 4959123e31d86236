"""Working days of a practice: its weekdays, the public holidays, and the days that it opens or closes itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from smsreminders.errors import ConfigError, UsageError, did_you_mean

if TYPE_CHECKING:
    from holidays import HolidayBase

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ISO_CODE = re.compile("[A-Z]{2}")
_LONGEST_CLOSURE = 366  # days; a practice that is closed longer has a mistake in its days


@dataclass(frozen=True, slots=True)
class Region:
    """The country (ISO code) whose holidays and phone numbers count, and the language of those who have no other.

    `texted` are the countries whose mobiles are texted; none: all.
    """

    country: str = "NL"
    language: str = "nl"
    texted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Workdays:
    """What makes a day a working day: the practice's own word first, then the public holidays, then the weekday."""

    weekdays: frozenset[int] = frozenset(range(5))  # Monday is 0
    holidays: Mapping[date, str] = field(default_factory=dict)  # public holidays with their names
    open_on: frozenset[date] = frozenset()
    closed_on: frozenset[date] = frozenset()
    open_on_holidays: frozenset[str] = frozenset()  # names of the holidays on which the practice works

    def includes(self, day: date) -> bool:
        """Tell whether the practice works on a day."""
        if day in self.closed_on:
            return False
        if day in self.open_on:
            return True
        return day.weekday() in self.weekdays and not self._is_free(day)

    def next_after(self, day: date) -> date:
        """Find the first working day after `day`. Raises ConfigError if none comes within a year."""
        for distance in range(1, _LONGEST_CLOSURE + 1):
            if self.includes(following := day + timedelta(days=distance)):
                return following
        raise ConfigError(f"no working day within a year after {day}: look at the closed days of the practice")

    def after(self, day: date, working_days: int) -> date:
        """Find the working day that comes so many working days after `day`. Raises ConfigError as `next_after` does."""
        for _ in range(working_days):
            day = self.next_after(day)
        return day

    def _is_free(self, day: date) -> bool:
        names = self.holidays.get(day)
        return names is not None and not self.open_on_holidays.issuperset(names.split("; "))


def public_holidays(region: Region, years: Iterable[int] = ()) -> "HolidayBase":
    """Look up the public holidays of a region's country, named in its language where the calendar knows it.

    They are of any year; those of `years` are worked out at once.

    For the Netherlands Good Friday is one of them, and 5 May only every fifth year. Raises ConfigError for an
    unknown country.
    """
    from holidays import country_holidays  # 120 ms that most commands don't need

    unknown = ConfigError(f'country = "{region.country}": no such country; write its ISO code, like "NL"')
    if not _ISO_CODE.fullmatch(region.country):  # the library knows other names, but the numbers of phones don't
        raise unknown
    try:
        spoken = country_holidays(region.country).supported_languages
    except NotImplementedError:
        raise unknown from None
    language = region.language if region.language in spoken else None
    return country_holidays(region.country, years=years, language=language)


def check_holiday_name(name: str, region: Region, year: int) -> str:
    """Find a holiday's name as the calendar writes it. Raises UsageError that names the nearest one."""
    around = public_holidays(region, range(year - 1, year + 6))  # some are free only every fifth year
    names = {single for joined in around.values() for single in joined.split("; ")}
    for known in names:
        if known.casefold() == name.casefold():
            return known
    raise UsageError(f'no public holiday is called "{name}"; {did_you_mean(name, names)}')
