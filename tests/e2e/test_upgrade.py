"""A database of an earlier version: migrated with a copy of it, its bills the same, and nobody texted again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from smsreminders.store.database import Database, create, opened
from smsreminders.store.soundness import is_whole
from tests.commanding import Installed
from tests.gateways.fake_spryng import FakeSpryng
from tests.released import BILL, LATER, Kept, kept, make, send_by, versions

THIS_ONE = "this one"  # the database that would be kept if it was released today
COUNTED = (
    "patients",
    "appointments",
    "notifications",
    "notification_events",
    "consent_events",
    "stop_events",
    "closed_periods",
)


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


def counts(db: Database | sqlite3.Connection) -> dict[str, int]:
    return {table: db.execute(f"select count(*) from {table}").fetchone()[0] for table in COUNTED}  # noqa: S608


def test_its_tables_are_those_of_a_new_database_and_its_rows_are_all_there(home: Installed, tmp_path: Path) -> None:
    with closing(sqlite3.connect(home.database)) as before:
        rows = counts(before)
    create(tmp_path / "new.db")
    with opened(home.database) as db, opened(tmp_path / "new.db") as new:
        assert (is_whole(db), tables(db)) == (True, tables(new))
        assert counts(db) == rows
    assert min(rows.values()) > 0


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


def test_its_closed_bill_has_the_same_bytes(home: Installed, old: Kept, spryng: FakeSpryng) -> None:
    assert spryng
    assert home.does(BILL, at=LATER).encode() == old.bill
    assert old.bill.count(b"\n") > 1


def test_nobody_is_texted_again(home: Installed, spryng: FakeSpryng) -> None:
    ended = home("--quiet dispatch", at=LATER)
    assert (ended.code, spryng.journal) == (0, []), ended
