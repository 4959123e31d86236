"""The check-up of the gateway: it knows the account, and takes the sender IDs of the practices. Nothing is sent."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial

from smsreminders.domain.practices import Practice
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.accounts import Accounts
from smsreminders.jobs.keep.doctor.findings import Check, Verdict, wrong
from smsreminders.jobs.round.guard import check_sender
from smsreminders.store.database import Database
from smsreminders.store.notification_counts import counted_differently, twice_delivered

_AT_A_TIME = 16
_LOOKED_AT = timedelta(days=35)


def check_accounts(names: Sequence[str], accounts: Accounts) -> Iterator[Check]:
    """Ask each of these accounts for itself, several at a time, without sending anything."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        yield from pool.map(partial(_check_account, accounts), names)


def _check_account(accounts: Accounts, name: str) -> Check:
    about = f"gateway {name}".strip()
    try:
        gateway = accounts.named(name).open().gateway
        title = gateway.features.title
        if gateway.features.sends_nothing:
            advice = "put a real gateway into [gateway] before patients rely on it: docs/gateways.md"
            return Check(about, Verdict.WARNING, f"{title}, so nobody is reminded", advice)
    except AdministratorNeeded as error:
        return wrong(about, error)
    try:
        return Check(about, Verdict.OK, f"{title}: {gateway.account()}")
    except TryAgainLater as error:
        return Check(about, Verdict.WARNING, f"{title}: {error}", "try again later, or look at gateway.base_url")
    except AdministratorNeeded as error:
        return Check(about, Verdict.WRONG, f"{title}: {error}")


def check_counts(db: Database, today: date) -> Check:
    """Compare the gateway's count of segments with ours, by which we bill whatever the gateway says."""
    differing, counted = counted_differently(db, today - _LOOKED_AT)
    summary = f"{differing} of {counted} counted otherwise by the gateway in {_LOOKED_AT.days} days"
    if not differing:
        return Check("segments", Verdict.OK, summary)
    advice = "see `smsreminders notifications show ID`: our own count is billed, the gateway may charge you another"
    return Check("segments", Verdict.WARNING, summary, advice)


def check_attempts(db: Database, today: date) -> Check:
    """Find where a text that was reported as failed arrived after all, beside the second one: both are billed."""
    twice = twice_delivered(db, today - _LOOKED_AT)
    summary = f"{twice} appointments were told twice in {_LOOKED_AT.days} days, by a text that had failed first"
    if not twice:
        return Check("second attempts", Verdict.OK, summary)
    advice = "ask the gateway why it reports as failed what it delivers later: both texts are billed"
    return Check("second attempts", Verdict.WARNING, summary, advice)


def check_senders(practices: Sequence[Practice], accounts: Accounts) -> list[Check]:
    """Find the practices whose account is none, or doesn't take their sender ID."""
    checks = []
    for practice in practices:
        try:
            check_sender(practice, accounts.of(practice).features)
        except AdministratorNeeded as error:
            checks.append(Check("sender ID", Verdict.WRONG, str(error)))
    return checks
