"""A round that is still to come: what is said of it beforehand is what it does."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.window import Schedule
from smsreminders.jobs.round.dispatch import dry_run
from smsreminders.jobs.round.result import DispatchResult
from smsreminders.jobs.round.terms import Terms
from tests.accounts import only
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, WORDING, a_patient, an_appointment, local

STARTS = (  # Monday to the Wednesday after: several a day of some patients, and a weekend
    *("2026-11-23 15:00", "2026-11-24 09:00", "2026-11-24 11:00", "2026-11-25 10:00", "2026-11-26 10:00"),
    *("2026-11-27 10:00", "2026-11-28 10:00", "2026-11-30 10:00", "2026-11-30 16:00", "2026-12-01 10:00"),
)


def ahead(bench: Bench, practice: Practice, schedule: Schedule, on: date) -> DispatchResult:
    return dry_run(
        bench.db,
        [practice],
        accounts=only(bench.in_use()),
        terms=Terms(schedule, WORDING, RATE),
        clock=bench.clock,
        on=on,
    )


def texts(result: DispatchResult) -> list[tuple[str, str]]:
    return [(r.phone.e164, r.text) for planned in result.plans for r in planned.plan.reminders]


@pytest.mark.parametrize("remind", [(1,), (3, 1), (2,)])
@pytest.mark.parametrize("combine", list(Combine))
def test_each_round_does_what_was_said_of_it_days_before(
    bench: Bench, linde: Practice, remind: tuple[int, ...], combine: Combine
) -> None:
    schedule = replace(SCHEDULE, remind=remind, combine=combine)
    for number in (1, 2):
        a_patient(bench.db, linde, f"P{number}")
    for number, start in enumerate(STARTS):
        an_appointment(bench.db, linde, f"A{number}", f"P{1 + number % 3 // 2}", start=start)
    days = [date(2026, 11, 23) + timedelta(days=n) for n in range(8)]
    said = [texts(ahead(bench, linde, schedule, on)) for on in days]
    done = []
    for day in days:
        bench.clock.go_to(local(f"{day} 09:00"))
        before = len(bench.gateway.journal)
        bench.round(schedule=schedule)
        done.append([(sms.phone, sms.text) for sms in bench.gateway.journal[before:]])
    assert [sorted(of_day) for of_day in said] == [sorted(of_day) for of_day in done]
    assert sum(map(len, done)) >= len(STARTS) // 2


def test_what_waits_now_has_gone_by_then_and_nothing_is_written(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    assert texts(ahead(bench, linde, SCHEDULE, date(2026, 11, 24))) == []
    result = ahead(bench, linde, SCHEDULE, date(2026, 11, 23))
    assert (len(texts(result)), bench.outbox()) == (1, [])


def test_an_agenda_is_judged_by_its_age_of_today(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, start="2026-12-15 10:00")
    assert len(texts(ahead(bench, linde, SCHEDULE, date(2026, 12, 14)))) == 1


def test_it_is_that_days_round_at_nine(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, start="2026-12-15 10:00")
    result = ahead(bench, linde, SCHEDULE, date(2026, 12, 14))
    assert (result.waiting, result.cost) == (1, RATE)
    assert result.plans[0].rules.window.at == local("2026-12-14 09:00")
