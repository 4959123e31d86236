"""Whose our files are: root's are given to the owner of the database, and tried as that user would."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from smsreminders.store.ownership import (
    acting_as,
    can_make_files,
    files_beside,
    give_to_owner,
    name_of,
    user_of_cron,
    why_not_opened,
)
from tests.store.files import bound_by_modes

NOBODY = 65534
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has files of others")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "smsreminders.db"
    path.touch()
    return path


@pytest.fixture
def of_nobody() -> Iterator[Path]:
    """A database of another user, in a folder of theirs that everybody can reach."""
    with TemporaryDirectory() as name:
        path = Path(name) / "smsreminders.db"
        path.touch(0o600)
        for each in (path.parent, path):
            os.chown(each, NOBODY, NOBODY)
        yield path


def owners(folder: Path) -> dict[str, int]:
    return {path.name: path.lstat().st_uid for path in folder.iterdir()}


def test_what_goes_with_a_database_begins_with_its_name(database: Path) -> None:
    for name in ("smsreminders.db.lock", "smsreminders.db-journal", "config.toml", "other.db.lock"):
        database.with_name(name).touch()
    assert [path.name for path in files_beside(database)] == ["smsreminders.db-journal", "smsreminders.db.lock"]


@only_root
def test_what_root_made_is_given_to_the_owner_and_nothing_else(of_nobody: Path) -> None:
    for name in ("smsreminders.db.lock", "config.toml", "elsewhere", "smsreminders.db.another"):
        of_nobody.with_name(name).touch()
    os.chown(of_nobody.with_name("smsreminders.db.another"), 1, 1)
    of_nobody.with_name("smsreminders.db.link").symlink_to("elsewhere")
    of_nobody.with_name("smsreminders.db.twin").hardlink_to(of_nobody.with_name("elsewhere"))
    give_to_owner(of_nobody)
    assert owners(of_nobody.parent) == {
        "smsreminders.db": NOBODY,
        "smsreminders.db.lock": NOBODY,
        "smsreminders.db.another": 1,
        "smsreminders.db.link": 0,
        "smsreminders.db.twin": 0,  # it may be a file of root's, to which the owner made a second name
        "elsewhere": 0,
        "config.toml": 0,
    }


def test_without_a_database_nothing_is_given(tmp_path: Path) -> None:
    lock = tmp_path / "smsreminders.db.lock"
    lock.touch()
    before = lock.stat()
    give_to_owner(tmp_path / "smsreminders.db")
    assert lock.stat() == before


@only_root
def test_cron_runs_as_the_first_owner_who_is_not_root(database: Path, of_nobody: Path) -> None:
    assert user_of_cron([database, of_nobody]) == (NOBODY, NOBODY)
    assert user_of_cron([database, database.with_name("missing")]) == (0, os.getegid())


def test_a_user_without_a_name_has_a_number() -> None:
    assert (name_of(0), name_of(4_000_000_000)) == ("root", "4000000000")


@only_root
def test_another_user_can_do_only_what_is_theirs_and_root_is_root_again(of_nobody: Path) -> None:
    before = os.geteuid(), os.getegid(), os.getgroups()
    with acting_as(NOBODY, NOBODY):
        assert (os.geteuid(), os.getegid(), os.getgroups()) == (NOBODY, NOBODY, [])
        assert why_not_opened(of_nobody) is None
        assert can_make_files(of_nobody.parent)
        with acting_as(1, 1):  # who isn't root becomes nobody else
            assert os.geteuid() == NOBODY
    assert (os.geteuid(), os.getegid(), os.getgroups()) == before
    with acting_as(1, 1):
        assert why_not_opened(of_nobody) == "Permission denied"
        assert not can_make_files(of_nobody.parent)


def test_a_file_that_cannot_be_written_is_told_why_and_stays_as_it_is(database: Path) -> None:
    database.chmod(0o400)
    before = database.stat()
    with bound_by_modes():
        assert why_not_opened(database) == "Permission denied"
    assert why_not_opened(database.with_name("missing")) == "No such file or directory"
    assert (database.stat(), list(database.parent.iterdir())) == (before, [database])


def test_a_folder_in_which_nothing_can_be_made_is_told(database: Path) -> None:
    assert can_make_files(database.parent)
    database.parent.chmod(0o500)
    with bound_by_modes():
        assert not can_make_files(database.parent)
    database.parent.chmod(0o700)
