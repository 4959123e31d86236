"""A notification as the store reads it, and as its row stands in the table."""

from smsreminders.store.database import Database
from smsreminders.store.round.notifications import Notification, notification_by_id


def shown(db: Database, id_: int) -> Notification:
    return notification_by_id(db, str(id_))


def row(db: Database, id_: int) -> dict[str, object]:
    (values,) = db.query("select * from notifications where id = ?", [id_])
    return values
