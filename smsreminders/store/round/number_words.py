"""What was learned of numbers, for a practice each: a gateway's code that nobody is there, a text that arrived."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.round.dead_numbers import FAILURES, Failures, NumberWord
from smsreminders.store.database import Database
from smsreminders.store.tables.stops import STILL_FAILS
from smsreminders.store.times import from_text, to_text

DEAD_SINCE = (  # of the number of the patient p
    "(select min(m.at) from number_words m where m.practice_id = p.practice_id and m.e164 = p.e164"
    f" and {STILL_FAILS} having count(*) >= {FAILURES})"
)


@dataclass(frozen=True, slots=True)
class FailedNumber:
    """A number at which texts of a practice definitely failed."""

    e164: str = field(repr=False)
    failures: Failures


def note_dead(db: Database, notification_id: int, now: datetime) -> None:
    """Note that a gateway's code says of a notification's number that it is dead, once however often it is reported."""
    db.execute(
        "insert or ignore into number_words (practice_id, e164, word, at, notification_id, by_whom)"
        " select practice_id, phone, 'dead', ?, id, '' from notifications where id = ? and phone <> ''",
        [to_text(now), notification_id],
    )


def note_delivered(db: Database, notification_id: int, now: datetime) -> None:
    """Note that a notification arrived, where its number failed before; of other numbers nothing is kept."""
    db.execute(
        "insert into number_words (practice_id, e164, word, at, notification_id, by_whom)"
        " select n.practice_id, n.phone, 'delivered', ?, n.id, '' from notifications n where n.id = ?"
        " and exists (select 1 from number_words m where m.practice_id = n.practice_id and m.e164 = n.phone"
        f" and {STILL_FAILS})",
        [to_text(now), notification_id],
    )


def lift_number(db: Database, practice_id: int, e164: str, *, by: str, now: datetime) -> None:
    """Note that a person says of a number that it may be texted."""
    db.execute(
        "insert into number_words (practice_id, e164, word, at, by_whom) values (?, ?, ?, ?, ?)",
        [practice_id, e164, NumberWord.LIFTED.value, to_text(now), by],
    )


def words_on(db: Database, practice_id: int, e164: str) -> list[tuple[NumberWord, datetime]]:
    """List what was learned of a number for a practice, in the order in which it was recorded."""
    rows = db.execute(
        "select word, at from number_words where practice_id = ? and e164 = ? order by id", [practice_id, e164]
    )
    return [(NumberWord(word), from_text(at)) for word, at in rows]


def failed_numbers(db: Database, practice_id: int) -> Iterator[FailedNumber]:
    """List the numbers at which a practice's texts failed since one last arrived, those that failed first first."""
    rows = db.execute(
        "select m.e164, count(*), min(m.at) from number_words m where m.practice_id = ?"
        f" and {STILL_FAILS} group by m.e164 order by min(m.at), m.e164",
        [practice_id],
    )
    for e164, times, since in rows:
        yield FailedNumber(e164, Failures(times, from_text(since)))
