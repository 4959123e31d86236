"""Which files were imported, and when a kind of file was the last time."""

from datetime import datetime, timedelta

import pytest

from smsreminders.store.agenda.imports import Refusal, last_import, record_import, refusals
from smsreminders.store.agenda.said import source_of
from smsreminders.store.database import Database
from tests.builders import NOW, a_practice

HOUR = timedelta(hours=1)


def test_an_import_is_written_down(db: Database) -> None:
    practice = a_practice(db)
    record_import(
        db,
        source_of(db, practice.id, "export", "patients"),
        file="agenda.csv",
        now=NOW,
        rows_read=120,
        rejected=3,
        content="ab12",
    )
    assert list(db.query("select * from imports")) == [
        {
            "id": 1,
            "practice_id": practice.id,
            "kind": "patients",
            "file": "agenda.csv",
            "from_source_id": 1,
            "content": "ab12",
            "at": "2026-11-23T08:00:00Z",
            "rows_read": 120,
            "rejected": 3,
            "refused": None,
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
        record_import(db, source_of(db, ids[known], "export", imported), file="f", now=at, rows_read=1, rejected=0)
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
        source = source_of(db, practice.id, "export", "appointments")
        record_import(db, source, file="f", now=at, rows_read=1, rejected=0, content=content)
    assert last_import(db, practice.id, "appointments") == NOW + expected * HOUR


def test_a_refusal_is_told_until_a_good_file_of_its_source_comes(db: Database) -> None:
    practice = a_practice(db)
    sources = {name: source_of(db, practice.id, name, "appointments") for name in ("export", "by hand")}

    def came(name: str, hours: int, refused: str | None) -> None:
        at = NOW + hours * HOUR
        record_import(db, sources[name], file="f", now=at, rows_read=1, rejected=0, refused=refused)

    came("export", 0, None)
    came("export", 1, "no column status")
    came("by hand", 2, None)
    assert refusals(db, practice.id) == [Refusal("export", "appointments", NOW + HOUR, "no column status")]
    assert last_import(db, practice.id, "appointments") == NOW + 2 * HOUR
    came("export", 3, None)
    assert refusals(db, practice.id) == []
