"""The lock of a round: a round waits for any other command, so that a `poll` at nine doesn't cost the round of nine."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from smsreminders.errors import NobodyKnownIsBusy, NoRoundIsBusy, TryAgainLater

if TYPE_CHECKING:
    from smsreminders.domain.clock import Clock
    from smsreminders.store.lock import RunLock

_LONGEST = timedelta(minutes=30)  # then the next line of the crontab tries
_TO_SAY = timedelta(seconds=2)  # what has just begun says by then whether it is a round
_A_MOMENT = 0.5  # seconds


@contextmanager
def round_lock(database: Path, clock: "Clock", say: Callable[[str], None]) -> Iterator["RunLock"]:
    """Hold the lock of a run for a round, which waits until no other command has it.

    Raises RunIsBusy at once if another round has it, and TryAgainLater if another command has it for too long.
    """
    with ExitStack() as stack:
        yield _wait_for_lock(database, clock, say, stack)


def _wait_for_lock(database: Path, clock: "Clock", say: Callable[[str], None], stack: ExitStack) -> "RunLock":
    from smsreminders.store.lock import run_lock

    began, said = clock.elapsed(), False
    while True:
        try:
            return stack.enter_context(run_lock(database))
        except NoRoundIsBusy as busy:
            waited = timedelta(seconds=clock.elapsed() - began)
            if isinstance(busy, NobodyKnownIsBusy) and waited > _TO_SAY:
                raise
            if waited > _LONGEST:
                raise TryAgainLater(
                    "another command, such as `smsreminders poll`, has been busy with this database for "
                    f"{_LONGEST // timedelta(minutes=1)} minutes: look what it is at; nothing was sent"
                ) from busy
            if not said and not isinstance(busy, NobodyKnownIsBusy):
                said = True
                say("another command is busy with this database: the round begins when it has ended")
            clock.pause(_A_MOMENT)
