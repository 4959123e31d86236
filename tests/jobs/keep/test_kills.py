"""Killed at any statement, what is logged is done or not begun, or goes on when done again; the log stays whole."""

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.changes import PatientChange
from smsreminders.domain.keep.retention import Retention
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.jobs.bill.close import close_month
from smsreminders.jobs.desk.patient import edit_patient
from smsreminders.jobs.keep.access import look, verify
from smsreminders.jobs.keep.erase import erase_patient
from smsreminders.jobs.keep.purge import purge
from smsreminders.jobs.keep.removing import remove_practice
from smsreminders.store.database import Database, opened
from smsreminders.store.keep.leaving import patient_ids
from smsreminders.store.practices import all_practices
from tests.builders import RECEPTION, as_text
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, ZONE, a_patient, an_appointment, local
from tests.jobs.clock import FixedClock

LATER = FixedClock(local("2026-11-24 10:30") + timedelta(days=100))
Deed = Callable[[Database, Practice], object]
GOES_ON = {"remove", "purge"}


def close_and_remove(db: Database, practice: Practice) -> None:
    terms = MoneyTerms(RATE, Decimal(21), "EUR")
    close_month(db, Period(2026, 11), terms=terms, zone=ZONE, force=False, as_csv=as_text, clock=LATER)
    remove_practice(db, practice, access=RECEPTION, forget=lambda _references: None, clock=LATER)


DEEDS: dict[str, Deed] = {
    "look": lambda db, p: look(db, RECEPTION, [(p.code, "P1")]),
    "change": lambda db, p: edit_patient(db, p, "P1", PatientChange("K. Bakker"), access=RECEPTION),
    "erase": lambda db, p: erase_patient(db, p, "P1", access=RECEPTION, forget=lambda _references: None, clock=LATER),
    "remove": close_and_remove,
    "purge": lambda db, _: purge(db, Retention(), access=replace(RECEPTION, at=LATER.now()), clock=LATER),
}
STEPS = {
    "look": 2,
    "change": 3,
    "erase": 5,
    "remove": 11,
    "purge": 9,
}  # statements from one death to the next: each takes long


def dump(path: Path) -> list[str]:
    with opened(path) as db:
        return list(db.conn.iterdump())


def copied(path: Path, name: str) -> Path:
    """A copy of a database with what stands beside it."""
    shutil.copytree(path.parent, home := path.parent.with_name(f"{path.parent.name}-{name}"))
    return home / path.name


def killed_at(path: Path, statement: int, deed: Deed, practice: Practice) -> bool:
    """Do it in a process that is killed before its n-th statement; whether it was."""
    child = os.fork()
    if child == 0:  # pragma: no cover  # another process
        try:
            with opened(path) as db:
                left = iter(range(statement))
                db.conn.set_trace_callback(
                    lambda _sql: None if next(left, None) is not None else os.kill(os.getpid(), signal.SIGKILL)
                )
                deed(db, practice)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("name", DEEDS)
def test_killed_at_any_statement_it_is_done_or_not_begun(bench: Bench, linde: Practice, name: str) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round()
    bench.gateway.reports = [DeliveryReport(bench.sms().reference, Status.DELIVERED, "delivered")]
    bench.poll()
    look(bench.db, RECEPTION, [("linde", "P1")])
    bench.db.close()
    before = dump(bench.path)
    home = copied(bench.path, "done")
    assert not killed_at(home, 10_000, DEEDS[name], linde)
    done, deaths = dump(home), 0
    while True:
        home = copied(bench.path, f"killed-{deaths}")
        if not killed_at(home, 2 + deaths * STEPS[name], DEEDS[name], linde):
            break
        deaths += 1
        with opened(home) as db:
            assert verify(db) is None
        left = dump(home)
        if name not in GOES_ON:
            assert left in (before, done)
        with opened(home) as db:
            if left != done:
                DEEDS[name](db, linde)
            assert verify(db) is None
            if name == "remove":
                assert (all_practices(db), patient_ids(db, linde.id)) == ([], [])
        if name not in GOES_ON:
            assert dump(home) == done
    assert deaths > 3
