"""The clock: the only one in the program. SMSREMINDERS_NOW lets it start at another moment and run on from there."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from smsreminders.errors import UsageError

_YEARS = range(1900, 3000)


class SystemClock:
    """The machine's time of day; durations by its monotonic clock."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The moment, in UTC."""
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=self.elapsed())

    def elapsed(self) -> float:
        """Seconds since the clock was made."""
        return time.monotonic() - self._began

    def pause(self, seconds: float) -> None:
        """Wait for a number of seconds."""
        time.sleep(seconds)


def clock_from(environment: Mapping[str, str]) -> SystemClock:
    """The clock that the environment asks for. Raises UsageError."""
    text = environment.get("SMSREMINDERS_NOW")
    if not text:
        return SystemClock()
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        start = None
    if start is None or start.tzinfo is None or start.year not in _YEARS:
        raise UsageError("SMSREMINDERS_NOW: write a time with its offset, like 2026-11-27T09:00:00+01:00")
    return SystemClock(start.astimezone(UTC))
