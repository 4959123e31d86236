"""Occasions: how many working days before an appointment its reminders go out, written as in "3wd"."""

import re
from collections.abc import Sequence

from smsreminders.errors import UsageError

_OCCASION = re.compile(r"[1-9][0-9]?wd")
_MOST_DAYS = 10  # two weeks of working days
_MOST_REMINDERS = 4


def read_occasions(words: Sequence[str]) -> tuple[int, ...]:
    """Read occasions such as ["3wd", "1wd"] into working days, the farthest first. Raises UsageError."""
    days = [_working_days(word) for word in words]
    if not 1 <= len(days) <= _MOST_REMINDERS:
        raise UsageError(f"write one to {_MOST_REMINDERS} occasions, not {len(days)}")
    if twice := sorted({number for number in days if days.count(number) > 1}):
        raise UsageError(f'"{show_occasion(twice[0])}" stands there twice: each reminder has an occasion of its own')
    return tuple(sorted(days, reverse=True))


def show_occasion(working_days: int) -> str:
    """Write an occasion as the configuration has it: 3 is "3wd"."""
    return f"{working_days}wd"


def _working_days(word: str) -> int:
    if not _OCCASION.fullmatch(word) or int(word.removesuffix("wd")) > _MOST_DAYS:
        raise UsageError(
            f'"{word[:20]}" is no occasion: write working days before the appointment, from "1wd" to "{_MOST_DAYS}wd"'
        )
    return int(word.removesuffix("wd"))
