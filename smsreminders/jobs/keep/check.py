"""The check for monitoring: would a run be refused, did today's go as usual, what waits for a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from smsreminders.domain.clock import Clock
from smsreminders.domain.keep.health import Arrival
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.guards import is_check_overdue, reports_have_stopped
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.unreached import WAITS
from smsreminders.errors import AdministratorNeeded
from smsreminders.gateways.accounts import Accounts
from smsreminders.jobs.bill.close import month_to_close
from smsreminders.jobs.keep.access import WHAT_TO_DO, verify_end
from smsreminders.jobs.keep.accounts import AccountState, accounts_of, judged_by_figures
from smsreminders.jobs.keep.figures import figures_of, troubles_of
from smsreminders.jobs.keep.services import coming, service_trouble
from smsreminders.jobs.round.dispatch import refusals
from smsreminders.jobs.round.guard import check_file, check_run
from smsreminders.jobs.round.terms import Terms
from smsreminders.jobs.round.went_by import uncertain_of
from smsreminders.jobs.unreached import to_call
from smsreminders.store.appointments import count_missing
from smsreminders.store.database import Database, path_of
from smsreminders.store.installation import last_check
from smsreminders.store.lock import last_beside
from smsreminders.store.round import outbox
from smsreminders.store.round.notification_counts import without_report
from smsreminders.store.round.replies import count_perhaps_stopped, count_replies
from smsreminders.store.round.rounds import was_completed

_REPORTED_IN = timedelta(hours=24)
_PATIENCE = timedelta(days=1)  # cron closes a month on its first day, or on one of the next


@dataclass(slots=True)
class CheckResult:
    """The figures of today, and the troubles, none when all is well: each says what is wrong and what to do.

    `usually_sent` is how many go out on such a day (None: nothing is known of it), `recent` what arrived of the last
    week's texts, `usual` of those of the four weeks before. `accounts` are those that these practices use.
    `to_call` are the appointments that `unreached` lists, without those that just wait, `missing` those to come that
    the newest complete files lack; `replies` wait for the desk, of which `perhaps_stopped` may ask for no
    more texts.
    """

    sent: int = 0
    usually_sent: int | None = None
    skipped: dict[SkipReason, int] = field(default_factory=dict)
    rejected: int = 0
    waiting: int = 0
    uncertain: int = 0
    to_call: int = 0
    missing: int = 0
    replies: int = 0
    perhaps_stopped: int = 0
    recent: Arrival = field(default_factory=Arrival)
    usual: Arrival = field(default_factory=Arrival)
    troubles: list[str] = field(default_factory=list)
    accounts: list[AccountState] = field(default_factory=list)


def check(
    db: Database, practices: Sequence[Practice], *, accounts: Accounts, terms: Terms, round_by: time, clock: Clock
) -> CheckResult:
    """Look at what a run would refuse, today's rounds and figures, what waits, and the month to close."""
    schedule, now = terms.schedule, clock.now()
    ids = [practice.id for practice in practices]
    judged, rehearsal = judged_by_figures(practices, accounts)
    figures = figures_of(db, judged, zone=schedule.zone, rehearsal=rehearsal, now=now)
    result = CheckResult(
        sent=figures.sent,
        usually_sent=figures.usually_sent,
        skipped=figures.skipped,
        rejected=figures.rejected,
        waiting=len(outbox.queue(db, ids)),
        uncertain=uncertain_of(db, practices, accounts),
        to_call=sum(
            call.reason not in WAITS for call in to_call(db, practices, accounts=accounts, terms=terms, clock=clock)
        ),
        missing=sum(count_missing(db, id_, now) for id_ in ids),
        recent=figures.recent,
        usual=figures.usual,
        replies=count_replies(db, ids, done=False),
        perhaps_stopped=count_perhaps_stopped(db, ids),
        accounts=accounts_of(db, practices, accounts),
    )
    completed = {id_ for id_ in ids if was_completed(db, id_, figures.today)}
    result.troubles += [str(account.trouble) for account in result.accounts if account.trouble]
    result.troubles += _refusal(db, now)
    result.troubles += _access_log(db)
    result.troubles += refusals(db, practices, accounts=accounts, terms=terms, now=now)
    result.troubles += _services(db, practices, now)
    local = now.astimezone(schedule.zone).time()
    missing = [
        practice.code
        for practice in practices
        if practice.id not in completed and local >= _expected_by(terms, practice, round_by)
    ]
    if missing:
        result.troubles.append(
            f"today's round was not completed for {', '.join(missing)}: run `smsreminders dispatch --if-missed`, "
            "and look whether cron does"
        )
    if left := len(outbox.queue(db, completed)):
        result.troubles.append(f"{left} wait after today's round: look whether cron runs `dispatch --if-missed`")
    result.troubles += [str(trouble) for trouble in troubles_of(figures, completed=completed)]
    result.troubles += _waits(db, [practice.id for practice in judged], result.uncertain, rehearsal=rehearsal, now=now)
    if result.perhaps_stopped:
        may = "reply may ask" if result.perhaps_stopped == 1 else "replies may ask"
        result.troubles.append(
            f"{result.perhaps_stopped} {may} for no more texts, and none go there until you say whether that is so: "
            "see `smsreminders replies list`, then `replies done ID --stop` or `--no-stop`"
        )
    if result.replies:
        waits = "reply waits" if result.replies == 1 else "replies wait"
        result.troubles.append(f"{result.replies} {waits}: see `smsreminders replies list`, then `replies done`")
    if month := month_to_close(db, now, schedule.zone, patience=_PATIENCE):
        result.troubles.append(f"{month} is not closed: run `smsreminders report --month {month} --close`")
    return result


