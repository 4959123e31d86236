"""A database that was put back from a backup: ask the gateway which of its reminders were sent already.

References are the same whenever they are made, so the gateway can be asked also for what this database doesn't know
that it sent. What is found is taken over as sent, with the text as it would be now; its report comes with `poll`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from smsreminders.domain.appointments import Booking
from smsreminders.domain.clock import Clock
from smsreminders.domain.consent import Consent
from smsreminders.domain.due import Rules
from smsreminders.domain.exclusions import NOTHING
from smsreminders.domain.notifications import ASKED_FOR, MAY_BE_ON_A_PHONE, Status, reference_of
from smsreminders.domain.phone import PhoneNumber
from smsreminders.domain.practices import Practice
from smsreminders.domain.reminder_text import reminder_text
from smsreminders.domain.reminders import Reminder, Skip, plan_reminder
from smsreminders.domain.restoring import likely_day
from smsreminders.domain.segments import count_segments
from smsreminders.domain.sending import Accepted, AccountName, Open
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.accounts import Accounts
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.claim import recover
from smsreminders.jobs.round.guard import count
from smsreminders.jobs.round.plan import holidays_of, rules_for
from smsreminders.jobs.round.terms import Terms
from smsreminders.store import claims, outbox
from smsreminders.store.appointments import due_between
from smsreminders.store.database import Database, write_transaction
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
class _Candidate:
    """A reminder that may have been sent, what the gateway is asked, and whether its number can be texted now."""

    reminder: Reminder
    rules: Rules
    open: Open
    textable: bool
    sent_on: date
    account: AccountName


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
    asked, sent, not_asked = 0, list[_Candidate](), 0
    for name, own in by_account.items():
        account = opened[name]
        candidates = list(_candidates(db, own, account, terms=terms, since=since, now=now))
        known, unanswered = _known_of(account, candidates)
        asked, not_asked = asked + len(candidates) - unanswered, not_asked + unanswered
        sent += [candidate for candidate in candidates if candidate.open.reference in known]
    _check_services(sent)
    with write_transaction(db):
        for candidate in sent:
            _take_over(db, candidate, now=now)
    count(db, lock, max(runs, lock.runs() or 0) + 1, clock=clock)
    return ReconcileResult(asked, len(sent), not_asked)


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


def _check_services(sent: Iterable[_Candidate]) -> None:
    """Raise AdministratorNeeded where a reminder was sent for a service that this database doesn't have."""
    for candidate in sent:
        if candidate.reminder.due.service_id is None:
            code = candidate.rules.practice.code
            raise AdministratorNeeded(
                f"reminders of {code} were sent already, and it has no enabled service for them now: enable it "
                f"(`smsreminders service list --practice {code}`), then run `smsreminders reconcile` again"
            )


def _known_of(account: Account, candidates: Sequence[_Candidate]) -> tuple[set[str], int]:
    """The references of these that the gateway knows, and how many could not be asked for."""
    known = _known(account, [candidate for candidate in candidates if candidate.textable])
    odd = [candidate for candidate in candidates if not candidate.textable]
    try:
        return known | _known(account, odd), 0
    except (TryAgainLater, AdministratorNeeded):  # it goes by numbers and won't have these
        return known, len(odd)


def _known(account: Account, asked: Sequence[_Candidate]) -> set[str]:
    """The references of these that the gateway knows."""
    if not asked:
        return set()
    return {report.reference for report in account.gateway.lookup([candidate.open for candidate in asked])}


def _candidates(
    db: Database,
    practices: Sequence[Practice],
    account: Account,
    *,
    terms: Terms,
    since: datetime,
    now: datetime,
) -> Iterable[_Candidate]:
    """Yield every appointment since a moment, up to the end of a round now, that isn't known to have its reminder.

    Also one that was cancelled, or whose patient withdrew consent or has another number, or whose service was ended
    meanwhile: it may have been sent before that.
    """
    holidays, installation = holidays_of(terms.schedule), installation_name(db)
    for practice in practices:
        rules = rules_for(
            db,
            practice,
            terms=terms,
            holidays=holidays,
            now=now,
            rehearsal=account.gateway.features.sends_nothing,
        )
        for due in due_between(db, practice.id, since, rules.window.closes, rehearsed=rules.rehearsal):
            if due.earlier and due.earlier.status in MAY_BE_ON_A_PHONE:
                continue
            then = replace(rules, window=replace(rules.window, opens=since - timedelta(seconds=1)), exclusions=NOTHING)
            as_it_was = replace(
                due,
                earlier=None,
                last_sent=None,
                booking=Booking.BOOKED,
                consent=Consent.GIVEN,
                service_id=due.service_id or 0,
            )
            decided = plan_reminder(as_it_was, then)
            textable = isinstance(decided, Reminder)
            if isinstance(decided, Skip):
                text = reminder_text(due, then)
                decided = Reminder(due, PhoneNumber(due.phone), text, count_segments(text))
            reference = reference_of(
                installation, practice.key, due.appointment, due.revision, rehearsed=rules.rehearsal
            )
            asked = Open(reference, None, decided.phone.e164, since, decided.text)
            sent_on = likely_day(
                due.starts_at.astimezone(rules.zone).date(),
                weekdays=terms.schedule.weekdays,
                holidays=holidays,
                first=(since + _MARGIN).astimezone(rules.zone).date(),
                today=now.astimezone(rules.zone).date(),
            )
            yield _Candidate(replace(decided, due=due), rules, asked, textable, sent_on, account.name)


def _take_over(db: Database, candidate: _Candidate, *, now: datetime) -> None:
    """Write down that a reminder was sent."""
    earlier = candidate.reminder.due.earlier
    if earlier is None or earlier.status is not Status.QUEUED:
        outbox.enqueue(db, candidate.rules.practice, [candidate.reminder], rehearsed=candidate.rules.rehearsal, now=now)
    id_ = outbox.id_of(db, candidate.open.reference)
    claims.claim(
        db,
        [(id_, candidate.reminder, candidate.rules.practice.sender_id)],
        account=candidate.account,
        now=now,
        today=candidate.sent_on,
    )
    claims.accept(db, [(id_, Accepted())], now=now)
