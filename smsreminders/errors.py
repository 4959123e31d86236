"""What can go wrong for a user: each error is one line that says what, where and what to do, with its exit code."""

from collections.abc import Iterable
from difflib import get_close_matches
from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ends; README, "Exit codes", tells them to a user."""

    OK = 0
    BUG = 1
    USAGE = 2
    PARTLY = 3  # done, but some of it needs a look
    BAD_FILE = 65
    TRY_AGAIN = 75
    ADMINISTRATOR = 78
    INTERRUPTED = 130


class SmsremindersError(Exception):
    """Base of every error that is told to a user as one line; `exit_code` is the process's exit code."""

    exit_code: ExitCode = ExitCode.BUG


class UsageError(SmsremindersError):
    """What was asked for can't be done as asked: a wrong argument, an unknown id, something that exists already."""

    exit_code = ExitCode.USAGE


class InputFileError(SmsremindersError):
    """An input file can't be used; nothing of it was imported."""

    exit_code = ExitCode.BAD_FILE


class TryAgainLater(SmsremindersError):
    """Nothing is broken: another run is busy, the database is locked, the gateway is down, it is too early or late."""

    exit_code = ExitCode.TRY_AGAIN


class RunIsBusy(TryAgainLater):
    """Another run has the lock, and does what this one would."""


class NoRoundIsBusy(RunIsBusy):
    """The lock is with a command that is no round, such as `poll`: a round waits for it."""


class NobodyKnownIsBusy(NoRoundIsBusy):
    """Who has the lock hasn't said yet whether it is a round: it has just begun, or is another program."""


class AdministratorNeeded(SmsremindersError):
    """The configuration, the database, a permission or the account at the gateway must be put right by a person."""

    exit_code = ExitCode.ADMINISTRATOR


class ConfigError(AdministratorNeeded):
    """A setting is wrong; the text names the file, the key and what may stand there."""


class Interrupted(SmsremindersError):
    """Somebody ended the run, with Ctrl-C or a signal."""

    exit_code = ExitCode.INTERRUPTED


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of an error about an unknown name: the nearest known one, or all of them."""
    choices = sorted(known)
    nearest = get_close_matches(word, choices, 1)
    return f'did you mean "{nearest[0]}"?' if nearest else "known are: " + ", ".join(choices)
