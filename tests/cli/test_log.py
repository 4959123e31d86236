"""`log`: who looked at patients in full or changed them is listed by its ids, and a log that was touched is found."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.cli.running import Program


def lines(program: Program, options: str = "") -> list[Any]:
    found: list[Any] = program(f"log list --json {options}").json
    return found


def whom(program: Program, options: str = "") -> list[tuple[str, str, list[str]]]:
    """Of each line: who said to do it, the command, the patients."""
    return [(line["by"], line["command"], line["patients"]) for line in lines(program, options)]


def test_who_changed_a_patient_and_who_looked_is_listed(agenda: Program) -> None:
    agenda.does("patient edit 1001 --language en --by anna")
    agenda.does("--by bo patient show 1002")
    agenda.does("consent withdraw 1001", SMSREMINDERS_BY="cas")
    agenda.does("consent give 1002 --how desk --by dirk", SMSREMINDERS_BY="cas")
    assert whom(agenda) == [
        ("anna", "patient edit", ["1001"]),
        ("bo", "patient show", ["1002"]),
        ("cas", "consent withdraw", ["1001"]),
        ("dirk", "consent give", ["1002"]),
    ]
    assert whom(agenda, "--patient 1001") == whom(agenda)[::2]
    assert agenda("consent show 1001 --json").json[-1]["by"] == "cas"
    assert lines(agenda, "--to 2026-11-23 --practice linde") == []
    [line, *_] = lines(agenda)
    assert line["at"].startswith("2026-11-24T09:00:")
    assert {key: line[key] for key in ("line", "verb", "practice", "note")} == {
        "line": 1,
        "verb": "changed",
        "practice": "linde",
        "note": "",
    }
    assert agenda("log verify").said == ["The access log is whole: 4 lines."]
    assert agenda("log verify --json").json == {"lines": 4, "line": None, "broken": None}


@pytest.mark.parametrize(
    ("command", "patients"),
    [
        ("unreached", 8),
        ("page --output page.html --show-numbers", 8),
        ("patient list --show-numbers", 8),
        ("patient show 1001", 1),
        ("notifications list --show-numbers", 2),
        ("notifications show A1 --show-numbers", 1),
        ("stopped list --show-numbers", 1),
    ],
)
def test_a_look_in_full_is_logged_and_what_cannot_be_logged_is_not_shown(
    agenda: Program, command: str, patients: int
) -> None:
    agenda.does("stopped add 06-12345679")
    agenda.does("dispatch")
    agenda.does(command)
    seen = {patient for line in lines(agenda)[1:] for patient in line["patients"]}
    assert len(seen) == patients
    (agenda.home / "page.html").unlink(missing_ok=True)
    head = agenda.database.with_name("smsreminders.db.access")
    head.unlink()
    head.mkdir()
    ended = agenda(command)
    assert (ended.code, ended.out, (agenda.home / "page.html").exists()) == (78, "", False)
    assert ended.said[-1].endswith("nothing was shown or changed, for it could not be logged")


def test_a_look_with_masked_numbers_is_not_logged(agenda: Program) -> None:
    agenda.does("dispatch")
    for command in ("patient list", "notifications list", "notifications show A1", "replies list", "stopped list"):
        agenda.does(command)
    assert lines(agenda) == []


def test_a_log_that_was_touched_is_found_with_its_line(agenda: Program) -> None:
    agenda.does("patient show 1001")
    agenda.does("patient show 1002")
    with closing(sqlite3.connect(agenda.database)) as db, db:
        [(trigger,)] = db.execute("select sql from sqlite_master where name = 'access_log_stays'")
        db.execute("drop trigger access_log_stays")
        db.execute("update access_log set patients = '[3]' where number = 1")
        db.execute(trigger)
    ended = agenda("log verify")
    assert ended.code == 78
    assert "line 1 was changed" in ended.err
    assert agenda("log verify --json").json["line"] == 1


def test_after_a_restore_reconcile_notes_in_the_log_what_it_lacks(agenda: Program) -> None:
    agenda.does("patient show 1001")
    agenda.does("backup before.db")
    agenda.does("patient show 1002")
    (agenda.home / "before.db").rename(agenda.database)
    ended = agenda("log verify")
    assert (ended.code, "line 2 is missing" in ended.err) == (78, True)
    agenda.does("patient show 1003")
    assert agenda("log verify").code == 78
    assert agenda("reconcile --by-hand").said == [
        "Rounds may run again. The access log lacks the lines since the backup; its newest one says so."
    ]
    assert agenda("log verify").code == 0
    assert [(line["verb"], line["note"].split(" ")[:6]) for line in lines(agenda)][-1] == (
        "anchored",
        ["known", "were", "lines", "up", "to", "2"],
    )
