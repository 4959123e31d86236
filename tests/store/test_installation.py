"""A database has a name of its own, which its copies share, and counts its runs."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smsreminders.store.backup import backup
from smsreminders.store.database import Database, create, opened, write_transaction
from smsreminders.store.installation import count_run, installation_name, runs_seen

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def made(path: Path) -> Path:
    create(path)
    return path


def name_of(path: Path) -> str:
    with opened(path) as db:
        return installation_name(db)


def test_every_database_has_a_name_of_its_own(tmp_path: Path) -> None:
    names = {name_of(made(tmp_path / f"{number}.db")) for number in range(3)}
    assert [bool(re.fullmatch("[0-9a-f]{32}", name)) for name in names] == [True] * 3


def test_it_keeps_its_name_and_so_does_its_backup(tmp_path: Path) -> None:
    path, copy = made(tmp_path / "a.db"), tmp_path / "copy.db"
    with opened(path) as db:
        name = installation_name(db)
        backup(db, copy)
    assert (name_of(path), name_of(copy)) == (name, name)


def test_a_new_database_has_seen_no_run(tmp_path: Path) -> None:
    with opened(made(tmp_path / "a.db")) as db:
        assert runs_seen(db) == (0, None)


def test_a_run_is_counted_with_its_time(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db")
    with opened(path) as db, write_transaction(db):
        count_run(db, 7, NOW)
    with opened(path) as db:
        assert runs_seen(db) == (7, NOW)


def test_a_run_whose_transaction_fails_is_not_counted(tmp_path: Path) -> None:
    def fails(db: Database) -> None:
        with write_transaction(db):
            count_run(db, 1, NOW)
            raise RuntimeError

    with opened(made(tmp_path / "a.db")) as db:
        with pytest.raises(RuntimeError):
            fails(db)
        assert runs_seen(db) == (0, None)
