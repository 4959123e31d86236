"""`patient erase`: no byte of a patient stays, the bill and the keys do, and no import brings them back."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.answering import answered
from tests.cli.running import Program

# what J. Canaria, 1001, is known by: their name, their two numbers, and what they wrote
CANARY = re.compile(rb"(?i)J\. Canaria|1[ -]?2[ -]?3[ -]?4[ -]?5[ -]?6[ -]?7[ -]?[01]|Kan het een uur")
MONTH = "report --month 2026-11 --format csv"
COVERS = "select appointment_id, revision, occasion, attempt, rehearsed, notification_id from covers"


def files_with(program: Program) -> Iterator[str]:
    """The files beside the database, and it itself, in which a byte of the patient stands."""
    for path in program.database.parent.iterdir():
        if CANARY.search(path.read_bytes()):
            yield path.name


def rows(program: Program, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(program.database)) as db:
        return db.execute(query).fetchall()


@pytest.fixture
def lived(agenda: Program) -> Program:
    """A patient who was texted, answered, got another number and is stopped, a day after it."""
    agenda.sends()
    answered(agenda, "Kan het een uur later?")
    agenda.at("2026-11-24T13:00:00+01:00").does("poll")
    agenda.does("stopped add 06-12345671 --by anna")
    agenda.does("patient edit 1001 --phone 06-12345670")
    agenda.does("stopped add 06-12345670 --by anna")
    later = agenda.at("2026-11-25T17:00:00+01:00")
    assert sorted(files_with(later)) == ["smsreminders.db", "smsreminders.db.sandbox.jsonl"]
    return later


def test_no_byte_of_an_erased_patient_stays_and_the_bill_is_as_it_was(lived: Program) -> None:
    assert lived("patient erase 1001 -n").said == ["Would erase patient 1001 of linde, with 1 texts."]
    bill, covers = lived(MONTH).out, rows(lived, COVERS)
    ended = lived("patient erase 1001 --yes --by anna")
    assert ended.code == 0
    assert ended.said[0] == "Erased patient 1001 of linde, with 1 texts."
    assert list(files_with(lived)) == []
    assert (lived(MONTH).out, rows(lived, COVERS)) == (bill, covers)
    assert [row["id"] for row in lived("patient list --json").json] == [f"100{n}" for n in range(2, 9)]
    assert lived("patient export 1001").code == 2
    assert [(line["verb"], line["by"]) for line in lived("log list --json").json][-1] == ("erased", "anna")
    assert lived("log verify").code == 0
    for command in ("unreached", "notifications list", "notifications show A1", "replies list --done", "doctor"):
        assert lived(command).code in {0, 78 if command == "doctor" else 0}
    assert rows(lived, "select count(*) from erasing") == [(0,)]


def test_reconcile_erases_them_again_where_an_older_backup_was_put_back(lived: Program) -> None:
    lived.does("backup before.db")
    lived.does("patient erase 1001 --yes")
    (lived.home / "before.db").rename(lived.database)
    again = "Erased again who was erased after this backup: 1."
    assert lived("reconcile --by-hand").said[0] == again
    assert list(files_with(lived)) == []
    assert again not in lived("reconcile --by-hand").said


def test_no_import_stores_them_again_until_the_practice_says_so(lived: Program) -> None:
    lived.does("patient erase 1001 --yes")
    for file, kind in (("patients.csv", "patients"), ("agenda.csv", "appointments")):
        ended = lived(f"import {file} --kind {kind}")
        assert ended.code == 0
        assert 'the patient "1001" was erased on 2026-11-25' in ended.err
        assert list(files_with(lived)) == []
    lived.does("patient add 1001 --name 'J. Canaria' --phone 06-12345671")
    assert lived("log list --json").json[-1]["note"] == "was erased, and is a patient again"
    assert lived("patient show 1001 --json").json["number"] == "stopped"
    assert [row["phone"] for row in lived("stopped list --json --show-numbers").json] == ["+31612345671"]
    assert lived("import patients.csv --kind patients").code == 0


def test_a_first_import_that_names_an_erased_patient_stores_the_others(lived: Program) -> None:
    lived.does("patient erase 1001 --yes")
    (lived.home / "new.csv").write_text(
        "patient_id,name,phone,consent\n1001,J. Canaria,06-12345671,ja\n2001,Z. Canaria,06-12345670,ja\n"
    )
    assert lived("import new.csv --kind patients --source new").code == 0
    assert [row["id"] for row in lived("patient list --json").json][-1] == "2001"
    assert lived("patient show 2001 --json").json["number"] == "stopped"


def test_who_shares_a_number_keeps_it_with_its_stop(lived: Program) -> None:
    lived.does("patient add 2001 --name 'Z. Canaria' --phone 06-12345670")
    lived.does("patient erase 1001 --yes")
    assert lived("patient show 2001 --json").json["number"] == "stopped"
    assert rows(lived, "select count(*) from erased_stops") == [(1,)]


def test_what_waits_is_withdrawn_and_what_is_under_way_is_waited_for(agenda: Program) -> None:
    agenda.does("dispatch")  # 1003 never gets a report
    ended = agenda("patient erase 1003 --yes")
    assert (ended.code, "nothing was erased" in ended.err) == (75, True)
    assert agenda("patient show 1003 --json").json["name"] == "K. Canaria"


@pytest.mark.parametrize(("typed", "code"), [("1001\n", 0), ("1002\n", 2), ("\n", 2), ("", 130)])
def test_at_a_terminal_the_id_is_typed_again(
    lived: Program, monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    from tests.cli.running import Terminal

    monkeypatch.setattr("sys.stdin", Terminal(typed))
    assert lived("patient erase 1001").code == code
    assert bool(list(files_with(lived))) == bool(code)


def test_elsewhere_it_says_which_option_to_give(lived: Program) -> None:
    ended = lived("patient erase 1001")
    assert (ended.code, "--yes" in ended.err) == (2, True)


def test_a_copy_that_a_migration_made_is_named(lived: Program) -> None:
    copy = Path(f"{lived.database}.before-m002")
    copy.write_bytes(b"")
    assert f"smsreminders: {copy} still has them" in lived("patient erase 1001 --yes").err.replace("\n", " ")
