"""The three-way match of a month: the messages that differ, and the sums of the three sides."""

from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column, View, row

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.domain.bill.billing import Period
    from smsreminders.domain.bill.matching import Difference, Match, Side
    from smsreminders.domain.round.sending import AccountName
    from smsreminders.jobs.bill.gateway_invoice import Invoice

DIFFERENCES: "Columns[Difference]" = (
    Column("difference", lambda d, _: d.why, 90),
    Column("notification", lambda d, _: d.own and d.own.id, 80),
    Column("reference", lambda d, _: d.own and d.own.reference, 25),
    Column("status", lambda d, _: d.own and d.own.status, 60),
    Column("line", lambda d, _: d.row and d.row.line, 50),
    Column("ours", lambda d, _: d.own and d.own.segments, 40),
    Column("gateway", lambda d, _: d.own and d.own.gateway_segments, 30),
    Column("invoice", lambda d, _: d.row and d.row.segments, 20),
    Column("price", lambda d, _: d.row and d.row.price, 10),
)
SUMS: "Columns[tuple[str, Side]]" = (
    Column("side", lambda named, _: named[0], 90),
    Column("messages", lambda named, _: named[1].messages, 80),
    Column("segments", lambda named, _: named[1].segments, 70),
    Column("price", lambda named, _: named[1].price, 60),
)


def sides(match: "Match") -> "list[tuple[str, Side]]":
    """Name the three sides of a match."""
    return [("ours", match.ours), ("gateway", match.counted), ("invoice", match.invoice)]


def total_row(
    ours: "Side", invoice: "Side", differ: "list[str]", period: "Period", account: "AccountName"
) -> dict[str, object]:
    """Give a match of sums the keys of `report --match-total --format json`."""
    named = (("ours", ours), ("invoice", invoice))
    return {
        "period": str(period),
        "gateway": account.gateway,
        "account": account.account,
        "differences": differ,
        "sums": {pair[0]: row(pair, SUMS[1:], View()) for pair in named},
    }


def match_row(match: "Match", period: "Period", account: "AccountName", invoice: "Invoice") -> dict[str, object]:
    """Give a match the keys of `report --match --format json`."""
    view = View()
    return {
        "period": str(period),
        "gateway": account.gateway,
        "account": account.account,
        "compared": [
            "presence",
            *(["segments"] if invoice.has_segments else []),
            *(["price"] if invoice.has_price else []),
        ],
        "left_out": invoice.left_out,
        "usual_price": match.usual_price,
        "differences": [row(difference, DIFFERENCES, view) for difference in match.differences],
        "sums": {named[0]: row(named, SUMS[1:], view) for named in sides(match)},
    }
