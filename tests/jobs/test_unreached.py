"""The call list: each appointment of the round's days is delivered or on it, once."""

from dataclasses import replace
from datetime import date

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.jobs.round.terms import Terms
from smsreminders.jobs.unreached import to_call
from tests.accounts import only
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, WORDING, a_patient, a_practice, a_word, an_appointment, local


def calls(bench: Bench, *practices: Practice, on: date | None = None, terms: Terms | None = None) -> list[str]:
    terms = terms or Terms(SCHEDULE, WORDING, RATE)
    listed = to_call(bench.db, practices, accounts=only(bench.in_use()), terms=terms, on=on, clock=bench.clock)
    return [f"{call.practice.code} {call.due.appointment} {call.reason}" for call in listed]


@pytest.fixture
def monday(bench: Bench, linde: Practice) -> Bench:
    """Monday's round: A1 to A3 get a text, A4 has no consent."""
    for number in (4, 3, 2, 1):
        a_patient(bench.db, linde, f"P{number}", consent=None if number == 4 else True)
        an_appointment(bench.db, linde, f"A{number}", f"P{number}", start=f"2026-11-24 1{number}:00")
    bench.round()
    return bench


def test_it_lists_by_start_who_has_no_delivered_text(monday: Bench, linde: Practice) -> None:
    assert calls(monday, linde) == ["linde A1 sent", "linde A2 sent", "linde A3 sent", "linde A4 no-consent"]


def report(bench: Bench, number: int, status: Status) -> DeliveryReport:
    return DeliveryReport(bench.gateway.journal[number].reference, status, status.value)


def test_a_delivery_takes_the_line_away_and_a_failure_stays(monday: Bench, linde: Practice) -> None:
    monday.gateway.reports = [report(monday, 0, Status.DELIVERED), report(monday, 1, Status.FAILED)]
    monday.poll()
    assert calls(monday, linde) == ["linde A2 failed", "linde A3 sent", "linde A4 no-consent"]
    monday.gateway.reports = [report(monday, 1, Status.DELIVERED)]
    monday.poll()
    assert calls(monday, linde) == ["linde A3 sent", "linde A4 no-consent"]


def test_todays_list_has_what_is_to_come_and_that_of_another_day_its_whole_days(monday: Bench, linde: Practice) -> None:
    monday.clock.go_to(local("2026-11-24 12:30"))
    a_word(monday.db, linde, "P4", given=True, at="2026-11-24 12:00")
    an_appointment(monday.db, linde, "A5", "P1", start="2026-11-25 23:59")
    an_appointment(monday.db, linde, "A6", "P1", start="2026-11-26 00:00")
    assert calls(monday, linde) == ["linde A3 sent", "linde A4 no-consent", "linde A5 next-round"]
    assert calls(monday, linde, on=date(2026, 11, 23)) == [
        "linde A1 sent",
        "linde A2 sent",
        "linde A3 sent",
        "linde A4 no-consent",
    ]


def test_on_friday_it_reaches_over_the_weekend(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    for day in (27, 28, 30):
        an_appointment(bench.db, linde, f"N{day}", start=f"2026-11-{day} 15:00")
    an_appointment(bench.db, linde, "D1", start="2026-12-01 15:00")
    bench.clock.go_to(local("2026-11-27 08:00"))
    assert calls(bench, linde) == ["linde N27 next-round", "linde N28 next-round", "linde N30 next-round"]


def test_of_several_reminders_it_has_the_days_of_the_nearest(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, "A1", start="2026-11-24 15:00")
    an_appointment(bench.db, linde, "A2", start="2026-11-26 15:00")
    terms = Terms(replace(SCHEDULE, remind=(3, 1)), WORDING, RATE)
    assert calls(bench, linde, terms=terms) == ["linde A1 next-round"]
    assert calls(bench, linde, terms=Terms(replace(SCHEDULE, remind=(3,)), WORDING, RATE)) == [
        "linde A1 next-round",
        "linde A2 next-round",
    ]


def test_several_practices_stand_in_one_list_by_start(monday: Bench, linde: Practice) -> None:
    kade = a_practice(monday.db, "kade", phone="")
    a_patient(monday.db, kade, language="en")  # in whose text there is a {phone}
    an_appointment(monday.db, kade, start="2026-11-24 12:30")
    assert calls(monday, linde, kade)[1:3] == ["linde A2 sent", "kade A1 no-plan"]
