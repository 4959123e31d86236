"""The database file: made for its owner only, opened as it must be; what can't be used is refused and left alone."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from smsreminders.errors import AdministratorNeeded, TryAgainLater, UsageError
from smsreminders.store.database import create, opened, write_transaction
from smsreminders.store.practices import all_practices
from smsreminders.store.schema import schema_of
from smsreminders.store.soundness import is_whole
from tests.builders import a_practice
from tests.store.files import (
    add_rounds,
    all_files,
    another_program,
    bound_by_modes,
    files_no_longer_than,
    mode_of,
    rounds,
    umask,
)

PAGE = 4096
INIT = "run `smsreminders init`"
BACK = (
    "put the last backup back there (docs/reliability.md), or if there was none ever, move the configuration away and "
    f"{INIT}"
)
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


def test_a_database_in_a_missing_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
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
        assert is_whole(db)
        assert re.fullmatch("m001_tables_[0-9a-f]{8}", schema_of(db))


def test_a_database_with_a_damaged_page_is_not_whole(path: Path) -> None:
    with opened(path) as db:
        add_rounds(db, 20)
        (page,) = db.execute("select rootpage from sqlite_master where name = 'rounds'").fetchone()
    scribble(path, at=(page - 1) * PAGE)
    with opened(path) as db:
        assert not is_whole(db)


@pytest.mark.parametrize("statement", ["insert into rounds (started_at) values ('')", "drop table rounds"])
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
    return f"{path}: there is no database; {BACK}"


def a_folder(path: Path) -> str:
    path.unlink()
    path.mkdir()
    return f"{path}: there is no database; {BACK}"


def a_letter(path: Path) -> str:
    path.write_text("Geachte mevrouw,\n" * 100, encoding="utf-8")
    return f"{path} is no database: put the right file there, or {INIT}"


def a_short_letter(path: Path) -> str:
    path.write_bytes(b"Dag\n")
    return f"{path} is no database: put the right file there, or {INIT}"


def an_empty_file(path: Path) -> str:
    path.write_bytes(b"")
    return f"{path} is an empty file, no database: put the last backup back there"


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


def test_a_file_that_may_not_be_read_is_refused_and_left_alone(path: Path) -> None:
    before = path.read_bytes()
    path.chmod(0o000)
    with bound_by_modes(), pytest.raises(AdministratorNeeded) as raised, opened(path):
        pass  # pragma: no cover  # never reached
    assert str(raised.value) == f"{path} {PERMISSIONS}"
    path.chmod(0o600)
    assert path.read_bytes() == before


def test_a_file_that_may_only_be_read_is_read_and_not_written(path: Path) -> None:
    path.chmod(0o444)
    with bound_by_modes():
        with opened(path) as db:
            assert all_practices(db) == []
        with pytest.raises(AdministratorNeeded) as raised, opened(path) as db, write_transaction(db):
            add_rounds(db)
    assert str(raised.value) == f"{path} {PERMISSIONS}"


def test_a_folder_that_may_not_be_entered_is_named(path: Path) -> None:
    path.parent.chmod(0o000)
    try:
        with bound_by_modes(), pytest.raises(AdministratorNeeded) as raised, opened(path):
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


def scribble(path: Path, *, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff" * 200)
