"""The call list: who of the covered days has no delivered text, or an answer that waits, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from smsreminders.domain.clock import Clock
from smsreminders.domain.local_time import day_start
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.due import Due, Rules
from smsreminders.domain.round.unreached import Decisions, decide, unreached
from smsreminders.errors import ConfigError
from smsreminders.gateways.accounts import Accounts
from smsreminders.jobs.round.plan import holidays_of, rules_for
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import Database
from smsreminders.store.round.due import due_between
from smsreminders.store.round.outbox import sent_today
from smsreminders.store.round.replies import waiting_answers
from smsreminders.store.round.rounds import last_reasons


@dataclass(frozen=True, slots=True)
class ToCall:
    """An appointment that no delivered text tells of, or that an answer is about, with the reason."""

    practice: Practice
    due: Due
    reason: str

    @property
    def starts_at(self) -> datetime:
        """When it begins, UTC."""
        return self.due.starts_at


def to_call(
    db: Database,
    practices: Sequence[Practice],
    *,
    accounts: Accounts,
    terms: Terms,
    on: date | None = None,
    clock: Clock,
) -> list[ToCall]:
    """List by start who of the days that the round of a date covers has no delivered text, or an answer that waits.

    The days of a round go up to the end of the next working day (with `remind = ["3wd"]` of the third one). Today's
    list has what is still to come; that of another date has its whole days.
    """
    now, holidays = clock.now(), holidays_of(terms.schedule)
    listed: list[ToCall] = []
    for practice in practices:
        looking = _Looking(db, practice, terms, holidays, rehearsal=accounts.rehearses(practice))
        listed += looking.list(now, on)
    return sorted(listed, key=attrgetter("starts_at"))


@dataclass(frozen=True, slots=True)
class _Looking:
    """What is looked at to make the list of a practice."""

    db: Database
    practice: Practice
    terms: Terms
    holidays: Mapping[date, str]
    rehearsal: bool

    def list(self, now: datetime, on: date | None) -> Iterator[ToCall]:
        rules = self._rules(now)
        today = rules.window.today
        day = on or today
        start = day_start(day, rules.zone)
        window = rules.window if day == today else self._rules(start).window
        dues = due_between(self.db, self.practice.id, start, window.ends[0][1], rehearsed=self.rehearsal)
        reasons = last_reasons(self.db, [due.appointment_id for due in dues])
        answers = waiting_answers(self.db, [due.appointment_id for due in dues])
        for due, reason in unreached(dues, self._decisions(dues, rules), reasons, answers):
            if due.starts_at > now or day != today:
                yield ToCall(self.practice, due, reason)

    def _rules(self, at: datetime) -> Rules:
        return rules_for(
            self.db, self.practice, terms=self.terms, holidays=self.holidays, now=at, rehearsal=self.rehearsal
        )

    def _decisions(self, dues: Sequence[Due], rules: Rules) -> Decisions:
        limit = self.terms.of(self.practice.code).schedule.daily_limit
        already = sent_today(self.db, self.practice.id, rules.window.today, rehearsed=rules.rehearsal)
        try:
            return decide(dues, rules, daily_limit=limit, sent_today=already)
        except ConfigError:  # the text can't be made: `doctor` and the round say why
            return {}
