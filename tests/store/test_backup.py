"""A backup: whole, its owner's only, in nobody's way, even if it dies while others work."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from smsreminders.errors import AdministratorNeeded, UsageError
from smsreminders.store.backup import backup
from smsreminders.store.database import Database, opened
from smsreminders.store.soundness import is_whole
from tests.store.files import add_rounds, all_files, another_program, files_no_longer_than, mode_of, rounds, umask


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_a_copy_is_readable_by_its_owner_only(tmp_path: Path, db: Database, mask: int) -> None:
    with umask(mask):
        backup(db, tmp_path / "copy.db")
    assert mode_of(tmp_path / "copy.db") == 0o600


def test_a_copy_made_while_another_writes_has_what_was_committed(path: Path, db: Database) -> None:
    add_rounds(db)
    copy = path.with_name("copy.db")
    with another_program(path) as other:
        other.execute("begin immediate")
        other.execute("insert into rounds (started_at) values ('half')")
        backup(db, copy)
        other.execute("commit")
    with opened(copy) as copied:
        assert (rounds(copied), is_whole(copied)) == (1, True)
    assert rounds(db) == 2


def test_a_copy_does_not_overwrite(path: Path, db: Database) -> None:
    taken = path.with_name("letters.txt")
    taken.write_bytes(b"Geachte mevrouw,")
    with pytest.raises(UsageError) as raised:
        backup(db, taken)
    assert str(raised.value) == f"{taken} exists already: nothing was changed"
    assert taken.read_bytes() == b"Geachte mevrouw,"


# dies where the copy grows beyond two pages: the kernel sends SIGXFSZ, which Python itself ignores
DIES = """
import resource, signal, sys
from pathlib import Path
from smsreminders.store.backup import backup
from smsreminders.store.database import opened
with opened(Path(sys.argv[1])) as db:
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    backup(db, Path(sys.argv[2]))
"""


def test_a_copy_that_dies_on_the_way_has_not_its_name_and_stands_in_nobodys_way(path: Path) -> None:
    target = path.with_name("copy.db")
    died = subprocess.run([sys.executable, "-c", DIES, str(path), str(target)], check=False)
    (left,) = set(all_files(path.parent)) - {path.name}
    assert (died.returncode, left.startswith("copy.db."), left.endswith(".part")) == (-signal.SIGXFSZ, True, True)
    assert mode_of(path.with_name(left)) == 0o600
    with opened(path) as db:
        backup(db, target)
    with opened(target) as copied:
        assert is_whole(copied)


def test_a_copy_does_not_replace_what_came_meanwhile_not_even_a_link_to_nothing(path: Path, db: Database) -> None:
    target = path.with_name("copy.db")
    target.symlink_to(path.with_name("nowhere"))
    with pytest.raises(UsageError):
        backup(db, target)
    assert (target.is_symlink(), list(all_files(path.parent))) == (True, [path.name])


def test_a_copy_into_a_missing_folder_is_an_error_that_names_it(tmp_path: Path, db: Database) -> None:
    target = tmp_path / "missing" / "copy.db"
    with pytest.raises(AdministratorNeeded) as raised:
        backup(db, target)
    assert str(raised.value) == f"{target} can't be made: No such file or directory"


def test_a_copy_that_fails_is_named_and_leaves_no_half_a_file(path: Path) -> None:
    target = path.with_name("copy.db")
    with pytest.raises(AdministratorNeeded) as raised, opened(path) as db, files_no_longer_than(8192):
        backup(db, target)
    assert str(raised.value) == f"{target}: the disk doesn't read or write as it should: look at the disk"
    assert list(all_files(path.parent)) == [path.name]
