"""Whether reminders may help: how many didn't come, among appointments with a delivered text, another one, and none."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

_Z = 1.959964  # of a 95 % interval


class Reached(StrEnum):
    """What a patient got about an appointment."""

    DELIVERED = "delivered"  # a text that was delivered
    UNDELIVERED = "undelivered"  # a text, of which nobody knows that it arrived
    NONE = "none"  # no text


@dataclass(frozen=True, slots=True)
class NoShows:
    """How many of the appointments whose outcome is known nobody came to, with the Wilson interval of the share (95 %).

    Source of the interval: E. B. Wilson, Probable inference, the law of succession, and statistical inference (1927).
    """

    reached: Reached
    appointments: int
    no_shows: int

    @property
    def share(self) -> float | None:
        """The share of no-shows, 0 to 1; None where there was no appointment."""
        return self.no_shows / self.appointments if self.appointments else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The lower and the upper bound of the share; None where there was no appointment."""
        return wilson(self.no_shows, self.appointments) if self.appointments else None


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Find the Wilson score interval of a share, 95 %; there is at least one trial."""
    share, square = successes / trials, _Z * _Z
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    half = _Z * sqrt(share * (1 - share) / trials + square / (4 * trials * trials)) / (1 + square / trials)
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))  # roundings kept out


def effect(counts: Mapping[tuple[Reached, bool], int]) -> list[NoShows]:
    """Set side by side what is known; `counts` are of (what they got, whether nobody came)."""
    return [
        NoShows(
            reached, counts.get((reached, True), 0) + counts.get((reached, False), 0), counts.get((reached, True), 0)
        )
        for reached in Reached
    ]
