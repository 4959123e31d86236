"""A person's word on a notification: what the gateway can't say of it, or said wrongly."""

from smsreminders.domain.access import Access
from smsreminders.domain.clock import Clock
from smsreminders.domain.notifications import SETTLED, Word
from smsreminders.errors import UsageError
from smsreminders.jobs.keep.access import recorded
from smsreminders.store.database import Database
from smsreminders.store.notifications import Notification, notification_by_id
from smsreminders.store.statuses import move


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
