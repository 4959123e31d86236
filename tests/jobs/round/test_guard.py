"""Nothing is sent from a damaged or an old database, by a wrong clock, or of an agenda whose export has stopped."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import OperationalError

import pytest

from smsreminders.domain.round.guards import A_COPY, FileCheck
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Outcome, Outgoing
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.features import SenderIds
from smsreminders.jobs.keep.reconcile import allow_runs
from smsreminders.jobs.round.guard import begin_run, end_run
from smsreminders.jobs.round.practice_guard import check_agenda
from smsreminders.store.agenda.imports import record_import
from smsreminders.store.agenda.said import source_of
from smsreminders.store.backup import backup
from smsreminders.store.database import opened, write_transaction
from smsreminders.store.installation import count_run, last_check, note_check, note_time, runs_seen
from smsreminders.store.lock import run_lock
from smsreminders.store.practices import practice_by_code
from tests.guarding import NOW, SCHEDULE, TOMORROW, House, KeepingGateway, a_house, add_practice, damage


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = a_house(tmp_path)
    made.told()
    return made


def lock_file(house: House) -> Path:
    return house.path.with_name("smsreminders.db.lock")


def counts(house: House) -> tuple[int, int | None]:
    """The runs that the database knows, and those that stand beside the lock."""
    with run_lock(house.path) as lock, house.open() as db:
        return runs_seen(db)[0], lock.runs()


def begin(house: House) -> None:
    with run_lock(house.path) as lock, house.open() as db:
        begin_run(db, lock, clock=house.clock)


@contextmanager
def another_writer(path: Path) -> Iterator[None]:
    """Another program that holds the write lock."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        yield


def put_back(house: House, copy: Path) -> None:
    shutil.copyfile(copy, house.path)


def a_backup(house: House, name: str = "backup.db") -> Path:
    copy = house.path.with_name(name)
    with house.open() as db:
        backup(db, copy)
    return copy


def test_each_run_is_counted_on_both_sides_with_its_time(house: House) -> None:
    for number in (1, 2, 3):
        house.clock.go_on(minutes=1)
        begin(house)
        assert counts(house) == (number, number)
    with house.open() as db:
        assert runs_seen(db) == (3, NOW + timedelta(minutes=3))


def test_a_damaged_database_is_refused_before_anything_is_sent(house: House) -> None:
    damage(house.path, "said_patients")  # a round alone would never look there
    with pytest.raises(AdministratorNeeded, match=r"damaged: stop the cron jobs and put the last backup back$"):
        house.round()
    assert (house.gateway.taken, counts(house)) == ([], (0, None))


def kill_a_run(house: House) -> None:
    """What a process that is killed leaves beside the lock."""
    with run_lock(house.path):
        left = lock_file(house).read_bytes()
    lock_file(house).write_bytes(left)


def checks(house: House) -> FileCheck:
    with house.open() as db:
        return last_check(db)


def test_the_first_run_of_a_day_finds_damage_that_a_run_before_it_could_not_see(house: House) -> None:
    house.round()
    damage(house.path, "said_patients")
    begin(house)
    assert checks(house) == FileCheck(NOW, None, NOW)
    house.clock.go_on(days=1)
    with pytest.raises(AdministratorNeeded, match="the database is damaged"):
        begin(house)


@pytest.mark.parametrize("times", [1, 2])
def test_the_run_after_one_that_died_finds_damage_and_so_does_each_after_it(house: House, times: int) -> None:
    house.round()
    damage(house.path, "said_patients")
    kill_a_run(house)
    for _ in range(times):
        with pytest.raises(AdministratorNeeded, match="the database is damaged"):
            begin(house)
        house.clock.go_on(days=1)
    assert checks(house).at == NOW


@pytest.mark.parametrize(
    ("damaged", "days"), [("said_patients", 2), ("notifications", 1)], ids=["before-its-turn", "in-its-turn"]
)
def test_a_file_that_is_checked_by_parts_is_found_damaged_within_all_of_its_parts(
    house: House, damaged: str, days: int
) -> None:
    house.round()
    with house.open() as db, write_transaction(db):
        note_check(db, FileCheck(NOW, "round_outcomes", NOW))  # there its time was over
    damage(house.path, damaged)
    for day in range(1, days + 1):
        house.clock.go_on(days=1)
        if day < days:
            begin(house)
            assert checks(house) == FileCheck(house.clock.now(), None, house.clock.now())
    with pytest.raises(AdministratorNeeded, match="the database is damaged"):
        begin(house)


def test_a_file_that_is_put_back_from_a_backup_is_checked_again_the_same_day(house: House) -> None:
    house.round()
    put_back(house, a_backup(house))
    assert checks(house) == FileCheck(None, None, NOW)


