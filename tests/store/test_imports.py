"""Which files were imported, and when a kind of file was the last time."""

from datetime import datetime, timedelta

import pytest

from smsreminders.store.database import Database
from smsreminders.store.imports import last_import, record_import
from tests.builders import NOW, a_practice

HOUR = timedelta(hours=1)


def test_an_import_is_written_down(db: Database) -> None:
    practice = a_practice(db)
    record_import(db, practice.id, "patients", file="agenda.csv", now=NOW, rows_read=120, rejected=3, content="ab12")
    assert list(db.query("select * from imports")) == [
        {
            "id": 1,
            "practice_id": practice.id,
            "kind": "patients",
            "file": "agenda.csv",
            "content": "ab12",
            "at": "2026-11-23T08:00:00Z",
            "rows_read": 120,
            "rejected": 3,
        }
    ]


@pytest.mark.parametrize(
    ("code", "kind", "expected"),
    [
        ("zuid", "patients", NOW + HOUR),
        ("zuid", "appointments", NOW - HOUR),
        ("zuid", "consents", None),
        ("noord", "appointments", NOW),
        ("noord", "patients", None),
    ],
)
def test_the_last_import_is_of_a_practice_and_a_kind(
    db: Database, code: str, kind: str, expected: datetime | None
) -> None:
    ids = {known: a_practice(db, known).id for known in ("zuid", "noord")}
    for known, imported, at in (
        ("zuid", "patients", NOW + HOUR),
        ("zuid", "patients", NOW),
        ("zuid", "appointments", NOW - HOUR),
        ("noord", "appointments", NOW),
    ):
        record_import(db, ids[known], imported, file="f", now=at, rows_read=1, rejected=0)
    assert last_import(db, ids[code], kind) == expected


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        pytest.param(["a", "b", "c"], 2, id="something-new-each-time"),
        pytest.param(["a", "a", "a"], 0, id="the-same-again"),
        pytest.param(["a", "b", "b"], 1, id="the-same-again-since-the-second"),
        pytest.param(["a", "b", "a", "b"], 1, id="two-files-the-same-again"),
        pytest.param(["", "", ""], 2, id="not-known"),
    ],
)
def test_the_last_import_is_the_last_that_brought_something_new(
    db: Database, contents: list[str], expected: int
) -> None:
    practice = a_practice(db)
    for number, content in enumerate(contents):
        at = NOW + number * HOUR
        record_import(db, practice.id, "appointments", file="f", now=at, rows_read=1, rejected=0, content=content)
    assert last_import(db, practice.id, "appointments") == NOW + expected * HOUR
