"""What is remembered of a source's last good import, and which bytes came before it."""

from datetime import date, timedelta

import pytest

from smsreminders.domain.agenda.import_figures import Dates, LastFile
from smsreminders.domain.practices import Practice
from smsreminders.store.agenda.imports import record_import
from smsreminders.store.agenda.last_files import keep_last_file, last_file, same_before_the_last
from smsreminders.store.agenda.said import SourceRow, source_of
from smsreminders.store.database import Database
from tests.builders import NOW


@pytest.fixture
def source(db: Database, practice: Practice) -> SourceRow:
    return source_of(db, practice.id, "agenda", "appointments")


def came(db: Database, source: SourceRow, night: int, *contents: str, refused: str | None = None) -> None:
    for content in contents:
        at = NOW + timedelta(days=night)
        record_import(db, source, file="f.csv", now=at, rows_read=1, rejected=0, content=content, refused=refused)


@pytest.mark.parametrize(
    "last",
    [
        LastFile(80, 76, Dates(date(2026, 11, 24), date(2026, 12, 7)), NOW.replace(microsecond=0)),
        LastFile(80, 80, then_empty=True, ever_empty=True),
    ],
)
def test_the_last_file_is_remembered_as_it_was(db: Database, source: SourceRow, last: LastFile) -> None:
    assert last_file(db, source) is None
    keep_last_file(db, source, LastFile(1, 1))
    keep_last_file(db, source, last)
    assert last_file(db, source) == last


@pytest.mark.parametrize(
    ("asked", "night"), [("first", 0), ("second", None), ("other", None), ("third", None), ("bad", None), ("", None)]
)
def test_bytes_that_came_before_the_last_import_and_not_with_it_are_known_again(
    db: Database, source: SourceRow, asked: str, night: int | None
) -> None:
    came(db, source, 0, "first", "other", "")
    came(db, source, 1, "bad", refused="too short")
    came(db, source, 2, "second", "other")
    found = same_before_the_last(db, source, [asked])
    assert found == (None if night is None else (NOW + timedelta(days=night)).replace(microsecond=0))
    other = source_of(db, source.practice_id, "another", "appointments")
    assert same_before_the_last(db, other, [asked]) is None
