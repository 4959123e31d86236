"""A practice that leaves takes what is its own, whole, and not a byte of another's."""

import os
import signal
import sys
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.inbound import Mark
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.errors import AdministratorNeeded, UsageError
from smsreminders.jobs.bill.close import close_month, closed_month
from smsreminders.jobs.keep.access import look, verify
from smsreminders.jobs.keep.leaving import export_practice
from smsreminders.jobs.round.stopping import mark_number
from smsreminders.store.bill.closed import lines_of, totals_of_month
from smsreminders.store.database import Database, opened, write_transaction
from smsreminders.store.keep.access_head import head_file
from smsreminders.store.keep.patient_known import known_of
from smsreminders.store.soundness import tables_of
from tests.builders import RECEPTION, as_text
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, ZONE, a_patient, an_appointment, local

NOVEMBER = Period(2026, 11)
OF_DUIN = (b"duin", b"Duin", b"Vogelaar", b"12345602", b"P2", b"A2", b"Duinkamer")


@pytest.fixture
def billed(bench: Bench, linde: Practice, duin: Practice) -> Bench:
    """Two practices with a text each that arrived and is on the bill of a closed month, and words on both numbers."""
    for practice, number, name in ((linde, 1, "Lindeman"), (duin, 2, "Vogelaar")):
        a_patient(bench.db, practice, f"P{number}", name=name)
        an_appointment(bench.db, practice, f"A{number}", f"P{number}", location=f"{practice.name[3:]}kamer")
    bench.round()
    bench.gateway.reports = [
        DeliveryReport(sms.reference, Status.DELIVERED, "delivered") for sms in bench.gateway.journal
    ]
    bench.poll()
    for id_ in ("A1", "A2"):
        with write_transaction(bench.db):
            mark_number(bench.db, bench.notification(id_).id, Mark.OPTED_OUT, now=bench.clock.now(), reported=True)
    look(bench.db, RECEPTION, [("linde", "P1"), ("duin", "P2")])
    bench.clock.go_to(local("2026-12-07 09:00"))
    terms = MoneyTerms(RATE, Decimal(21), "EUR")
    close_month(bench.db, NOVEMBER, terms=terms, zone=ZONE, force=False, as_csv=as_text, clock=bench.clock)
    return bench


def exported(bench: Bench, practice: Practice) -> Path:
    target = bench.path.with_name("own.db")
    export_practice(bench.db, practice, target, access=RECEPTION, as_csv=as_text)
    return target


def killed_at(bench: Bench, practice: Practice, line: int) -> bool:
    """Export in a process that is killed before the n-th line of what makes the file; whether it was."""
    child = os.fork()
    if child == 0:  # pragma: no cover  # another process
        lines: set[tuple[str, int]] = set()

        def look(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401  # as typeshed has it
            name = Path(frame.f_code.co_filename).name
            if event == "line":
                lines.add((name, frame.f_lineno))
                if len(lines) > line:
                    os.kill(os.getpid(), signal.SIGKILL)
            return look if name in {"backup.py", "leaving.py"} else None

        try:
            with opened(bench.path) as bench.db:
                sys.settrace(look)
                exported(bench, practice)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_killed_at_any_line_an_export_leaves_nothing_of_another_practice(billed: Bench, linde: Practice) -> None:
    billed.db.close()
    line = 1
    while killed_at(billed, linde, line):
        left = [path for path in billed.path.parent.iterdir() if path.name.startswith("own.db")]
        assert [word for path in left for word in OF_DUIN if word in path.read_bytes()] == []
        line += 4
    assert line > 60


def schema(db: Database) -> list[tuple[str, ...]]:
    return sorted(db.execute("select type, name, sql from sqlite_master where sql is not null"))


def test_no_byte_of_another_practice_is_in_it_nor_a_free_page(billed: Bench, linde: Practice, duin: Practice) -> None:
    billed.db.execute(
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 500)"
        " insert into patients (practice_id, source_id, name, phone) select ?, 'Q' || i, 'Vogelaar', '' from n",
        [duin.id],
    )
    billed.db.conn.commit()
    assert [word for word in OF_DUIN if word not in billed.path.read_bytes()] == []
    file = exported(billed, linde)
    own = file.read_bytes()
    assert [word for word in OF_DUIN if word in own] == []
    with opened(file) as db:
        assert db.execute("pragma freelist_count").fetchone() == (0,)


def test_all_that_is_its_own_is_in_it_under_the_same_schema(billed: Bench, linde: Practice) -> None:
    [(patient,)] = billed.db.execute("select id from patients where practice_id = ?", [linde.id])
    known = {**known_of(billed.db, patient).tables, "accesses": []}
    with opened(exported(billed, linde)) as own:
        assert known_of(own, patient).tables == known
        assert schema(own) == schema(billed.db)
        assert verify(own) is None
        for table in tables_of(own):
            assert not own.execute(f"pragma foreign_key_check('{table}')").fetchall()
        counts = {table: own.execute(f"select count(*) from {table}").fetchone()[0] for table in tables_of(own)}  # noqa: S608
    assert {name for name in ("practices", "covers", "charges", "imports", "stop_events") if counts[name] > 1} == set()
    assert (counts["notifications"], counts["charges"], counts["stop_events"]) == (1, 1, 1)


def test_a_closed_month_stays_closed_with_its_own_lines(billed: Bench, linde: Practice) -> None:
    month = closed_month(billed.db, NOVEMBER)
    assert month
    lines = [line for line in lines_of(billed.db, month) if line.practice == "linde"]
    totals = [total for total in totals_of_month(billed.db, month) if total.practice == "linde"]
    with opened(exported(billed, linde)) as own:
        closed = closed_month(own, NOVEMBER)  # which raises where its digests don't fit
        assert closed
        assert (lines_of(own, closed), totals_of_month(own, closed)) == (lines, totals)
        assert (closed.csv, len(lines)) == (as_text(lines, totals, "EUR"), 1)
        with pytest.raises(Exception, match="a closed month never changes"):
            own.execute("update closed_periods set csv = ''")


def test_who_took_which_patients_along_is_logged_and_else_nothing_is_there(billed: Bench, linde: Practice) -> None:
    target = exported(billed, linde)
    [(verb, practice, patients)] = billed.db.execute(
        "select verb, practice_id, patients from access_log order by number desc limit 1"
    )
    assert (verb, practice, patients) == ("exported", linde.id, "[1]")
    with pytest.raises(UsageError, match="exists already"):
        exported(billed, linde)
    target.unlink()
    head = head_file(billed.db)
    head.unlink()
    head.mkdir()
    with pytest.raises(AdministratorNeeded):
        exported(billed, linde)
    assert list(billed.path.parent.glob("own.db*")) == []
