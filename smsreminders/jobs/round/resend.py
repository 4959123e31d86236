"""What is uncertain is sent once more under the same reference, where the gateway promises that this is still one SMS.

So a time-out at 09:00 is settled at 09:00, and not by two looks at a list with the settle time between them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from smsreminders.domain.clock import Clock
from smsreminders.domain.notifications import Status
from smsreminders.domain.reminders import Reminder, Rules, plan_again
from smsreminders.domain.sending import Accepted
from smsreminders.domain.window import Schedule, within_sending_hours
from smsreminders.gateways.base import Account
from smsreminders.store.claims import HandedOver, accept, handed_over, uncertain_since
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.statuses import add_event, add_word

AGAIN = "sent again under the same reference"


def repeat_uncertain(
    db: Database,
    account: Account,
    rules: Mapping[int, Rules],
    *,
    schedule: Schedule,
    clock: Clock,
    interrupted: Callable[[], bool],
) -> list[HandedOver]:
    """Send the uncertain ones of these practices once more, at the gateway's pace; those that the gateway took.

    Only what is as it was when it was claimed: the same number and text, and still with consent, booked and in time.
    It stays uncertain until the gateway takes it, so a death in between changes nothing; the first other answer ends
    the attempt, and a later run looks again.
    """
    taken: list[HandedOver] = []
    ends = clock.elapsed() + schedule.longest_run.total_seconds()
    since = clock.now() - account.gateway.features.repeats_for
    for id_ in uncertain_since(db, account.name, rules.keys(), since):
        now = clock.now()
        too_late = clock.elapsed() > ends or not within_sending_hours(now, schedule.sending_hours, schedule.zone)
        if interrupted() or too_late:
            break
        with write_transaction(db):
            again = [one for one in handed_over(db, [id_]) if _is_as_it_was(one, rules, schedule=schedule, now=now)]
            for one in again:
                add_event(db, one.id, now, Status.UNCERTAIN, detail=AGAIN)
        for one in again:
            clock.pause(1 / account.per_second)
            outcome = account.gateway.send(one.sms)
            with write_transaction(db):
                if not isinstance(outcome, Accepted):
                    add_word(db, one.id, Status.UNCERTAIN, outcome.reason, now=clock.now())
                    return taken
                if accept(db, [(one.id, outcome)], old=Status.UNCERTAIN, now=clock.now()) == [Status.SENT]:
                    taken.append(one)
    return taken


def _is_as_it_was(one: HandedOver, rules: Mapping[int, Rules], *, schedule: Schedule, now: datetime) -> bool:
    """Whether what would go out now is the same request as the first."""
    of_round = rules[one.practice_id]
    by_now = replace(of_round, window=of_round.window.later(now, schedule.minimum_notice))
    decided = plan_again(replace(one.due, earlier=None), one.revision, by_now)
    if not isinstance(decided, Reminder):
        return False
    fresh = (decided.phone.e164, of_round.practice.sender_id, decided.text, decided.due.starts_at)
    return fresh == (one.sms.phone, one.sms.sender_id, one.sms.text, one.sms.valid_until)
