"""What a restored database lost: the day on which a reminder was likely sent, which is the month that is billed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from smsreminders.domain.bill.billing import InvoiceLine, Period
from smsreminders.domain.bill.closing import Delivery, TakenBack
from smsreminders.domain.bill.restoring import bills_of, likely_day, restored_lines

NEW_YEAR = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("starts_on", "first", "today", "expected"),
    [
        pytest.param(
            date(2026, 11, 25), date(2026, 11, 20), date(2026, 12, 5), date(2026, 11, 24), id="the-day-before"
        ),
        pytest.param(date(2026, 12, 1), date(2026, 11, 20), date(2026, 12, 5), date(2026, 11, 30), id="last-month"),
        pytest.param(
            date(2026, 11, 30), date(2026, 11, 20), date(2026, 12, 5), date(2026, 11, 27), id="before-a-sunday"
        ),
        pytest.param(date(2027, 1, 4), date(2026, 12, 20), date(2027, 1, 5), date(2026, 12, 31), id="before-a-holiday"),
        pytest.param(
            date(2026, 11, 30), date(2026, 11, 28), date(2026, 12, 5), date(2026, 11, 28), id="not-before-the-run"
        ),
        pytest.param(date(2026, 12, 9), date(2026, 11, 20), date(2026, 12, 5), date(2026, 12, 5), id="not-after-today"),
        pytest.param(
            date(2026, 11, 20), date(2026, 11, 25), date(2026, 12, 5), date(2026, 11, 25), id="begins-before-the-run"
        ),
    ],
)
def test_a_reminder_was_likely_sent_on_the_working_day_before(
    starts_on: date, first: date, today: date, expected: date
) -> None:
    day = likely_day(starts_on, weekdays=range(5), holidays=[NEW_YEAR], first=first, today=today)
    assert day == expected


BACK = TakenBack(7, 1, "linde", "De Linde", "Notificaties", Period(2026, 11), 2, Decimal("0.10"), Decimal(21))
CREDIT = InvoiceLine(
    Period(2026, 12),
    "linde",
    "De Linde",
    "Notificaties",
    "correction",
    Period(2026, 11),
    -1,
    -2,
    Decimal("0.10"),
    Decimal(21),
    Decimal("-0.20"),
)


@pytest.mark.parametrize(("segments", "expected"), [(2, (7,)), (1, ())], ids=["just-its-segments", "others"])
def test_a_credit_is_for_what_was_taken_back_if_it_counts_just_that(segments: int, expected: tuple[int, ...]) -> None:
    [line] = restored_lines(
        [CREDIT],
        {"linde": 1},
        deliveries=[],
        taken_back=[replace(BACK, segments=segments)],
        price=lambda _day, _practice: Decimal("0.10"),
        vat=lambda _day: Decimal(21),
    )
    assert (line.line, line.notification_ids) == (CREDIT, expected)


SENT_AT = datetime(2026, 11, 3, 8, tzinfo=UTC)
DELIVERY = Delivery(5, 1, "linde", "De Linde", "Notificaties", SENT_AT, SENT_AT.date(), SENT_AT, 2)
USAGE = replace(CREDIT, kind="regular", notifications=2, segments=3, amount=Decimal("0.30"))


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param([DELIVERY, replace(DELIVERY, notification_id=6, segments=1)], (5, 6), id="just-they"),
        pytest.param([DELIVERY], (), id="one-is-not-known"),
        pytest.param([DELIVERY, replace(DELIVERY, notification_id=6)], (), id="of-more-segments"),
    ],
)
def test_a_charge_is_for_what_was_delivered_if_that_counts_just_the_same(
    known: list[Delivery], expected: tuple[int, ...]
) -> None:
    [line] = restored_lines(
        [USAGE],
        {"linde": 1},
        deliveries=known,
        taken_back=[],
        price=lambda _day, _practice: Decimal("0.10"),
        vat=lambda _day: Decimal(21),
    )
    assert line.notification_ids == expected


def test_a_line_of_no_segments_or_more_bills_and_one_of_less_credits() -> None:
    assert [bills_of(replace(CREDIT, segments=count), 1).is_credit for count in (-1, 0, 1)] == [True, False, False]
