"""Why an appointment got a reminder or why not: every round's outcome, and what a round would do now."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Refused
from smsreminders.errors import UsageError
from smsreminders.jobs.explain import Explanation, explain
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import write_transaction
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, WORDING, a_patient, a_practice, a_word, an_appointment, local


def explained(bench: Bench, practice: Practice, source_id: str = "A1", *, daily_limit: int = 500) -> Explanation:
    terms = Terms(replace(SCHEDULE, daily_limit=daily_limit), WORDING, RATE)
    return explain(bench.db, practice, source_id, terms=terms, clock=bench.clock, rehearsal=False)


def test_every_round_tells_what_it_made_of_the_appointment(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, consent=None)
    an_appointment(bench.db, linde, start="2026-11-24 16:00")
    bench.round()
    a_word(bench.db, linde, given=True)
    bench.clock.go_to(local("2026-11-23 15:00"))
    bench.round()
    an_appointment(bench.db, linde, start="2026-11-24 17:00")
    bench.clock.go_to(local("2026-11-24 09:00"))
    bench.round()
    bench.clock.go_to(local("2026-11-24 12:00"))
    found = explained(bench, linde)
    assert [(looked_at.started_at, looked_at.revision, looked_at.reason) for looked_at in found.rounds] == [
        (local("2026-11-23 09:00"), 1, "no-consent"),
        (local("2026-11-23 15:00"), 1, None),
        (local("2026-11-24 09:00"), 2, None),
    ]
    assert [(notification.revision, notification.status) for notification in found.notifications] == [
        (1, Status.SENT),
        (2, Status.SENT),
    ]
    assert (found.practice, found.appointment.starts_at, found.now) == (
        linde,
        local("2026-11-24 17:00"),
        "already-reminded",
    )


def test_what_keeps_a_round_from_a_plan_is_told(bench: Bench) -> None:
    kade = a_practice(bench.db, "kade", phone="")
    a_patient(bench.db, kade, language="en")  # in whose text there is a {phone}
    an_appointment(bench.db, kade)
    assert "practice edit kade --phone NUMBER" in explained(bench, kade).now


def nothing(_: Bench, __: Practice) -> None:
    """Leave the appointment as it was booked."""


def withdrawn(bench: Bench, practice: Practice) -> None:
    a_word(bench.db, practice, given=False)


def cancelled(bench: Bench, practice: Practice) -> None:
    an_appointment(bench.db, practice, booking=Booking.CANCELLED)


def reminded(bench: Bench, practice: Practice) -> None:
    bench.round(practice)


def in_the_queue(bench: Bench, practice: Practice) -> None:
    bench.gateway.in_order.append(Refused("no credit"))
    bench.round(practice)


def next_week(bench: Bench, practice: Practice) -> None:
    an_appointment(bench.db, practice, start="2026-12-01 10:30")


def past(bench: Bench, _: Practice) -> None:
    bench.clock.go_to(local("2026-11-25 09:00"))


def too_soon(bench: Bench, _: Practice) -> None:
    bench.clock.go_to(local("2026-11-24 08:30"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (nothing, "send"),
        (in_the_queue, "send"),
        (withdrawn, "consent-withdrawn"),
        (cancelled, "cancelled"),
        (reminded, "already-reminded"),
        (too_soon, "too-late"),
        (next_week, "not-covered"),
        (past, "not-covered"),
    ],
)
def test_it_tells_what_a_round_would_do_now(
    bench: Bench, linde: Practice, change: Callable[[Bench, Practice], None], expected: str
) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    change(bench, linde)
    assert explained(bench, linde).now == expected


def test_a_practice_that_would_be_held_back_is_told_so(bench: Bench, linde: Practice) -> None:
    for number in (1, 2):
        a_patient(bench.db, linde, f"P{number}")
        an_appointment(bench.db, linde, f"A{number}", f"P{number}")
    assert [explained(bench, linde, daily_limit=limit).now for limit in (1, 2)] == ["limit-reached", "send"]


def test_to_explain_changes_nothing(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    found = explained(bench, linde)
    assert (found.rounds, found.notifications, bench.outbox(), bench.outcomes(linde)) == ([], [], [], [])


def test_an_unknown_appointment_is_refused(bench: Bench, linde: Practice, duin: Practice) -> None:
    a_patient(bench.db, duin)
    an_appointment(bench.db, duin)
    with pytest.raises(UsageError, match='there is no appointment "A1"'):
        explained(bench, linde)


def test_it_tells_what_was_unclear_whether_it_has_begun_and_whose_mobiles_are_texted(
    bench: Bench, linde: Practice
) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    before = explained(bench, linde)
    assert (before.now, before.unclear, before.is_over, before.countries) == ("send", None, False, frozenset())
    with write_transaction(bench.db):
        bench.db.execute("update appointments set unclear = 'status: \"afg.\"'")
    held = explained(bench, linde)
    assert (held.now, held.unclear) == ("unclear", 'status: "afg."')
    bench.clock.go_to(local("2026-12-01 09:00"))
    assert explained(bench, linde).is_over
