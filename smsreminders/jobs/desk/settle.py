"""A person's word on a notification: what the gateway can't say of it, or said wrongly."""

from datetime import timedelta

from smsreminders.domain.clock import Clock
from smsreminders.domain.keep.access import Access
from smsreminders.domain.round.notifications import SETTLED, Status, Word
from smsreminders.errors import TryAgainLater, UsageError
from smsreminders.gateways.accounts import Accounts
from smsreminders.jobs.keep.access import recorded
from smsreminders.jobs.round.asking import Question
from smsreminders.jobs.round.lookup import ask
from smsreminders.store.database import Database
from smsreminders.store.round.notifications import Notification, notification_by_id
from smsreminders.store.round.reports import not_final
from smsreminders.store.round.statuses import move


def check_not_sent(db: Database, id_or_reference: str, *, accounts: Accounts, clock: Clock) -> None:
    """Ask the account of an uncertain notification for it before a person's word lets it go again.

    Raises UsageError where the account knows it, and TryAgainLater so soon after the request that its list may lag.
    Where it can't be asked now the person's word is all there is. The caller holds the lock of the run.
    """
    notification, now = notification_by_id(db, id_or_reference), clock.now()
    for name, asked in not_final(db, [notification.practice_id], now, failed_since=now).items():
        mine = [each for each in asked if each.id == notification.id and each.status is Status.UNCERTAIN]
        if not mine or ask(db, Question({name: mine}, accounts, clock)).troubles:
            continue
        status = notification_by_id(db, id_or_reference).status
        if status is not Status.UNCERTAIN:
            raise UsageError(
                f"{name} was asked for notification {notification.id} first: it is {status} now, by what it says; "
                "nothing else was changed"
            )
        settles = accounts.named(name.account).open().settles_after
        if timedelta() <= now - mine[0].open.sent_at < settles:
            raise TryAgainLater(
                f"{name} doesn't know notification {notification.id} yet, and its list may lag: say so again "
                f"{settles // timedelta(minutes=1)} minutes after it was handed over; `smsreminders poll` asks for it "
                "too; nothing was changed"
            )


def settle(db: Database, id_or_reference: str, word: Word, *, access: Access, clock: Clock) -> Notification:
    """Settle a notification as a person says and return it. Raises UsageError if the word doesn't fit its status."""
    needed, becomes = SETTLED[word]
    with recorded(db, access) as touched:
        notification = notification_by_id(db, id_or_reference)
        if notification.status is not needed:
            raise UsageError(
                f"notification {notification.id} is {notification.status}: only {needed} can be settled as {word}"
            )
        touched.add(notification.practice_id, notification.patient_id)
        move(db, notification.id, needed, becomes, now=clock.now(), detail=f"settled by a person as {word}")
        return notification_by_id(db, id_or_reference)
