"""What a job needs of a clock; only the command line has a real one."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time of day, and a measure of time that goes on evenly whatever happens to the time of day."""

    def now(self) -> datetime:
        """The present moment, with its time zone."""
        ...

    def elapsed(self) -> float:
        """Seconds since a fixed moment; they never go back."""
        ...

    def pause(self, seconds: float) -> None:
        """Wait for a number of seconds."""
        ...
