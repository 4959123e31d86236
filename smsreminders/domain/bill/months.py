"""When a month may be closed, and in which order: one after the other, and what one passed by is never closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from smsreminders.domain.bill.billing import Period
from smsreminders.errors import AdministratorNeeded, InputFileError, TryAgainLater, UsageError

_CLOSES_ON, _CLOSES_AT = 5, time(6)


def is_over(month: Period, last_closed: Period | None) -> bool:
    """Tell whether nothing can be charged in a month any more: it is closed, or a later one was closed without it."""
    return last_closed is not None and month <= last_closed


def earliest_close(period: Period, zone: tzinfo) -> datetime:
    """Find when a period may be closed: at 06:00 local on the 5th of the month after.

    By then reports of its last days are in.
    """
    return datetime.combine(period.end.replace(day=_CLOSES_ON), _CLOSES_AT, zone)


@dataclass(frozen=True, slots=True)
class LastClose:
    """The month that was closed last, with the SHA-256 of its CSV, as it stands beside the database."""

    period: Period
    sha256: str


def check_last_close(closed: Mapping[Period, str], beside: LastClose | None) -> None:
    """Refuse a database that doesn't know the last close, as one put back from an older backup, or knows another.

    `closed` has the SHA-256 of each closed month's CSV. A database that is ahead died between the two. Raises
    AdministratorNeeded.
    """
    if beside is None or closed.get(beside.period) == beside.sha256:
        return
    state = (
        "was closed otherwise" if beside.period in closed else "was closed already, and this database doesn't know it"
    )
    raise AdministratorNeeded(
        f"{beside.period} {state}: an older or another database was put in its place. Run "
        "`smsreminders reconcile --bill FILE` with the CSV of that month, or if its bill never went to anybody "
        f"`smsreminders reconcile --never-sent {beside.period}`; nothing was closed"
    )


def check_taken_back(
    period: Period, digest: str, last_closed: Period | None, waiting: Period | None, beside: LastClose | None
) -> None:
    """Refuse to take back a bill that isn't the one that was closed last, or out of the order of the months.

    `waiting` is a month before with something to bill, which would be late on a later bill. Raises InputFileError,
    UsageError.
    """
    if beside is not None and beside.period == period and beside.sha256 != digest:
        raise InputFileError(
            f"this is not the CSV with which {period} was closed (its SHA-256 differs): nothing was changed"
        )
    if last_closed is not None and is_over(period, last_closed):
        raise UsageError(f"{last_closed} is closed here already, so {period} can't be taken back any more")
    if waiting:
        raise UsageError(f"{waiting} comes first: take its bill back, or close it if it never was")


def check_time(period: Period, now: datetime, zone: tzinfo, *, force: bool) -> None:
    """Refuse to close a month that isn't over, or, without `force`, before its time. Raises TryAgainLater."""
    if now.astimezone(zone).date() < period.end:
        raise TryAgainLater(f"{period} isn't over: it can't be closed")
    if now < earliest_close(period, zone) and not force:
        when = earliest_close(period, zone)
        raise TryAgainLater(f"{period} can be closed from {when:%Y-%m-%d %H:%M} on: reports may still come (--force)")


def check_order(period: Period, last_closed: Period | None, waiting: Period | None) -> None:
    """Refuse to close months in another order than one after the other.

    `waiting` is a month before this one that has something to bill.
    A month in which nothing was known to be delivered is passed by when a later one is closed: what becomes known of
    it then is late. Raises UsageError.
    """
    if last_closed is not None and is_over(period, last_closed):
        raise UsageError(f"{last_closed} is closed already, so {period} can't be closed any more")
    if waiting:
        raise UsageError(f"close {waiting} first: it has something to bill")


def is_forgotten(waiting: Period | None, now: datetime, zone: tzinfo, *, patience: timedelta) -> bool:
    """Tell whether a month with something to bill is still open `patience` after it could be closed."""
    return waiting is not None and now - earliest_close(waiting, zone) >= patience


def check_rate_from(day: date, last_closed: Period | None) -> None:
    """Refuse to add or remove a rate that reaches into a closed month. Raises UsageError."""
    if last_closed is not None and day < last_closed.end:
        raise UsageError(
            f"{last_closed} is closed: a rate can be added, replaced or removed from {last_closed.end} at the earliest"
        )
