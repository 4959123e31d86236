"""A file that is made: whole or not at all, and nothing beside it stays."""

import errno
from pathlib import Path

import pytest

from smsreminders.cli.files import put_in_place
from smsreminders.errors import UsageError


def test_another_text_stays_as_it_is_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_text("the old one")
    with pytest.raises(UsageError, match=r"bill\.csv holds something else: it stays as it is"):
        put_in_place(file, "the new one")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("bill.csv", "the old one")]


def test_what_can_not_take_the_name_leaves_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "bill.csv"

    def refuse(_: Path, to: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted", str(to))

    monkeypatch.setattr(Path, "replace", refuse)  # the disk's part, not ours
    with pytest.raises(OSError, match=r"bill\.csv"):
        put_in_place(file, "the new one")
    assert list(tmp_path.iterdir()) == []


def test_what_is_interrupted_leaves_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: Path, __: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        put_in_place(tmp_path / "bill.csv", "the new one")
    assert list(tmp_path.iterdir()) == []
