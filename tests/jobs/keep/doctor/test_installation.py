"""The check-up of what this machine holds: files, clock, database, what waits in it."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.sending import Rejected, Uncertain
from smsreminders.jobs.keep.access import look
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.jobs.keep.doctor.installation import (
    check_access_log,
    check_database,
    check_files,
    check_past,
    check_time_zone,
    check_waiting,
)
from smsreminders.jobs.round.guard import begin_run
from smsreminders.store.database import opened
from smsreminders.store.keep.access_head import head_file
from smsreminders.store.lock import run_lock
from tests.accounts import only
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import ZONE, a_patient, an_appointment, local
from tests.jobs.clock import FixedClock

OK, WARNING, WRONG = Verdict.OK, Verdict.WARNING, Verdict.WRONG


@pytest.mark.parametrize(
    ("mode", "verdict"), [(0o600, OK), (0o400, OK), (0o640, WRONG), (0o604, WRONG), (0o620, WRONG), (0o777, WRONG)]
)
def test_nobody_but_the_owner_may_read_or_write_a_file(tmp_path: Path, mode: int, verdict: Verdict) -> None:
    path = tmp_path / "config.toml"
    path.touch()
    path.chmod(mode)
    (check,) = check_files([path])
    assert (check.verdict, f"chmod 600 {path}" in check.advice) == (verdict, verdict is WRONG)


def test_a_file_that_is_not_there_is_no_file_to_check(tmp_path: Path) -> None:
    assert check_files([tmp_path / "config.toml"]) == []


def test_a_machine_in_the_time_zone_of_the_practices_is_right() -> None:
    check = check_time_zone(ZONE, ZONE, local("2026-11-23 09:00"))
    assert check == Check("time zone", OK, "the machine's clock shows 09:00, as Europe/Amsterdam does")


def test_a_machine_in_another_time_zone_is_a_warning() -> None:
    check = check_time_zone(UTC, ZONE, local("2026-11-23 09:00"))
    assert (check.verdict, check.found) == (WARNING, "the machine's clock shows 08:00, Europe/Amsterdam 09:00")
    assert "timedatectl set-timezone" in check.advice


def test_a_whole_database_has_its_schema(bench: Bench) -> None:
    schema, database = check_database(bench.db, clock=bench.clock)
    finding = "the file is whole: all of it was checked in 0.0 s; no round has done so yet"
    assert (schema.verdict, database) == (OK, Check("database", OK, finding))
    assert schema.found.startswith("m00")


def test_when_rounds_last_checked_the_file_is_told(bench: Bench) -> None:
    with run_lock(bench.path) as lock:
        begin_run(bench.db, lock, clock=bench.clock)
    _, database = check_database(bench.db, clock=bench.clock)
    assert database.found == "the file is whole: all of it was checked in 0.0 s; rounds last did so on 2026-11-23"


class SlowClock(FixedClock):
    """Goes on by a minute and a half each time that it is looked at."""

    def elapsed(self) -> float:
        self.pause(90)
        return super().elapsed()


def test_a_file_that_takes_longer_than_a_round_may_wait_is_said_to_be_checked_by_parts(bench: Bench) -> None:
    _, database = check_database(bench.db, clock=SlowClock(bench.clock.now()))
    finding = "the file is whole: all of it was checked in 90.0 s; no round has done so yet, by parts on several days"
    assert (database.verdict, database.found) == (OK, f"{finding}, since it takes so long")


def test_a_damaged_database_is_told(bench: Bench, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    indexes = "select rootpage from sqlite_master where type = 'index' and tbl_name = 'notifications'"
    (page,) = bench.db.execute(indexes).fetchone()
    (size,) = bench.db.execute("pragma page_size").fetchone()
    raw = bytearray(bench.path.read_bytes())
    raw[(page - 1) * size : page * size] = bytes(size)
    damaged.write_bytes(raw)
    with opened(damaged) as db:
        _, database = check_database(db, clock=bench.clock)
    assert (database.verdict, database.found) == (WRONG, "the file is damaged")
    assert "put the last backup back" in database.advice


def test_what_waits_for_a_person_is_a_warning(bench: Bench, linde: Practice) -> None:
    assert check_waiting(bench.db, only(bench.in_use())) == Check(
        "notifications", OK, "0 uncertain, 0 rejected, 0 queued"
    )
    for number in (1, 2):
        a_patient(bench.db, linde, f"P{number}")
        an_appointment(bench.db, linde, f"A{number}", f"P{number}")
    bench.gateway.in_order.extend([Rejected("no such number"), Uncertain("read time-out")])
    bench.round()
    check = check_waiting(bench.db, only(bench.in_use()))
    assert (check.verdict, check.found) == (WARNING, "1 uncertain, 1 rejected, 0 queued")
    assert "notifications settle" in check.advice


def test_a_database_that_its_lock_knows_is_right(bench: Bench) -> None:
    assert check_past(bench.db, bench.path, clock=bench.clock)[0].verdict is OK
    with run_lock(bench.path) as lock:
        begin_run(bench.db, lock, clock=bench.clock)
    assert check_past(bench.db, bench.path, clock=bench.clock) == [
        Check("runs", OK, "1 so far, the same beside the lock")
    ]


def test_a_database_that_was_put_back_is_told_as_the_next_run_would(bench: Bench) -> None:
    with run_lock(bench.path) as lock:
        lock.write_runs(7, bench.clock.now())
    (check,) = check_past(bench.db, bench.path, clock=bench.clock)
    assert (check.verdict, "reconcile" in check.found) == (WRONG, True)


def test_a_clock_before_the_last_run_is_told_as_the_next_run_would(bench: Bench) -> None:
    with run_lock(bench.path) as lock:
        begin_run(bench.db, lock, clock=bench.clock)
    bench.clock.go_to(bench.clock.now() - timedelta(hours=1))
    (check,) = check_past(bench.db, bench.path, clock=bench.clock)
    assert (check.verdict, "the clock shows" in check.found) == (WRONG, True)


def test_a_log_whose_line_was_changed_is_wrong(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    for _ in range(2):
        look(bench.db, RECEPTION, [("linde", "P1")])
    assert check_access_log(bench.db) == Check("access log", OK, "it is whole, up to line 2")
    bench.db.execute("drop trigger access_log_stays")
    bench.db.execute("update access_log set by_whom = 'bo' where number = 1")
    check = check_access_log(bench.db)
    assert (check.verdict, "line 1 was changed" in check.found, "reconcile" in check.advice) == (WRONG, True, True)


@pytest.mark.usefixtures("linde")
def test_a_log_without_the_file_that_knows_its_end_is_wrong(bench: Bench) -> None:
    head_file(bench.db).unlink(missing_ok=True)
    assert check_access_log(bench.db) == Check("access log", OK, "it is whole, up to line 0")
    look(bench.db, RECEPTION, [("linde", None)])
    head_file(bench.db).unlink()
    assert (check_access_log(bench.db).verdict, "isn't there" in check_access_log(bench.db).found) == (WRONG, True)
    head_file(bench.db).mkdir()
    assert "can't be opened" in check_access_log(bench.db).found
