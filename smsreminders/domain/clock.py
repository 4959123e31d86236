"""What a job needs of a clock; only the command line has a real one."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time of day, and a measure of time that goes on evenly whatever happens to the time of day."""

    def now(self) -> datetime:
        """The moment, aware."""
        ...

    def elapsed(self) -> float:
        """Seconds since some start, never going back."""
        ...

    def pause(self, seconds: float) -> None:
        """Do nothing for so long."""
        ...
