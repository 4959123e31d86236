"""Evidence for a dispute about a notification: the patient's consent events, and the bills that charge it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from smsreminders.domain.bill.billing import Period
from smsreminders.domain.consent import ConsentEvent, How
from smsreminders.store.database import Database
from smsreminders.store.times import from_text


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """A consent event with the time at which it was recorded here: the event itself may be dated back."""

    event: ConsentEvent
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Charge:
    """A line of a closed bill that counts a notification; the segments of a correction are negative."""

    period: Period
    kind: str
    segments: int
    rate: Decimal
    currency: str


def consent_entries(db: Database, patient_id: int) -> list[ConsentEntry]:
    """All consent events of a patient, in the order in which they count."""
    rows = db.execute(
        "select given, at, how, by_whom, wording, recorded_at from consent_events"
        " where patient_id = ? and channel = 'sms' order by at, id",
        [patient_id],
    )
    return [
        ConsentEntry(ConsentEvent(bool(given), from_text(at), How(how), by, wording), from_text(recorded_at))
        for given, at, how, by, wording, recorded_at in rows
    ]


def charges_of(db: Database, notification_id: int) -> list[Charge]:
    """The lines of closed bills that count a notification, the oldest first."""
    rows = db.execute(
        "select p.period, l.kind, case c.is_credit when 1 then -n.segments else n.segments end, l.rate, p.currency"
        " from charges c join invoice_lines l on l.id = c.line_id join closed_periods p on p.id = l.period_id"
        " join notifications n on n.id = c.notification_id where c.notification_id = ? order by p.period, c.is_credit",
        [notification_id],
    )
    return [
        Charge(Period.parse(period), kind, count, Decimal(rate), money) for period, kind, count, rate, money in rows
    ]


def waived_in(db: Database, notification_id: int) -> Period | None:
    """The month whose close waived a notification (known too late, so never billed), or None."""
    row = db.execute(
        "select p.period from waivers w join closed_periods p on p.id = w.period_id where w.notification_id = ?",
        [notification_id],
    ).fetchone()
    return Period.parse(row[0]) if row else None
