"""How far a round gets, known before its first request: each account at its own pace, with what goes by it."""

from collections.abc import Iterable
from datetime import datetime

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.forecast import Forecast, forecast
from smsreminders.domain.round.window import Schedule
from smsreminders.gateways.accounts import Accounts


def foresee(queue: Iterable[Practice], accounts: Accounts, *, now: datetime, schedule: Schedule) -> list[Forecast]:
    """Forecast the round of each account that has something to send, or one that ends at once where none has.

    `queue` has the practice of each notification, in the order in which they go.
    """
    by_account: dict[str, list[str]] = {}
    for practice in queue:
        by_account.setdefault(accounts.of_practice(practice.code), []).append(practice.code)
    if not by_account:
        return [forecast([], now=now, schedule=schedule, per_second=1)]
    return [
        forecast(codes, now=now, schedule=schedule, account=name, per_second=accounts.named(name).per_second)
        for name, codes in by_account.items()
    ]