def test_a_clock_that_was_set_back_stops_the_run_and_nothing_is_counted(house: House) -> None:
    begin(house)
    house.clock.go_on(minutes=-5, seconds=-1)
    with pytest.raises(AdministratorNeeded, match=r"^the clock shows 2026-11-23 07:54 UTC, but the last run was at"):
        house.round()
    assert (house.gateway.taken, counts(house)) == ([], (1, 1))


@pytest.mark.parametrize("leap", [timedelta(days=41), timedelta(days=-1)], ids=["ahead", "back"])
def test_where_the_clock_is_right_a_person_says_so_and_runs_go_on(house: House, leap: timedelta) -> None:
    begin(house)
    house.clock.go_on(days=leap.days)
    house.told(starts_at=TOMORROW + leap)
    with pytest.raises(AdministratorNeeded, match="run `smsreminders reconcile --by-hand`; nothing was sent"):
        house.round()
    with run_lock(house.path) as lock, house.open() as db:
        allow_runs(db, lock, clock=house.clock)
    house.round()
    assert house.status() == Status.SENT


def test_an_old_backup_is_told_of_before_the_clock_for_a_word_on_the_clock_would_allow_it(house: House) -> None:
    begin(house)
    put_back(house, a_backup(house))
    house.clock.go_on(days=41)
    with pytest.raises(AdministratorNeeded, match="was put back from a backup"):
        house.round()


def test_a_clock_that_was_set_back_a_little_stops_nothing(house: House) -> None:
    begin(house)
    house.clock.go_on(minutes=-5)
    house.round()
    assert (house.status(), counts(house)) == (Status.SENT, (2, 2))


def test_a_copied_file_of_an_earlier_run_stops_every_run(house: House) -> None:
    begin(house)
    copy = house.path.with_name("by-hand.db")
    shutil.copyfile(house.path, copy)
    begin(house)
    put_back(house, copy)
    with pytest.raises(AdministratorNeeded, match="of run 1, but run 2 was the last: it was put back"):
        house.round()


def test_a_database_put_back_from_a_backup_stops_every_run_until_somebody_reconciles(house: House) -> None:
    begin(house)
    copy = a_backup(house)
    begin(house)
    put_back(house, copy)
    for _ in range(2):
        with pytest.raises(AdministratorNeeded, match=r"was put back from a backup; .* `smsreminders reconcile`"):
            house.round()
    assert (house.gateway.taken, counts(house)) == ([], (A_COPY, 2))


