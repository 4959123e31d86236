"""When a question may be asked: at the gateway's pace, and again after the pause that it asks for, a few times."""

from collections.abc import Callable
from typing import TypeVar

from smsreminders.domain.clock import Clock
from smsreminders.domain.round.sending import Unavailable

_AGAIN = 3  # so many times after a 429

T = TypeVar("T")


class Turns:
    """The pace of the questions to one gateway, which one thread asks. Without a clock nothing waits."""

    def __init__(self, clock: Clock | None, per_second: float) -> None:
        self._clock, self._between = clock, 1 / per_second
        self._next_at = 0.0  # by the clock

    def ask(self, question: Callable[[], T | Unavailable]) -> T | Unavailable:
        """Ask in turn, and again after each pause that the gateway asks for; give its last answer."""
        answer = self._in_turn(question)
        for _ in range(_AGAIN):
            if self._clock is None or not isinstance(answer, Unavailable) or answer.retry_after is None:
                break
            self._clock.pause(answer.retry_after)
            answer = self._in_turn(question)
        return answer

    def _in_turn(self, question: Callable[[], T]) -> T:
        if self._clock is not None:
            now = self._clock.elapsed()
            if now < self._next_at:
                self._clock.pause(self._next_at - now)
            self._next_at = max(now, self._next_at) + self._between
        return question()
