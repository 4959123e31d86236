"""Rounds: what each one covered, and what it made of each appointment that it looked at."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from smsreminders.domain.round.planning import Plan
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.window import Window
from smsreminders.store.database import Database
from smsreminders.store.many import insert_rows
from smsreminders.store.times import date_from_text, from_text, maybe_time, to_text


@dataclass(frozen=True, slots=True)
class RoundOutcome:
    """What a round made of an appointment: a reminder, or a skip with its reason."""

    round_id: int
    started_at: datetime
    revision: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class LastRound:
    """The last round of a practice."""

    started_at: datetime
    today: date
    held_back: bool
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoundOfDay:
    """The last round of a day for a practice, with how many appointments it gave each outcome (None: a reminder).

    `new_days` are the days that the rounds of earlier days hadn't covered.
    """

    new_days: int
    outcomes: dict[SkipReason | None, int] = field(default_factory=dict)


def start_round(db: Database, now: datetime) -> int:
    """Begin a round; return its id."""
    (id_,) = db.execute("insert into rounds (started_at) values (?) returning id", [to_text(now)]).fetchone()
    return int(id_)


def record_plan(db: Database, round_id: int, practice_id: int, window: Window, plan: Plan) -> None:
    """Write down what a round covers for a practice, and each appointment with its outcome."""
    db.execute(
        "insert into round_practices (round_id, practice_id, today, last_day, planned, skipped, held_back)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        [
            round_id,
            practice_id,
            window.today.isoformat(),
            window.last.isoformat(),
            len(plan.reminders),
            json.dumps(Counter(skip.reason.value for skip in plan.skips), sort_keys=True),
            plan.held_back,
        ],
    )
    outcomes: list[tuple[int, int, int, str | None]] = [
        (c.due.appointment_id, round_id, c.due.revision, None) for r in plan.reminders for c in r.covers
    ]
    outcomes += [(s.due.appointment_id, round_id, s.due.revision, s.reason.value) for s in plan.skips]
    insert_rows(db, "round_outcomes (appointment_id, round_id, revision, reason)", "(?, ?, ?, ?)", outcomes)


def complete_round(db: Database, round_id: int, practice_ids: Iterable[int], now: datetime) -> None:
    """Mark a round as completed for practices of which nothing waits any more."""
    for practice_id in practice_ids:
        db.execute(
            "update round_practices set completed_at = ? where round_id = ? and practice_id = ?",
            [to_text(now), round_id, practice_id],
        )


def was_completed(db: Database, practice_id: int, today: date) -> bool:
    """Whether a round of this local date was completed for a practice."""
    return (
        db.execute(
            "select 1 from round_practices where practice_id = ? and today = ? and completed_at is not null",
            [practice_id, today.isoformat()],
        ).fetchone()
        is not None
    )


def last_round(db: Database, practice_id: int) -> LastRound | None:
    """The last round that looked at a practice, or None."""
    row = db.execute(
        "select r.started_at, x.today, x.held_back, x.completed_at from round_practices x"
        " join rounds r on r.id = x.round_id where x.practice_id = ? order by x.round_id desc limit 1",
        [practice_id],
    ).fetchone()
    if row is None:
        return None
    started_at, today, held_back, completed_at = row
    return LastRound(from_text(started_at), date_from_text(today), bool(held_back), maybe_time(completed_at))


def outcomes_of(db: Database, appointment_id: int) -> list[RoundOutcome]:
    """What every round made of an appointment, the oldest round first."""
    rows = db.execute(
        "select o.round_id, r.started_at, o.revision, o.reason from round_outcomes o"
        " join rounds r on r.id = o.round_id where o.appointment_id = ? order by o.round_id",
        [appointment_id],
    )
    return [RoundOutcome(id_, from_text(at), revision, reason) for id_, at, revision, reason in rows]


def last_reasons(db: Database, appointment_ids: Collection[int]) -> dict[int, str]:
    """Read why the last round that looked at each of these appointments skipped it; none for those that it reminded."""
    rows = db.execute(
        "select o.appointment_id, o.reason from round_outcomes o"
        " where o.appointment_id in (select value from json_each(?)) and o.reason is not null"
        " and o.round_id = (select max(l.round_id) from round_outcomes l where l.appointment_id = o.appointment_id)",
        [json.dumps(list(appointment_ids))],
    )
    return dict(rows.fetchall())


def rounds_of_day(db: Database, practice_ids: Collection[int], day: date, after: datetime) -> dict[int, RoundOfDay]:
    """Read the last round of a local date for each practice that had one; it counts appointments from `after` on."""
    rounds: dict[int, RoundOfDay] = {}
    for practice_id, last_day, covered, reason, count in db.execute(
        "select x.practice_id, x.last_day,"
        " (select max(e.last_day) from round_practices e where e.practice_id = x.practice_id"
        "  and e.today < x.today and e.today >= date(x.today, '-40 days')),"
        " o.reason, count(o.round_id) from round_practices x"
        " left join appointments a on a.practice_id = x.practice_id"
        "  and a.starts_at >= :after and a.starts_at < date(x.last_day, '+2 days')"
        " left join round_outcomes o on o.appointment_id = a.id and o.round_id = x.round_id"
        " where x.today = :today and x.practice_id in (select value from json_each(:practices))"
        " and x.round_id = (select max(l.round_id) from round_practices l"
        "  where l.practice_id = x.practice_id and l.today = x.today)"
        " group by x.practice_id, o.reason",
        {"after": to_text(after), "today": day.isoformat(), "practices": json.dumps(list(practice_ids))},
    ):
        new = date_from_text(last_day) - max(day, date_from_text(covered) if covered else day)
        round_of_day = rounds.setdefault(practice_id, RoundOfDay(max(new.days, 0)))
        if count:
            round_of_day.outcomes[SkipReason(reason) if reason else None] = count
    return rounds
