"""How long what is known of patients is kept: texts, source rows, the access log."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from smsreminders.domain.round.notifications import ASKED_FOR
from smsreminders.errors import UsageError

_DAYS = {"d": 1, "y": 366}
_TERM = re.compile(r"([0-9]{1,5})([dy])")
# sooner than this a delivery could still become known, and be billed
SHORTEST_FOR_TEXTS = ASKED_FOR + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each is kept: texts, numbers and replies after the appointment, rows of sources too, the log's lines."""

    texts: timedelta = timedelta(days=90)
    source_rows: timedelta = timedelta(days=30)
    log: timedelta = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class Limits:
    """The moments before which each is purged."""

    texts: datetime
    source_rows: datetime
    log: datetime


def read_term(text: str, *, shortest: timedelta = timedelta(days=1)) -> timedelta:
    """Read how long something is kept: days or years, such as "90d" or "5y". Raises UsageError."""
    match = _TERM.fullmatch(text)
    if match is None:
        raise UsageError('write days or years, like "90d" or "5y"')
    term = timedelta(days=int(match[1]) * _DAYS[match[2]])
    if not shortest <= term <= timedelta(days=100 * 366):
        raise UsageError(f"at least {shortest.days}d, and at most 100y")
    return term


def limits(retention: Retention, now: datetime) -> Limits:
    """Find the moments before which what is kept is too old."""
    return Limits(now - retention.texts, now - retention.source_rows, now - retention.log)
