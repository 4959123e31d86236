"""What the page shows of a practice: its own things, as they stand at one moment."""

from datetime import date
from decimal import Decimal

import pytest

from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.jobs import page
from smsreminders.jobs.page import PageContent, page_content, texts_of
from smsreminders.jobs.round.terms import Terms
from tests.accounts import only
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, WORDING, ZONE, a_patient, an_appointment, local


def content(bench: Bench, *practices: Practice) -> PageContent:
    return page_content(
        bench.db,
        practices,
        accounts=only(bench.in_use()),
        terms=Terms(SCHEDULE, WORDING, RATE),
        money=MoneyTerms(RATE, Decimal(21), "EUR"),
        rehearsal=False,
        clock=bench.clock,
    )


@pytest.fixture
def monday(bench: Bench, linde: Practice, duin: Practice) -> Bench:
    for practice in (linde, duin):
        a_patient(bench.db, practice)
        a_patient(bench.db, practice, "P2", consent=None)
        an_appointment(bench.db, practice)
        an_appointment(bench.db, practice, "A2", "P2", start="2026-11-24 12:00")
        an_appointment(bench.db, practice, "A3", start="2026-11-25 12:00")
    bench.round()
    of_linde = next(sms.reference for sms in bench.gateway.journal if sms.sender_id == "Linde")
    bench.gateway.reports = [DeliveryReport(of_linde, Status.DELIVERED, "delivered")]
    bench.poll()
    return bench


def test_a_practice_has_its_own_things_and_no_others(monday: Bench, linde: Practice, duin: Practice) -> None:
    shown = content(monday, linde)
    assert [(past.practice, past.sent, past.delivered) for past in shown.rounds] == [("linde", 1, 1)]
    assert [(call.practice.code, call.reason) for call in shown.calls] == [("linde", "no-consent")]
    assert [r.due.appointment for plan in shown.tomorrow.plans for r in plan.plan.reminders] == ["A3"]
    assert [(day.day, day.texts, day.skipped) for day in shown.days] == [
        (date(2026, 11, 23), {Status.DELIVERED: 1}, {"no-consent": 1})
    ]
    assert [line.segments for line in shown.bill.lines] == [1]
    assert [text.practice for text in shown.texts] == ["linde"]
    assert len(content(monday, linde, duin).texts) == 2


def test_rounds_of_other_days_are_not_todays(monday: Bench, linde: Practice) -> None:
    monday.clock.go_to(local("2026-11-24 08:00"))
    assert content(monday, linde).rounds == []


def test_of_very_many_texts_each_earlier_month_has_its_own(
    monday: Bench, linde: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monday.clock.go_to(local("2026-12-02 09:00"))
    an_appointment(monday.db, linde, "A9", start="2026-12-03 12:00")
    monday.round()
    monkeypatch.setattr(page, "MOST_ROWS", 1)
    shown = content(monday, linde)
    assert ([text.appointment for text in shown.texts], shown.months) == (["A9"], [Period(2026, 11)])
    november = texts_of(monday.db, [linde], Period(2026, 11), ZONE)
    assert [text.appointment for text in november] == ["A1"]
