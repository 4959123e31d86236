"""What holds a run back: the gateway's pace, the pauses that it asks for, and failures that come in a row."""

from smsreminders.domain.round.sending import STOP_AFTER, Outcome, Refused, Rejected, Unavailable
from smsreminders.errors import AdministratorNeeded, SmsremindersError, TryAgainLater


class Pace:
    """The pace of a gateway: at most so many requests a second, and none during a pause that it asked for.

    It is a bucket that fills evenly and holds a tenth of a second's worth, at least one. Times are seconds of a clock
    that never goes back.
    """

    def __init__(self, per_second: float, now: float) -> None:
        self._per_second = per_second
        self._most = max(1.0, per_second / 10)
        self._allowance = self._most
        self._filled_at = now  # ahead of the clock during a pause

    def take(self, wanted: int, now: float) -> int:
        """Take as many of the wanted requests as may leave now; return how many."""
        if self.on_hold(now):
            return 0
        self._allowance = min(self._most, self._allowance + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        granted = min(wanted, int(self._allowance))
        self._allowance -= granted
        return granted

    def wait(self, now: float) -> float:
        """The seconds until the next request may leave."""
        return max(0.0, self._filled_at - now) + max(0.0, 1 - self._allowance) / self._per_second

    def hold(self, seconds: float, now: float) -> None:
        """Let no request leave for so many seconds."""
        self._filled_at = now + seconds
        self._allowance = 1.0

    def on_hold(self, now: float) -> bool:
        """Whether a pause goes on."""
        return now < self._filled_at


class Breaker:
    """Ends a run after too many failures of one kind in a row (STOP_AFTER); obeys a gateway that asks for a pause."""

    def __init__(self) -> None:
        self.stopped: SmsremindersError | None = None
        self._kind: type[Outcome] | None = None
        self._count = 0

    def weigh(self, outcome: Outcome, pace: Pace, now: float) -> None:
        """Count one result.

        Of requests that left before a pause and come back during it, only the one that began the pause counts.
        """
        kind = type(outcome)
        if isinstance(outcome, Unavailable) and outcome.retry_after is not None:
            if pace.on_hold(now):
                return
            pace.hold(outcome.retry_after, now)
        self._count = self._count + 1 if kind is self._kind else 1
        self._kind = kind
        if kind in STOP_AFTER and self._count >= STOP_AFTER[kind]:
            self.stopped = _trouble(outcome)


def _trouble(outcome: Outcome) -> SmsremindersError:
    reason = getattr(outcome, "reason", "")
    if isinstance(outcome, Refused):
        return AdministratorNeeded(f"the gateway refuses the account: {reason}; everything else stays queued")
    if isinstance(outcome, Rejected):
        return AdministratorNeeded(
            f"the gateway rejects one after the other: {reason}; look at the text, the sender ID and the numbers; "
            "everything else stays queued"
        )
    return TryAgainLater(f"the gateway doesn't work as it should: {reason}; everything else stays queued")
