"""What ends a run although something still waits: a signal, the longest run, the end of the sending hours."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from smsreminders.domain.clock import Clock
from smsreminders.domain.round.window import Schedule, within_sending_hours
from smsreminders.errors import Interrupted, SmsremindersError, TryAgainLater


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one run; it began when `clock.elapsed()` was `began_at`."""

    schedule: Schedule
    clock: Clock
    interrupted: Callable[[], bool]
    began_at: float

    def reached(self) -> SmsremindersError | None:
        """Say which limit is reached by now, as the error that the run ends with; None: it may go on."""
        schedule = self.schedule
        if interruption := self.interruption():
            return interruption
        if self.time_left < timedelta():
            return TryAgainLater("the run took longer than schedule.longest_run: what waits goes with the next one")
        if not within_sending_hours(self.clock.now(), schedule.sending_hours, schedule.zone):
            return TryAgainLater("the sending hours have ended: what waits goes with the next round")
        return None

    def interruption(self) -> Interrupted | None:
        """The error of a run that a signal has ended; None while none came."""
        if self.interrupted():
            return Interrupted("interrupted: what was under way has ended, what waits stays queued")
        return None

    @property
    def time_left(self) -> timedelta:
        """What is left of the longest duration of a run; negative when it is over."""
        return self.schedule.longest_run - timedelta(seconds=self.clock.elapsed() - self.began_at)

    def schedule_from_now(self) -> Schedule:
        """The schedule of a run that begins now and ends when this one must."""
        return replace(self.schedule, longest_run=self.time_left)
