"""The schema: an older one is backed up and migrated once; a database without the names of its own is damaged."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier, local

import pytest
from sqlite_utils import Migrations

from smsreminders.domain.round.guards import A_COPY
from smsreminders.errors import AdministratorNeeded
from smsreminders.store.database import Database, opened
from smsreminders.store.schema import schema_of
from smsreminders.store.tables.migrations import MIGRATIONS
from tests.store.files import (
    add_rounds,
    all_files,
    mode_of,
    rounds,
    umask,
)

BEFORE_COVERS = Path(__file__).parents[1] / "data" / "schemas" / "before_covers.sql"


def with_one_more(migration: Callable[[Database], None], kind: Callable[[str], Migrations] = Migrations) -> Migrations:
    """The migrations of a next version of the program."""
    migrations = kind(MIGRATIONS.name)
    for known in MIGRATIONS.pending(Database(memory=True)):
        migrations(name=known.name)(known.fn)
    migrations(name="m999_next")(migration)
    return migrations


def add_a_column(db: Database) -> None:
    db.execute("alter table rounds add column host text")


def fail_halfway(db: Database) -> None:
    db.executescript("alter table rounds add column host text; update rounds set started_at = 'gone';")
    raise RuntimeError("halfway")


def test_an_older_schema_is_backed_up_as_it_was_and_migrated(path: Path) -> None:
    with opened(path) as db:
        add_rounds(db)
    before = path.read_bytes()
    with umask(0), opened(path, migrations=with_one_more(add_a_column)) as db:
        assert list(db.execute("select started_at, host from rounds")) == [("2026-11-23T08:00:00Z", None)]
    copy = path.with_name("smsreminders.db.before-m999_next")
    assert sorted(all_files(path.parent)) == ["smsreminders.db", copy.name]
    assert (mode_of(copy), mode_of(path)) == (0o600, 0o600)
    with closing(sqlite3.connect(copy)) as kept, closing(sqlite3.connect(":memory:")) as then:
        then.deserialize(before)
        then.execute("update installation set runs = ?", [A_COPY])
        assert list(kept.iterdump()) == list(then.iterdump())


def test_what_a_newer_version_migrated_is_refused_by_the_one_before_and_its_copy_is_not(path: Path) -> None:
    with opened(path) as db:
        add_rounds(db)
    with opened(path, migrations=with_one_more(add_a_column)):
        pass
    before = all_files(path.parent)
    with (
        pytest.raises(AdministratorNeeded, match=r"written by a newer smsreminders \(schema m999_next\)"),
        opened(path),
    ):
        pass  # pragma: no cover  # never reached
    with opened(path.with_name("smsreminders.db.before-m999_next"), read_only=True) as copy:
        assert rounds(copy) == 1
    assert all_files(path.parent) == before


def test_a_migrated_database_is_not_migrated_again(path: Path) -> None:
    migrations = with_one_more(add_a_column)
    for _ in range(2):
        with opened(path, migrations=migrations) as db:
            assert schema_of_all(db, migrations) == "m999_next"
    assert len(all_files(path.parent)) == 2


class MetByAll(Migrations):
    """Two processes that have both seen that there is something to do before either does it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._barrier, self._came = Barrier(2, timeout=60), local()

    def applied(self, db: Database) -> list[Migrations._AppliedMigration]:
        applied = super().applied(db)
        if not hasattr(self._came, "before"):
            self._came.before = True
            self._barrier.wait()
        return applied


def test_two_processes_that_meet_at_an_older_schema_migrate_it_once(path: Path) -> None:
    migrations = with_one_more(add_a_column, MetByAll)

    def open_it(_: int) -> str:
        with opened(path, migrations=migrations) as db:
            return schema_of_all(db, migrations)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(open_it, range(2))) == ["m999_next"] * 2
    with opened(path.with_name("smsreminders.db.before-m999_next")) as kept:
        assert schema_of(kept) == schema_of_all(kept, MIGRATIONS)  # not a copy of what was migrated already


def test_a_migration_that_fails_leaves_the_old_schema_and_its_rows(path: Path) -> None:
    with opened(path) as db:
        add_rounds(db)
    with pytest.raises(RuntimeError, match="halfway"), opened(path, migrations=with_one_more(fail_halfway)):
        pass  # pragma: no cover  # never reached
    with opened(path) as db:
        assert list(db.query("select * from rounds")) == [{"id": 1, "started_at": "2026-11-23T08:00:00Z"}]


def test_a_migration_that_failed_can_be_tried_again(path: Path) -> None:
    with pytest.raises(RuntimeError), opened(path, migrations=with_one_more(fail_halfway)):
        pass  # pragma: no cover  # never reached
    with opened(path) as db:
        add_rounds(db)
    with opened(path, migrations=with_one_more(add_a_column)) as db:
        assert rounds(db) == 1
    with closing(sqlite3.connect(path.with_name("smsreminders.db.before-m999_next"))) as kept:
        assert rounds(kept) == 1


def schema_of_all(db: Database, migrations: Migrations) -> str:
    return migrations.applied(db)[-1].name


@pytest.mark.parametrize(
    "damage",
    [
        "delete from _sqlite_migrations",
        "update _sqlite_migrations set migration_set = 'smsremindeqs'",
    ],
)
def test_a_database_that_lost_the_names_of_its_migrations_is_damaged(path: Path, damage: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(damage)
        db.commit()
    with pytest.raises(AdministratorNeeded, match="is damaged: stop the cron jobs"), opened(path):
        pass


@pytest.mark.parametrize("name", ["m001_first_schema", "m001_first_tables", "m001_tables_0badf00d"])
def test_a_database_with_earlier_first_tables_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / "smsreminders.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(BEFORE_COVERS.read_text(encoding="utf-8"))
        db.execute("update _sqlite_migrations set name = ?", [name])
        db.commit()
    before = all_files(tmp_path)
    for read_only in (False, True):
        with pytest.raises(AdministratorNeeded) as raised, opened(path, read_only=read_only):
            pass  # pragma: no cover  # never reached
        assert str(raised.value) == (
            f"{path} was made by an earlier, unreleased smsreminders, with other tables: nothing was changed. Move it "
            "and its configuration away, start anew with `smsreminders init`, and import again; the new database "
            "doesn't know who was texted, so let its first round be of days that the old one had not covered"
        )
    assert all_files(tmp_path) == before
