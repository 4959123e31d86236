"""What can go wrong for a user: each error is one line that says what, where and what to do, with its exit code."""

from collections.abc import Iterable
from difflib import get_close_matches


class SmsremindersError(Exception):
    """Base of every error that is told to a user as one line; `exit_code` is the process's exit code."""

    exit_code = 1


class UsageError(SmsremindersError):
    """What was asked for can't be done as asked: a wrong argument, an unknown id, something that exists already."""

    exit_code = 2


class InputFileError(SmsremindersError):
    """An input file can't be used; nothing of it was imported."""

    exit_code = 65


class TryAgainLater(SmsremindersError):
    """Nothing is broken: another run is busy, the database is locked, the gateway is down, it is too early or late."""

    exit_code = 75


class RunIsBusy(TryAgainLater):
    """Another run has the lock, and does what this one would."""


class AdministratorNeeded(SmsremindersError):
    """The configuration, the database, a permission or the account at the gateway must be put right by a person."""

    exit_code = 78


class ConfigError(AdministratorNeeded):
    """A setting is wrong; the text names the file, the key and what may stand there."""


class Interrupted(SmsremindersError):
    """Somebody ended the run, with Ctrl-C or a signal."""

    exit_code = 130


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of an error about an unknown name: the nearest known one, or all of them."""
    choices = sorted(known)
    nearest = get_close_matches(word, choices, 1)
    return f'did you mean "{nearest[0]}"?' if nearest else "known are: " + ", ".join(choices)
