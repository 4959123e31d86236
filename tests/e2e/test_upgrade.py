"""A database of an earlier version: migrated with a copy of it, nothing in it otherwise, and nobody texted again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from smsreminders.store.database import create, opened
from smsreminders.store.machine import this_machine
from smsreminders.store.soundness import is_whole
from smsreminders.store.tables.migrations import MIGRATIONS
from tests.commanding import Installed
from tests.gateways.fake_spryng import FakeSpryng
from tests.released import LATER, Kept, bill_of, kept, make, send_by, versions

THIS_ONE = "this one"  # the database that would be kept if it was released today
APPLIED = "_sqlite_migrations"
EMPTY = {"erasing"}  # but within a transaction
Content = dict[str, list[dict[str, object]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture(params=[THIS_ONE, *versions()])
def old(request: pytest.FixtureRequest, made: Kept) -> Kept:
    return made if request.param == THIS_ONE else kept(request.param)


@pytest.fixture
def home(tmp_path: Path, old: Kept) -> Installed:
    """An installation of this version with a database of an earlier one."""
    program = Installed(tmp_path)
    program.config.parent.mkdir(parents=True)
    program.config.write_text("", encoding="utf-8")
    program.config.chmod(0o600)
    for name, content in old.files.items():
        (program.config.parent / name).write_bytes(content)
        (program.config.parent / name).chmod(0o600)
    return program


@pytest.fixture
def spryng(home: Installed) -> Iterator[FakeSpryng]:
    with FakeSpryng(now=datetime.fromisoformat(LATER)) as spryng:
        send_by(spryng, home)
        yield spryng


def tables(db: Database | sqlite3.Connection) -> list[tuple[str, ...]]:
    return list(db.execute("select type, name, tbl_name, sql from sqlite_master order by name"))


def content(path: Path, like: Content | None = None) -> Content:
    """All rows of all tables; `like` another one, of its tables and columns only."""
    with closing(sqlite3.connect(path)) as connection:
        db = Database(connection, execute_plugins=False)
        names = [name for name in db.table_names() if name != APPLIED and not name.startswith("sqlite_")]
        found = {name: list(db.query(f"select * from {name}")) for name in names}  # noqa: S608
    if like is None:
        return found
    return {
        name: [{column: row[column] for column in old} for row, old in zip(found[name], rows, strict=True)]
        for name, rows in like.items()
    }


def test_what_is_kept_is_of_no_machine(old: Kept) -> None:
    machine = this_machine().encode()  # empty where it has no id
    assert [name for name, content in old.files.items() if machine and machine in content] == []


def test_its_migrations_are_as_they_were_released(home: Installed) -> None:
    with closing(sqlite3.connect(home.database)) as before:
        applied = [name for (name,) in before.execute(f"select name from {APPLIED} order by rowid")]  # noqa: S608
        schema = tables(before)
    now = Database(memory=True, execute_plugins=False)
    later = {migration.name for migration in MIGRATIONS.pending(now)} - set(applied)
    MIGRATIONS.apply(now, stop_before=later)
    assert [migration.name for migration in MIGRATIONS.applied(now)] == applied
    assert tables(now) == schema


def test_its_tables_become_those_of_a_new_database(home: Installed, tmp_path: Path) -> None:
    create(tmp_path / "new.db")
    with opened(home.database) as db, opened(tmp_path / "new.db") as new:
        assert (is_whole(db), tables(db)) == (True, tables(new))


def test_each_of_its_rows_says_what_it_said(home: Installed) -> None:
    before = content(home.database)
    assert {name for name, rows in before.items() if not rows} == EMPTY
    with opened(home.database):
        pass
    assert content(home.database, like=before) == before


def test_what_it_was_is_kept_beside_it_if_it_was_changed(home: Installed, old: Kept) -> None:
    with closing(sqlite3.connect(home.database)) as before:
        schema = tables(before)
    with opened(home.database) as db:
        changed = tables(db) != schema
    copies = list(home.database.parent.glob("*.before-*"))
    assert len(copies) == changed
    for copy in copies:
        with closing(sqlite3.connect(copy)) as kept_copy:
            assert tables(kept_copy) == schema
    assert changed or home.database.read_bytes() == old.files[home.database.name]


def test_its_closed_bills_have_the_same_bytes(home: Installed, old: Kept, spryng: FakeSpryng) -> None:
    assert spryng
    assert {month: bill_of(home, month) for month in old.bills} == old.bills
    assert [bill.count(b"\n") for bill in old.bills.values()] == [2, 2, 2]


def test_its_access_log_is_whole_and_who_was_erased_stays_away(home: Installed, spryng: FakeSpryng) -> None:
    assert spryng
    home.does("log verify", at=LATER)
    rows = "appointment_id,patient_id,phone,consent,start\nA20,P5,06-12345675,ja,2027-02-08 12:00\n"
    (home.home / "agenda.csv").write_text(rows, encoding="utf-8")
    assert "P5" in home("import agenda.csv --kind appointments --source extra", at=LATER).err
    assert home.does("patient list --search P5 --json", at=LATER).strip() == "[]"


def test_nobody_is_texted_again(home: Installed, spryng: FakeSpryng) -> None:
    ended = home("--quiet dispatch", at=LATER)
    assert (ended.code, spryng.journal) == (0, []), ended
