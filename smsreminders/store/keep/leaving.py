"""What one practice takes with it when it leaves: a copy of the database in which only its own rows are left."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from smsreminders.store.bill.closed import ClosedPeriod
from smsreminders.store.database import Database
from smsreminders.store.keep.erasing import of_no_other
from smsreminders.store.soundness import is_whole
from smsreminders.store.times import to_text

_OF_SOURCES = "from_source_id in (select id from sources where practice_id = :p)"
_START = "'" + "0" * 64 + "'"


# what goes with a practice when its patients are erased, in this order; `:p` is the practice
_GONE = (
    f"""update replies set phone = '', text = '', done_at = coalesce(done_at, :now)
        where id in (select reply_id from reply_practices where practice_id = :p) and {of_no_other(":p")}""",
    "delete from number_words where practice_id = :p",
    "delete from stop_events where practice_id = :p",
    "delete from erased_stops where practice_id = :p",
    "delete from erased_patients where practice_id = :p",
    "delete from erased_appointments where appointment_id in (select id from appointments where practice_id = :p)",
    "delete from erased_appointments where appointment_id in (select id from appointments where practice_id = :p)",
    f"delete from said_patients where {_OF_SOURCES}",
    f"delete from said_appointments where {_OF_SOURCES}",
    f"delete from last_lacked where {_OF_SOURCES}",
    f"delete from last_files where {_OF_SOURCES}",
    "delete from imports where practice_id = :p",
    "delete from sources where practice_id = :p",
    "delete from practice_days where practice_id = :p",
    "delete from practice_holidays where practice_id = :p",
)


def texts_under_way(db: Database, practice_id: int, now: datetime) -> int:
    """Count the texts of a practice that wait for what is to come, or of which nobody knows yet what became of them."""
    (count,) = db.execute(
        "select count(*) from notifications where practice_id = ?"
        " and (status in ('sending', 'sent', 'uncertain') or (status = 'queued' and starts_at > ?))",
        [practice_id, to_text(now)],
    ).fetchone()
    return int(count)


def take_away(db: Database, practice_id: int, now: datetime) -> None:
    """Blank and delete what is left of a practice whose patients are erased. The caller holds the transaction."""
    values = {"p": practice_id, "now": to_text(now)}
    db.execute("insert into erasing values (1)")
    for statement in _GONE:
        db.execute(statement, {key: value for key, value in values.items() if f":{key}" in statement})
    db.execute("delete from erasing")


def patient_ids(db: Database, practice_id: int) -> list[int]:
    """List the row ids of the patients of a practice who weren't erased."""
    rows = db.execute("select id from patients where practice_id = ? and erased_at is null order by id", [practice_id])
    return [id_ for (id_,) in rows]


@contextmanager
def unsealed(copy: Database) -> Iterator[None]:
    """Work on a copy without its triggers, which are the same again afterwards. The caller holds the transaction."""
    triggers = copy.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
    for name, _ in triggers:
        copy.execute(f'drop trigger "{name}"')
    yield
    for _, sql in triggers:
        copy.execute(sql)


def keep_only(copy: Database, practice_id: int) -> None:
    """Delete every row of a copy that is another practice's, or about such a row; what is of no practice stays.

    The access log starts anew: its lines are chained over all practices. The caller holds the transaction.
    """
    copy.execute("delete from access_log")
    copy.execute(f"update access_base set number = 0, hash = {_START}")
    copy.execute("delete from practices where id <> ?", [practice_id])
    tables = [name for (name,) in copy.execute("select name from sqlite_master where type = 'table'")]
    for table in tables:
        if any(column == "practice_id" for _, column, *_ in copy.execute(f'pragma table_info("{table}")')):
            copy.execute(f'delete from "{table}" where practice_id <> ?', [practice_id])
    copy.execute("delete from replies where id not in (select reply_id from reply_practices)")
    orphans = [statement for table in tables for statement in _orphans_of(copy, table)]
    while sum(copy.execute(statement).rowcount for statement in orphans):
        pass


def reseal(copy: Database, month: ClosedPeriod) -> None:
    """Write the CSV of a closed month and what it is proved by anew. The caller holds the transaction."""
    copy.execute(
        "update closed_periods set csv = ?, csv_sha256 = ?, contents_sha256 = ? where id = ?",
        [month.csv, month.csv_sha256, month.contents_sha256, month.id],
    )


def is_consistent(copy: Database) -> bool:
    """Tell whether a copy is whole, and no row of it is about one that isn't there."""
    return is_whole(copy) and not copy.execute("pragma foreign_key_check").fetchall()


def _orphans_of(copy: Database, table: str) -> Iterator[str]:
    """Write the statements that delete the rows of a table of which a foreign key finds nothing."""
    keys: dict[int, list[tuple[str, str, str]]] = {}
    for key, at, parent, column, to, *_ in copy.execute(f'pragma foreign_key_list("{table}")').fetchall():
        keys.setdefault(key, []).append((parent, column, to or _primary_key(copy, parent)[at]))
    for columns in keys.values():
        parent = columns[0][0]
        has = " and ".join(f'"{table}"."{column}" is not null' for _, column, _ in columns)
        fits = " and ".join(f'p."{to}" = "{table}"."{column}"' for _, column, to in columns)
        yield f'delete from "{table}" where {has} and not exists (select 1 from "{parent}" p where {fits})'


def _primary_key(copy: Database, table: str) -> list[str]:
    columns = copy.execute(f'pragma table_info("{table}")').fetchall()
    return [name for _, name, *_, at in sorted(columns, key=lambda column: column[-1]) if at]
