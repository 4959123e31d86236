"""The last closed month beside the lock: read as it was written, on the disk, and of the database's owner."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from smsreminders.domain.bill.billing import Period
from smsreminders.domain.bill.months import LastClose
from smsreminders.errors import AdministratorNeeded
from smsreminders.store.bill.last_close import close_beside, forget_close_beside, note_close_beside
from smsreminders.store.database import opened, path_of
from tests.builders import a_database

NOVEMBER = LastClose(Period(2026, 11), sha256(b"november").hexdigest())


def test_what_is_noted_is_read_until_it_is_forgotten(tmp_path: Path) -> None:
    with opened(a_database(tmp_path)) as db:
        assert close_beside(db) is None
        for close in (NOVEMBER, LastClose(Period(2026, 12), sha256(b"").hexdigest())):
            note_close_beside(db, close)
            assert close_beside(db) == close
        forget_close_beside(db)
        assert close_beside(db) is None
        assert list(tmp_path.iterdir()) == [path_of(db)]


@pytest.mark.parametrize("text", ["", "2026-11\n", f"2026-13 {NOVEMBER.sha256}\n", f"2026-11 {NOVEMBER.sha256}", "é"])
def test_what_is_not_ours_is_refused(tmp_path: Path, text: str) -> None:
    with opened(a_database(tmp_path)) as db:
        path_of(db).with_name(f"{path_of(db).name}.closed").write_text(text, encoding="utf-8")
        with pytest.raises(AdministratorNeeded, match="doesn't say which month was closed last"):
            close_beside(db)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_root_gives_it_to_the_owner_of_the_database(tmp_path: Path) -> None:
    with opened(a_database(tmp_path)) as db:
        os.chown(path_of(db), 1234, 4321)
        note_close_beside(db, NOVEMBER)
        stat = path_of(db).with_name(f"{path_of(db).name}.closed").stat()
        assert (stat.st_uid, stat.st_gid, stat.st_mode & 0o777) == (1234, 4321, 0o600)
