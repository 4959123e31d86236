"""Source files: which of those that match is the newest, whether it may be read already, and when one is overdue."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import NamedTuple

from smsreminders.domain.local_time import day_start

SETTLED = timedelta(seconds=2)  # so long a file stays as it is before it is read
LEFT_LYING = timedelta(minutes=10)  # a file that nobody wrote to for so long gets no other end
_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".lock", ".swp", "~")
_NO_EXPORT = (".", "~")  # hidden files, and what Office (~$) and others put beside a file that is open


class FoundFile(NamedTuple):
    """A file, or a folder of files, as it was found: its path, its size, and when it was changed (in nanoseconds).

    A copy may keep the time of the change from its original; when it was `touched` only this machine says.
    """

    path: Path
    size: int
    changed_ns: int
    is_folder: bool
    touched_ns: int

    @property
    def changed_at(self) -> datetime:
        """The moment of its last change."""
        return _moment(self.changed_ns)

    def was_touched_within(self, age: timedelta, now: datetime) -> bool:
        """Tell whether something was done to it here so short ago; a clock that was set since says nothing."""
        return timedelta() <= now - _moment(self.touched_ns) < age


def is_unfinished(name: str) -> bool:
    """Tell by the name of a file that it is hidden, or one that a program hasn't finished."""
    return name.startswith(_NO_EXPORT) or name.lower().endswith(_UNFINISHED)


def newest(found: Iterable[FoundFile]) -> FoundFile:
    """Choose the file that was changed last, of equals the last by name; a folder only where there is no file."""
    return max(found, key=lambda file: (not file.is_folder, file.changed_ns, file.path))


def may_change(file: FoundFile, now: datetime) -> bool:
    """Tell whether a file was changed a moment ago, or in the future by the clock of another machine."""
    return now - file.changed_at < SETTLED or file.was_touched_within(SETTLED, now)


def may_get_its_end(file: FoundFile, now: datetime) -> bool:
    """Tell whether a file that has no end yet is so young that somebody may still be writing it."""
    return abs(now - file.changed_at) < LEFT_LYING or file.was_touched_within(LEFT_LYING, now)


def is_overdue(
    came_at: datetime, now: datetime, *, after: timedelta, is_open: Callable[[date], bool], zone: tzinfo
) -> bool:
    """Tell whether nothing came for too long; the hours of closed days don't count, for nobody exports on them."""
    day, today, waited = came_at.astimezone(zone).date(), now.astimezone(zone).date(), timedelta()
    while day <= today and waited <= after:
        begins, ends = day_start(day, zone), day_start(day + timedelta(days=1), zone)
        if is_open(day):
            waited += min(now, ends) - max(came_at, begins)
        day += timedelta(days=1)
    return waited > after


def _moment(nanoseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)