def _expected_by(terms: Terms, practice: Practice, round_by: time) -> time:
    """Find when a practice's round should have run: later by as much as its own sending hours begin later."""
    (begins, _), (own, _) = (of.schedule.sending_hours for of in (terms, terms.of(practice.code)))
    today = date.min  # any will do
    later = datetime.combine(today, own) - datetime.combine(today, begins)
    expected = datetime.combine(today, round_by) + max(later, timedelta())
    return expected.time() if expected.date() == today else time.max


def _refusal(db: Database, now: datetime) -> Iterator[str]:
    """Tell in the words of `dispatch` why it would refuse to run at all."""
    try:
        if is_check_overdue(last_check(db), now):  # a damaged one, perhaps, that no round could check to its end
            check_file(db, now)
        check_run(db, last_beside(path_of(db)), now)
    except AdministratorNeeded as error:
        yield str(error)


def _access_log(db: Database) -> Iterator[str]:
    """Tell that the access log doesn't end where it should; `doctor` and `log verify` look at each of its lines."""
    try:
        if broken := verify_end(db):
            yield f"the access log isn't as it was written: {broken.what}; {WHAT_TO_DO}"
    except AdministratorNeeded as error:
        yield str(error)


def _services(db: Database, practices: Sequence[Practice], now: datetime) -> Iterator[str]:
    """Tell which practices have appointments and no service for them."""
    for practice in practices:
        trouble = service_trouble(db, practice, now)
        if trouble and coming(db, practice, now):
            yield str(trouble)


def _waits(
    db: Database, practice_ids: Sequence[int], uncertain: int, *, rehearsal: bool, now: datetime
) -> Iterator[str]:
    """Tell what waits for a person, and for a `poll`."""
    if uncertain:
        yield (
            f"{uncertain} wait for a person: see `smsreminders notifications list --status uncertain`, "
            "then `notifications settle`"
        )
    without, taken = without_report(db, practice_ids, now - 2 * _REPORTED_IN, now - _REPORTED_IN, rehearsed=rehearsal)
    if reports_have_stopped(without, taken):
        yield (
            f"{without} of {taken} texts have had no report for over 24 hours: "
            "look whether cron runs `smsreminders poll`"
        )
