"""Laws of closes over a real database, whatever happens between them and in whatever order."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.domain.bill.billing import Period
from smsreminders.domain.bill.closing import Delivery
from smsreminders.domain.bill.totals import totals_of
from smsreminders.domain.round.notifications import Status
from smsreminders.errors import UsageError
from smsreminders.jobs.bill.show import Bill
from smsreminders.store.bill.closed import closed_periods
from smsreminders.store.bill.closing import deliveries
from smsreminders.store.database import Database, opened
from smsreminders.store.practices import all_practices
from tests.builders import a_database
from tests.jobs.builders import RATE, ZONE
from tests.jobs.clock import FixedClock
from tests.jobs.ledger import Ledger

START = datetime(2026, 10, 1, 8, tzinfo=UTC)
PERIODS = [Period(2026, 10), Period(2026, 11), Period(2026, 12), Period(2027, 1)]
LAST = datetime(2027, 6, 1, tzinfo=UTC)
FEW = settings(max_examples=25)


@dataclass(frozen=True)
class Happening:
    """Something at a day: sent, a report, a person's word, or a close of a month that is over."""

    day: int
    what: str
    number: int

    @property
    def at(self) -> datetime:
        return START + timedelta(days=self.day)


@st.composite
def stories(draw: st.DrawFn) -> list[Happening]:
    """Up to five texts, what is reported of them, and closes at any moment, each of any month."""
    sent = [Happening(draw(st.integers(0, 110)), "sent", number) for number in range(draw(st.integers(1, 5)))]
    reports = [
        Happening(happening.day + draw(st.integers(0, 60)), draw(st.sampled_from(WORDS)), happening.number)
        for happening in sent
        for _ in range(draw(st.integers(0, 3)))
    ]
    months = draw(st.lists(st.integers(0, 3), max_size=4))
    closes = [Happening(draw(st.integers(31, 200)), "close", month) for month in months]
    return sorted([*sent, *reports, *closes], key=lambda happening: happening.day)  # of one day: sent before told


WORDS = ["delivered", "delivered", "failed", "expired", "taken back"]


@contextmanager
def a_ledger() -> Iterator[Ledger]:
    with TemporaryDirectory() as folder, opened(a_database(Path(folder))) as db:
        db.execute("pragma synchronous = off")
        yield Ledger(db, FixedClock(START))


def happen(ledger: Ledger, happening: Happening) -> None:
    """Let it happen; a close that can't be made is none."""
    name = f"n{happening.number}"
    match happening.what:
        case "sent":
            ledger.sent(name, happening.at, practice=f"P{happening.number % 2}", segments=1 + happening.number % 3)
        case "close":
            close_as_shown(ledger, PERIODS[happening.number], happening.at)
        case "taken back":
            ledger.taken_back(name, happening.at)
        case status:
            ledger.told(name, Status(status), happening.at)


def close_as_shown(ledger: Ledger, period: Period, at: datetime) -> None:
    """Close a month if it can be: the bill that was shown until then is the one that is written."""
    if at.astimezone(ZONE).date() < period.end:
        return
    ledger.clock.go_to(at)
    assert what_may_be_late(ledger.db, since_the_last_close=True) == what_may_be_late(ledger.db)
    shown = ledger.bill(period)
    try:
        closed = ledger.close(period, at)
    except UsageError:
        return
    assert what_is_billed(shown) == what_is_billed(closed)


def what_may_be_late(db: Database, *, since_the_last_close: bool = False) -> list[Delivery]:
    """What is delivered in months that are over and on no bill, among all there is or what became known since."""
    *_, last = [None, *closed_periods(db)]
    if last is None:
        return []
    after_event = last.last_event if since_the_last_close else None
    delivered = deliveries(db, date.min, last.period.end, after_event=after_event)
    return sorted(delivered, key=lambda delivery: delivery.notification_id)


def what_is_billed(bill: Bill) -> tuple[Any, ...]:
    return bill.lines, bill.totals, bill.days, bill.waived


