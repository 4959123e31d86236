"""The schema that a database file has: which migrations it lacks, and whether it is sound."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database, Migrations

from smsreminders.errors import AdministratorNeeded
from smsreminders.store.soundness import is_whole
from smsreminders.store.sqlite_errors import damaged
from smsreminders.store.tables.migrations import MIGRATIONS


def schema_of(db: Database) -> str:
    """The name of the last migration that was applied."""
    return MIGRATIONS.applied(db)[-1].name


def pending(db: Database, path: Path, migrations: Migrations) -> list[str]:
    """The names of the migrations that a database lacks. Raises AdministratorNeeded if it has others."""
    known = [migration.name for migration in migrations.pending(Database(memory=True))]
    applied = [migration.name for migration in migrations.applied(db)]
    unknown = [name for name in applied if name not in known]
    if applied and applied[0] in unknown:
        raise AdministratorNeeded(
            f"{path} was made by an earlier, unreleased smsreminders, with other tables: nothing was changed. Move it "
            "and its configuration away, start anew with `smsreminders init`, and import again; the new database "
            "doesn't know who was texted, so let its first round be of days that the old one had not covered"
        )
    if newer := unknown:
        raise AdministratorNeeded(
            f"{path} was written by a newer smsreminders (schema {newer[-1]}): install that one; nothing was changed"
        )
    if not applied or applied != known[: len(applied)]:  # it is made with the first, and they come in order
        raise damaged(path)
    return [name for name in known if name not in applied]


def is_sound(db: Database) -> bool:
    """Whether a database's pages and schema are as they should be; asked where nothing else explains an error."""
    try:
        new = Database(memory=True, execute_plugins=False)
        MIGRATIONS.apply(new)
        return is_whole(db) and _tables(db) == _tables(new)
    except (sqlite3.Error, ValueError):
        return False


def _tables(db: Database) -> list[tuple[str, ...]]:
    return list(db.execute("select type, name, tbl_name, sql from sqlite_master order by name"))
