"""The lock of a round: it waits for a command that is none, so that a `poll` at nine doesn't cost the round of nine."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from smsreminders.errors import NoRoundIsBusy, TryAgainLater

if TYPE_CHECKING:
    from smsreminders.domain.clock import Clock
    from smsreminders.store.lock import RunLock

_LONGEST = timedelta(minutes=30)  # then the next line of the crontab tries
_A_MOMENT = 0.5  # seconds


@contextmanager
def round_lock(database: Path, clock: "Clock", say: Callable[[str], None]) -> Iterator["RunLock"]:
    """Hold the lock of a run for a round.

    Raises RunIsBusy at once if another round has it, and TryAgainLater if another command has it for too long.
    """
    with ExitStack() as stack:
        yield _taken(database, clock, say, stack)


def _taken(database: Path, clock: "Clock", say: Callable[[str], None], stack: ExitStack) -> "RunLock":
    from smsreminders.store.lock import run_lock

    began, said = clock.elapsed(), False
    while True:
        try:
            return stack.enter_context(run_lock(database))
        except NoRoundIsBusy as busy:
            if clock.elapsed() - began > _LONGEST.total_seconds():
                raise TryAgainLater(
                    "another command, such as `smsreminders poll`, has been busy with this database for "
                    f"{_LONGEST // timedelta(minutes=1)} minutes: look what it is at; nothing was sent"
                ) from busy
            if not said:
                say("another command is busy with this database: the round begins when it has ended")
            said = True
            clock.pause(_A_MOMENT)
