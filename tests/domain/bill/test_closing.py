"""What a close charges: the vectors, the order and time of closes, and each notification once or never."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.bill.billing import Period, Rate, Usage, price_on, vat_on
from smsreminders.domain.bill.closing import Closing, Delivery, TakenBack, check_currency, close
from smsreminders.domain.bill.months import check_order, is_over
from smsreminders.errors import AdministratorNeeded

ZONE = ZoneInfo("Europe/Amsterdam")
VECTORS = json.loads((Path(__file__).parents[2] / "data" / "billing-vectors.json").read_text(encoding="utf-8"))
OCTOBER, NOVEMBER, DECEMBER = Period(2026, 10), Period(2026, 11), Period(2026, 12)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@dataclass
class Books:
    """Closes one after the other, as the database remembers them; delivered outranks all but a person's word."""

    notifications: Sequence[dict[str, Any]]
    rates: Sequence[Rate]
    closed: list[Period] = field(default_factory=list)
    charged: dict[str, TakenBack] = field(default_factory=dict)
    credited: set[str] = field(default_factory=set)
    waived: set[str] = field(default_factory=set)

    def close(self, period: Period, closed_at: datetime) -> Closing:
        names = [notification["id"] for notification in self.notifications]
        closing = close(
            period,
            [d for notification in self.notifications if (d := self.delivery(notification, closed_at, period))],
            [self.charged[n] for n in self.charged if n not in self.credited and self.reversed(n, closed_at)],
            last_closed=max(self.closed, default=None),
            price=lambda day, practice: price_on(day, practice, self.rates),
            vat=lambda _: Decimal(21),
        )
        self.closed.append(period)
        for charged in closing.lines:
            line = charged.line
            for id_ in charged.notification_ids:
                if line.segments < 0:
                    self.credited.add(names[id_])
                    continue
                assert names[id_] not in self.charged
                about = (charged.practice_id, line.practice, line.practice_name, line.service, line.usage_month)
                segments = self.notifications[id_]["segments"]
                self.charged[names[id_]] = TakenBack(id_, *about, segments, line.rate, line.vat_rate)
        self.waived |= {names[delivery.notification_id] for delivery in closing.waived}
        return closing

    def used(self, moment: datetime, period: Period) -> set[Period]:
        """The months up to a period with something that is on no bill yet."""
        waiting = [d for notification in self.notifications if (d := self.delivery(notification, moment, period))]
        return {Period.of(delivery.sent_on) for delivery in waiting}

    def catch_up(self, period: Period, moment: datetime) -> list[Closing]:
        """Close a period, and before it what an order of closes asks for."""
        last = max(self.closed, default=None)
        first = sorted(month for month in self.used(moment, period) if month < period and not is_over(month, last))
        closings = [self.close(month, moment) for month in first]
        check_order(period, max(self.closed, default=None), None)
        return [*closings, self.close(period, moment)]

    def delivery(self, notification: dict[str, Any], moment: datetime, period: Period) -> Delivery | None:
        known = [at(e["recorded_at"]) for e in notification["events"] if e["status"] == "delivered"]
        known = [when for when in known if when <= moment]
        sent_at = at(notification["sent_at"])
        sent_on = sent_at.astimezone(ZONE).date()
        done = (
            notification["id"] in self.charged
            or notification["id"] in self.waived
            or self.reversed(notification["id"], moment)
        )
        if not known or done or notification.get("test") or sent_on >= period.end:
            return None
        practice = notification["practice_id"]
        about = (int(practice.removeprefix("P")), practice, practice, notification["service"])
        return Delivery(
            self.notifications.index(notification), *about, sent_at, sent_on, min(known), notification["segments"]
        )

    def reversed(self, name: str, moment: datetime) -> bool:
        (notification,) = [notification for notification in self.notifications if notification["id"] == name]
        return any(e["status"] == "reversed" and at(e["recorded_at"]) <= moment for e in notification["events"])


def rates_of(case: dict[str, Any]) -> list[Rate]:
    return [
        Rate(
            Decimal(rate["rate"]),
            date.fromisoformat(rate["valid_from"]),
            int(rate["practice_id"].removeprefix("P")) if "practice_id" in rate else None,
        )
        for rate in case["rates"]
    ]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["id"]))
