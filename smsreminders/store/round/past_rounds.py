"""The rounds that were: what each planned and skipped of a practice, and what became of the texts that it sent."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from smsreminders.domain.round.notifications import TAKEN
from smsreminders.store.database import Database
from smsreminders.store.times import date_from_text, from_text, maybe_time


@dataclass(frozen=True, slots=True)
class PastRound:
    """A round of a practice: the days that it covered, how many texts it planned, sent, and were delivered since.

    `sent` are those that a gateway took between this round and the next one of the practice; `skipped` counts
    appointments by their reason. A round without `completed_at` left something waiting.
    """

    id: int
    practice: str
    started_at: datetime
    first: date
    last: date
    planned: int
    sent: int
    delivered: int
    skipped: Mapping[str, int]
    held_back: bool
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round made of an appointment; without a reason it got a reminder. `starts_at` is as it stands now."""

    practice: str
    appointment: str
    patient: str
    starts_at: datetime
    revision: int
    reason: str | None


_ROUNDS = """
    select x.round_id, c.code, r.started_at, x.today, x.last_day, x.planned, x.skipped, x.held_back, x.completed_at,
        count(n.id), coalesce(sum(n.status = 'delivered'), 0)
    from round_practices x
    join rounds r on r.id = x.round_id
    join practices c on c.id = x.practice_id
    left join notifications n on n.practice_id = x.practice_id and n.sent_on = x.today
        and n.status in (select value from json_each(:taken)) and n.sent_at >= r.started_at
        and n.sent_at < coalesce((select min(l.started_at) from round_practices y join rounds l on l.id = y.round_id
            where y.practice_id = x.practice_id and y.round_id > x.round_id), '9999')
"""


def past_rounds(db: Database, practice_ids: Collection[int], *, limit: int | None = None) -> list[PastRound]:
    """List the rounds of practices, the oldest first; with a limit the newest ones."""
    rows = db.execute(
        f"{_ROUNDS} where x.practice_id in (select value from json_each(:practices))"
        " group by x.round_id, x.practice_id order by x.round_id desc, c.code desc limit :limit",
        _taken() | {"practices": json.dumps(list(practice_ids)), "limit": -1 if limit is None else limit},
    )
    return [*map(_past_round, rows)][::-1]


def count_rounds(db: Database, practice_ids: Collection[int]) -> int:
    """Count what `past_rounds` lists without a limit."""
    (count,) = db.execute(
        "select count(*) from round_practices where practice_id in (select value from json_each(?))",
        [json.dumps(list(practice_ids))],
    ).fetchone()
    return int(count)


def one_round(db: Database, round_id: int) -> list[PastRound]:
    """Read a round, of each of its practices; empty where there was no such round."""
    rows = db.execute(
        f"{_ROUNDS} where x.round_id = :round group by x.round_id, x.practice_id order by c.code",
        _taken() | {"round": round_id},
    )
    return [*map(_past_round, rows)]


def outcomes_of_round(db: Database, round_id: int) -> Iterator[Outcome]:
    """List what a round made of each appointment, by practice and start."""
    rows = db.execute(
        "select c.code, a.source_id, p.source_id, a.starts_at, o.revision, o.reason from round_outcomes o"
        " join appointments a on a.id = o.appointment_id join patients p on p.id = a.patient_id"
        " join practices c on c.id = a.practice_id where o.round_id = ? order by c.code, a.starts_at, a.id",
        [round_id],
    )
    for practice, appointment, patient, starts_at, revision, reason in rows:
        yield Outcome(practice, appointment, patient, from_text(starts_at), revision, reason)


def _taken() -> dict[str, object]:
    return {"taken": json.dumps(sorted(TAKEN))}


def _past_round(row: tuple[Any, ...]) -> PastRound:
    round_id, code, started_at, today, last_day, planned, skipped, held_back, completed_at, sent, delivered = row
    return PastRound(
        id=round_id,
        practice=code,
        started_at=from_text(started_at),
        first=date_from_text(today),
        last=date_from_text(last_day),
        planned=planned,
        sent=sent,
        delivered=delivered,
        skipped=json.loads(skipped),
        held_back=bool(held_back),
        completed_at=maybe_time(completed_at),
    )
