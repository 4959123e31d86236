"""A database of the real schema that is filled fast: by SQL alone, with its indexes made at the end.

Nothing of the filling is measured, so nothing of it waits for the disk. What is measured opens the file as the program
does, with its own pragmas.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from smsreminders.store.database import create

PRACTICES = 200
# the numbers of {ids}, one after another, as `n`; and two that look like chance but are the same in every run
NUMBERS = "with recursive ids (n) as (select 1 union all select n + 1 from ids where n < :ids)"
CHANCE = "((n * 2654435761 & 4294967295) >> 8)"
OTHER_CHANCE = "((n * 2246822519 & 4294967295) >> 6)"

_SETTING_UP = (
    f"""{NUMBERS} insert into practices (id, code, name, sender_id, phone, legal_name, street, postcode, town,
        kvk_number, vat_number, buyer_reference)
    select n, 'practice-' || n, 'Praktijk ' || n, 'Praktijk' || n, '020-5550123', '', '', '', '', '', '', ''
    from ids""",
    f"""{NUMBERS} insert into services (id, practice_id, type, name, enabled)
    select n, n, 'notifications', 'Notificaties', 1 from ids""",
    f"""{NUMBERS} insert into service_assignments (service_id, channel, notification_type)
    select n, 'sms', 'appointment-reminder' from ids""",
)


# Each covers its appointment, by the same id.
COVERS = """insert into covers (appointment_id, notification_type, revision, occasion, attempt, rehearsed,
        notification_id, words)
    select appointment_id, notification_type, revision, occasion, attempt, rehearsed, id, '' from notifications"""


def make(path: Path, fillings: Sequence[tuple[str, dict[str, object]]]) -> None:
    """A new database of PRACTICES practices, each with its service; then these statements, each with its values."""
    create(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("synchronous = off", "journal_mode = off", "cache_size = -500000", "foreign_keys = off"):
            db.execute(f"pragma {pragma}")
        indexes = db.execute("select name, sql from sqlite_master where type = 'index' and sql is not null").fetchall()
        for name, _ in indexes:
            db.execute(f"drop index {name}")
        db.execute("begin")
        for statement in _SETTING_UP:
            db.execute(statement, {"ids": PRACTICES})
        for statement, values in fillings:
            db.execute(statement, values)
        db.execute("commit")
        for _, sql in indexes:
            db.execute(sql)
