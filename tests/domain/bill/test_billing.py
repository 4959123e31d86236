"""Money: periods, rates, lines and rounding, to the cent."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.bill.billing import (
    REGULAR,
    Period,
    Rate,
    VatRate,
    price_on,
    read_amount,
    read_currency,
    read_percentage,
    show_percentage,
    show_rate,
    to_cents,
    vat_on,
    vat_rate_on,
)
from smsreminders.errors import UsageError

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "billing-vectors.json").read_text(encoding="utf-8"))
OCTOBER = Period(2026, 10)
DAYS = st.dates(date(2000, 1, 1), date(2099, 11, 30))


@pytest.mark.parametrize(
    ("text", "expected"), [("2026-10", OCTOBER), ("2000-01", Period(2000, 1)), ("2099-12", Period(2099, 12))]
)
def test_a_period_is_read_as_it_is_written(text: str, expected: Period) -> None:
    assert (Period.parse(text), str(expected)) == (expected, text)


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "oktober", "10-2026", "1999-12", "2026-10\n"],
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r'^"[^"]*" is no month: write it like 2026-10$'):
        Period.parse(text)


@pytest.mark.parametrize(
    ("period", "first", "end", "previous"),
    [
        (OCTOBER, "2026-10-01", "2026-11-01", "2026-09"),
        (Period(2026, 12), "2026-12-01", "2027-01-01", "2026-11"),
        (Period(2027, 1), "2027-01-01", "2027-02-01", "2026-12"),
        (Period(2028, 2), "2028-02-01", "2028-03-01", "2028-01"),
        (Period(2026, 3), "2026-03-01", "2026-04-01", "2026-02"),
    ],
    ids=str,
)
def test_a_period_runs_from_its_first_day_to_before_the_next(
    period: Period, first: str, end: str, previous: str
) -> None:
    assert (str(period.first), str(period.end), str(period.previous)) == (first, end, previous)


@given(DAYS)
def test_every_day_is_in_exactly_its_own_period(day: date) -> None:
    period = Period.of(day)
    assert period.first <= day < period.end
    assert period.previous.end == period.first


@given(DAYS, DAYS)
def test_periods_are_ordered_as_their_days(one: date, other: date) -> None:
    assert (Period.of(one) < Period.of(other)) == (Period.of(one).end <= other)


@pytest.mark.parametrize(
    ("rates", "day", "practice", "expected"),
    [
        pytest.param([("0.10", 1, None)], 1, 1, "0.10", id="from-its-first-day-on"),
        pytest.param([("0.10", 1, None), ("0.12", 16, None)], 15, 1, "0.10", id="the-day-before-a-new-one"),
        pytest.param([("0.10", 1, None), ("0.12", 16, None)], 16, 1, "0.12", id="the-day-of-a-new-one"),
        pytest.param([("0.12", 16, None), ("0.10", 1, None)], 31, 1, "0.12", id="the-newest-in-whatever-order"),
        pytest.param([("0.10", 1, None), ("0.08", 1, 1)], 31, 1, "0.08", id="a-practices-own"),
        pytest.param([("0.12", 16, None), ("0.08", 1, 1)], 31, 1, "0.08", id="its-own-before-a-newer-general-one"),
        pytest.param([("0.09", 1, 1), ("0.08", 10, 1)], 31, 1, "0.08", id="the-newest-of-its-own"),
        pytest.param([("0.10", 1, None), ("0.08", 20, 1)], 19, 1, "0.10", id="its-own-is-not-valid-yet"),
        pytest.param([("0.10", 1, None), ("0.08", 1, 2)], 31, 1, "0.10", id="another-practices"),
    ],
)
def test_the_price_is_the_newest_of_the_practice_then_of_all(
    rates: list[tuple[str, int, int | None]], day: int, practice: int, expected: str
) -> None:
    known = [Rate(Decimal(amount), date(2026, 10, since), owner) for amount, since, owner in rates]
    assert price_on(date(2026, 10, day), practice, known) == Decimal(expected)


@pytest.mark.parametrize(
    "rates",
    [[], [Rate(Decimal("0.10"), date(2026, 10, 2))], [Rate(Decimal("0.10"), date(2026, 1, 1), practice_id=2)]],
    ids=["none", "not-valid-yet", "another-practices"],
)
def test_a_day_without_a_rate_is_an_error_that_says_how_to_add_one(rates: list[Rate]) -> None:
    with pytest.raises(
        UsageError, match=r"^there is no rate for 2026-10-01: run `smsreminders rate add AMOUNT --from DATE`"
    ):
        price_on(date(2026, 10, 1), 1, rates)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        *[
            ("0.105", "0.11"),
            ("0.115", "0.12"),
            ("0.1049", "0.10"),
            ("0.125", "0.13"),
            ("0.5775", "0.58"),
            ("1", "1.00"),
        ],
        *[("-0.105", "-0.11"), ("-0.115", "-0.12"), ("-0.1049", "-0.10"), ("-0.125", "-0.13"), ("0.005", "0.01")],
        *[("-0.004", "0.00"), ("-0", "0.00")],
        *[("0", "0.00"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("123456.785", "123456.79")],
    ],
)
def test_amounts_are_rounded_half_up_away_from_zero(amount: str, expected: str) -> None:
    assert str(to_cents(Decimal(amount))) == expected


@given(st.decimals("-99999", "99999", places=6))
def test_rounding_moves_at_most_half_a_cent_and_alike_for_both_signs(amount: Decimal) -> None:
    assert abs(to_cents(amount) - amount) <= Decimal("0.005")
    assert to_cents(-amount) == -to_cents(amount)


@pytest.mark.parametrize(
    ("amount", "percentage", "expected"),
    [
        pytest.param("0.30", "21", "0.06", id="plain"),
        pytest.param("0.50", "21", "0.11", id="half-up"),
        pytest.param("1.50", "21", "0.32", id="once-over-the-sum-of-five-lines"),
        pytest.param("-0.20", "21", "-0.04", id="credit"),
        pytest.param("-0.50", "21", "-0.11", id="credit-half-up"),
        pytest.param("10000.00", "21", "2100.00", id="large"),
        pytest.param("10.00", "0", "0.00", id="exempt"),
        pytest.param("1.00", "9.5", "0.10", id="broken-percentage"),
    ],
)
def test_vat_is_rounded_once_over_the_sum(amount: str, percentage: str, expected: str) -> None:
    assert str(vat_on(Decimal(amount), Decimal(percentage))) == expected


@pytest.mark.parametrize("text", ["0.10", "0.0825", "0", "1", "12.5", "999999.9999"])
def test_an_amount_is_read_exactly(text: str) -> None:
    assert str(read_amount(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "0,10", ".10", "1.", "-0.10", "+0.10", "0.00001", "1000000", "1e3", "NaN", "€0.10", " 0.10", "0.10\n", "٠"],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r'^"[^"]*" is no amount: write it like 0\.10$'):
        read_amount(text)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ("0.1", "0.10"),
        ("0.10", "0.10"),
        ("0.1000", "0.10"),
        ("0.0825", "0.0825"),
        ("0.105", "0.105"),
        ("0.1050", "0.105"),
        ("1", "1.00"),
        ("100", "100.00"),
    ],
)
def test_a_rate_is_shown_with_two_decimals_or_as_many_as_it_has(rate: str, expected: str) -> None:
    assert show_rate(Decimal(rate)) == expected


@pytest.mark.parametrize("case", VECTORS["amounts"], ids=lambda case: f"{case['segments']}x{case['rate']}")
def test_an_amount_with_its_vat_is_the_vectors(case: dict[str, Any]) -> None:
    amount = to_cents(case["segments"] * Decimal(case["rate"]))
    vat = vat_on(amount, Decimal(case["vat_rate"]))
    assert [str(money) for money in (amount, vat, amount + vat)] == [
        str((Decimal(case[key]) / 100).quantize(Decimal("0.01")))
        for key in ("amount_cents", "vat_cents", "total_cents")
    ]


@pytest.mark.parametrize("case", VECTORS["month_of"], ids=lambda case: str(case["sent_at"]))
def test_a_month_is_that_of_the_local_date_of_sending(case: dict[str, str]) -> None:
    local = datetime.fromisoformat(case["sent_at"]).astimezone(ZoneInfo("Europe/Amsterdam"))
    assert str(Period.of(local.date())) == case["month"]


def test_a_period_has_no_gap_over_a_hundred_years() -> None:
    period, days = Period(2000, 1), timedelta(0)
    while period.year < 2100:
        days += period.end - period.first
        period = Period.of(period.end)
    assert days == date(2100, 1, 1) - date(2000, 1, 1)


def test_the_word_for_a_line_of_the_months_own_deliveries_is_this() -> None:
    assert REGULAR == "regular"


def test_the_last_date_of_a_period_is_the_one_before_its_end() -> None:
    assert [Period(2026, 12).last, Period(2028, 2).last] == [date(2026, 12, 31), date(2028, 2, 29)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 1, 1), 21), (date(2026, 12, 31), 21), (date(2027, 1, 1), 9), (date(2027, 6, 30), 9)],
)
def test_the_vat_rate_of_a_date_is_the_newest_that_is_valid_by_then(day: date, expected: int) -> None:
    rates = [
        VatRate(Decimal(9), date(2027, 1, 1)),
        VatRate(Decimal(21), date.min),
        VatRate(Decimal(0), date(2027, 7, 1)),
    ]
    assert vat_rate_on(day, rates) == expected


def test_a_currency_is_three_capitals() -> None:
    assert [read_currency(currency) for currency in ("EUR", "GBP")] == ["EUR", "GBP"]


@pytest.mark.parametrize("text", ["", "eur", "EURO", "EU", "E R", "€", "EUR\n"])
def test_another_currency_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_currency(text)
    assert str(raised.value) == f'"{text}" is no currency: write its three capitals, like EUR'


@pytest.mark.parametrize(
    ("text", "shown"), [("0", "0"), ("21", "21"), ("5.50", "5.5"), ("99.9999", "99.9999"), ("100", "100")]
)
def test_a_percentage_is_read_and_shown_with_the_decimals_that_it_needs(text: str, shown: str) -> None:
    assert (read_percentage(text), show_percentage(read_percentage(text))) == (Decimal(text), shown)


@pytest.mark.parametrize("text", ["", "100.0001", "101", "100.5", "200", "-1", "21%", "1.23456", "NaN"])
def test_another_percentage_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_percentage(text)
    assert str(raised.value) == f'"{text}" is no percentage from 0 to 100: write it like 21'
