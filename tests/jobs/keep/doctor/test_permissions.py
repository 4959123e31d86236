"""The check-up of permissions: what the user of cron can't open or make is told, with the command that mends it."""

import os
import pwd
from pathlib import Path

import pytest

from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.jobs.keep.doctor.permissions import check_permissions
from tests.store.files import bound_by_modes

ME = f"{os.getuid()}:{os.getgid()}"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    for name in ("config.toml", "smsreminders.db", "smsreminders.db.lock", "smsreminders.db.before-m002"):
        (tmp_path / name).touch(0o600)
    return tmp_path / "smsreminders.db"


def checked(database: Path) -> list[Check]:
    with bound_by_modes():
        return check_permissions(database.with_name("config.toml"), database)


def test_files_that_can_be_written_are_right(database: Path) -> None:
    finding = f"the user of cron ({pwd.getpwuid(os.getuid()).pw_name}) can write what a round writes"
    assert checked(database) == [Check("permissions", Verdict.OK, finding)]


@pytest.mark.parametrize("name", ["smsreminders.db", "smsreminders.db.lock"])
def test_what_cannot_be_opened_is_told_with_what_to_do(database: Path, name: str) -> None:
    path = database.with_name(name)
    path.chmod(0o400)
    assert checked(database) == [
        Check(
            "permissions",
            Verdict.WRONG,
            f"{path} can't be opened for writing: Permission denied",
            f"run `chown {ME} {path}` and `chmod 600 {path}`, as root",
        )
    ]


def test_a_copy_that_no_round_opens_is_not_tried(database: Path) -> None:
    database.with_name("smsreminders.db.before-m002").chmod(0)
    assert [check.verdict for check in checked(database)] == [Verdict.OK]


def test_a_folder_in_which_no_journal_can_be_made_is_told(database: Path) -> None:
    folder = database.parent
    folder.chmod(0o500)
    finding = f"{folder} can't be written: the journal of the database is made in it"
    advice = f"run `chown {ME} {folder}` and `chmod 700 {folder}`, as root"
    assert checked(database) == [Check("permissions", Verdict.WRONG, finding, advice)]
    folder.chmod(0o300)
    finding = f"{folder} can't be looked at: Permission denied"
    assert checked(database) == [Check("permissions", Verdict.WRONG, finding, advice)]
    folder.chmod(0o700)


def test_before_there_is_a_database_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    assert [check.verdict for check in checked(tmp_path / "smsreminders.db")] == [Verdict.OK]
