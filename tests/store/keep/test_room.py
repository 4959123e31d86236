"""The room of what was blanked is given back: as a whole or not at all, and not while it would keep others waiting."""

import os
import signal
from pathlib import Path

import pytest

from smsreminders.errors import TryAgainLater
from smsreminders.store.database import opened, write_transaction
from smsreminders.store.keep import room
from smsreminders.store.keep.room import give_back
from smsreminders.store.soundness import is_whole
from tests.builders import a_database
from tests.long import mounts
from tests.store.files import another_program

by_mounting = pytest.mark.skipif(bool(mounts.why_no_mounts()), reason=mounts.why_no_mounts() or "")


@pytest.fixture
def blanked(tmp_path: Path) -> Path:
    """A database in which long names were blanked."""
    folder = tmp_path / "practice"
    folder.mkdir()
    path = a_database(folder)
    with opened(path) as db, write_transaction(db):
        db.execute(
            "insert into practices (code, name, sender_id, phone, legal_name, street, postcode, town, kvk_number,"
            " vat_number, buyer_reference) values ('linde', 'De Linde', 'Linde', '', '', '', '', '', '', '', '')"
        )
        db.execute(
            "with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000)"
            " insert into patients (practice_id, source_id, name, phone) select 1, 'P' || i, hex(randomblob(99)), ''"
            " from n"
        )
        db.execute("update patients set name = ''")
    return path


def contents(path: Path) -> list[str]:
    """All that is in a database, in no order: SQLite puts its triggers after its indexes."""
    with opened(path) as db:
        assert is_whole(db)
        return sorted(db.conn.iterdump())


def test_a_file_whose_rows_were_blanked_is_as_small_as_what_is_left(blanked: Path) -> None:
    rows, before = contents(blanked), blanked.stat().st_size
    with opened(blanked) as db:
        assert give_back(db)
        assert db.execute("pragma freelist_count").fetchone() == (0,)
    assert contents(blanked) == rows
    assert blanked.stat().st_size < before / 2


def test_while_another_writes_and_where_it_would_take_long_the_file_stays(
    blanked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = blanked.read_bytes()
    with opened(blanked) as db, another_program(blanked) as other:
        db.execute("pragma busy_timeout = 0")
        other.execute("begin immediate")
        assert not give_back(db)
        other.execute("rollback")
        monkeypatch.setattr(room, "LARGEST", blanked.stat().st_size - 1)
        assert not give_back(db)
    assert blanked.read_bytes() == before


def die() -> bool:  # pragma: no cover  # another process
    os.kill(os.getpid(), signal.SIGKILL)
    return True


@pytest.mark.parametrize("looks", [1, 40, 300])
def test_killed_in_it_the_database_is_whole_and_has_each_row(blanked: Path, looks: int) -> None:
    rows = contents(blanked)
    left = iter(range(looks))
    child = os.fork()
    if child == 0:  # pragma: no cover  # another process
        try:
            with opened(blanked) as db:
                db.conn.set_progress_handler(lambda: next(left, None) is None and die(), 100)
                give_back(db)
        finally:
            os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert contents(blanked) == rows


@by_mounting
@pytest.mark.parametrize("free", [2, 60])
def test_on_a_full_disk_it_says_so_and_nothing_changed(blanked: Path, free: int) -> None:
    rows = contents(blanked)
    with mounts.on_tmpfs(blanked.parent, free=free):
        with pytest.raises(TryAgainLater, match="the disk is full"), opened(blanked) as db:
            give_back(db)
        assert contents(blanked) == rows
