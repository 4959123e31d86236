"""The rates as they are shown: a row each, and one that was added in a line."""

from collections.abc import Iterable
from decimal import Decimal

from smsreminders.cli.show.practice import practice_name
from smsreminders.domain.billing import Rate, show_rate
from smsreminders.domain.practices import Practice

COLUMNS = ("practice", "from", "rate", "currency")


def rate_rows(
    configured: Decimal, added: Iterable[Rate], practices: Iterable[Practice], *, currency: str
) -> list[dict[str, object]]:
    """Show the configuration's rate, from no day on, then those that were added; a general one has no practice."""
    codes = {None: None} | {practice.id: practice.code for practice in practices}
    rows = [(None, None, configured)] + [(codes[rate.practice_id], rate.valid_from, rate.amount) for rate in added]
    return [
        {"practice": code, "from": valid_from, "rate": show_rate(amount), "currency": currency}
        for code, valid_from, amount in rows
    ]


def rate_line(rate: Rate, practice: Practice | None) -> str:
    """Say which rate was added, and whether it is one practice's own."""
    whose = f"of {practice_name(practice)}" if practice else "of every practice without its own"
    return f"Added the rate {show_rate(rate.amount)} {whose} from {rate.valid_from} on."
