"""The three-way match of a month: our segments, the gateway's own count, the gateway's invoice. Changes nothing."""

from collections.abc import Sequence

from smsreminders.domain.billing import Period
from smsreminders.domain.invoiced import InvoiceRow
from smsreminders.domain.matching import Match, Side, match
from smsreminders.store.database import Database, one_view
from smsreminders.store.matching import other_ones, taken_in


def match_month(db: Database, period: Period, invoice: Sequence[InvoiceRow], *, gateway: str) -> Match:
    """Compare what was sent in a month and this gateway took with the rows of its invoice."""
    references = {row.reference for row in invoice if row.reference}
    gateway_ids = {row.gateway_id for row in invoice if row.gateway_id}
    with one_view(db):
        ours = taken_in(db, period, gateway) + other_ones(db, period, gateway, references, gateway_ids)
    return match(ours, invoice)


def our_side(db: Database, period: Period, *, gateway: str) -> Side:
    """Sum what was sent in a month and this gateway took."""
    ours = taken_in(db, period, gateway)
    return Side(len(ours), sum(own.segments for own in ours))
