"""The sending hours of practices: each keeps to its own in the plan, at the claim and in the talk of the round."""

from datetime import time, timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.sending import Outgoing
from smsreminders.errors import TryAgainLater
from smsreminders.jobs.round.missed import missed
from smsreminders.jobs.round.terms import Terms
from tests.accounts import only
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, WORDING, a_patient, a_practice, an_appointment, local, own_rules

MORNING, AFTERNOON = own_rules(hours=(time(9), time(12))), own_rules(hours=(time(13), time(17)))


@pytest.fixture
def bos(bench: Bench, linde: Practice) -> Practice:
    """A second practice; each has an appointment of tomorrow, L1 and B1."""
    practice = a_practice(bench.db, "bos")
    for owner, appointment in ((linde, "L1"), (practice, "B1")):
        a_patient(bench.db, owner)
        an_appointment(bench.db, owner, appointment)
    return practice


def planned(bench: Bench) -> list[str]:
    return [appointment for appointment, *_ in bench.outbox()]


@pytest.mark.usefixtures("bos")
def test_a_practice_outside_its_own_hours_is_not_planned_and_told(bench: Bench) -> None:
    result = bench.round(own={"bos": AFTERNOON})
    assert planned(bench) == ["L1"]
    assert result.notes == ["Not planned, outside their own sending hours: bos (13:00 to 17:00)."]
    assert result.problems == []


@pytest.mark.usefixtures("bos")
def test_a_round_begins_where_one_practice_is_inside_its_own_hours(bench: Bench) -> None:
    bench.clock.go_to(local("2026-11-23 07:00"))
    result = bench.round(own={"bos": own_rules(hours=(time(6), time(8)))})
    assert planned(bench) == ["B1"]
    assert result.notes == ["Not planned, outside their own sending hours: linde (08:00 to 20:00)."]


@pytest.mark.usefixtures("bos")
def test_outside_the_hours_of_all_practices_nothing_begins(bench: Bench) -> None:
    bench.clock.go_to(local("2026-11-23 12:30"))
    with pytest.raises(TryAgainLater) as raised:
        bench.round(own={"linde": MORNING, "bos": AFTERNOON})
    assert str(raised.value) == (
        "it is outside the sending hours of bos (13:00 to 17:00), linde (09:00 to 12:00): nothing was planned"
    )
    assert planned(bench) == []


def test_of_many_practices_some_are_named(bench: Bench) -> None:
    codes = [f"kade-{number}" for number in range(7)]
    for code in codes:
        a_practice(bench.db, code)
    with pytest.raises(TryAgainLater, match=r"kade-4 \(13:00 to 17:00\) and 2 more: nothing was planned"):
        bench.round(own=dict.fromkeys(codes[:6], AFTERNOON) | {codes[6]: own_rules(hours=(time(14), time(17)))})


@pytest.mark.usefixtures("bos")
def test_what_was_left_alone_goes_in_its_own_hours(bench: Bench) -> None:
    own = {"linde": MORNING, "bos": AFTERNOON}
    bench.round(own=own)
    bench.clock.go_to(local("2026-11-23 13:00"))
    bench.round(own=own)
    assert planned(bench) == ["L1", "B1"]


def every_text_takes_two_minutes(bench: Bench) -> None:
    def answer_late(_: Outgoing) -> None:
        bench.clock.pause(120)

    bench.gateway.at_send = answer_late


@pytest.mark.usefixtures("bos")
def test_no_text_is_claimed_after_its_practice_own_hours_have_ended(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, "P2")
    an_appointment(bench.db, linde, "L0", "P2", start="2026-11-24 09:00")
    bench.clock.go_to(local("2026-11-23 11:59"))
    every_text_takes_two_minutes(bench)
    result = bench.round(own={"linde": own_rules(), "bos": MORNING})
    assert {appointment: status for appointment, _, status, _ in bench.outbox()} == {
        "L0": "sent",
        "L1": "sent",
        "B1": "queued",
    }
    assert (result.waiting, result.sent.stopped) == (1, None)
    assert [str(problem) for problem in result.problems] == [
        "the sending hours of bos (09:00 to 12:00) have ended: what waits goes with the next round"
    ]


def test_the_claim_looks_at_the_notice_of_the_practice(bench: Bench, bos: Practice, linde: Practice) -> None:
    for practice, appointment, start in ((linde, "S1", "12:01"), (bos, "S2", "12:02")):
        a_patient(bench.db, practice, "P2")
        an_appointment(bench.db, practice, appointment, "P2", start=f"2026-11-23 {start}")
    bench.clock.go_to(local("2026-11-23 09:00"))
    every_text_takes_two_minutes(bench)
    bench.round(own={"bos": own_rules(notice=timedelta(hours=3))})
    assert {appointment: status for appointment, _, status, _ in bench.outbox()} == {
        "S1": "sent",
        "S2": "cancelled",
        "L1": "sent",
        "B1": "sent",
    }


def test_a_practice_is_held_back_by_its_own_limit(bench: Bench, bos: Practice) -> None:
    result = bench.round(own={"bos": own_rules(daily_limit=0)})
    assert (planned(bench), [held.code for held in result.held_back]) == (["L1"], [bos.code])


@pytest.mark.parametrize(
    ("at", "hours", "expected"),
    [
        ("09:00", (time(13), time(17)), ["linde"]),
        ("12:59", (time(13), time(17)), ["linde"]),
        ("13:00", (time(13), time(17)), ["bos", "linde"]),
        ("17:00", (time(13), time(17)), ["bos", "linde"]),  # it is missed for good
        ("07:00", (time(6), time(9)), ["bos", "linde"]),
        ("07:00", (time(8), time(20)), ["bos", "linde"]),  # the general ones: the round says that it is too early
    ],
)
def test_what_a_practice_own_hours_are_still_to_bring_is_not_missed(
    bench: Bench, linde: Practice, bos: Practice, at: str, hours: tuple[time, time], expected: list[str]
) -> None:
    bench.clock.go_to(local(f"2026-11-23 {at}"))
    terms = Terms(SCHEDULE, WORDING, RATE, practices={"bos": own_rules(hours=hours)})
    found = missed(bench.db, [bos, linde], accounts=only(bench.in_use()), terms=terms, clock=bench.clock)
    assert [practice.code for practice in found] == expected
