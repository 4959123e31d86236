"""What the figures of a day say: did as much go out and arrive as it should? Each trouble says what to do."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from smsreminders.domain.practices import REMINDERS_BY_SMS, Service
from smsreminders.domain.round.guards import delivery_has_dropped
from smsreminders.domain.round.notifications import TAKEN, Status
from smsreminders.domain.round.reminders import SkipReason

_FEW = 3  # of fewer nothing is said
_ENOUGH = 10  # where the share is judged by itself, or against other weeks
_WEEKS = 4
_JUMP = 0.25  # by how much more of a morning is skipped for a reason than is usual

_REMINDED = frozenset({None, SkipReason.ALREADY_REMINDED, SkipReason.CONFIRMED, SkipReason.COVERED})
_NO_MATTER = frozenset({SkipReason.CANCELLED, SkipReason.TOO_LATE})
_SKIPPED: dict[SkipReason, str] = {
    SkipReason.NO_SERVICE: "look at `smsreminders service list`, then run `smsreminders dispatch`",
    SkipReason.NO_CONSENT: "look whether the import still has its consent column; "
    "`smsreminders consent list --missing --practice {practice}` shows who",
    SkipReason.CONSENT_WITHDRAWN: "look what the consent column of the import says; "
    "`smsreminders consent list --missing --practice {practice}` shows who",
    SkipReason.NO_NUMBER: "look whether the import still has its phone column",
    SkipReason.INVALID_NUMBER: "look what the phone column of the import says",
    SkipReason.NOT_MOBILE: "look what the phone column of the import says",
    SkipReason.STOPPED: "`smsreminders stopped list --practice {practice}` shows which numbers, since when and how",
    SkipReason.PERHAPS_STOPPED: "`smsreminders replies list --practice {practice}` shows the replies to read",
    SkipReason.DEAD_NUMBER: "`smsreminders patient list --failed-numbers --practice {practice}` shows whose",
    SkipReason.UNCLEAR: "look what an import couldn't read: `smsreminders notifications explain APPOINTMENT` says it",
    SkipReason.UNFIT_TEXT: "look what stands in the place and the name: a BSN, a birth date or a short link may not",
    SkipReason.EXCLUDED: "look whether so many are meant by except_types and except_practitioners in "
    "[practices.{practice}] of the configuration",
    SkipReason.LIMIT_REACHED: "if so many are right, raise daily_limit, in [schedule] or in [practices.{practice}] of "
    "the configuration, and run `smsreminders dispatch`",
}
_ELSE = "`smsreminders notifications explain APPOINTMENT` says more"
_FAILED = "see `smsreminders notifications list --status failed`, then ask the gateway"
_REJECTED = "see `smsreminders notifications list --status rejected`, mend the number, then run `smsreminders dispatch`"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong, and what to do about it; `about` is what `doctor` calls it."""

    about: str
    found: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.found}: {self.advice}" if self.advice else self.found


@dataclass(frozen=True, slots=True)
class Morning:
    """How the last round of a day went for a practice.

    `new_days` are the days that no earlier day's round had covered, `outcomes` what it made of the appointments after
    that day (None: a reminder), `sent` the texts of that day that a gateway took.
    """

    new_days: int
    outcomes: Mapping[SkipReason | None, int]
    sent: int

    @property
    def looked_at(self) -> int:
        """How many appointments could have got a reminder."""
        return sum(count for reason, count in self.outcomes.items() if reason not in _NO_MATTER)

    @property
    def skipped(self) -> dict[SkipReason, int]:
        """How many were skipped for each reason, without those that were reminded before."""
        return {reason: count for reason, count in self.outcomes.items() if reason and reason not in _REMINDED}


@dataclass(frozen=True, slots=True)
class Arrival:
    """How many texts a gateway took, of how many it is known whether they arrived, and how many did."""

    taken: int = 0
    known: int = 0
    delivered: int = 0

    @classmethod
    def of(cls, texts: Counter[Status]) -> "Arrival":
        """Count what arrived among texts of which this many stand at each status."""
        taken = sum(texts[status] for status in TAKEN)
        return cls(taken, taken - texts[Status.SENT], texts[Status.DELIVERED])

    @property
    def share(self) -> str:
        """The delivered ones of those whose fate is known, as a percentage; a dash where there is none."""
        return f"{100 * self.delivered // self.known} %" if self.known else "-"


def usually_sent(today: Morning, weeks: Sequence[Morning]) -> int | None:
    """Find how many texts go out on such a day: the middle of the weeks whose round covered as many new days."""
    alike = [week.sent for week in weeks if week.new_days == today.new_days]
    return median_low(alike) if alike else None


