"""Found files: what a pattern matches, and in clear words why it matches nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from smsreminders.errors import AdministratorNeeded, SmsremindersError, TryAgainLater
from smsreminders.importers.found import check_readable, find_files, look_at
from tests.store.files import bound_by_modes


def names(pattern: str, format_name: str = "auto") -> list[str]:
    return [file.path.name for file in find_files(pattern, format_name)]


def put(*paths: Path) -> None:
    for path in paths:
        path.write_text("x\n", encoding="utf-8")


def test_a_pattern_matches_files_that_are_finished(tmp_path: Path) -> None:
    put(*(tmp_path / name for name in ("a1.csv", "a2.csv", "a3.csv.part", "~$a1.csv", "b.csv", ".a4.csv")))
    assert names(f"{tmp_path}/a*") == ["a1.csv", "a2.csv"]
    assert names(f"{tmp_path}/*.csv") == ["a1.csv", "a2.csv", "b.csv"]
    assert names(f"{tmp_path}/b.csv") == ["b.csv"]


def test_a_link_that_leads_nowhere_is_passed_over_where_there_is_a_file(tmp_path: Path) -> None:
    put(tmp_path / "a2.csv")
    (tmp_path / "a1.csv").symlink_to(tmp_path / "gone")
    (tmp_path / "a3.csv").symlink_to(tmp_path / "a2.csv")
    assert names(f"{tmp_path}/a*.csv") == ["a2.csv", "a3.csv"]


def test_a_folder_is_read_where_the_format_says_so(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert names(f"{tmp_path}/in", "hl7") == ["in"]
    assert names(f"{tmp_path}/in/", "ics") == ["in"]


def nothing(_: Path) -> None:
    """Leave the folder empty."""


def a_renamed_file(folder: Path) -> None:
    put(folder / "afspraken.csv")


def a_part(folder: Path) -> None:
    put(folder / "agenda.csv.part")


def a_folder(folder: Path) -> None:
    (folder / "agenda.csv").mkdir()


def a_loop(folder: Path) -> None:
    (folder / "agenda.csv").symlink_to(folder / "agenda2.csv")
    (folder / "agenda2.csv").symlink_to(folder / "agenda.csv")


@pytest.mark.parametrize(
    ("make", "pattern", "error", "says"),
    [
        (nothing, "agenda*.csv", TryAgainLater, "no file matches {folder}/agenda*.csv: look whether the export still"),
        (a_renamed_file, "agenda.csv", TryAgainLater, "no file matches {folder}/agenda.csv: look whether the export"),
        (a_part, "agenda*", TryAgainLater, "only agenda.csv.part, which isn't finished: look whether the export"),
        (a_folder, "agenda*", AdministratorNeeded, "agenda.csv is a folder: write which of its files, as in {folder}"),
        (a_loop, "agenda.csv", AdministratorNeeded, "agenda.csv: Too many levels of symbolic links: look where it"),
        (nothing, "in/agenda.csv", AdministratorNeeded, "{folder}/in: No such file or directory: look at the path"),
        (a_renamed_file, "afspraken.csv/*", AdministratorNeeded, "{folder}/afspraken.csv is no folder: look at"),
        (nothing, "in/*/agenda.csv", AdministratorNeeded, "{folder}/in: No such file or directory"),
    ],
)
def test_it_is_told_why_a_pattern_matches_nothing(
    tmp_path: Path, make: Callable[[Path], None], pattern: str, error: type[SmsremindersError], says: str
) -> None:
    make(tmp_path)
    with pytest.raises(error) as raised:
        find_files(f"{tmp_path}/{pattern}", "auto")
    assert says.format(folder=tmp_path) in str(raised.value)


def test_a_folder_or_file_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    put(folder / "agenda.csv")
    file = look_at(folder / "agenda.csv")
    check_readable(file)
    (folder / "agenda.csv").chmod(0)
    with bound_by_modes(), pytest.raises(AdministratorNeeded, match=r"agenda\.csv can't be read: let the user"):
        check_readable(file)
    folder.chmod(0)
    with bound_by_modes(), pytest.raises(AdministratorNeeded, match=r"export can't be looked into: let the user"):
        find_files(f"{folder}/agenda*.csv", "auto")
    folder.chmod(0o700)