def test_a_vector_is_charged_as_it_says(case: dict[str, Any]) -> None:
    books = Books(case["notifications"], rates_of(case))
    names = [notification["id"] for notification in case["notifications"]]
    for asked, expected in zip(case["closes"], case["expect"], strict=True):
        closing = books.close(Period.parse(asked["period"]), at(asked["closed_at"]))
        invoices: dict[str, list[dict[str, Any]]] = {}
        for charged in closing.lines:
            line = charged.line
            invoices.setdefault(line.practice, []).append(
                {
                    "service": line.service,
                    "kind": line.kind,
                    "usage_month": str(line.usage_month),
                    "messages": line.notifications,
                    "segments": line.segments,
                    "rate": line.rate,
                    "amount_cents": int(line.amount * 100),
                    "notification_ids": sorted(names[id_] for id_ in charged.notification_ids),
                }
            )
        assert list(invoices) == [invoice["practice_id"] for invoice in expected["invoices"]]
        for invoice in expected["invoices"]:
            lines = [
                {**line, "rate": Decimal(line["rate"]), "notification_ids": sorted(line["notification_ids"])}
                for line in invoice["lines"]
            ]
            assert invoices[invoice["practice_id"]] == lines
            subtotal = sum(line["amount_cents"] for line in lines)
            vat = int(vat_on(Decimal(subtotal) / 100, Decimal(case["vat_rate"])) * 100)
            assert (subtotal, vat, subtotal + vat) == (
                invoice["subtotal_cents"],
                invoice["vat_cents"],
                invoice["total_cents"],
            )
    assert sorted(books.waived) == sorted(case["expect_written_off"])


def test_a_month_that_was_passed_by_is_charged_late_and_locks_nothing_up() -> None:
    """Nothing of November is known when December is closed; then a report of it comes."""
    sent = {"id": "n0", "practice_id": "P1", "service": "S", "segments": 1, "sent_at": "2026-11-28T08:00:00+00:00"}
    known = {"status": "delivered", "recorded_at": "2026-12-31T08:00:00+00:00"}
    books = Books([sent | {"events": [known]}], [Rate(Decimal("0.10"), date.min)], closed=[DECEMBER])
    (closing,) = books.catch_up(Period(2027, 1), at("2027-02-05T06:00:00+01:00"))
    assert [(charged.line.kind, charged.line.usage_month) for charged in closing.lines] == [("late", NOVEMBER)]


@pytest.mark.parametrize(("last_closed", "kinds"), [(OCTOBER, []), (None, []), (NOVEMBER, ["late"])])
def test_what_is_of_a_month_that_is_still_open_waits_for_its_own_close(
    last_closed: Period | None, kinds: list[str]
) -> None:
    sent_at = at("2026-11-28T08:00:00+00:00")
    delivery = Delivery(1, 1, "P1", "P1", "S", sent_at, sent_at.date(), sent_at, 1)
    closing = close(
        DECEMBER, [delivery], [], last_closed=last_closed, price=lambda *_: Decimal("0.10"), vat=lambda _: Decimal(21)
    )
    assert ([line.line.kind for line in closing.lines], closing.waived) == (kinds, [])


@pytest.mark.parametrize(
    ("known_after", "kinds"),
    [
        (timedelta(days=35), ["late"]),
        (timedelta(days=35, seconds=1), []),
        (timedelta(days=36), []),
        (timedelta(days=90), []),
    ],
)
def test_what_is_first_known_more_than_35_days_after_sending_is_waived(
    known_after: timedelta, kinds: list[str]
) -> None:
    delivery = delivered(date(2026, 10, 30), known_after=known_after)
    closing = close_november([delivery])
    assert kinds_of(closing) == kinds
    assert closing.waived == ([] if kinds else [delivery])


@pytest.mark.parametrize(
    ("sent_on", "last_currency", "currency"),
    [
        pytest.param(date(2026, 10, 30), "EUR", "EUR", id="a-late-line-in-the-same-currency"),
        pytest.param(date(2026, 11, 3), "EUR", "USD", id="only-regular-lines-in-another"),
    ],
)
def test_a_currency_is_taken_where_no_line_is_of_a_month_in_another(
    sent_on: date, last_currency: str, currency: str
) -> None:
    check_currency(close_november([delivered(sent_on)]), last_currency, currency)


@pytest.mark.parametrize("sent_on", [[date(2026, 10, 30)], [date(2026, 10, 30), date(2026, 11, 3)]])
def test_a_late_line_in_another_currency_is_refused(sent_on: list[date]) -> None:
    with pytest.raises(AdministratorNeeded) as raised:
        check_currency(close_november(map(delivered, sent_on)), "EUR", "USD")
    assert str(raised.value) == (
        "there are late or correction lines in EUR, and billing.currency is USD: close one more month in EUR first"
    )