def close_all(ledger: Ledger) -> list[Bill]:
    """Close what is open yet, one month after the other; all bills."""
    for period in PERIODS:
        close_as_shown(ledger, period, LAST)
    ledger.close(Period(2027, 2), LAST)  # the late and correction lines of all others
    return [ledger.bill(period) for period in [*PERIODS, Period(2027, 2)]]


@FEW
@given(stories())
def test_any_sequence_of_closes_charges_each_delivered_one_once_or_waives_it(story: list[Happening]) -> None:
    with a_ledger() as ledger:
        for happening in story:
            happen(ledger, happening)
        bills = close_all(ledger)
        charged = Counter(ledger.db.execute("select notification_id, is_credit from charges").fetchall())
        waived = {id_ for (id_,) in ledger.db.execute("select notification_id from waivers")}
        rows = ledger.db.execute("select id, status, segments from notifications").fetchall()
    net = 0
    for id_, status, segments in rows:
        times = (charged[id_, 0], charged[id_, 1], int(id_ in waived))
        if status == "delivered":
            assert times in {(1, 0, 0), (0, 0, 1)}
        else:
            assert times in {(0, 0, 0), (1, 1, 0), (0, 0, 1)}  # taken back after it was waived
        net += segments * (times[0] - times[1])
    assert sum((line.amount for bill in bills for line in bill.lines), Decimal(0)) == net * RATE


@FEW
@given(stories())
def test_totals_are_sums_of_lines_and_what_is_closed_stays_as_it_is(story: list[Happening]) -> None:
    with a_ledger() as ledger:
        before: dict[Period, Bill] = {}
        for happening in story:
            happen(ledger, happening)
            now = {period: bill for period in PERIODS if (bill := ledger.bill(period)).closed_at}
            assert {period: now[period] for period in before} == before
            before = now
        practices = all_practices(ledger.db)
        for bill in close_all(ledger):
            assert bill.totals == totals_of(bill.lines, practices)


REPORTS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([Status.DELIVERED, Status.FAILED, Status.EXPIRED])), max_size=8
)


@FEW
@given(REPORTS, st.randoms(), st.booleans())
def test_the_order_of_reports_does_not_matter(
    reports: list[tuple[int, Status]],
    shuffler: Random,
    after_a_close: bool,
) -> None:
    shuffled = list(reports)
    shuffler.shuffle(shuffled)
    outcomes = []
    for order in (reports, shuffled):
        with a_ledger() as ledger:
            for number in range(4):
                ledger.sent(f"n{number}", START + timedelta(days=5 * number), practice=f"P{number % 2}")
            if after_a_close:
                ledger.close(PERIODS[0], START + timedelta(days=34))
            for number, status in order:
                ledger.told(f"n{number}", status, START + timedelta(days=38))
            outcomes.append([what_is_billed(bill) for bill in close_all(ledger)])
    assert outcomes[0] == outcomes[1]


def test_a_close_while_reports_come_charges_nothing_twice_and_loses_nothing(tmp_path: Path) -> None:
    """Reports are written by another connection while two months are closed: each is in one of both."""
    path = a_database(tmp_path)
    with opened(path) as db:
        ledger = Ledger(db, FixedClock(START))
        for number in range(30):
            ledger.sent(f"n{number}", START + timedelta(days=10))
        began = Event()

        def reports_come() -> None:
            with opened(path) as other:
                poll = Ledger(other, FixedClock(START), ids=ledger.ids)
                for number in range(30):
                    poll.told(f"n{number}", Status.DELIVERED, START + timedelta(days=34))
                    began.set()

        reporter = Thread(target=reports_come)
        reporter.start()
        began.wait()
        october = ledger.close(PERIODS[0], START + timedelta(days=35))
        reporter.join()
        november = ledger.close(PERIODS[1], START + timedelta(days=66))
        assert [line.kind for line in october.lines] == ["regular"]
        assert {line.kind for line in november.lines} <= {"late"}
        assert sum(line.notifications for bill in (october, november) for line in bill.lines) == 30
        assert db.execute("select count(*), count(distinct notification_id) from charges").fetchone() == (30, 30)
