"""Damage: an error on a damaged database is called that, whatever SQLite or Python says; our own mistakes are not."""

import sqlite3
from pathlib import Path

import pytest

from smsreminders.errors import AdministratorNeeded, UsageError
from smsreminders.store.bill.billing import price_events
from smsreminders.store.database import Database, create, opened
from smsreminders.store.installation import runs_seen

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
