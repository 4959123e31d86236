"""The check-up of the gateway: it knows the account, and takes the sender IDs of the practices. Nothing is sent."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial

from smsreminders.domain.practices import Practice
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.accounts import Accounts
from smsreminders.gateways.base import Hears, KnowsOptOuts
from smsreminders.jobs.keep.doctor.findings import Check, Verdict, wrong
from smsreminders.jobs.round.practice_guard import check_sender
from smsreminders.store.database import Database
from smsreminders.store.round.notification_counts import counted_differently, twice_delivered

_AT_A_TIME = 16
_LOOKED_AT = timedelta(days=35)
_NOT_ASKED = "can't be asked what came in: a STOP is heard when the next text is refused"


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


def check_lists(names: Sequence[str], accounts: Accounts, now: datetime) -> Iterator[Check]:
    """Ask each of these accounts for a page of what came in and of who opted out, several at a time.

    One that gives each SMS only once isn't asked; one that is wrong is told by its own check.
    """
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        found = pool.map(partial(_check_lists, accounts, now), names)
        yield from (check for check in found if check)


def _check_lists(accounts: Accounts, now: datetime, name: str) -> Check | None:
    about = f"inbox {name}".strip()
    try:
        gateway = accounts.named(name).open().gateway
    except AdministratorNeeded:
        return None
    features = gateway.features
    if features.sends_nothing:
        return None
    told = []
    try:
        if isinstance(gateway, Hears) and features.hears:
            told.append("what came in")
            if not features.hears_once:
                next(iter(gateway.inbox(now)), None)
        if isinstance(gateway, KnowsOptOuts) and features.knows_opt_outs:
            told.append("who opted out")
            next(iter(gateway.opt_outs(now)), None)
    except TryAgainLater as error:
        return Check(about, Verdict.WARNING, f"{features.title}: {error}", "try again later")
    except AdministratorNeeded as error:
        return Check(about, Verdict.WRONG, f"{features.title}: {error}; until then nobody hears a STOP")
    once = ", each SMS once, so it isn't asked now" if features.hears_once else ""
    hears = f"tells `poll` {' and '.join(told)}{once}" if told else _NOT_ASKED
    return Check(about, Verdict.OK, f"{features.title} {hears}")


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
