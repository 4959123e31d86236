"""The lock of an import: one at a time for a database, freed when it ends, however it does."""

from pathlib import Path

import pytest

from smsreminders.errors import AdministratorNeeded, RunIsBusy
from smsreminders.store.agenda.import_lock import import_lock


def test_one_import_at_a_time_and_then_the_next(tmp_path: Path) -> None:
    database = tmp_path / "smsreminders.db"
    with import_lock(database), pytest.raises(RunIsBusy, match="another import is running"), import_lock(database):
        pass
    with pytest.raises(ValueError, match="anything"), import_lock(database):
        raise ValueError("anything")
    with import_lock(database):
        lock = tmp_path / "smsreminders.db.import-lock"
        assert oct(lock.stat().st_mode)[-3:] == "600"


def test_a_lock_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "smsreminders.db.import-lock").mkdir()
    with (
        pytest.raises(AdministratorNeeded, match="import-lock can't be made"),
        import_lock(tmp_path / "smsreminders.db"),
    ):
        pytest.fail("it was held")
