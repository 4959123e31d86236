"""The check-up of the gateway: it knows the account, and takes the sender IDs of the practices. Nothing is sent."""

from collections.abc import Sequence
from datetime import date, timedelta

from smsreminders.domain.practices import Practice
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.base import Gateway
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.jobs.round.guard import check_sender
from smsreminders.store.database import Database
from smsreminders.store.notification_counts import counted_differently

_LOOKED_AT = timedelta(days=35)


def check_account(gateway: Gateway) -> Check:
    """Ask the gateway for the account, without sending anything."""
    title = gateway.features.title
    if gateway.features.sends_nothing:
        advice = "put a real gateway into [gateway] before patients rely on it: docs/gateways.md"
        return Check("gateway", Verdict.WARNING, f"{title}, so nobody is reminded", advice)
    try:
        return Check("gateway", Verdict.OK, f"{title}: {gateway.account()}")
    except TryAgainLater as error:
        return Check("gateway", Verdict.WARNING, f"{title}: {error}", "try again later, or look at gateway.base_url")
    except AdministratorNeeded as error:
        return Check("gateway", Verdict.WRONG, f"{title}: {error}")


def check_counts(db: Database, today: date) -> Check:
    """Compare the gateway's count of segments with ours, by which we bill whatever the gateway says."""
    differing, counted = counted_differently(db, today - _LOOKED_AT)
    summary = f"{differing} of {counted} counted otherwise by the gateway in {_LOOKED_AT.days} days"
    if not differing:
        return Check("segments", Verdict.OK, summary)
    advice = "see `smsreminders notifications show ID`: our own count is billed, the gateway may charge you another"
    return Check("segments", Verdict.WARNING, summary, advice)


def check_senders(gateway: Gateway, practices: Sequence[Practice]) -> list[Check]:
    """Find the practices whose sender ID the gateway doesn't take."""
    checks = []
    for practice in practices:
        try:
            check_sender(practice, gateway.features)
        except AdministratorNeeded as error:
            checks.append(Check("sender ID", Verdict.WRONG, str(error)))
    return checks
