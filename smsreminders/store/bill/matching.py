"""The notifications of ours that a gateway's invoice is compared with."""

import json
from collections.abc import Collection
from dataclasses import replace

from smsreminders.domain.bill.billing import Period
from smsreminders.domain.bill.invoiced import Own
from smsreminders.domain.round.notifications import TAKEN
from smsreminders.domain.round.sending import AccountName
from smsreminders.store.database import Database

_OWN = "select id, reference, gateway_id, status, segments, gateway_segments from notifications"


def taken_in(db: Database, period: Period, account: AccountName) -> list[Own]:
    """The notifications that an account took in a month, whatever became of them then."""
    rows = db.execute(
        f"{_OWN} where status in (select value from json_each(?)) and sent_on >= ? and sent_on < ?"
        " and gateway = ? and account = ?",
        [json.dumps([status.value for status in sorted(TAKEN)]), *_bounds(period), account.gateway, account.account],
    )
    return [Own(*row) for row in rows]


def other_ones(
    db: Database, period: Period, account: AccountName, references: Collection[str], gateway_ids: Collection[str]
) -> list[Own]:
    """The notifications with these references or gateway's ids that are of another month, or were never taken."""
    rows = db.execute(
        f"{_OWN} where (reference in (select value from json_each(?))"
        " or (gateway = ? and account = ? and gateway_id in (select value from json_each(?))))"
        " and not (status in (select value from json_each(?)) and sent_on >= ? and sent_on < ?"
        " and gateway = ? and account = ?)",
        [
            json.dumps(list(references)),
            account.gateway,
            account.account,
            json.dumps(list(gateway_ids)),
            json.dumps([status.value for status in sorted(TAKEN)]),
            *_bounds(period),
            account.gateway,
            account.account,
        ],
    )
    return [replace(Own(*row), expected=False) for row in rows]


def accounts_in(db: Database, period: Period) -> dict[AccountName, int]:
    """Count by account what was taken of what was sent in a month."""
    rows = db.execute(
        "select gateway, account, count(*) from notifications where status in (select value from json_each(?))"
        " and sent_on >= ? and sent_on < ? group by gateway, account order by gateway, account",
        [json.dumps([status.value for status in sorted(TAKEN)]), *_bounds(period)],
    )
    return {AccountName(gateway, account): count for gateway, account, count in rows}


def _bounds(period: Period) -> tuple[str, str]:
    return period.first.isoformat(), period.end.isoformat()
