"""The database file: made for its owner only, opened as it must be; what can't be used is refused and left alone."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier, local

import pytest
from sqlite_utils import Migrations

from smsreminders.domain.guards import A_COPY
from smsreminders.errors import AdministratorNeeded, TryAgainLater, UsageError
from smsreminders.store.database import Database, create, is_whole, opened, schema_of, write_transaction
from smsreminders.store.migrations import MIGRATIONS
from smsreminders.store.practices import all_practices
from tests.builders import a_database, a_practice
from tests.store.files import (
    add_rounds,
    all_files,
    another_program,
    files_no_longer_than,
    folder_for_all,
    mode_of,
    rounds,
    umask,
    without_rights,
)

PAGE = 4096
INIT = "run `smsreminders init`"
PERMISSIONS = "can't be written: look at the permissions of the file and its folder"


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_new_database_is_readable_by_its_owner_only(tmp_path: Path, mask: int) -> None:
    with umask(mask):
        create(tmp_path / "new.db")
    assert mode_of(tmp_path / "new.db") == 0o600


def test_making_a_database_leaves_no_other_file(tmp_path: Path) -> None:
    create(tmp_path / "new.db")
    assert list(all_files(tmp_path)) == ["new.db"]


@pytest.mark.parametrize("content", [b"", b"somebody's letters"])
def test_a_file_that_exists_is_not_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "taken.db"
    path.write_bytes(content)
    with pytest.raises(UsageError) as raised:
        create(path)
    assert str(raised.value) == f"{path} exists already: nothing was changed"
    assert path.read_bytes() == content


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "new.db"
    with pytest.raises(AdministratorNeeded) as raised:
        create(path)
    assert str(raised.value) == f"{path} can't be made: No such file or directory"


def test_a_database_that_could_not_be_made_can_be_made_again(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with pytest.raises(AdministratorNeeded), files_no_longer_than(2 * PAGE):
        create(path)
    create(path)


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        ("journal_mode", "delete"),
        ("synchronous", 3),  # EXTRA
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("application_id", int.from_bytes(b"SMSR")),
    ],
)
def test_a_database_is_opened_with(path: Path, pragma: str, expected: object) -> None:
    with opened(path) as db:
        assert db.execute(f"pragma {pragma}").fetchone() == (expected,)


def test_the_database_is_closed_at_the_end(path: Path) -> None:
    with opened(path) as db:
        pass
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        db.execute("select 1")


def test_an_odd_name_is_the_name_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "naam #1 ?mode=memory %20 é.db"
    create(path)
    with opened(path) as db:
        add_rounds(db)
    with opened(path) as db:
        assert rounds(db) == 1
    assert list(all_files(tmp_path)) == [path.name]


def test_a_whole_file_is_called_whole_and_tells_its_schema(path: Path) -> None:
    with opened(path) as db:
        assert (is_whole(db), schema_of(db)) == (True, "m001_first_schema")


def test_a_damaged_page_is_found(path: Path) -> None:
    with opened(path) as db:
        add_rounds(db, 20)
        (page,) = db.execute("select rootpage from sqlite_master where name = 'rounds'").fetchone()
    scribble(path, at=(page - 1) * PAGE)
    with opened(path) as db:
        assert not is_whole(db)


@pytest.mark.parametrize("statement", ["insert into rounds (started_at) values ('')", "drop table rates"])
def test_a_reader_cannot_write(path: Path, statement: str) -> None:
    before = path.read_bytes()
    with pytest.raises(AdministratorNeeded) as raised, opened(path, read_only=True) as db:
        db.execute(statement)
    assert str(raised.value) == f"{path} {PERMISSIONS}"
    assert path.read_bytes() == before


def test_a_reader_reads(path: Path) -> None:
    with opened(path) as db:
        a_practice(db)
    with opened(path, read_only=True) as db:
        assert [practice.code for practice in all_practices(db)] == ["tandarts"]


def test_a_mistake_of_ours_is_not_called_something_else(path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), opened(path) as db:
        db.execute("select * from practises")


# What can't be opened


def missing(path: Path) -> str:
    path.unlink()
    return f"{path}: there is no database; {INIT}"


def a_folder(path: Path) -> str:
    path.unlink()
    path.mkdir()
    return f"{path}: there is no database; {INIT}"


def a_letter(path: Path) -> str:
    path.write_text("Geachte mevrouw,\n" * 100, encoding="utf-8")
    return f"{path} is no database: put the right file there, or {INIT}"


def a_short_letter(path: Path) -> str:
    path.write_bytes(b"Dag\n")
    return f"{path} is no database: put the right file there, or {INIT}"


def an_empty_file(path: Path) -> str:
    path.write_bytes(b"")
    return f"{path} is a database of another program: nothing was changed"


def of_another_program(path: Path) -> str:
    path.unlink()
    with another_program(path) as other:
        other.execute("pragma application_id = 252006673")
        other.execute("create table practices (id integer primary key)")
    return f"{path} is a database of another program: nothing was changed"


def without_application_id(path: Path) -> str:
    with another_program(path) as other:
        other.execute("pragma application_id = 0")
    return f"{path} is a database of another program: nothing was changed"


def cut_off(path: Path) -> str:
    path.write_bytes(path.read_bytes()[: 5 * PAGE])
    return f"{path} is damaged: stop the cron jobs and put the last backup back"


def cut_off_in_its_header(path: Path) -> str:
    path.write_bytes(path.read_bytes()[:50])
    return f"{path} is damaged: stop the cron jobs and put the last backup back"


def scribbled_on(path: Path) -> str:
    scribble(path, at=100)
    return f"{path} is damaged: stop the cron jobs and put the last backup back"


def of_a_newer_program(path: Path) -> str:
    with another_program(path) as other:
        other.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('smsreminders', 'm999_of_next_year', '2027-01-01')"
        )
    return (
        f"{path} was written by a newer smsreminders (schema m999_of_next_year): install that one; nothing was changed"
    )


@pytest.mark.parametrize(
    "spoil",
    [
        missing,
        a_folder,
        a_letter,
        a_short_letter,
        an_empty_file,
        of_another_program,
        without_application_id,
        cut_off,
        cut_off_in_its_header,
        scribbled_on,
        of_a_newer_program,
    ],
    ids=lambda spoil: str(spoil.__name__),
)
@pytest.mark.parametrize("read_only", [False, True])
def test_what_is_no_sound_database_of_ours_is_refused_and_left_alone(
    path: Path, spoil: Callable[[Path], str], read_only: bool
) -> None:
    expected = spoil(path)
    before = all_files(path.parent)
    with pytest.raises(AdministratorNeeded) as raised, opened(path, read_only=read_only):
        pass  # pragma: no cover  # never reached
    assert str(raised.value) == expected
    assert all_files(path.parent) == before


@contextmanager
def a_database_for_all() -> Iterator[Path]:
    with folder_for_all() as folder:
        path = a_database(folder)
        with opened(path):
            pass  # whatever Python loads at the first opening, it must find before the rights are gone
        yield path


def test_a_file_of_somebody_else_is_refused_and_left_alone() -> None:
    with a_database_for_all() as path:
        before = path.read_bytes()
        path.chmod(0o000)
        with without_rights(), pytest.raises(AdministratorNeeded) as raised, opened(path):
            pass  # pragma: no cover  # never reached
        assert str(raised.value) == f"{path} {PERMISSIONS}"
        path.chmod(0o600)
        assert path.read_bytes() == before


def test_a_file_that_may_only_be_read_is_read_and_not_written() -> None:
    with a_database_for_all() as path:
        path.chmod(0o444)
        with without_rights():
            with opened(path) as db:
                assert all_practices(db) == []
            with pytest.raises(AdministratorNeeded) as raised, opened(path) as db, write_transaction(db):
                add_rounds(db)
        assert str(raised.value) == f"{path} {PERMISSIONS}"


def test_a_folder_that_may_not_be_entered_is_told() -> None:
    with a_database_for_all() as path:
        path.parent.chmod(0o000)
        try:
            with without_rights(), pytest.raises(AdministratorNeeded) as raised, opened(path):
                pass  # pragma: no cover  # never reached
        finally:
            path.parent.chmod(0o700)
        assert str(raised.value) == f"{path} can't be looked at: Permission denied"


def test_a_file_that_another_tool_set_to_wal_has_a_rollback_journal_again(path: Path) -> None:
    with another_program(path) as other:
        other.execute("pragma journal_mode = wal")
        other.execute("insert into rounds (started_at) values ('2026-11-23T08:00:00Z')")
    with opened(path) as db:
        assert (rounds(db), db.execute("pragma journal_mode").fetchone()) == (1, ("delete",))
        add_rounds(db)
        assert sorted(all_files(path.parent)) == [path.name]
    with another_program(path) as other:
        assert other.execute("pragma journal_mode").fetchone() == ("delete",)


def test_a_file_in_wal_that_another_tool_has_open_is_not_used(path: Path) -> None:
    with another_program(path) as other:
        other.execute("pragma journal_mode = wal")
        other.execute("insert into rounds (started_at) values ('2026-11-23T08:00:00Z')")
        with pytest.raises(TryAgainLater, match="is locked by another program"), opened(path):
            pass  # pragma: no cover  # never reached


# Schemas of other versions


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
        found = super().applied(db)
        if not hasattr(self._came, "before"):
            self._came.before = True
            self._barrier.wait()
        return found


def test_two_processes_that_find_an_older_schema_at_once_migrate_it_once(path: Path) -> None:
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


def scribble(path: Path, *, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff" * 200)


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
