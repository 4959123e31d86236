"""A database that was put back from a backup: ask the gateway which of its reminders were sent already.

References are the same whenever they are made, so the gateway can be asked also for what this database doesn't know
that it sent. What is found is taken over as sent, with the text as it would be now; its report comes with `poll`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from smsreminders.domain.bill.restoring import likely_day
from smsreminders.domain.clock import Clock
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.due import Due, Rules
from smsreminders.domain.round.guards import check_runs
from smsreminders.domain.round.notifications import ASKED_FOR
from smsreminders.domain.round.reminders import Reminder
from smsreminders.domain.round.sending import Accepted, AccountName
from smsreminders.domain.round.taken import Slot, Taken, may_have_gone, texts_taken
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.accounts import Accounts
from smsreminders.gateways.base import Account
from smsreminders.jobs.keep.asked import Asked
from smsreminders.jobs.round.claim import recover
from smsreminders.jobs.round.guard import count
from smsreminders.jobs.round.plan import holidays_of, rules_for
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.agenda.imports import last_import
from smsreminders.store.appointments import count_up
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.installation import installation_name, runs_seen
from smsreminders.store.lock import RunLock
from smsreminders.store.round import claims, outbox
from smsreminders.store.round.due import due_between, former_between

_MARGIN = timedelta(days=1)  # what was sent before the backup, but not yet in it


@dataclass(frozen=True, slots=True)
class Guessed:
    """An appointment of a practice that counts as told by a guess."""

    practice: Practice
    due: Due


@dataclass(frozen=True, slots=True)
class ReconcileResult:
    """How many reminders the gateway was asked for, and how many it had taken.

    `not_asked` are of patients with a number that can't be texted now, by which the gateway can't be asked. `guessed`
    count as told although what they were told isn't known: somebody calls them.
    """

    asked: int
    taken: int
    not_asked: int
    guessed: list[Guessed]


@dataclass(frozen=True, slots=True)
class _Found:
    """A text that an account had taken, and the local date on which that likely was."""

    taken: Taken
    rules: Rules
    account: AccountName
    day: date

    @property
    def text(self) -> Reminder:
        return self.taken.text


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
    asked, found = list[Asked](), list[_Found]()
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
        found += [
            _Found(taken, of, opened[name].name, _likely_day(taken.text, of, terms, holidays, since=since))
            for of, taken in texts
        ]
    _check_services(found)
    with write_transaction(db):
        for each in found:
            _take_over(db, each, now=now)
            if each.taken.ahead and _is_imported(db, lock, each.rules.practice):
                count_up(db, each.text.due.appointment_id, each.text.due.revision)
    count(db, lock, max(runs, lock.runs() or 0) + 1, clock=clock)
    return ReconcileResult(
        sum(of.number for of in asked),
        sum(len(of.found) for of in asked),
        sum(of.not_asked for of in asked),
        [Guessed(each.rules.practice, due) for each in found for due in each.taken.guessed],
    )


def allow_runs(db: Database, lock: RunLock, *, clock: Clock) -> datetime | None:
    """Allow rounds again without asking: a person has compared what was sent, or has seen that the clock is right.

    Return the last run that the database knows where it is a copy or older than its last run, which isn't known then.
    """
    runs, last_run_at = runs_seen(db)
    try:
        check_runs(runs, lock.runs(), at=last_run_at, ended_at=lock.last_at())
    except AdministratorNeeded:
        known = last_run_at
    else:
        known = None
    count(db, lock, max(runs, lock.runs() or 0) + 1, clock=clock)
    return known


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
            f"the last run was less than {minutes} minutes ago, and the gateway's list may lag (`settle_time`): "
            "wait for as long, then run it again; nothing was changed"
        )


def _check_services(found: Iterable[_Found]) -> None:
    """Raise AdministratorNeeded where a reminder was sent for a service that this database doesn't have."""
    for each in found:
        if each.text.due.service_id is None:
            code = each.rules.practice.code
            raise AdministratorNeeded(
                f"reminders of {code} were sent already, and it has no enabled service for them now: enable it "
                f"(`smsreminders service list --practice {code}`), then run `smsreminders reconcile` again"
            )


def _texts(db: Database, every_rules: Sequence[Rules], asked: Asked) -> list[tuple[Rules, Taken]]:
    """Ask an account for what its practices may have sent; the texts that it knows, with what they likely covered."""
    present: dict[int, list[Due]] = {}
    candidates: list[tuple[Due, Slot, Rules]] = []
    for rules in every_rules:
        id_, span = rules.practice.id, (asked.since, rules.window.closes)
        present[id_] = due_between(db, id_, *span, rehearsed=rules.rehearsal)
        former = former_between(db, id_, *span, rehearsed=rules.rehearsal)
        candidates += [(due, slot, rules) for due, slot in may_have_gone(present[id_], former, rules)]
    asked.ask(candidates)
    asked.ask([(c.due, (c.first.occasion, 2), rules) for rules, c in [*asked.found] if c.first.attempt == 1])
    return [
        (rules, taken)
        for rules in every_rules
        for taken in texts_taken(asked.found_of(rules), present[rules.practice.id], rules)
    ]


def _likely_day(text: Reminder, rules: Rules, terms: Terms, holidays: Collection[date], *, since: datetime) -> date:
    return likely_day(
        text.due.starts_at.astimezone(rules.zone).date(),
        weekdays=terms.of(rules.practice.code).schedule.weekdays,
        holidays=holidays,
        first=(since + _MARGIN).astimezone(rules.zone).date(),
        today=rules.window.today,
    )


def _is_imported(db: Database, lock: RunLock, practice: Practice) -> bool:
    """Whether the agenda was imported after the last run, the lost ones too: then the next change is a new one."""
    lost_until, imported_at = lock.last_at(), last_import(db, practice.id, "appointments")
    return lost_until is not None and imported_at is not None and imported_at > lost_until


def _take_over(db: Database, found: _Found, *, now: datetime) -> None:
    """Write down that a text was sent."""
    rules, text = found.rules, found.text
    [id_] = outbox.enqueue(db, rules.practice, [text], rehearsed=rules.rehearsal, now=now)
    claims.claim(db, [(id_, text, rules.practice.sender_id, found.account)], now=now, today=found.day)
    claims.accept(db, [(id_, Accepted())], now=now)
