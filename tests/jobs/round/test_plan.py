"""The plan of a round for one practice: its own days, the appointments that it looks at, its daily limit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.planning import Plan
from smsreminders.domain.round.workdays import Region
from smsreminders.domain.text.message import Wording
from smsreminders.errors import ConfigError
from smsreminders.jobs.round.plan import holidays_of, plan_practice
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.practices import open_on_holidays, set_days
from tests.jobs.bench import Bench
from tests.jobs.builders import SCHEDULE, WORDING, a_cancellation, a_patient, an_appointment, local


def planned(bench: Bench, practice: Practice, *, daily_limit: int = 500) -> Plan:
    return plan_practice(bench.db, bench.rules(practice), daily_limit=daily_limit).plan


def set_own_days(db: Database, practice: Practice, *days: date, is_open: bool) -> None:
    with write_transaction(db):
        set_days(db, practice.id, days, is_open=is_open)


def sent_to(plan: Plan) -> list[str]:
    return [reminder.due.appointment for reminder in plan.reminders]


def skipped(plan: Plan) -> dict[str, str]:
    return {skip.due.appointment: skip.reason.value for skip in plan.skips}


def test_the_holidays_are_those_of_the_country_in_the_language_of_the_schedule() -> None:
    day = date(2027, 3, 26)
    assert [holidays_of(replace(SCHEDULE, region=Region("NL", language))).get(day) for language in ("nl", "en_US")] == [
        "Goede vrijdag",
        "Good Friday",
    ]


def test_a_round_covers_up_to_the_next_working_day(bench: Bench, linde: Practice) -> None:
    window = bench.rules(linde).window
    assert (window.opens, window.closes, window.today, window.last) == (
        local("2026-11-23 11:00"),
        local("2026-11-25 00:00"),
        date(2026, 11, 23),
        date(2026, 11, 24),
    )


def test_before_easter_it_covers_up_to_the_tuesday_after_it(bench: Bench, linde: Practice) -> None:
    bench.clock.go_to(local("2027-03-25 09:00"))
    assert bench.rules(linde).window.last == date(2027, 3, 30)


def test_a_practice_that_works_on_good_friday_is_reminded_for_it(bench: Bench, linde: Practice) -> None:
    with write_transaction(bench.db):
        open_on_holidays(bench.db, linde.id, ["Goede vrijdag"])
    bench.clock.go_to(local("2027-03-25 09:00"))
    assert bench.rules(linde).window.last == date(2027, 3, 26)


def test_own_closed_and_open_days_go_before_the_calendar(bench: Bench, linde: Practice, duin: Practice) -> None:
    set_own_days(bench.db, linde, date(2026, 11, 27), is_open=False)
    set_own_days(bench.db, linde, date(2026, 11, 28), is_open=True)
    bench.clock.go_to(local("2026-11-26 09:00"))
    assert [bench.rules(practice).window.last for practice in (linde, duin)] == [
        date(2026, 11, 28),
        date(2026, 11, 27),
    ]


def test_a_practice_that_is_closed_for_more_than_a_year_has_a_mistake_in_its_days(
    bench: Bench, linde: Practice
) -> None:
    days = [date(2026, 11, 23) + timedelta(days=number) for number in range(400)]
    set_own_days(bench.db, linde, *days, is_open=False)
    with pytest.raises(ConfigError, match="no working day within a year after 2026-11-23"):
        bench.rules(linde)


def test_it_looks_at_what_is_covered_and_at_the_rest_of_today_and_at_nothing_else(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    for practice in (linde, duin):
        a_patient(bench.db, practice)
    starts = {
        "yesterday": "2026-11-22 23:45",
        "midnight": "2026-11-23 00:00",
        "early": "2026-11-23 08:30",
        "notice": "2026-11-23 11:00",
        "today": "2026-11-23 11:15",
        "late": "2026-11-24 23:45",
        "beyond": "2026-11-25 00:00",
    }
    for source_id, start in starts.items():
        an_appointment(bench.db, linde, source_id, start=start)
    an_appointment(bench.db, duin, "elsewhere")
    plan = planned(bench, linde)
    assert sent_to(plan) == ["today", "late"]
    assert skipped(plan) == {"midnight": "too-late", "early": "too-late", "notice": "too-late"}


def test_a_cancelled_one_is_told_even_where_it_is_not_covered(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    for source_id, start in (("A1", "2026-11-23 08:30"), ("A2", "2026-11-24 08:30")):
        an_appointment(bench.db, linde, source_id, start=start)
        a_cancellation(bench.db, linde, source_id)
    assert skipped(planned(bench, linde)) == {"A1": "cancelled", "A2": "cancelled"}


@pytest.mark.parametrize(("limit", "held_back"), [(3, False), (2, True)])
def test_above_the_daily_limit_the_practice_is_held_back(
    bench: Bench, linde: Practice, limit: int, *, held_back: bool
) -> None:
    for number in (1, 2, 3):
        a_patient(bench.db, linde, f"P{number}")
        an_appointment(bench.db, linde, f"A{number}", f"P{number}")
    plan = planned(bench, linde, daily_limit=limit)
    assert (plan.held_back, len(plan.reminders)) == (held_back, 0 if held_back else 3)


def test_what_was_sent_today_counts_for_the_daily_limit_and_what_was_sent_yesterday_does_not(
    bench: Bench, linde: Practice
) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, "A1")
    bench.round()
    an_appointment(bench.db, linde, "A2", start="2026-11-25 09:00")
    a_patient(bench.db, linde, "P3")
    an_appointment(bench.db, linde, "A3", "P3", start="2026-11-24 12:00")
    assert [planned(bench, linde, daily_limit=limit).held_back for limit in (1, 2)] == [True, False]
    bench.clock.go_to(local("2026-11-24 08:00"))
    assert [planned(bench, linde, daily_limit=limit).held_back for limit in (1, 2)] == [True, False]
    bench.round()
    assert len(bench.gateway.journal) == 3


def test_a_text_that_wants_what_the_practice_does_not_have_cannot_be_planned(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, language="en")
    an_appointment(bench.db, linde)
    rules = replace(bench.rules(linde), practice=replace(linde, phone=""))
    with pytest.raises(ConfigError, match=r"practice linde has none: run `smsreminders practice edit linde --phone"):
        plan_practice(bench.db, rules, daily_limit=500)


def test_without_an_appointment_in_that_language_nothing_is_wanted(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    rules = replace(bench.rules(linde), practice=replace(linde, phone=""), wording=Wording(WORDING.templates, "nl"))
    assert sent_to(plan_practice(bench.db, rules, daily_limit=500).plan) == ["A1"]
