"""The evidence of a notification: the consent as it was known at the claim, the price that was charged, its bills."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from smsreminders.domain.bill.billing import Period
from smsreminders.domain.consent import ConsentEvent, How
from smsreminders.domain.round.notifications import Status
from smsreminders.jobs.bill.evidence import Evidence, evidence
from smsreminders.store.database import opened, write_transaction
from smsreminders.store.patients import add_consent, patient_by_id
from tests.builders import a_database
from tests.jobs.builders import ZONE
from tests.jobs.clock import FixedClock
from tests.jobs.ledger import Ledger

OCTOBER, NOVEMBER = Period(2026, 10), Period(2026, 11)
SENT = datetime.fromisoformat("2026-10-28T08:00:00Z")
FIRST_CLOSE, SECOND_CLOSE = (datetime.fromisoformat(f"2026-{month}-05T06:00:00Z") for month in (11, 12))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with opened(a_database(tmp_path)) as db:
        db.execute("pragma synchronous = off")
        yield Ledger(db, FixedClock(SENT))


def shown(ledger: Ledger, name: str = "one") -> Evidence:
    return evidence(ledger.db, str(ledger.ids[name]), general_rate=ledger.general_rate, zone=ZONE, clock=ledger.clock)


def a_word(ledger: Ledger, *, given: bool, at: datetime, recorded_at: datetime, name: str = "one") -> ConsentEvent:
    event = ConsentEvent(given, at, How.PHONE, "anna")
    with write_transaction(ledger.db):
        patient = patient_by_id(ledger.db, ledger.practice("P1").id, f"P-{name}")
        add_consent(ledger.db, patient.id, event, recorded_at)
    return event


def test_the_price_is_the_one_that_was_charged_whatever_the_configuration_says_today(ledger: Ledger) -> None:
    ledger.delivered("one", SENT, segments=2)
    ledger.close(OCTOBER, FIRST_CLOSE)
    ledger.general_rate = Decimal("0.70")
    bill = shown(ledger)
    assert (bill.rate, bill.cost, bill.billable) == (Decimal("0.10"), Decimal("0.20"), True)
    assert [(charge.period, charge.kind, charge.segments, charge.rate) for charge in bill.charges] == [
        (OCTOBER, "regular", 2, Decimal("0.10"))
    ]


def test_what_is_not_charged_of_a_closed_month_has_the_price_of_its_close(ledger: Ledger) -> None:
    ledger.sent("one", SENT)
    ledger.close(NOVEMBER, SECOND_CLOSE)  # which passes October by
    ledger.general_rate = Decimal("0.70")
    assert shown(ledger).rate == Decimal("0.10")


def test_an_open_month_has_todays_price(ledger: Ledger) -> None:
    ledger.delivered("one", SENT)
    ledger.general_rate = Decimal("0.70")
    assert (shown(ledger).rate, shown(ledger).charges) == (Decimal("0.70"), [])


def test_what_was_taken_back_stands_on_both_bills(ledger: Ledger) -> None:
    ledger.delivered("one", SENT, segments=3)
    ledger.close(OCTOBER, FIRST_CLOSE)
    ledger.taken_back("one", FIRST_CLOSE + timedelta(days=1))
    ledger.close(NOVEMBER, SECOND_CLOSE)
    bill = shown(ledger)
    assert [(charge.period, charge.kind, charge.segments) for charge in bill.charges] == [
        (OCTOBER, "regular", 3),
        (NOVEMBER, "correction", -3),
    ]
    assert bill.billable is False


def test_what_was_waived_is_not_billable_and_says_where(ledger: Ledger) -> None:
    ledger.sent("one", SENT)
    ledger.close(OCTOBER, FIRST_CLOSE)
    ledger.told("one", Status.DELIVERED, SENT + timedelta(days=36))
    assert (shown(ledger).waived_in, shown(ledger).billable) == (None, True)
    ledger.close(NOVEMBER, SECOND_CLOSE)
    assert (shown(ledger).waived_in, shown(ledger).billable, shown(ledger).charges) == (NOVEMBER, False, [])


def test_a_withdrawal_that_was_entered_later_and_dated_back_was_not_in_force(ledger: Ledger) -> None:
    ledger.sent("one", SENT)
    withdrawn = a_word(ledger, given=False, at=SENT - timedelta(days=1), recorded_at=SENT + timedelta(days=2))
    bill = shown(ledger)
    assert bill.consent is not None
    assert bill.consent.event.given is True
    assert [(entry.event, entry.recorded_at) for entry in bill.later] == [(withdrawn, SENT + timedelta(days=2))]


def test_the_last_word_that_was_recorded_by_then_was_in_force(ledger: Ledger) -> None:
    ledger.sent("one", SENT)
    again = a_word(ledger, given=True, at=SENT - timedelta(hours=2), recorded_at=SENT)
    a_word(ledger, given=False, at=SENT - timedelta(hours=3), recorded_at=SENT - timedelta(hours=3))
    bill = shown(ledger)
    assert (bill.consent and bill.consent.event, bill.later) == (again, [])
