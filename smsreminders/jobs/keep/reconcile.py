"""A database that was put back from a backup: ask the gateway which of its reminders were sent already.

References are the same whenever they are made, so the gateway can be asked also for what this database doesn't know
that it sent. What is found is taken over as sent, with the text as it would be now; its report comes with `poll`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from smsreminders.domain.clock import Clock
from smsreminders.domain.due import Due, Rules
from smsreminders.domain.notifications import ASKED_FOR
from smsreminders.domain.practices import Practice
from smsreminders.domain.reminders import Reminder, plan_reminder
from smsreminders.domain.restoring import likely_day
from smsreminders.domain.sending import Accepted, AccountName
from smsreminders.domain.taken import slots, texts_taken
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.accounts import Accounts
from smsreminders.gateways.base import Account
from smsreminders.jobs.keep.asked import Asked
from smsreminders.jobs.round.claim import recover
from smsreminders.jobs.round.guard import count
from smsreminders.jobs.round.plan import holidays_of, rules_for
from smsreminders.jobs.round.terms import Terms
from smsreminders.store import claims, outbox
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.due import due_between
from smsreminders.store.installation import installation_name, runs_seen
from smsreminders.store.lock import RunLock

_MARGIN = timedelta(days=1)  # what was sent before the backup, but not yet in it


@dataclass(frozen=True, slots=True)
class ReconcileResult:
    """How many reminders the gateway was asked for, and how many it had taken.

    `not_asked` are of patients with a number that can't be texted now, by which the gateway can't be asked.
    """

    asked: int
    taken: int
    not_asked: int = 0


@dataclass(frozen=True, slots=True)
class _Taken:
    """A text that an account had taken, and the local date on which that likely was."""

    text: Reminder
    rules: Rules
    account: AccountName
    day: date


def reconcile(
    db: Database,
    lock: RunLock,
    practices: Sequence[Practice],
    *,
    accounts: Accounts,
    terms: Terms,
    clock: Clock,
) -> ReconcileResult:
    """Ask each practice's account for every reminder that could have gone out since the last run known here.

    Afterwards rounds are allowed again. Raises AdministratorNeeded where the gateway can't be asked by reference or
    doesn't remember that long, TryAgainLater where it can't be asked now, or so soon after the last run that its list
    may lag: then nothing was changed.
    """
    now = clock.now()
    runs, last_run_at = runs_seen(db)
    last = min(last_run_at or now, now)  # a clock that was ahead then
    by_account: dict[str, list[Practice]] = {}
    for practice in practices:
        by_account.setdefault(accounts.of_practice(practice.code), []).append(practice)
    opened = {name: accounts.named(name).open() for name in by_account}
    for account in opened.values():
        _check_memory(account, now - last)
        _check_settled(account, lock.last_at() or last_run_at, now)
    since = max(last - _MARGIN, now - ASKED_FOR)
    with write_transaction(db):
        recover(db, now=now)
    holidays = holidays_of(terms.schedule)
    asked, taken = list[Asked](), list[_Taken]()
    for name, own in by_account.items():
        rules = [
            rules_for(
                db,
                practice,
                terms=terms,
                holidays=holidays,
                now=now,
                rehearsal=opened[name].gateway.features.sends_nothing,
            )
            for practice in own
        ]
        asked.append(Asked(opened[name], installation_name(db), since))
        texts = _texts(db, rules, asked[-1])
        taken += [
            _Taken(text, of, opened[name].name, _likely_day(text, of, terms, holidays, since=since))
            for of, text in texts
        ]
    _check_services(taken)
    with write_transaction(db):
        for each in taken:
            _take_over(db, each, now=now)
    count(db, lock, max(runs, lock.runs() or 0) + 1, clock=clock)
    return ReconcileResult(
        *(sum(column) for column in zip(*((a.number, len(a.found), a.not_asked) for a in asked), strict=True))
    )


def allow_runs(db: Database, lock: RunLock, *, clock: Clock) -> None:
    """Allow rounds again without asking: a person has compared what was sent, or has seen that the clock is right."""
    count(db, lock, max(runs_seen(db)[0], lock.runs() or 0) + 1, clock=clock)


def _check_memory(account: Account, since_last_run: timedelta) -> None:
    """Raise AdministratorNeeded where the gateway can't tell all that it was sent since the last run."""
    features = account.gateway.features
    by_hand = "compare by hand what was sent, then run `smsreminders reconcile --by-hand`"
    if not features.finds_by_reference:
        raise AdministratorNeeded(f"{account.name} can't be asked by our reference: {by_hand}")
    if since_last_run > features.kept:
        raise AdministratorNeeded(
            f"{account.name} may have forgotten what it was sent after this database's last run, "
            f"{since_last_run.days} days ago: {by_hand}"
        )


