"""A rate or a VAT rate at the desk: added, replaced, removed; who did it and when is kept for good."""

from dataclasses import replace
from decimal import Decimal

from smsreminders.domain.bill.billing import price_on
from smsreminders.domain.bill.months import check_rate_from
from smsreminders.domain.bill.prices import PriceEvent, Verb, check_found, check_free, is_far_off, same_place
from smsreminders.jobs.bill.prices import all_rates
from smsreminders.store.bill.billing import price_events, save_price_event
from smsreminders.store.bill.closing import last_closed
from smsreminders.store.database import Database, write_transaction

_NO_PRACTICE = 0  # no practice has it: only the general rates count for it


def add_price(db: Database, added: PriceEvent, *, in_its_place: bool = False) -> PriceEvent | None:
    """Add a rate or VAT rate; return the one that it took the place of, if there was one.

    Raises UsageError if there is one from that day on and this isn't said to go `in_its_place`, or if a closed month
    would get another price.
    """
    with write_transaction(db):
        check_rate_from(added.valid_from, last_closed(db))
        standing = same_place(price_events(db), added)
        if not in_its_place:
            check_free(standing)
        elif standing:
            save_price_event(db, replace(standing, verb=Verb.REMOVED, at=added.at, by=added.by))
        save_price_event(db, added)
    return standing


def remove_price(db: Database, removed: PriceEvent) -> PriceEvent:
    """Remove the rate or VAT rate of a day, whatever its amount; return what was removed.

    Raises UsageError if there is none from that day on, or if a closed month would get another price.
    """
    with write_transaction(db):
        standing = check_found(same_place(price_events(db), removed), removed)
        check_rate_from(removed.valid_from, last_closed(db))
        gone = replace(standing, verb=Verb.REMOVED, at=removed.at, by=removed.by)
        save_price_event(db, gone)
    return gone


def far_off_from(db: Database, added: PriceEvent, *, configured: Decimal) -> Decimal | None:
    """Find the rate that holds on that day without a new one, where the new one is far from it; else None."""
    others = [
        rate
        for rate in all_rates(db, configured)
        if (rate.valid_from, rate.practice_id) != (added.valid_from, added.practice_id)
    ]
    present = price_on(added.valid_from, added.practice_id or _NO_PRACTICE, others)
    return present if is_far_off(added.amount, present) else None
