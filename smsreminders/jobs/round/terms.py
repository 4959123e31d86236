"""What the caller of a round gives it: the terms that it keeps to, and how the two talk while it runs."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from decimal import Decimal

from smsreminders.domain.round.exclusions import NOTHING, Exclusions
from smsreminders.domain.round.forecast import Forecast
from smsreminders.domain.round.practice_rules import PracticeRules
from smsreminders.domain.round.window import Schedule
from smsreminders.domain.text.message import Wording


@dataclass(frozen=True, slots=True)
class Terms:
    """When texts may leave, what they say, and what a segment costs a practice that has no rate of its own.

    `exclusions` are what gets no text. `practices` are the rules of those that have some of their own, by code.
    """

    schedule: Schedule
    wording: Wording
    general_rate: Decimal
    exclusions: Exclusions = NOTHING
    practices: Mapping[str, PracticeRules] = field(default_factory=dict)

    def of(self, code: str) -> "Terms":
        """Give the terms that hold for the practice of this code: its own where it has some, else the general ones."""
        own = self.practices.get(code)
        if own is None:
            return self
        return replace(self, schedule=own.schedule, wording=own.wording, exclusions=own.exclusions)


def _nobody_interrupts() -> bool:
    return False


def _nobody_looks(_ended: int, _total: int) -> None:
    pass


def _nobody_asks(_forecast: Forecast) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Talk:
    """What a round tells while it runs, and what it listens to.

    `interrupted` says whether it should end: then what is under way is finished and recorded. `breakable` stands around
    what comes before the plan and may be broken off at any moment. `foreseen` is told before the first request how far
    the round will get, `progress` after each transaction how many requests have ended, and of how many.
    """

    interrupted: Callable[[], bool] = _nobody_interrupts
    breakable: Callable[[], AbstractContextManager[None]] = nullcontext
    foreseen: Callable[[Forecast], None] = _nobody_asks
    progress: Callable[[int, int], None] = _nobody_looks
