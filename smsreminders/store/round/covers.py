"""The appointments that notifications are about: what makes a second text for one of them impossible.

The primary key of `covers` is the appointment with its revision, occasion and attempt. A notification that was
certainly never sent gives its place there to another; one that was perhaps sent keeps it, and the database holds that.
"""

import json
from collections.abc import Collection, Sequence

from smsreminders.domain.round.again import Held
from smsreminders.domain.round.reminders import Reminder
from smsreminders.store.database import Database
from smsreminders.store.round.due import DUE_COLUMNS, with_earlier

_NEVER_SENT = "status in ('queued', 'cancelled', 'rejected')"


def cover(db: Database, reminders: Sequence[tuple[int, Reminder]]) -> None:
    """Write what notifications cover by now, each by its id: just that, and nothing that it covered before.

    What another one that was certainly never sent has held is taken over. Raises RuntimeError where one of the
    appointments has a text already that was perhaps sent.
    """
    rows = [
        [c.due.appointment_id, c.due.revision, c.occasion, c.attempt, id_, c.words]
        for id_, reminder in reminders
        for c in reminder.covers
    ]
    db.execute(
        "delete from covers where notification_id in (select value from json_each(?)) and (appointment_id, revision,"
        " occasion, attempt) not in (select json_extract(value, '$[0]'), json_extract(value, '$[1]'),"
        " json_extract(value, '$[2]'), json_extract(value, '$[3]') from json_each(?))",
        [json.dumps([id_ for id_, _ in reminders]), json.dumps(rows)],
    )
    changed = db.execute(
        "insert into covers (appointment_id, notification_type, revision, occasion, attempt, rehearsed,"
        " notification_id, words)"
        " select json_extract(value, '$[0]'), n.notification_type, json_extract(value, '$[1]'),"
        " json_extract(value, '$[2]'), json_extract(value, '$[3]'), n.rehearsed, n.id, json_extract(value, '$[5]')"
        " from json_each(?) join notifications n on n.id = json_extract(value, '$[4]') where true"
        " on conflict do update set notification_id = excluded.notification_id, words = excluded.words"
        f" where (select {_NEVER_SENT} from notifications where id = covers.notification_id)",
        [json.dumps(rows)],
    ).rowcount
    if changed != len(rows):
        raise RuntimeError(f"of {len(rows)} appointments {len(rows) - changed} may have their text already")


def patients_covered(db: Database, notification_id: int) -> dict[str, int]:
    """The row ids of the patients that a notification is about, by their source ids; the one of the first starts."""
    rows = db.execute(
        "select p.source_id, p.id from covers c join appointments a on a.id = c.appointment_id"
        " join patients p on p.id = a.patient_id where c.notification_id = ? order by a.starts_at, a.id",
        [notification_id],
    )
    return dict(rows)


def held_by(db: Database, notification_ids: Collection[int]) -> dict[int, list[Held]]:
    """Read what notifications cover, each appointment as it stands now: first the notification's own, then by start."""
    held: dict[int, list[Held]] = {}
    for rehearsed in (False, True):
        rows = list(
            db.query(
                f"select {DUE_COLUMNS}, c.notification_id, c.revision as covered_revision, c.occasion, c.attempt"
                " from covers c join notifications n on n.id = c.notification_id"
                " join appointments a on a.id = c.appointment_id join patients p on p.id = a.patient_id"
                " where c.notification_id in (select value from json_each(?)) and c.rehearsed = ?"
                " order by c.notification_id, a.id <> n.appointment_id, a.starts_at, a.id",
                [json.dumps(list(notification_ids)), int(rehearsed)],
            )
        )
        for row, due in zip(rows, with_earlier(db, rows, rehearsed=rehearsed), strict=True):
            each = Held(due, row["covered_revision"], row["occasion"], row["attempt"])
            held.setdefault(row["notification_id"], []).append(each)
    return held
