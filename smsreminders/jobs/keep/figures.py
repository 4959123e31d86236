"""The figures of a day beside those of the same weekday before: what went out, was skipped, arrived, was rejected."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from smsreminders.domain.keep.health import (
    Arrival,
    Morning,
    Trouble,
    arrives_badly,
    arrives_worse,
    sent_too_few,
    skipped_too_many,
    usually_sent,
    were_rejected,
)
from smsreminders.domain.local_time import day_start
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.store.database import Database
from smsreminders.store.round.notification_counts import texts_by_day
from smsreminders.store.round.rounds import rounds_of_day

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of some practices on one day.

    `texts` counts by practice, local date and status; `mornings` holds for each practice today's and those of the same
    weekday of four weeks, the newest first, as far as there was a round.
    """

    today: date
    practices: Sequence[Practice]
    texts: dict[int, dict[date, Counter[Status]]]
    mornings: dict[int, dict[date, Morning]]

    def texts_in(self, days: Iterable[date], practice: Practice | None = None) -> Counter[Status]:
        """Add up the texts of these local dates, of one practice or of all."""
        wanted = list(days)
        total: Counter[Status] = Counter()
        for counted in [practice] if practice else self.practices:
            of_practice = self.texts.get(counted.id, {})
            for day in wanted:
                total.update(of_practice.get(day, {}))
        return total

    @property
    def sent(self) -> int:
        """How many texts of today a gateway took."""
        return Arrival.of(self.texts_in([self.today])).taken

    @property
    def rejected(self) -> int:
        """How many texts of today a gateway won't have."""
        return self.texts_in([self.today])[Status.REJECTED]

    @property
    def recent(self) -> Arrival:
        """What arrived of the last week's texts, and today's."""
        return Arrival.of(self.texts_in(_days(self.today - _WEEK, self.today)))

    @property
    def usual(self) -> Arrival:
        """What arrived in the four weeks before the last one."""
        return Arrival.of(self.texts_in(_days(self.today - (_WEEKS + 1) * _WEEK, self.today - _WEEK - _DAY)))

    @property
    def skipped(self) -> dict[SkipReason, int]:
        """How many appointments today's last round skipped for each reason."""
        total: Counter[SkipReason] = Counter()
        for practice in self.practices:
            if morning := self.morning(practice):
                total.update(morning.skipped)
        return dict(sorted(total.items()))

    @property
    def usually_sent(self) -> int | None:
        """How many texts usually go out on such a day; None where nothing is known of it."""
        usual = [
            usually_sent(morning, self.weeks(practice))
            for practice in self.practices
            if (morning := self.morning(practice))
        ]
        known = [count for count in usual if count is not None]
        return sum(known) if known else None

    def morning(self, practice: Practice) -> Morning | None:
        """How today's last round went for a practice, or None if there was none."""
        return self.mornings.get(practice.id, {}).get(self.today)

    def weeks(self, practice: Practice) -> list[Morning]:
        """How a practice's last rounds went on the same weekday of four weeks."""
        return [morning for day, morning in self.mornings.get(practice.id, {}).items() if day != self.today]


def figures_of(db: Database, practices: Sequence[Practice], *, zone: tzinfo, rehearsal: bool, now: datetime) -> Figures:
    """Count what a day's figures are judged by: of rehearsals, or of what was really sent."""
    today = now.astimezone(zone).date()
    ids = [practice.id for practice in practices]
    texts = texts_by_day(db, ids, today - (_WEEKS + 1) * _WEEK, today + _DAY, rehearsed=rehearsal)
    mornings: dict[int, dict[date, Morning]] = {id_: {} for id_ in ids}
    for day in _weekdays(today):
        for id_, round_ in rounds_of_day(db, ids, day, day_start(day + _DAY, zone)).items():
            sent = Arrival.of(texts.get(id_, {}).get(day, Counter())).taken
            mornings[id_][day] = Morning(round_.new_days, round_.outcomes, sent)
    return Figures(today, practices, texts, mornings)


def troubles_of(figures: Figures, *, completed: Iterable[int]) -> list[Trouble]:
    """Tell what is wrong with the figures; how much went out is judged where the round was `completed`."""
    done, troubles = set(completed), []
    for practice in figures.practices:
        if morning := figures.morning(practice):
            weeks = figures.weeks(practice)
            skipped = skipped_too_many(practice.code, morning, weeks)  # which says too why so few went out
            few = sent_too_few(practice.code, morning, weeks) if practice.id in done and not skipped else None
            troubles += [*skipped, few] if few else skipped
    rejected = were_rejected(figures.rejected)
    return troubles + _arrivals(figures) + ([rejected] if rejected else [])


def _arrivals(figures: Figures) -> list[Trouble]:
    """Tell that too few texts arrive: of all, else of single practices, else fewer than is usual."""
    today = Arrival.of(figures.texts_in([figures.today]))
    if badly := arrives_badly(today, figures.recent):
        return [badly]
    week = _days(figures.today - _WEEK, figures.today)
    of_practices = [
        arrives_badly(
            Arrival.of(figures.texts_in([figures.today], practice)),
            Arrival.of(figures.texts_in(week, practice)),
            practice.code,
        )
        for practice in figures.practices
    ]
    if troubles := [trouble for trouble in of_practices if trouble]:
        return troubles
    weekdays = Arrival.of(figures.texts_in(_weekdays(figures.today)[1:]))
    worse = arrives_worse(today, weekdays, " on this weekday") or arrives_worse(figures.recent, figures.usual)
    return [worse] if worse else []


def _weekdays(today: date) -> list[date]:
    """List today, and the days of the same weekday in the four weeks before."""
    return [today - week * _WEEK for week in range(_WEEKS + 1)]


def _days(first: date, last: date) -> list[date]:
    return [first + n * _DAY for n in range((last - first).days + 1)]
