"""A rate or VAT rate at the desk: added, replaced and removed before a closed month used it, and all that is kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from smsreminders.domain.bill.billing import Period, Rate, VatRate
from smsreminders.domain.bill.prices import Priced, PriceEvent, Verb, rates_in_force, vat_in_force
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError
from smsreminders.jobs.desk.rate import add_price, far_off_from, remove_price
from smsreminders.store.bill.billing import price_events
from tests.builders import NOW, a_closed_month
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE

DAY = date(2026, 12, 1)
ADDED = PriceEvent(NOW, "anna", Priced.RATE, Verb.ADDED, Decimal("0.09"), DAY)
VAT = replace(ADDED, priced=Priced.VAT, amount=Decimal(9))


def rates(bench: Bench) -> list[Rate]:
    return rates_in_force(price_events(bench.db))


def test_a_rate_is_added_once_a_day_for_everybody_and_for_a_practice(bench: Bench, linde: Practice) -> None:
    own = replace(ADDED, amount=Decimal("0.0825"), practice_id=linde.id)
    for said in (ADDED, own, VAT):
        assert add_price(bench.db, said) is None
    for said in (ADDED, own, VAT):
        with pytest.raises(UsageError, match="rate from 2026-12-01 on already: say --replace"):
            add_price(bench.db, said)
    assert rates(bench) == [Rate(Decimal("0.09"), DAY), Rate(Decimal("0.0825"), DAY, linde.id)]
    assert vat_in_force(price_events(bench.db)) == [VatRate(Decimal(9), DAY)]


@pytest.mark.parametrize("added", [ADDED, VAT])
def test_one_that_is_replaced_or_removed_is_kept_with_who_did_it_and_when(bench: Bench, added: PriceEvent) -> None:
    add_price(bench.db, added)
    better = replace(added, amount=Decimal(7), at=NOW + timedelta(days=1), by="bo")
    assert add_price(bench.db, better, in_its_place=True) == added
    gone = remove_price(bench.db, replace(better, amount=Decimal(0), at=NOW + timedelta(days=2), by="cas"))
    taken_out = replace(added, verb=Verb.REMOVED, at=better.at, by="bo")
    assert gone == replace(better, verb=Verb.REMOVED, at=NOW + timedelta(days=2), by="cas")
    assert price_events(bench.db) == [added, taken_out, better, gone]
    assert (rates(bench), vat_in_force(price_events(bench.db))) == ([], [])
    assert add_price(bench.db, added) is None


def test_what_is_not_there_can_not_be_removed(bench: Bench, linde: Practice) -> None:
    add_price(bench.db, ADDED)
    for wrong in (replace(ADDED, valid_from=date(2026, 12, 2)), replace(ADDED, practice_id=linde.id), VAT):
        with pytest.raises(UsageError, match="there is no"):
            remove_price(bench.db, wrong)
    assert rates(bench) == [Rate(Decimal("0.09"), DAY)]


@pytest.mark.parametrize("said", [ADDED, VAT])
def test_what_a_closed_month_may_have_used_stays(bench: Bench, said: PriceEvent) -> None:
    add_price(bench.db, said)
    a_closed_month(bench.db, Period(2026, 12))
    before = price_events(bench.db)
    changes: list[Callable[[], object]] = [
        lambda: remove_price(bench.db, said),
        lambda: add_price(bench.db, said, in_its_place=True),
        lambda: add_price(bench.db, replace(said, valid_from=date(2026, 12, 31))),
    ]
    for change in changes:
        with pytest.raises(UsageError, match=r"2026-12 is closed: .* from 2027-01-01 at the earliest"):
            change()
    assert price_events(bench.db) == before
    later = replace(said, valid_from=date(2027, 1, 1))
    add_price(bench.db, later)
    remove_price(bench.db, later)


@pytest.mark.parametrize(
    ("amount", "asked"),
    [("1.00", False), ("1.0001", True), ("0.01", False), ("0.0099", True), ("0", True), ("0.10", False)],
)
def test_a_rate_far_from_the_one_that_holds_then_is_asked_about(bench: Bench, amount: str, asked: bool) -> None:
    said = replace(ADDED, amount=Decimal(amount))
    assert far_off_from(bench.db, said, configured=RATE) == (RATE if asked else None)


def test_a_rate_is_set_against_that_of_its_own_practice_and_never_against_the_one_it_replaces(
    bench: Bench, linde: Practice
) -> None:
    add_price(bench.db, replace(ADDED, amount=Decimal(12)))
    add_price(bench.db, replace(ADDED, amount=Decimal(5), valid_from=date(2026, 1, 1), practice_id=linde.id))
    assert far_off_from(bench.db, replace(ADDED, amount=Decimal("0.12")), configured=RATE) is None
    own = replace(ADDED, amount=Decimal("0.12"), practice_id=linde.id)
    assert far_off_from(bench.db, own, configured=RATE) == Decimal(5)
