"""The lock of a run: one dispatch or poll at a time for a database. Its file holds the number of the last run.

flock on a file beside the database, never on the database itself: closing that file elsewhere in the process would
drop SQLite's own locks. The kernel frees it when the process dies, so there is no stale lock to clear.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from smsreminders.errors import AdministratorNeeded, NobodyKnownIsBusy, NoRoundIsBusy, RunIsBusy, SmsremindersError
from smsreminders.store.filesystem import check_local, not_made
from smsreminders.store.machine import this_machine
from smsreminders.store.ownership import give_to_owner
from smsreminders.store.times import to_text

_UNFINISHED = "unfinished"  # at the end of the line while a run holds the lock; a process that dies leaves it there
_NO_ROUND = "other"  # before that: the run is none of `dispatch`


class RunLock:
    """The lock of a run while it is held, and what its file says of the last run: `12 2026-11-24T08:00:00Z`.

    The number tells a database that was put back, which doesn't know the last runs. The time is that of the last run's
    end, or of its start if the run died: then the line still ends with `unfinished`, of what is no round with `other
    unfinished`. A second line names the machine: on another one the number counts for nothing, since the first one may
    still send.
    """

    def __init__(self, descriptor: int, path: Path, *, is_round: bool) -> None:
        self._descriptor, self._path = descriptor, path
        self._mark = _UNFINISHED if is_round else f"{_NO_ROUND} {_UNFINISHED}"
        self._machine = _lines_of(descriptor)[1]
        self.last_died = self._line().endswith(_UNFINISHED)  # the last run that held the lock didn't come to its end

    def runs(self) -> int | None:
        """The number of the last run, or None if none was written yet on this machine."""
        return _number(self._text(), self._machine)

    def last_at(self) -> datetime | None:
        """The time of the last run, or None if nothing readable says it."""
        return _time(self._text())

    def write_runs(self, runs: int, now: datetime) -> None:
        """Write the number and time of this run: on disk when this returns. Raises OSError, which names the file."""
        self._machine = this_machine()
        self._write(f"{runs} {to_text(now)} {self._mark}")

    def begin(self) -> None:
        """Mark this run as unfinished: on disk when this returns. Raises OSError, which names the file."""
        self._write(f"{self._text()} {self._mark}".strip())

    def end(self) -> None:
        """Take the mark of an unfinished run away; a disk that doesn't take that leaves one check more."""
        with suppress(OSError):
            self._write(self._text())

    def _write(self, text: str) -> None:
        line = f"{text}\n{self._machine}".encode("ascii", "replace")
        try:
            os.pwrite(self._descriptor, line, 0)
            os.ftruncate(self._descriptor, len(line))
            os.fsync(self._descriptor)
        except OSError as error:
            error.filename = str(self._path)
            raise

    def _text(self) -> str:
        return _without_mark(self._line())

    def _line(self) -> str:
        return _lines_of(self._descriptor)[0]


def last_beside(database: Path) -> tuple[int | None, datetime | None]:
    """The number and time of the last run, read without holding the lock; None if none was written on this machine.

    Raises AdministratorNeeded where a run couldn't open the lock.
    """
    path = _lock_file(database)
    try:
        with path.open("r+b") as file:  # as a run opens it, for writing
            line, machine = _lines_of(file.fileno())
    except FileNotFoundError:
        return None, None
    except OSError as error:
        raise _not_opened(path, error) from error
    text = _without_mark(line)
    return _number(text, machine), _time(text)


def _without_mark(line: str) -> str:
    return line.removesuffix(_UNFINISHED).strip().removesuffix(_NO_ROUND).strip()


def _time(text: str) -> datetime | None:
    _, _, at = text.partition(" ")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _lines_of(descriptor: int) -> tuple[str, str]:
    """Read the line of the last run, and that of its machine."""
    line, _, machine = os.pread(descriptor, 128, 0).decode("ascii", "replace").strip().partition("\n")
    return line.strip(), machine.strip()


def _busy(line: str) -> type[RunIsBusy]:
    """Tell from the line of a lock that is held what has it."""
    before, mark, _ = line.rpartition(_UNFINISHED)
    if not mark:
        return NobodyKnownIsBusy
    return NoRoundIsBusy if before.rstrip().endswith(_NO_ROUND) else RunIsBusy


def _number(text: str, machine: str) -> int | None:
    number, here = text.partition(" ")[0], this_machine()
    is_elsewhere = machine and here and machine != here
    return int(number) if number.isdigit() and not is_elsewhere else None


def _not_opened(path: Path, error: OSError) -> SmsremindersError:
    """The error about a lock that can't be opened, or made."""
    if not path.exists():
        return not_made(path, error)
    return AdministratorNeeded(
        f"{path} can't be opened: {error.strerror}: give it to the user that cron runs as; "
        "`smsreminders doctor` says how; nothing was sent"
    )


def _lock_file(database: Path) -> Path:
    return database.with_name(f"{database.name}.lock")


@contextmanager
def run_lock(database: Path, *, is_round: bool = True) -> Iterator[RunLock]:
    """Hold the lock of the run. Raises RunIsBusy at once if another run has it: NoRoundIsBusy, if that is no round.

    Who holds it knows that every notification in `sending` belongs to a process that died. A database on a network
    file system is refused (AdministratorNeeded): there the lock means nothing. What root makes meanwhile is given to
    the owner of the database.
    """
    check_local(database)
    path = _lock_file(database)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise _not_opened(path, error) from error
    try:
        give_to_owner(database)  # already now: a process that dies leaves a lock that others can open
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _busy(_lines_of(descriptor)[0])(
                "another run is busy with this database: try again when it has ended"
            ) from error
        lock = RunLock(descriptor, path, is_round=is_round)
        lock.begin()
        try:
            yield lock
        finally:
            lock.end()
    finally:
        os.close(descriptor)
        give_to_owner(database)