def _check_settled(account: Account, last_at: datetime | None, now: datetime) -> None:
    """Raise TryAgainLater where the last run ended so lately that what it sent may not be in the gateway's list yet."""
    if last_at is not None and timedelta() <= now - last_at < account.settles_after:
        minutes = account.settles_after // timedelta(minutes=1)
        raise TryAgainLater(
            f"the last run was less than {minutes} minutes ago, and the gateway's list may lag (account.settle_time): "
            "wait for as long, then run it again; nothing was changed"
        )


def _check_services(taken: Iterable[_Taken]) -> None:
    """Raise AdministratorNeeded where a reminder was sent for a service that this database doesn't have."""
    for each in taken:
        if each.text.due.service_id is None:
            code = each.rules.practice.code
            raise AdministratorNeeded(
                f"reminders of {code} were sent already, and it has no enabled service for them now: enable it "
                f"(`smsreminders service list --practice {code}`), then run `smsreminders reconcile` again"
            )


def _texts(db: Database, every_rules: Sequence[Rules], asked: Asked) -> list[tuple[Rules, Reminder]]:
    """Ask an account for what its practices may have sent; the texts that it knows, with what they likely covered."""
    dues = {
        rules.practice.id: due_between(
            db, rules.practice.id, asked.since, rules.window.closes, rehearsed=rules.rehearsal
        )
        for rules in every_rules
    }
    asked.ask(
        [(due, slot, rules) for rules in every_rules for due in dues[rules.practice.id] for slot in slots(due, rules)]
    )
    asked.ask([(c.due, (c.first.occasion, 2), rules) for rules, c in [*asked.found] if c.first.attempt == 1])
    return [
        (rules, text)
        for rules in every_rules
        for text in texts_taken(asked.found_of(rules), _meant(dues[rules.practice.id], rules), rules)
    ]


def _meant(dues: Iterable[Due], rules: Rules) -> list[Reminder]:
    """The reminders that a round would send now, each for one appointment."""
    decided = [plan_reminder(due, rules) for due in dues]
    return [decision for decision in decided if isinstance(decision, Reminder)]


def _likely_day(text: Reminder, rules: Rules, terms: Terms, holidays: Collection[date], *, since: datetime) -> date:
    return likely_day(
        text.due.starts_at.astimezone(rules.zone).date(),
        weekdays=terms.of(rules.practice.code).schedule.weekdays,
        holidays=holidays,
        first=(since + _MARGIN).astimezone(rules.zone).date(),
        today=rules.window.today,
    )


def _take_over(db: Database, taken: _Taken, *, now: datetime) -> None:
    """Write down that a text was sent."""
    rules, text = taken.rules, taken.text
    [id_] = outbox.enqueue(db, rules.practice, [text], rehearsed=rules.rehearsal, now=now)
    claims.claim(db, [(id_, text, rules.practice.sender_id, taken.account)], now=now, today=taken.day)
    claims.accept(db, [(id_, Accepted())], now=now)
