"""The exit code of every error, and the line that tells it: the same for the process and for the monitor."""

import errno
from collections.abc import Iterable

from smsreminders.errors import ExitCode, SmsremindersError

MEANINGS = {  # README, "Exit codes", has the same words
    ExitCode.OK: "done, or nothing to do",
    ExitCode.BUG: "a bug",
    ExitCode.USAGE: "usage",
    ExitCode.PARTLY: "done in part, or something waits for a person",
    ExitCode.BAD_FILE: "an input file can't be used; nothing was imported",
    ExitCode.TRY_AGAIN: "try again later",
    ExitCode.ADMINISTRATOR: "needs an administrator",
    ExitCode.INTERRUPTED: "interrupted",
}
_BY_WEIGHT = (
    ExitCode.OK,
    ExitCode.PARTLY,
    ExitCode.TRY_AGAIN,
    ExitCode.BAD_FILE,
    ExitCode.USAGE,
    ExitCode.ADMINISTRATOR,
    ExitCode.INTERRUPTED,
    ExitCode.BUG,
)
_FULL = {errno.ENOSPC, errno.EDQUOT}


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Choose the exit code of a run of which several things went wrong: the one that most needs a person."""
    return max(codes, key=_BY_WEIGHT.index)


def exit_codes(*codes: ExitCode) -> str:
    """Write for the help of a command how it can end, besides a bug and wrong usage."""
    return "Exit codes: " + "; ".join(f"{code:d} {MEANINGS[code]}" for code in codes) + "."


def ending(error: BaseException) -> tuple[ExitCode, str | None]:
    """Give an error its exit code and the line to tell, if there is one; an error that isn't known here is a bug."""
    if isinstance(error, SmsremindersError):
        return error.exit_code, str(error)
    if isinstance(error, KeyboardInterrupt):
        return ExitCode.INTERRUPTED, None
    if isinstance(error, UnicodeEncodeError):
        return ExitCode.USAGE, "an argument or the name of a file holds bytes that are no text"
    if isinstance(error, OSError):
        code = ExitCode.TRY_AGAIN if error.errno in _FULL else ExitCode.ADMINISTRATOR
        return code, f"{error.filename or 'the system'}: {error.strerror}"
    return ExitCode.BUG, None
