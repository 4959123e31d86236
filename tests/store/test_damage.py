"""Damage: an error on a damaged database is called that, whatever SQLite or Python says; our own mistakes are not."""

import sqlite3
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from smsreminders.domain.guards import WHOLE
from smsreminders.errors import AdministratorNeeded, UsageError
from smsreminders.store.billing import price_events
from smsreminders.store.database import Database, create, opened
from smsreminders.store.installation import runs_seen
from smsreminders.store.schema import sound_parts, tables_of, time_limit
from tests.guarding import damage

DAMAGED = "is damaged: stop the cron jobs and put the last backup back$"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    create(tmp_path / "smsreminders.db")
    return tmp_path / "smsreminders.db"


def change(path: Path, statement: str) -> None:
    """What a person or a failing disk did to it."""
    db = sqlite3.connect(path)
    db.executescript(f"pragma writable_schema = on; pragma ignore_check_constraints = on; {statement}")
    db.close()


def read(path: Path) -> None:
    with opened(path) as db:
        runs_seen(db)
        price_events(db)


@pytest.mark.parametrize(
    "statement",
    [
        "alter table price_events rename to rats",
        "alter table installation rename column runs to ruins",
        "update sqlite_master set sql = cast(x'637265617465ff' as text) where name = 'price_events'",
        "update installation set last_run_at = '2026-11-2x'",
        "update installation set last_run_at = cast(x'ffff' as text)",
        "insert into price_events values (null, '2026-11-24T08:00:00Z', '', 'vat', 'added', '9', '2026-13-01', null)",
    ],
)
def test_rows_of_a_changed_file_that_can_not_be_read_are_called_damage(path: Path, statement: str) -> None:
    change(path, statement)
    with pytest.raises(AdministratorNeeded, match="damaged"):
        read(path)


def test_a_mistake_in_our_code_on_a_sound_database_is_not_called_damage(path: Path) -> None:
    def asks_for_what_is_not_there(db: Database) -> None:
        db.execute("select a from nowhere")

    with pytest.raises(sqlite3.OperationalError, match="no such table"), opened(path) as db:
        asks_for_what_is_not_there(db)


@pytest.mark.parametrize("error", [ValueError("a bug"), UsageError("there is no such patient")])
def test_other_errors_pass_as_they_are(path: Path, error: Exception) -> None:
    with pytest.raises(type(error), match=str(error)), opened(path):
        raise error


def test_an_odd_error_on_a_damaged_database_is_called_damage(path: Path) -> None:
    change(path, "alter table patients rename to patienten")
    with pytest.raises(AdministratorNeeded, match=DAMAGED), opened(path) as db:
        db.execute("select name from patients")


def test_every_table_of_a_new_database_is_sound_and_so_is_the_whole(path: Path) -> None:
    with opened(path) as db:
        tables = tables_of(db)
        assert {"patients", "notifications", "round_outcomes", "closed_periods"} <= set(tables)
        assert sound_parts(db, [*tables, WHOLE], lambda: False) == len(tables) + 1


@pytest.mark.parametrize("parts", [[WHOLE], ["patients", "rounds"], ["rounds"]], ids=["whole", "second", "alone"])
def test_a_damaged_page_is_found_in_the_part_that_it_belongs_to(path: Path, parts: list[str]) -> None:
    damage(path, "rounds")
    with opened(path) as db:
        assert sound_parts(db, parts, lambda: False) is None


def test_a_part_says_nothing_of_the_others(path: Path) -> None:
    damage(path, "rounds")
    with opened(path) as db:
        assert sound_parts(db, ["patients", "notifications"], lambda: False) == 2


def test_when_the_time_is_over_the_parts_behind_are_not_looked_at(path: Path) -> None:
    with opened(path) as db:
        answers = iter([False, True])
        assert sound_parts(db, ["patients", "rounds", "notifications"], lambda: next(answers)) == 1


def test_a_part_that_is_interrupted_counts_as_not_reached(path: Path) -> None:
    with opened(path) as db:
        db.execute(
            "with recursive n (x) as (select 1 union all select x + 1 from n where x < 5000)"
            " insert into rounds (started_at) select '2026-11-23T08:00:00Z' from n"
        )
        answers = iter([False, False])
        assert sound_parts(db, ["patients", "rounds"], lambda: next(answers, True)) == 1


def test_a_signal_that_comes_while_sqlite_works_ends_the_command_and_not_the_check(path: Path) -> None:
    looks = count()

    def is_over() -> bool:
        if next(looks) == 1:  # the first look is before the part, the second while SQLite works on it
            raise KeyboardInterrupt
        return False

    with opened(path) as db:
        db.execute(
            "with recursive n (x) as (select 1 union all select x + 1 from n where x < 5000)"
            " insert into rounds (started_at) select '2026-11-23T08:00:00Z' from n"
        )
        with pytest.raises(KeyboardInterrupt):
            sound_parts(db, ["rounds"], is_over)


def test_what_sqlite_does_ends_when_its_time_is_over_and_what_comes_later_does_not(path: Path) -> None:
    endless = "with recursive n (x) as (select 1 union all select x + 1 from n) select count(*) from n"
    with opened(path) as db:
        with time_limit(db, timedelta(milliseconds=50)) as is_over, pytest.raises(sqlite3.OperationalError) as caught:
            db.execute(endless).fetchone()
        assert (str(caught.value), is_over()) == ("interrupted", True)
        assert db.execute("select count(*) from rounds").fetchone() == (0,)
