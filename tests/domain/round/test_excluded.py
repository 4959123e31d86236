"""What a practice leaves out gets no reminder: which reason goes first, and the same look at the claim."""

from dataclasses import replace

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.round.again import Again, Held, plan_again
from smsreminders.domain.round.due import Due
from smsreminders.domain.round.exclusions import Exclusions
from smsreminders.domain.round.reminders import Reminder, Skip, SkipReason, plan_reminder
from tests.due import DUE, RULES, changed

RULES_OF_A_CLINIC = replace(RULES, exclusions=Exclusions(("Psychologie",), ("B. de Bos",)))
EXCLUDED = replace(DUE, type="psychologie ")


@pytest.mark.parametrize("due", [EXCLUDED, replace(DUE, type="Controle", practitioner=" b. de BOS")])
def test_what_the_practice_leaves_out_gets_no_reminder(due: Due) -> None:
    assert plan_reminder(due, RULES_OF_A_CLINIC) == Skip(due, SkipReason.EXCLUDED)
    assert isinstance(plan_reminder(due, RULES), Reminder)


@pytest.mark.parametrize("type_", ["", "Controle", "Psychologie intake"])
def test_everything_else_gets_its_reminder(type_: str) -> None:
    assert isinstance(plan_reminder(replace(DUE, type=type_, practitioner="C. Bos"), RULES_OF_A_CLINIC), Reminder)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"booking": Booking.CANCELLED}, SkipReason.CANCELLED),
        ({"consent": Consent.NEVER_ASKED}, SkipReason.EXCLUDED),
        ({"unclear": "the status is unknown"}, SkipReason.EXCLUDED),
        ({"service_id": None}, SkipReason.EXCLUDED),
        ({"phone": ""}, SkipReason.EXCLUDED),
        ({"starts_at": RULES.window.opens}, SkipReason.EXCLUDED),
    ],
)
def test_nobody_is_asked_to_mend_what_brings_no_text(changes: dict[str, object], expected: SkipReason) -> None:
    due = changed(EXCLUDED, **changes)
    assert plan_reminder(due, RULES_OF_A_CLINIC) == Skip(due, expected)


def test_what_is_left_out_since_the_plan_is_withdrawn() -> None:
    held = [Held(EXCLUDED, EXCLUDED.revision, 1, 1)]
    assert plan_again(held, RULES_OF_A_CLINIC) == Again(reason=SkipReason.EXCLUDED)