class BacksUp(KeepingGateway):
    """Has the database copied by somebody else while its second request is under way."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self._house = house

    def send(self, sms: Outgoing) -> Outcome:
        if len(self.taken) == 1:
            a_backup(self._house)
        return super().send(sms)


@pytest.mark.parametrize("lock_file_is_kept", [True, False])
def test_a_backup_made_during_a_run_stops_every_run_and_nobody_is_texted_twice(
    house: House, lock_file_is_kept: bool
) -> None:
    house.crowd(3, after=1)
    house.gateway = BacksUp(house)
    house.round()
    put_back(house, house.path.with_name("backup.db"))
    if not lock_file_is_kept:
        lock_file(house).unlink()
    with pytest.raises(AdministratorNeeded, match="was put back from a backup; run `smsreminders reconcile`"):
        house.round()
    house.clock.go_on(minutes=20)
    house.reconcile()
    for _ in range(2):
        house.round()
        house.clock.go_on(minutes=20)
    assert (sorted(house.gateway.phones), set(house.statuses().values())) == (
        [f"+3161234560{number}" for number in range(1, 5)],
        {Status.SENT},
    )


def test_a_database_that_was_copied_while_a_run_went_on_stops_every_run_once_it_is_put_back(house: House) -> None:
    copy = house.path.with_name("copy.db")
    with run_lock(house.path) as lock, house.open() as db:
        begin_run(db, lock, clock=house.clock)
        shutil.copyfile(house.path, copy)  # as another program copies it, which doesn't say that it is a copy
        house.clock.go_on(minutes=1)
        end_run(db, lock, clock=house.clock)
    put_back(house, copy)
    with pytest.raises(AdministratorNeeded, match="was copied while its last run went on, which ended at"):
        house.round()


def test_a_clock_that_is_set_back_a_little_after_a_run_stops_no_run(house: House) -> None:
    begin(house)
    with house.open() as db, write_transaction(db):
        note_time(db, NOW - timedelta(minutes=4))
    house.round()
    assert house.status() is Status.SENT


def test_a_new_database_in_the_place_of_an_old_one_stops_every_run(house: House, tmp_path: Path) -> None:
    begin(house)
    (tmp_path / "elsewhere").mkdir()
    put_back(house, a_house(tmp_path / "elsewhere").path)
    with pytest.raises(AdministratorNeeded, match="the database is of run 0, but run 1 was the last"):
        begin(house)


def test_a_database_moved_without_its_lock_file_stops_every_run(house: House) -> None:
    begin(house)
    lock_file(house).unlink()
    for _ in range(2):  # the first one makes an empty lock file, which counts nothing either
        with pytest.raises(AdministratorNeeded, match="came without the file that counts its runs"):
            house.round()
    assert (house.gateway.taken, counts(house)) == ([], (1, None))


def test_a_database_moved_with_its_lock_file_goes_on(house: House, tmp_path: Path) -> None:
    begin(house)
    there = tmp_path / "there"
    there.mkdir()
    for path in (house.path, lock_file(house)):
        path.rename(there / path.name)
    moved = House(there / house.path.name)
    moved.round()
    assert (moved.status(), counts(moved)) == (Status.SENT, (2, 2))


def test_a_run_that_died_between_both_counts_stops_nothing(house: House) -> None:
    begin(house)
    with house.open() as db, write_transaction(db):
        count_run(db, 2, NOW)
    assert counts(house) == (2, 1)
    house.round()
    assert (house.status(), counts(house)) == (Status.SENT, (3, 3))


def test_a_first_run_that_died_between_both_counts_stops_nothing(house: House) -> None:
    with run_lock(house.path) as lock, house.open() as db, another_writer(house.path):
        db.execute("pragma busy_timeout = 0")
        with pytest.raises(OperationalError):  # it dies where it would count, in the database first
            begin_run(db, lock, clock=house.clock)
    assert counts(house) == (0, 0)
    with house.open() as db, write_transaction(db):
        count_run(db, 1, NOW)
    house.round()
    assert (house.status(), counts(house)) == (Status.SENT, (2, 2))


def test_two_runs_at_a_time_are_one_too_many(house: House) -> None:
    with run_lock(house.path), pytest.raises(TryAgainLater, match="another run is busy"):
        begin(house)
    assert counts(house) == (0, None)


@pytest.mark.parametrize(
    ("imported_at", "expected"),
    [(None, "reminded"), (NOW, "reminded"), (NOW - timedelta(days=10), "reminded")],
    ids=["kept-by-hand", "today", "ten-days-ago"],
)
def test_an_agenda_that_is_not_too_old_is_reminded_from(
    house: House, imported_at: datetime | None, expected: str
) -> None:
    imported(house, "linde", "appointments", imported_at)
    result = house.round()
    assert (result.problems, "reminded" if house.gateway.taken else "not") == ([], expected)


@pytest.mark.parametrize(("age", "warned"), [(timedelta(days=4), False), (timedelta(days=4, seconds=1), True)])
def test_an_agenda_that_is_getting_old_is_reminded_from_with_a_warning(
    house: House, age: timedelta, warned: bool
) -> None:
    imported(house, "linde", "appointments", NOW - age)
    result = house.round()
    warning = "the agenda of linde has brought nothing new since 2026-11-19: look whether its export still runs"
    assert (result.warnings, len(house.gateway.taken)) == ([warning] if warned else [], 1)


def test_a_sender_id_that_the_gateway_does_not_take_keeps_that_practice_back(house: House) -> None:
    only_digits = SenderIds(re.compile("[0-9]+"), "a number")
    house.gateway.features = replace(house.gateway.features, sender_ids=only_digits)
    result = house.round()
    (problem,) = result.problems
    assert 'Of a test doesn\'t take "Linde", the sender ID of linde, but a number: ' in str(problem)
    assert house.gateway.taken == []


def test_nobody_is_reminded_from_an_agenda_whose_export_has_stopped(house: House) -> None:
    imported(house, "linde", "appointments", NOW - timedelta(days=10, seconds=1))
    imported(house, "linde", "patients", NOW)  # that one goes on
    result = house.round()
    assert [str(problem) for problem in result.problems] == [
        (
            "the agenda of linde has brought nothing new since 2026-11-13: nobody is reminded from it; "
            "look why its export has stopped, or if nothing has changed in it, raise schedule.agenda_too_old"
        )
    ]
    assert house.gateway.taken == []


def test_a_practice_whose_export_has_stopped_keeps_no_other_waiting(house: House) -> None:
    with house.open() as db:
        add_practice(db, "aak")
    imported(house, "aak", "appointments", NOW - timedelta(days=11))
    result = house.round()
    assert (len(result.problems), house.gateway.phones) == (1, ["+31612345601"])


def test_an_agenda_is_judged_for_its_own_practice_alone(house: House) -> None:
    imported(house, "linde", "appointments", NOW - timedelta(days=11))
    with house.open() as db:
        aak = add_practice(db, "aak")
        check_agenda(db, aak, schedule=SCHEDULE, now=NOW)
        with pytest.raises(AdministratorNeeded, match="the agenda of linde"):
            check_agenda(db, practice_by_code(db, "linde"), schedule=SCHEDULE, now=NOW)


def imported(house: House, practice: str, kind: str, at: datetime | None) -> None:
    if at is None:
        return
    with opened(house.path) as db, write_transaction(db):
        id_ = practice_by_code(db, practice).id
        record_import(db, source_of(db, id_, "export", kind), file="night.csv", now=at, rows_read=1, rejected=0)
