"""A person's word on a notification: what the gateway can't tell, or told wrongly."""

from smsreminders.domain.clock import Clock
from smsreminders.domain.notifications import SETTLED, Word
from smsreminders.errors import UsageError
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.notifications import Notification, notification_by_id
from smsreminders.store.statuses import move


def settle(db: Database, id_or_reference: str, word: Word, *, clock: Clock) -> Notification:
    """Take a person's word; the notification as it is then. Raises UsageError where the word doesn't fit its status."""
    needed, becomes = SETTLED[word]
    with write_transaction(db):
        found = notification_by_id(db, id_or_reference)
        if found.status is not needed:
            raise UsageError(f"notification {found.id} is {found.status}: only {needed} can be settled as {word}")
        move(db, found.id, needed, becomes, now=clock.now(), detail=f"settled by a person as {word}")
    return notification_by_id(db, id_or_reference)