def delivered(sent_on: date, known_after: timedelta = timedelta(0)) -> Delivery:
    sent_at = datetime(sent_on.year, sent_on.month, sent_on.day, 8, tzinfo=UTC)
    return Delivery(1, 1, "P1", "P1", "S", sent_at, sent_on, sent_at + known_after, 1)


def close_november(deliveries: Iterable[Delivery]) -> Closing:
    return close(
        NOVEMBER,
        deliveries,
        [],
        last_closed=OCTOBER,
        price=lambda *_: Decimal("0.10"),
        vat=lambda _: Decimal(21),
    )


def kinds_of(closing: Closing) -> list[str]:
    return [charged.line.kind for charged in closing.lines]


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[tuple[Period, datetime]]]:
    """Notifications with their reports in any order, and the moments of up to four closes; the last is always made."""
    start = datetime(2026, 10, 1, 8, tzinfo=UTC)
    notifications = []
    for number in range(draw(st.integers(1, 6))):
        sent_at = start + timedelta(days=draw(st.integers(0, 100)))
        statuses = st.tuples(st.sampled_from(["delivered", "failed", "reversed"]), st.integers(0, 90))
        events = [
            {"status": status, "recorded_at": (sent_at + timedelta(days=days)).isoformat()}
            for status, days in draw(st.lists(statuses, max_size=4))
        ]
        notification = {"id": f"n{number}", "practice_id": "P1", "service": "S", "sent_at": sent_at.isoformat()}
        notifications.append(notification | {"segments": draw(st.integers(1, 3)), "events": events})
    months = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1), date(2027, 8, 1)]
    closes = []
    for first, then in pairwise(months):
        days = (then - first).days - 1
        moment = datetime(first.year, first.month, first.day, 5, tzinfo=UTC)
        if first == months[-2] or draw(st.integers(0, 2)):  # a third is not asked for in time
            closes.append((Period.of(first).previous, moment + timedelta(days=draw(st.integers(0, days)))))
    return notifications, closes


@given(stories())
def test_each_delivered_one_is_charged_once_or_waived_whichever_months_are_passed_by(
    story: tuple[list[dict[str, Any]], list[tuple[Period, datetime]]],
) -> None:
    notifications, closes = story
    books = Books(notifications, [Rate(Decimal("0.10"), date.min)])
    total = Decimal(0)
    for period, moment in closes:
        for closing in books.catch_up(period, moment):
            total += sum((charged.line.amount for charged in closing.lines), Decimal(0))
    net = [charge for name, charge in books.charged.items() if name not in books.credited]
    assert total == sum((charge.segments * Decimal("0.10") for charge in net), Decimal(0))
    assert not books.waived & books.charged.keys()
    assert books.credited <= books.charged.keys()
    last = closes[-1][1]
    for notification in notifications:
        known = [at(e["recorded_at"]) for e in notification["events"] if e["status"] == "delivered"]
        early = [when for when in known if when <= last]
        if early and not books.reversed(notification["id"], last):
            assert (notification["id"] in books.charged) != (notification["id"] in books.waived)
        if not early:
            assert notification["id"] not in books.charged


def test_a_month_summed_by_day_is_charged_as_each_delivery_by_itself() -> None:
    days = [Usage(1, "P1", "P1", "S", date(2026, 11, day), notifications=2, segments=3) for day in (3, 4)]
    closing = close(
        NOVEMBER,
        [delivered(date(2026, 10, 30))],
        [],
        summed=days,
        last_closed=OCTOBER,
        price=lambda *_: Decimal("0.10"),
        vat=lambda _: Decimal(21),
    )
    lines = [(charged.line.kind, charged.line.notifications, charged.line.segments) for charged in closing.lines]
    assert sorted(lines) == [("late", 1, 1), ("regular", 4, 6)]


def test_what_is_waived_or_waits_for_its_own_month_keeps_no_other_from_being_charged() -> None:
    waits = delivered(date(2026, 12, 1))
    waived = delivered(date(2026, 10, 1), known_after=timedelta(days=36))
    closing = close_november([waits, waived, delivered(date(2026, 11, 3))])
    assert (kinds_of(closing), closing.waived) == (["regular"], [waived])
