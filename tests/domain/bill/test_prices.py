"""Rates and VAT rates as people added and removed them: the last word on a day and a practice counts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.bill.billing import Rate, VatRate
from smsreminders.domain.bill.prices import (
    Priced,
    PriceEvent,
    Verb,
    check_found,
    check_free,
    is_far_off,
    rates_in_force,
    same_place,
    vat_in_force,
)
from smsreminders.errors import UsageError

NOW = datetime(2026, 11, 24, tzinfo=UTC)
DAYS = st.sampled_from([date(2026, 12, 1), date(2026, 12, 2), date(2027, 1, 1)])
AMOUNTS = st.integers(0, 10_000_000).map(lambda amount: Decimal(amount) / 10_000)
EVENTS = st.lists(
    st.builds(
        PriceEvent,
        st.just(NOW),
        st.just("anna"),
        st.sampled_from(Priced),
        st.sampled_from(Verb),
        AMOUNTS,
        DAYS,
        st.sampled_from([None, 1, 2]),
    ),
    max_size=12,
)


@given(EVENTS)
def test_the_last_word_on_a_day_and_a_practice_counts(events: list[PriceEvent]) -> None:
    last = {(event.priced, event.valid_from, event.practice_id): event for event in events}
    standing = [event for event in last.values() if event.verb is Verb.ADDED]
    rates = rates_in_force(events)
    assert sorted(rates, key=lambda rate: (rate.valid_from, rate.practice_id or 0)) == rates
    assert set(rates) == {Rate(x.amount, x.valid_from, x.practice_id) for x in standing if x.priced is Priced.RATE}
    vat = [event for event in events if event.practice_id is None]
    assert set(vat_in_force(vat)) == {
        VatRate(x.amount, x.valid_from) for x in standing if x.priced is Priced.VAT and x.practice_id is None
    }


@given(EVENTS, DAYS)
def test_what_is_added_and_removed_again_changes_nothing(events: list[PriceEvent], day: date) -> None:
    before = [event for event in events if (event.valid_from, event.practice_id) != (day, None)]
    added = PriceEvent(NOW, "bo", Priced.RATE, Verb.ADDED, Decimal(1), day)
    removed = PriceEvent(NOW + timedelta(1), "bo", Priced.RATE, Verb.REMOVED, Decimal(1), day)
    assert rates_in_force([*before, added, removed]) == rates_in_force(before)


@given(AMOUNTS, AMOUNTS)
def test_far_off_is_far_off_from_either_side(amount: Decimal, present: Decimal) -> None:
    assert is_far_off(amount, present) is is_far_off(present, amount)
    assert is_far_off(amount, present) is (max(amount, present) > 10 * min(amount, present))


@pytest.mark.parametrize(
    ("amount", "expected"), [("1.0000", False), ("1.0001", True), ("0.0100", False), ("0.0099", True), ("0.95", False)]
)
def test_more_than_ten_times_and_less_than_a_tenth_are_far_off(amount: str, expected: bool) -> None:
    assert is_far_off(Decimal(amount), Decimal("0.10")) is expected


def test_the_words_for_prices_and_what_was_done_with_them_are_these() -> None:
    assert ([*Priced], [*Verb]) == (["rate", "vat"], ["added", "removed"])


def added(priced: Priced = Priced.RATE, practice_id: int | None = None) -> PriceEvent:
    return PriceEvent(NOW, "bo", priced, Verb.ADDED, Decimal(1), date(2027, 1, 1), practice_id)


def test_the_same_place_is_of_the_same_kind_day_and_practice() -> None:
    events = [added(), added(Priced.VAT), added(practice_id=1)]
    assert [same_place(events, event) for event in events] == events
    assert same_place(events, added(practice_id=2)) is None


@pytest.mark.parametrize(("priced", "name"), [(Priced.RATE, "rate"), (Priced.VAT, "VAT rate")])
def test_a_second_price_from_one_day_on_is_refused(priced: Priced, name: str) -> None:
    check_free(None)
    with pytest.raises(UsageError) as raised:
        check_free(added(priced))
    assert str(raised.value) == (
        f"there is a {name} from 2027-01-01 on already: "
        "say --replace to put this one in its place, or add it from another date"
    )


@pytest.mark.parametrize(("priced", "name"), [(Priced.RATE, "rate"), (Priced.VAT, "VAT rate")])
def test_what_is_removed_must_be_there(priced: Priced, name: str) -> None:
    standing = added(priced)
    assert check_found(standing, added(priced)) is standing
    with pytest.raises(UsageError) as raised:
        check_found(None, added(priced))
    assert str(raised.value) == f"there is no {name} that begins on 2027-01-01: see `smsreminders {priced} list`"
