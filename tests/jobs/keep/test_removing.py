"""A practice that is removed: not while something is open, never half, and nothing of its patients stays."""

from collections.abc import Collection
from decimal import Decimal

import pytest

from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.changes import PracticeChange
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.errors import TryAgainLater, UsageError
from smsreminders.jobs.bill.close import close_month
from smsreminders.jobs.bill.show import Bill, bill
from smsreminders.jobs.desk.practice import add_practice
from smsreminders.jobs.keep import removing
from smsreminders.jobs.keep.access import verify
from smsreminders.jobs.keep.removing import Removed, remove_practice
from smsreminders.store.database import write_transaction
from smsreminders.store.practices import all_practices, practice_by_code
from smsreminders.store.round.statuses import move
from tests.builders import RECEPTION, as_text
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, ZONE, a_patient, an_appointment, local, phone_of

NOVEMBER = Period(2026, 11)
TERMS = MoneyTerms(RATE, Decimal(21), "EUR")


def nothing(_references: Collection[str]) -> None:
    """Nothing stands elsewhere."""


def removed(bench: Bench, practice: Practice) -> Removed:
    return remove_practice(bench.db, practice, access=RECEPTION, forget=nothing, clock=bench.clock)


def close(bench: Bench) -> None:
    bench.clock.go_to(local("2026-12-07 09:00"))
    close_month(bench.db, NOVEMBER, terms=TERMS, zone=ZONE, force=False, as_csv=as_text, clock=bench.clock)


def november(bench: Bench) -> Bill:
    return bill(bench.db, NOVEMBER, all_practices(bench.db, removed=True), TERMS)


def a_reply(bench: Bench, id_: int, practices: list[int], done: str | None = None) -> None:
    """A reply of a phone that no patient has, for these practices."""
    at = "2026-11-24T09:00:00Z"
    bench.db.execute(
        "insert into replies values (?, 'g', '', ?, '+31612345699', '', 'Wie is dit?', 'other', ?, ?, ?, '')",
        [id_, f"r{id_}", at, at, done],
    )
    for practice_id in practices:
        bench.db.execute("insert into reply_practices values (?, ?)", [id_, practice_id])


@pytest.fixture
def sent(bench: Bench, linde: Practice, duin: Practice) -> Bench:
    """Two practices with two texts each, under way."""
    for practice, first in ((linde, 1), (duin, 3)):
        for number in (first, first + 1):
            a_patient(bench.db, practice, f"P{number}", name=f"Naam{number}")
            an_appointment(bench.db, practice, f"A{number}", f"P{number}")
    bench.round()
    return bench


@pytest.fixture
def arrived(sent: Bench) -> Bench:
    """Those texts, when they arrived."""
    sent.gateway.reports = [DeliveryReport(sms.reference, Status.DELIVERED, "ok") for sms in sent.gateway.journal]
    sent.poll()
    return sent


def test_it_is_refused_while_something_is_open_and_says_what(sent: Bench, linde: Practice) -> None:
    with pytest.raises(TryAgainLater, match=r"2 texts wait or are under way \(`dispatch`, `poll`"):
        removed(sent, linde)
    sent.gateway.reports = [DeliveryReport(sms.reference, Status.DELIVERED, "ok") for sms in sent.gateway.journal]
    sent.poll()
    with pytest.raises(TryAgainLater, match=r"2 texts that arrived are on no bill \(`report --month MONTH --close`"):
        removed(sent, linde)
    close(sent)
    with write_transaction(sent.db):
        a_reply(sent, 1, [linde.id])
    with pytest.raises(TryAgainLater, match="1 replies wait"):
        removed(sent, linde)
    assert linde in all_practices(sent.db)


def test_a_text_that_waits_for_what_has_begun_is_withdrawn_for_no_round_comes_any_more(
    bench: Bench, linde: Practice
) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round(interrupted=lambda: True)
    with pytest.raises(TryAgainLater, match="1 texts wait"):
        removed(bench, linde)
    bench.clock.go_to(local("2026-12-07 09:00"))
    assert removed(bench, linde).patients == 1
    assert [status for (status,) in bench.db.execute("select status from notifications")] == [Status.CANCELLED]


def test_nothing_of_its_patients_stays_and_bills_and_the_other_practice_are_as_they_were(
    arrived: Bench, linde: Practice, duin: Practice
) -> None:
    close(arrived)
    before = november(arrived)
    assert removed(arrived, linde) == Removed(2, [])
    assert november(arrived) == before
    data = arrived.path.read_bytes()
    words = {number: [f"Naam{number}".encode(), phone_of(f"P{number}").encode()] for number in range(1, 5)}
    assert [number for number, them in words.items() if any(word in data for word in them)] == [3, 4]
    assert all_practices(arrived.db) == [duin]
    assert verify(arrived.db) is None


def test_it_is_in_no_list_and_its_code_stays_taken(arrived: Bench, linde: Practice) -> None:
    close(arrived)
    removed(arrived, linde)
    with pytest.raises(UsageError, match="was removed: only its bills"):
        practice_by_code(arrived.db, "linde")
    assert practice_by_code(arrived.db, "linde", removed=True) == linde
    with pytest.raises(UsageError, match="was the code of a practice that was removed"):
        add_practice(arrived.db, "linde", PracticeChange(name="Anders"), country="NL", sure=True)


def test_killed_on_the_way_it_goes_on_when_it_is_done_again(
    arrived: Bench, linde: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(arrived)
    monkeypatch.setattr(removing, "_AT_ONCE", 1)
    calls: list[int] = []

    def dies(_references: Collection[str]) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remove_practice(arrived.db, linde, access=RECEPTION, forget=dies, clock=arrived.clock)
    assert linde in all_practices(arrived.db)
    texts = len(arrived.gateway.journal)
    arrived.round()
    assert len(arrived.gateway.journal) == texts
    assert removed(arrived, linde) == Removed(1, [])
    assert linde not in all_practices(arrived.db)


def test_what_is_taken_back_later_is_credited_under_its_name(arrived: Bench, linde: Practice) -> None:
    close(arrived)
    id_ = arrived.notification("A1").id
    removed(arrived, linde)
    with write_transaction(arrived.db):
        move(arrived.db, id_, Status.DELIVERED, Status.FAILED, now=arrived.clock.now())
    december = Period(2026, 12)
    arrived.clock.go_to(local("2027-01-07 09:00"))
    close_month(arrived.db, december, terms=TERMS, zone=ZONE, force=False, as_csv=as_text, clock=arrived.clock)
    [line] = bill(arrived.db, december, all_practices(arrived.db, removed=True), TERMS).lines
    assert (line.practice, line.practice_name, line.kind, line.segments) == ("linde", linde.name, "correction", -1)


def test_a_reply_that_another_practice_has_too_stays_with_it(arrived: Bench, linde: Practice, duin: Practice) -> None:
    close(arrived)
    with write_transaction(arrived.db):
        for id_, practices in ((1, [linde.id]), (2, [linde.id, duin.id])):
            a_reply(arrived, id_, practices, done="2026-11-24T10:00:00Z")
    removed(arrived, linde)
    assert list(arrived.db.execute("select id, text from replies order by id")) == [(1, ""), (2, "Wie is dit?")]
