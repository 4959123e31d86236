"""Folders: what was read is moved on, nothing is overwritten, and what can't be moved is told."""

from pathlib import Path

import pytest

from smsreminders.errors import AdministratorNeeded
from smsreminders.importers.folders import move_read
from smsreminders.importers.records import Part


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_what_was_read_is_done_what_is_bad_is_bad_and_the_rest_stays(tmp_path: Path) -> None:
    parts = {"1.hl7": Part.READ, "2.hl7": Part.BAD, "3.hl7": Part.UNFINISHED}
    for name in parts:
        (tmp_path / name).touch()
    move_read({tmp_path / name: part for name, part in parts.items()})
    assert files(tmp_path) == ["3.hl7", "bad/2.hl7", "done/1.hl7"]


def test_a_file_of_the_same_name_is_never_overwritten(tmp_path: Path) -> None:
    for text in ("a", "b", "c"):
        (tmp_path / "1.hl7").write_text(text, encoding="utf-8")
        move_read({tmp_path / "1.hl7": Part.READ})
    assert files(tmp_path) == ["done/1-2.hl7", "done/1-3.hl7", "done/1.hl7"]
    assert (tmp_path / "done" / "1.hl7").read_text(encoding="utf-8") == "a"


def test_a_file_that_can_not_be_moved_is_told(tmp_path: Path) -> None:
    (tmp_path / "done").touch()
    (tmp_path / "1.hl7").touch()
    with pytest.raises(AdministratorNeeded, match="imported, but it can't be moved to done"):
        move_read({tmp_path / "1.hl7": Part.READ})
