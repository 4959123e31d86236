"""Occasions: how many working days before an appointment its reminders go out, written as in "3wd"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from smsreminders.errors import UsageError

_OCCASION = re.compile(r"[1-9][0-9]?wd")
_MOST_DAYS = 10  # two weeks of working days
_MOST_REMINDERS = 4
_UNLESS_CONFIRMED = " unless confirmed"


@dataclass(frozen=True, slots=True)
class Occasions:
    """The reminders of an appointment, in working days before it, the farthest first.

    Those of `unless_confirmed` are left out where the patient has confirmed the appointment.
    """

    days: tuple[int, ...]
    unless_confirmed: frozenset[int] = frozenset()


def read_occasions(words: Sequence[str]) -> Occasions:
    """Read occasions such as ["3wd", "1wd unless confirmed"]. Raises UsageError."""
    spared = {word.removesuffix(_UNLESS_CONFIRMED) for word in words if word.endswith(_UNLESS_CONFIRMED)}
    days = [_working_days(word.removesuffix(_UNLESS_CONFIRMED)) for word in words]
    if not 1 <= len(days) <= _MOST_REMINDERS:
        raise UsageError(f"write one to {_MOST_REMINDERS} occasions, not {len(days)}")
    if twice := sorted({number for number in days if days.count(number) > 1}):
        raise UsageError(f'"{show_occasion(twice[0])}" stands there twice: each reminder has an occasion of its own')
    unless_confirmed = frozenset(map(_working_days, spared))
    if max(days) in unless_confirmed:
        raise UsageError(
            f'"{show_occasion(max(days))}{_UNLESS_CONFIRMED}": nobody can confirm before the first reminder; '
            f'write it to a nearer one, as in ["3wd", "1wd{_UNLESS_CONFIRMED}"]'
        )
    return Occasions(tuple(sorted(days, reverse=True)), unless_confirmed)


def show_occasion(working_days: int, *, unless_confirmed: bool = False) -> str:
    """Write an occasion as the configuration has it: 3 is "3wd"."""
    return f"{working_days}wd" + (_UNLESS_CONFIRMED if unless_confirmed else "")


def _working_days(word: str) -> int:
    if not _OCCASION.fullmatch(word) or int(word.removesuffix("wd")) > _MOST_DAYS:
        raise UsageError(
            f'"{word[:20]}" is no occasion: write working days before the appointment, from "1wd" to "{_MOST_DAYS}wd"'
        )
    return int(word.removesuffix("wd"))
