"""A new database: empty or with the first practice, and never over another file."""

from pathlib import Path

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError
from smsreminders.jobs.keep.backup import backup
from smsreminders.jobs.keep.init import init
from smsreminders.store.database import opened
from smsreminders.store.practices import all_practices


@pytest.mark.parametrize("practice", [None, Practice(1, "linde", "De Linde", "Linde")])
def test_a_database_has_the_practice_that_it_was_made_with(tmp_path: Path, practice: Practice | None) -> None:
    init(tmp_path / "new.db", practice)
    with opened(tmp_path / "new.db") as db:
        assert all_practices(db) == [practice for practice in [practice] if practice]


def test_a_backup_has_what_the_database_has(tmp_path: Path) -> None:
    init(tmp_path / "new.db", Practice(1, "linde", "De Linde", "Linde"))
    with opened(tmp_path / "new.db") as db:
        backup(db, tmp_path / "copy.db")
        practices = all_practices(db)
    with opened(tmp_path / "copy.db") as copy:
        assert all_practices(copy) == practices


def test_another_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    path.write_text("mine")
    with pytest.raises(UsageError, match="exists already: nothing was changed"):
        init(path, None)
    assert path.read_text() == "mine"