def sent_too_few(practice: str, today: Morning, weeks: Sequence[Morning]) -> Trouble | None:
    """Tell of a morning with less than half of the texts that usually go out, of ten or more."""
    usual = usually_sent(today, weeks)
    if usual is None or usual < _ENOUGH or 2 * today.sent >= usual:
        return None
    return Trouble(
        "sent",
        f"{practice}: {today.sent} texts went out today, on this weekday usually {usual}",
        f"look whether the agenda is complete, and tell closed days with `smsreminders practice days {practice}`",
    )


def skipped_too_many(practice: str, today: Morning, weeks: Sequence[Morning]) -> list[Trouble]:
    """Tell of each reason for which more than half were skipped, or clearly more than is usual."""
    return [
        Trouble(
            "skipped",
            f"{practice}: {count} of {today.looked_at} appointments were skipped in the last round of today: {reason}",
            _SKIPPED.get(reason, _ELSE).format(practice=practice),
        )
        for reason, count in sorted(today.skipped.items())
        if reason not in _NO_MATTER
        and count >= _FEW
        and ((_is_most(reason, today) and not _is_usual(reason, weeks)) or _has_jumped(reason, today, weeks))
    ]


def _is_most(reason: SkipReason, morning: Morning) -> bool:
    return 2 * morning.outcomes.get(reason, 0) > morning.looked_at


def _is_usual(reason: SkipReason, weeks: Sequence[Morning]) -> bool:
    """Whether so many were skipped for this reason in each of the four weeks: then somebody knows of it."""
    return len(weeks) >= _WEEKS and all(_is_most(reason, week) for week in weeks)


def _has_jumped(reason: SkipReason, today: Morning, weeks: Sequence[Morning]) -> bool:
    before = sum(week.looked_at for week in weeks)
    if min(today.looked_at, before) < _ENOUGH:
        return False
    usual = sum(week.outcomes.get(reason, 0) for week in weeks) / before
    return today.outcomes.get(reason, 0) / today.looked_at > usual + _JUMP


def too_few_arrive(arrival: Arrival) -> bool:
    """Tell whether so few arrive that it needs no comparison: under 60 % of ten or more, or none of three or more.

    Only once it is known of half of them: what fails is often known sooner than what arrives.
    """
    if 2 * arrival.known < arrival.taken:
        return False
    if arrival.known >= _ENOUGH:
        return 10 * arrival.delivered < 6 * arrival.known
    return arrival.known >= _FEW and arrival.delivered == 0


def arrives_badly(today: Arrival, week: Arrival, practice: str = "") -> Trouble | None:
    """Tell that too few of the texts of today, or of the last week, arrive; of one practice, or of all."""
    for name, arrival in (("today's", today), ("the last week's", week)):
        if too_few_arrive(arrival):
            whose = f"{practice}: " if practice else ""
            share = f"{arrival.delivered} of {name} {arrival.known} texts whose fate is known arrived"
            return Trouble("delivered", whose + share, _FAILED)
    return None


def arrives_worse(now: Arrival, usual: Arrival, when: str = "") -> Trouble | None:
    """Tell that clearly fewer of the texts arrive than is usual."""
    if not delivery_has_dropped((now.delivered, now.known), (usual.delivered, usual.known)):
        return None
    return Trouble("delivered", f"fewer texts arrive than usual{when}: {now.share}, usually {usual.share}", _FAILED)


def were_rejected(count: int) -> Trouble | None:
    """Tell of the texts of today that a gateway won't have."""
    if not count:
        return None
    was = "was" if count == 1 else "were"
    return Trouble("rejected", f"{count} of today {was} rejected by the gateway", _REJECTED)


def without_service(practice: str, services: Sequence[Service], coming: int) -> Trouble | None:
    """Tell of a practice that has no enabled service for reminders by SMS; `coming` are its appointments of a week."""
    if any(service.enabled and REMINDERS_BY_SMS in service.assigned for service in services):
        return None
    lack = f"{practice} has no enabled service for reminders by SMS"
    due = f", and {coming} appointments in the coming week" if coming else ": nothing goes out"
    return Trouble("service", lack + due, f"run `smsreminders {_remedy(practice, services)}`")


def _remedy(practice: str, services: Sequence[Service]) -> str:
    pair = f"--practice {practice} --channel sms --notification-type appointment-reminder"
    for service in services:
        if REMINDERS_BY_SMS in service.assigned:
            return f"service enable {shlex.quote(service.name)} --practice {practice}"
    if services:
        return f"service assign {shlex.quote(services[0].name)} {pair}"
    return f"service add --name Notificaties {pair}"
