"""Times: local times of a practice into UTC, and where a local date begins."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from smsreminders.errors import UsageError


class LocalTimeError(UsageError):
    """A local time that doesn't exist, or exists twice, because the clock changes there."""


def to_utc(local: datetime, zone: tzinfo) -> datetime:
    """Turn a time as it was written into UTC: with an offset it is what it says, without one it is local in `zone`.

    Raises LocalTimeError where the clock change leaves no or two readings: told, never guessed.
    """
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    read = local.replace(tzinfo=zone, fold=0)
    first = read.astimezone(UTC)
    if read.utcoffset() == read.replace(fold=1).utcoffset():
        return first
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise LocalTimeError(f"{local:%Y-%m-%d %H:%M} does not exist: the clock goes forward then")
    raise LocalTimeError(
        f"{local:%Y-%m-%d %H:%M} exists twice: the clock goes back then; add the offset, as in "
        f"{local:%Y-%m-%dT%H:%M}{_offset(first, zone)}"
    )


def is_without_time(instant: datetime, zone: tzinfo) -> bool:
    """Whether a start is midnight on the local clock: what an export writes that has its date but no time."""
    return instant.astimezone(zone).time() == time()


def day_start(day: date, zone: tzinfo) -> datetime:
    """Find the first instant of a local date, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_bounds(first: date | None, last: date | None, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """Find the instants [start, end) between which the local dates `first` to `last` lie; None leaves a side open."""
    start = day_start(first, zone) if first else None
    return start, day_start(last + timedelta(days=1), zone) if last else None


def _offset(instant: datetime, zone: tzinfo) -> str:
    return instant.astimezone(zone).isoformat()[-6:]
