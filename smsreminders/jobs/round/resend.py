"""Sending again: what is uncertain goes once more under its reference where the gateway promises that it is one SMS.

So a time-out at 09:00 is settled at 09:00, and not by two looks at a list with the settle time between them.
"""

from collections.abc import Mapping
from dataclasses import replace

from smsreminders.domain.round.again import plan_again
from smsreminders.domain.round.due import Rules
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Accepted, Rejected
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.limits import Limits
from smsreminders.jobs.round.stopping import barred_among, mark_number
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.round.claims import HandedOver, accept, handed_over, uncertain_since
from smsreminders.store.round.statuses import add_event, add_word

AGAIN = "sent again under the same reference"


def repeat_uncertain(db: Database, account: Account, rules: Mapping[int, Rules], *, limits: Limits) -> list[HandedOver]:
    """Send the uncertain notifications of these practices once more, at the gateway's pace; return what it took.

    Only what is as it was when it was claimed: the same number and text, and still with consent, booked and in time.
    It stays uncertain until the gateway takes it, so a death in between changes nothing; the first other answer ends
    the attempt, and a later run looks again.
    """
    taken: list[HandedOver] = []
    clock = limits.clock
    since = clock.now() - account.gateway.features.repeats_for
    for id_ in uncertain_since(db, account.name, rules.keys(), since):
        if limits.reached():
            break
        again = _note_attempt(db, id_, rules, limits)
        if again is None:
            continue
        clock.pause(1 / account.per_second)
        outcome = account.gateway.send(again.sms)
        with write_transaction(db):
            if not isinstance(outcome, Accepted):
                add_word(db, again.id, Status.UNCERTAIN, outcome.reason, now=clock.now())
                if isinstance(outcome, Rejected) and outcome.mark:
                    mark_number(db, again.id, outcome.mark, now=clock.now())
                return taken
            if accept(db, [(again.id, outcome)], old=Status.UNCERTAIN, now=clock.now()) == [Status.SENT]:
                taken.append(again)
    return taken


def _note_attempt(db: Database, id_: int, rules: Mapping[int, Rules], limits: Limits) -> HandedOver | None:
    """Note that a notification goes once more, committed before it does; None where it must not go."""
    with write_transaction(db):
        now = limits.clock.now()
        for uncertain in handed_over(db, [id_]):
            of_round = rules[uncertain.practice_id]
            is_barred = barred_among(db, [(uncertain.practice_id, uncertain.sms.phone)])
            if of_round.may_send(now) and not is_barred and _is_as_it_was(uncertain, of_round.later(now)):
                add_event(db, id_, now, Status.UNCERTAIN, detail=AGAIN)
                return uncertain
    return None


def _is_as_it_was(uncertain: HandedOver, rules: Rules) -> bool:
    """Whether what would go out by these rules is the same request as the first."""
    again = plan_again([replace(each, due=replace(each.due, earlier=())) for each in uncertain.held], rules)
    reminder = again.reminder
    if reminder is None or len(reminder.covers) != len(uncertain.held):
        return False
    fresh = (reminder.phone.e164, rules.practice.sender_id, reminder.text, reminder.due.starts_at)
    first = uncertain.sms
    return fresh == (first.phone, first.sender_id, first.text, first.valid_until)
