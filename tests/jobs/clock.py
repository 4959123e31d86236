"""A clock that stands still until somebody pauses."""

from datetime import datetime, timedelta
from math import ceil


class FixedClock:
    """Shows the moment that it was given, and goes on by pauses only; both of its measures go on together."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment
        self._paused = 0  # nanoseconds: a pause that is lost in rounding would be asked for again without end

    def now(self) -> datetime:
        """The moment, aware."""
        return self._moment + timedelta(microseconds=self._paused // 1000)

    def elapsed(self) -> float:
        """Seconds of all pauses."""
        return self._paused / 1e9

    def pause(self, seconds: float) -> None:
        """Go on by so long, at the least by a nanosecond."""
        self._paused += max(1, ceil(seconds * 1e9))

    def go_to(self, moment: datetime) -> None:
        """Show another time of day, as after a night."""
        self._moment = moment - timedelta(microseconds=self._paused // 1000)
