"""What a round returns: the plans that it made, what it sent, what is left, and what a person must know."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.forecast import Forecast
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.sending import AccountName
from smsreminders.domain.round.window import Window
from smsreminders.errors import SmsremindersError
from smsreminders.jobs.round.plan import PracticePlan
from smsreminders.jobs.round.send import Sent


@dataclass(frozen=True, slots=True)
class Stopped:
    """What stopped an account before its queue was empty, and the practices of which something waits for it."""

    error: SmsremindersError
    practices: list[Practice]


@dataclass(slots=True)
class DispatchResult:
    """What a round did, or would do: then nothing is sent, and `segments` and `cost` are of what would be.

    `waiting` and `uncertain` are what is left of these practices after it, `segments` what the gateway took, by
    practice; `problems` are of single practices, which the others didn't wait for, `warnings` kept nobody back,
    `notes` are of what is as the configuration wants it.
    `forecast` is how far the round was to get, as it was known before its first request; `stopped` says which accounts
    failed in it, or could not be opened.
    """

    plans: list[PracticePlan]
    round_id: int | None = None
    queued: int = 0
    sent: Sent = field(default_factory=Sent)
    waiting: int = 0
    uncertain: int = 0
    segments: Counter[int] = field(default_factory=Counter)
    cost: Decimal = Decimal(0)
    problems: list[SmsremindersError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    forecast: Forecast | None = None
    stopped: dict[AccountName, Stopped] = field(default_factory=dict)

    @property
    def skipped(self) -> Counter[SkipReason]:
        """How many appointments got no reminder, by reason."""
        return Counter(skip.reason for planned in self.plans for skip in planned.plan.skips)

    @property
    def widest(self) -> Window | None:
        """The widest window of the practices: from the first that opens to the last that closes."""
        return max((planned.rules.window for planned in self.plans), key=lambda window: window.closes, default=None)

    @property
    def held_back(self) -> list[Practice]:
        """The practices of which nothing goes out because it would be more than the daily limit."""
        return [planned.rules.practice for planned in self.plans if planned.plan.held_back]
