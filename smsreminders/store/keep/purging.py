"""What is kept too long: counted, and taken away some at a time."""

from datetime import datetime

from smsreminders.domain.keep.access import Mark
from smsreminders.domain.round.notifications import Status
from smsreminders.store.database import Database
from smsreminders.store.round.statuses import move_all
from smsreminders.store.tables.stops import STANDS
from smsreminders.store.times import to_text

AT_ONCE = 500  # rows of a transaction: others write in between

_OLD_TEXT = "starts_at < :before and status <> 'sending'"
_TEXTS = f"from notifications where {_OLD_TEXT} and (text <> '' or phone <> '' or reason is not null)"
# but what may ask for no more texts holds them back for as long as nobody has read it
_REPLIES = """from replies where received_at < :before and (text <> '' or phone <> '')
    and (done_at is not null or says <> 'perhaps-stop')"""
_OUTCOMES = """from round_outcomes where appointment_id in (select id from appointments where starts_at < :before)"""
# of numbers that no patient has any more, and no text that stays
_NOBODYS = f"""recorded_at < :before and e164 not in (select e164 from patients where e164 is not null)
    and not exists (select 1 from notifications where phone = e164 and not ({_OLD_TEXT}))"""
_STOPS = f"from stop_events where {_NOBODYS}"
_WORDS = f"from number_words where {_NOBODYS.replace('recorded_at', 'at')}"
# where a source told no start: that of its appointment, else when the record wrote it
_SAID = """from said_appointments where coalesce(starts_at, (
    select a.starts_at from appointments a join sources s on s.practice_id = a.practice_id
    where s.id = said_appointments.from_source_id and a.source_id = said_appointments.source_id), as_of) < :before"""
_LINES = "from access_log where number <= (select max(number) from access_log where at < :before)"

QUERIES = {  # what of it is counted
    "texts": _TEXTS,
    "replies": _REPLIES,
    "outcomes": _OUTCOMES,
    "stops": _STOPS,
    "number_words": _WORDS,
    "source_rows": _SAID,
    "log_lines": _LINES,
}

_KEYS = {"outcomes": "appointment_id, round_id", "source_rows": "from_source_id, source_id"}


def count_old(db: Database, what: str, before: datetime) -> int:
    """Count what of a kind is older than a moment."""
    (count,) = db.execute(f"select count(*) {QUERIES[what]}", {"before": to_text(before)}).fetchone()
    return int(count)


def purge_some(db: Database, what: str, before: datetime, now: datetime) -> int:
    """Take some of a kind away that are older than a moment; return how many. The caller holds the transaction.

    Texts, replies and their numbers are blanked, for their rows are what bills count and keys hold; a text that waits
    is withdrawn. The rest is deleted.
    """
    key = _KEYS.get(what, "id")
    chosen = f"select {key} {QUERIES[what]} order by {key} limit {AT_ONCE}"
    values = {"before": to_text(before)}
    db.execute("insert into erasing values (1)")
    match what:
        case "texts":
            waits = db.execute(
                f"select id from ({chosen}) join notifications using (id) where status = 'queued'", values
            )
            moves = [(id_, None, None) for (id_,) in waits]
            move_all(db, moves, Status.QUEUED, Status.CANCELLED, now=now)
            of_them = f"where notification_id in ({chosen})"
            db.execute(f"update notification_events set detail = null, reported_at = null {of_them}", values)
            db.execute(f"update covers set words = '' {of_them}", values)
            blank = f"update notifications set phone = '', text = '', reason = null where id in ({chosen})"
            done = db.execute(blank, values)
        case "replies":
            blank = "update replies set phone = '', text = '', done_at = coalesce(done_at, :now)"
            done = db.execute(f"{blank} where id in ({chosen})", values | {"now": to_text(now)})
        case "stops":
            db.execute(
                "insert or ignore into erased_stops select s.practice_id,"
                " trace_of((select salt from installation), s.e164), s.how, s.at, s.recorded_at"
                f" from stop_events s where s.id in ({chosen}) and {STANDS} order by s.at",
                values,
            )
            done = db.execute(f"delete from stop_events where id in ({chosen})", values)
        case _:
            table = QUERIES[what].split()[1]
            done = db.execute(f"delete from {table} where ({key}) in ({chosen})", values)
    db.execute("delete from erasing")
    return done.rowcount


def last_old_line(db: Database, before: datetime) -> Mark | None:
    """Find the last line of the access log before a moment; None if there is none."""
    row = db.execute(
        "select number, hash from access_log where at < ? order by number desc limit 1", [to_text(before)]
    ).fetchone()
    return Mark(*row) if row else None


def purge_lines(db: Database, base: Mark) -> int:
    """Delete the lines of the access log up to a mark, from which the chain goes on; return how many."""
    db.execute("update access_base set number = ?, hash = ?", [base.number, base.hash])
    return db.execute("delete from access_log where number <= ?", [base.number]).rowcount
