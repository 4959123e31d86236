"""Damage in a database file is found: in all of it, in the part that it belongs to, and within a time."""

import sqlite3
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from smsreminders.domain.round.guards import WHOLE
from smsreminders.store.database import create, opened
from smsreminders.store.soundness import sound_parts, tables_of, time_limit
from tests.guarding import damage


@pytest.fixture
def path(tmp_path: Path) -> Path:
    create(tmp_path / "smsreminders.db")
    return tmp_path / "smsreminders.db"


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
