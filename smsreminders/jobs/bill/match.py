"""The three-way match of a month: our segments, the gateway's own count, the gateway's invoice. Changes nothing."""

from collections.abc import Sequence

from smsreminders.domain.bill.billing import Period
from smsreminders.domain.bill.invoiced import InvoiceRow
from smsreminders.domain.bill.matching import Match, Side, match
from smsreminders.domain.round.sending import AccountName
from smsreminders.store.bill.matching import other_ones, taken_in
from smsreminders.store.database import Database, one_view


def match_month(db: Database, period: Period, invoice: Sequence[InvoiceRow], *, account: AccountName) -> Match:
    """Compare what was sent in a month and this account took with the rows of its invoice."""
    references = {row.reference for row in invoice if row.reference}
    gateway_ids = {row.gateway_id for row in invoice if row.gateway_id}
    with one_view(db):
        ours = taken_in(db, period, account) + other_ones(db, period, account, references, gateway_ids)
    return match(ours, invoice)


def our_side(db: Database, period: Period, *, account: AccountName) -> Side:
    """Sum what was sent in a month and this account took."""
    ours = taken_in(db, period, account)
    return Side(len(ours), sum(own.segments for own in ours))
