"""Moments: the times of a calendar -> whole days, or times in the zone that they are of."""

from datetime import UTC, date, datetime

from smsreminders.importers.calendars.zones import Zones

Moment = date | datetime  # a whole day, or a time in a zone
_FIRST_YEAR, LAST_YEAR = "1900", "2199"


class MomentError(ValueError):
    """A time that can't be understood, and why."""

    def __init__(self, reason: str, word: str = "") -> None:
        super().__init__(reason)
        self.word = word


def read_moment(text: str, zone_name: str, zones: Zones) -> Moment:
    """Read a whole day, or a time into its zone, which for one in UTC is that of series. Raises MomentError."""
    from icalendar.prop import vDDDTypes

    try:
        read = vDDDTypes.from_ical(text.strip().upper())
    except ValueError:
        raise MomentError("can't be read as a time") from None
    if not isinstance(read, date) or not _FIRST_YEAR <= text.strip()[:4] <= LAST_YEAR:
        raise MomentError("can't be read as a time, or its year can't be meant")
    if not isinstance(read, datetime):
        return read
    if read.tzinfo is not None:
        return read.astimezone(zones.series or UTC)
    zone = zones.find(zone_name) if zone_name else zones.floating
    if zone is None:
        raise MomentError("has a time zone that isn't known", zone_name[:80])
    return read.replace(tzinfo=zone)
