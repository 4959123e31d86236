"""A closed month taken back from its CSV after a restore: the same bytes, and nothing on it is billed again."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.cli.show.bill_formats import csv_of
from smsreminders.domain.bill.billing import Period
from smsreminders.domain.bill.months import LastClose
from smsreminders.domain.round.notifications import Status
from smsreminders.errors import InputFileError, SmsremindersError, UsageError
from smsreminders.jobs.bill.close import digest_of
from smsreminders.jobs.bill.closed_csv import ClosedCsv, read_closed_csv
from smsreminders.jobs.bill.show import Bill
from smsreminders.jobs.bill.take_back import TakeBackResult, never_sent, take_back
from smsreminders.store.bill.last_close import close_beside, note_close_beside
from smsreminders.store.database import opened
from tests.builders import a_database
from tests.jobs.clock import FixedClock
from tests.jobs.ledger import Ledger

OCTOBER, NOVEMBER, DECEMBER = Period(2026, 10), Period(2026, 11), Period(2026, 12)
Story = Callable[[Ledger], object]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@contextmanager
def a_ledger(folder: Path) -> Iterator[Ledger]:
    with opened(a_database(folder)) as db:
        db.execute("pragma synchronous = off")  # no power is cut here
        yield Ledger(db, FixedClock(at("2026-10-01T08:00:00Z")), as_csv=csv_of)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with a_ledger(tmp_path) as made:
        yield made


def written(folder: Path, text: str) -> ClosedCsv:
    file = folder / "bill.csv"
    file.write_bytes(text.encode())
    return read_closed_csv(file)


def taken_back(ledger: Ledger, closed_csv: ClosedCsv) -> TakeBackResult:
    return take_back(ledger.db, closed_csv, terms=ledger.terms(), as_csv=csv_of, clock=ledger.clock)


def lost(folder: Path, story: Story, *periods: Period) -> list[ClosedCsv]:
    """The CSVs of these months as another database closed them, which is gone."""
    (folder / "lost").mkdir()
    with a_ledger(folder / "lost") as gone:
        story(gone)
        bills = [gone.close(period, at(f"{period.end:%Y-%m}-05T06:00:00Z")) for period in periods]
    return [written(folder, bill.csv or "") for bill in bills]


def october(ledger: Ledger) -> None:
    for name in ("one", "two", "three"):
        ledger.delivered(name, at("2026-10-20T08:00:00Z"), segments=2)
    ledger.delivered("other", at("2026-10-21T08:00:00Z"), practice="P2")


def kinds(bill: Bill) -> list[tuple[str, str, str, int]]:
    return [(line.kind, line.practice, str(line.usage_month), line.segments) for line in bill.lines]


def test_it_is_closed_with_its_bytes_and_nothing_on_it_is_billed_again(ledger: Ledger, tmp_path: Path) -> None:
    (closed_csv,) = lost(tmp_path, october, OCTOBER)
    october(ledger)
    assert taken_back(ledger, closed_csv) == TakeBackResult(OCTOBER, 2, 2)
    bill = ledger.bill(OCTOBER)
    assert (bill.csv, kinds(bill)) == (
        closed_csv.text,
        [("regular", "P1", "2026-10", 6), ("regular", "P2", "2026-10", 1)],
    )
    assert [(total.practice_name, str(total.amount), str(total.vat)) for total in bill.totals] == [
        ("Praktijk P1", "0.60", "0.13"),
        ("Praktijk P2", "0.10", "0.02"),
    ]
    assert close_beside(ledger.db) == LastClose(OCTOBER, digest_of(closed_csv.text))
    assert kinds(ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))) == []
    assert ledger.bill(OCTOBER).csv == closed_csv.text


def test_where_its_texts_are_known_late_ones_and_corrections_go_on(ledger: Ledger, tmp_path: Path) -> None:
    (closed_csv,) = lost(tmp_path, october, OCTOBER)
    october(ledger)
    ledger.sent("late", at("2026-10-31T08:00:00Z"))
    taken_back(ledger, closed_csv)
    ledger.told("late", Status.DELIVERED, at("2026-11-06T08:00:00Z"))
    ledger.taken_back("one", at("2026-11-07T08:00:00Z"))
    shown = ledger.bill(NOVEMBER)
    assert kinds(shown) == [("correction", "P1", "2026-10", -2), ("late", "P1", "2026-10", 1)]
    assert ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z")).lines == shown.lines


@pytest.mark.parametrize("known", [[], ["one"], ["one", "two", "three", "and one more"]], ids=["none", "fewer", "more"])
def test_where_its_texts_can_not_be_told_no_more_of_them_is_billed(
    ledger: Ledger, tmp_path: Path, known: list[str]
) -> None:
    (closed_csv,) = lost(tmp_path, october, OCTOBER)
    ledger.delivered("other", at("2026-10-21T08:00:00Z"), practice="P2")
    ledger.practice("P1")
    for name in known:
        ledger.delivered(name, at("2026-10-20T08:00:00Z"), segments=2)
    ledger.sent("known later", at("2026-10-22T08:00:00Z"))
    assert taken_back(ledger, closed_csv) == TakeBackResult(OCTOBER, 2, 1)
    ledger.told("known later", Status.DELIVERED, at("2026-11-06T08:00:00Z"))
    ledger.delivered("of another service", at("2026-10-23T08:00:00Z"), service="T")
    ledger.delivered("own", at("2026-11-23T08:00:00Z"))
    closed = ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))
    assert kinds(closed) == [("regular", "P1", "2026-11", 1), ("late", "P1", "2026-10", 1)]
    assert closed.waived == 0


def test_a_correction_on_it_is_not_credited_again(ledger: Ledger, tmp_path: Path) -> None:
    def story(of: Ledger) -> None:
        october(of)
        of.close(OCTOBER, at("2026-11-05T06:00:00Z"))
        of.taken_back("one", at("2026-11-06T08:00:00Z"))

    (closed_csv,) = lost(tmp_path, story, NOVEMBER)
    october(ledger)
    ledger.close(OCTOBER, at("2026-11-05T06:00:00Z"))
    assert taken_back(ledger, closed_csv) == TakeBackResult(NOVEMBER, 1, 0)
    ledger.taken_back("one", at("2026-12-06T08:00:00Z"))
    assert kinds(ledger.close(DECEMBER, at("2027-01-05T06:00:00Z"))) == []


def test_it_is_taken_back_once_and_no_other_in_its_place(ledger: Ledger, tmp_path: Path) -> None:
    (closed_csv,) = lost(tmp_path, october, OCTOBER)
    october(ledger)
    taken_back(ledger, closed_csv)
    before = ledger.bill(OCTOBER)
    assert taken_back(ledger, closed_csv) == TakeBackResult(OCTOBER, 0, 0)
    with pytest.raises(UsageError, match="2026-10 is closed here already, with other bytes"):
        taken_back(ledger, replace(closed_csv, text=closed_csv.text + " "))
    assert ledger.bill(OCTOBER) == before


def test_months_are_taken_back_in_their_order(ledger: Ledger, tmp_path: Path) -> None:
    def story(of: Ledger) -> None:
        october(of)
        of.delivered("november", at("2026-11-20T08:00:00Z"))

    first, second = lost(tmp_path, story, OCTOBER, NOVEMBER)
    story(ledger)
    note_close_beside(ledger.db, LastClose(NOVEMBER, digest_of(second.text)))
    with pytest.raises(UsageError, match="2026-10 comes first: take its bill back"):
        taken_back(ledger, second)
    taken_back(ledger, first)
    assert close_beside(ledger.db) == LastClose(NOVEMBER, digest_of(second.text))
    taken_back(ledger, second)
    with pytest.raises(UsageError, match="2026-11 is closed here already, so 2026-09"):
        taken_back(ledger, replace(first, period=Period(2026, 9)))


def test_what_is_not_the_bill_that_was_closed_changes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    (closed_csv,) = lost(tmp_path, october, OCTOBER)
    october(ledger)
    changed = written(tmp_path, closed_csv.text.replace("0.10,0.60", "0.20,1.20"))
    note_close_beside(ledger.db, LastClose(OCTOBER, digest_of(closed_csv.text)))
    wrong: list[tuple[ClosedCsv, type[SmsremindersError], str]] = [
        (changed, InputFileError, "this is not the CSV with which 2026-10 was closed"),
        (written(tmp_path, closed_csv.text.replace("P2", "P9")), InputFileError, "this is not the CSV"),
    ]
    for file, error, words in wrong:
        with pytest.raises(error, match=words):
            taken_back(ledger, file)
    never_sent(ledger.db, OCTOBER)
    with pytest.raises(UsageError, match="there is no practice P9: add it first"):
        taken_back(ledger, written(tmp_path, closed_csv.text.replace("P2", "P9")))
    with pytest.raises(InputFileError, match="the CSV of 2026-10 was changed since"):
        taken_back(ledger, replace(closed_csv, text=closed_csv.text.replace("\n", "\r\n")))
    assert ledger.bill(OCTOBER).closed_at is None


def test_a_month_whose_bill_went_to_nobody_may_be_closed_anew(ledger: Ledger) -> None:
    note_close_beside(ledger.db, LastClose(OCTOBER, "0" * 64))
    with pytest.raises(UsageError, match="2026-11 is not a month that was closed last and is lost"):
        never_sent(ledger.db, NOVEMBER)
    never_sent(ledger.db, OCTOBER)
    assert close_beside(ledger.db) is None
    ledger.close(OCTOBER, at("2026-11-05T06:00:00Z"))
    with pytest.raises(UsageError, match="2026-10 is not a month that was closed last and is lost"):
        never_sent(ledger.db, OCTOBER)


def test_a_bill_without_a_line_is_known_by_its_digest_alone(ledger: Ledger, tmp_path: Path) -> None:
    (closed_csv,) = lost(tmp_path, lambda _: None, OCTOBER)
    with pytest.raises(UsageError, match="the CSV has no line"):
        taken_back(ledger, closed_csv)
    note_close_beside(ledger.db, LastClose(OCTOBER, digest_of(closed_csv.text)))
    assert taken_back(ledger, closed_csv) == TakeBackResult(OCTOBER, 0, 0)
    assert ledger.bill(OCTOBER).csv == closed_csv.text


TEXTS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["bill", "late", "never"]), st.booleans()), max_size=6)


@settings(max_examples=40)
@given(TEXTS)
def test_never_more_is_billed_of_a_month_than_was_delivered(texts: Sequence[tuple[int, str, bool]]) -> None:
    """Each text: its segments, whether it was known by the close, later or never, and whether the backup has it."""

    def told_of(ledger: Ledger, when: str, *, restored: bool) -> None:
        for number, (segments, known, kept) in enumerate(texts):
            if restored and not kept:
                continue
            if when == "sent":
                ledger.sent(str(number), at("2026-10-20T08:00:00Z"), segments=segments)
            elif known == when or (restored and when == "bill" and known == "late"):
                ledger.told(str(number), Status.DELIVERED, at("2026-10-21T08:00:00Z"))

    def first(ledger: Ledger) -> None:
        ledger.delivered("always", at("2026-10-19T08:00:00Z"))
        told_of(ledger, "sent", restored=False)
        told_of(ledger, "bill", restored=False)

    with TemporaryDirectory() as folder:
        (closed_csv,) = lost(Path(folder), first, OCTOBER)
        (Path(folder) / "again").mkdir()
        with a_ledger(Path(folder) / "again") as ledger:
            ledger.delivered("always", at("2026-10-19T08:00:00Z"))
            told_of(ledger, "sent", restored=True)
            told_of(ledger, "bill", restored=True)
            taken_back(ledger, closed_csv)
            bills = [ledger.bill(OCTOBER), ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))]
    billed = sum(line.segments for bill in bills for line in bill.lines)
    delivered = 1 + sum(segments for segments, known, _ in texts if known != "never")
    assert bills[0].csv == closed_csv.text
    assert sum(line.segments for line in closed_csv.lines) <= billed <= delivered
