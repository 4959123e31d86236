"""`stopped`: a phone that gets no more SMS of a practice is listed, stopped and lifted at the desk, and explained."""

import sqlite3
from contextlib import closing

import pytest

from tests.cli.running import WEDNESDAY, Program


def since(program: Program) -> str:
    """Since when the only stopped number is stopped: now, but for what the program took to start."""
    [stopped] = program("stopped list --json").json
    assert stopped["since"].startswith("2026-11-24T09:00:")
    return str(stopped["since"])


def test_a_number_is_stopped_however_it_is_written_and_listed_masked(agenda: Program) -> None:
    ended = agenda("stopped add '0612345671' --by anna")
    assert (ended.code, ended.said) == (0, ["Stopped +316 ••• ••71 for linde, the number of 1001."])
    shown = {"practice": "linde", "phone": "+316 ••• ••71", "since": since(agenda), "how": "desk", "by": "anna"}
    assert agenda("stopped list --json").json == [shown | {"patients": ["1001"]}]
    assert agenda("stopped list --csv --show-numbers").lines[1] == f"linde,+31612345671,{since(agenda)},desk,anna,1001"
    assert agenda("stopped list").lines == [f"linde\t+316 ••• ••71\t{since(agenda)}\tdesk\tanna\t1001"]


def test_nobody_texts_it_until_a_person_lifts_it(agenda: Program) -> None:
    agenda.does("stopped add 06-12345671 --by anna")
    assert agenda("dispatch --dry-run --json").json["skipped"]["stopped"] == 2  # of today and of tomorrow
    assert agenda("patient show 1001 --json").json["number"] == "stopped"
    assert agenda("consent give 1001 --how desk").said == [
        (
            "Recorded that patient 1001 (J. Canaria) gives consent for SMS. That was so already; it is recorded once "
            "more. The phone stays stopped, since di 24 nov 09:00 (at the desk, by anna): `smsreminders stopped lift` "
            "says how it is lifted."
        )
    ]
    assert agenda("notifications explain A1 --json").json["stopped"] == {
        "since": since(agenda),
        "how": "desk",
        "by": "anna",
    }
    assert agenda("notifications explain A1").lines[-1] == (
        "The phone is stopped for the practice, since di 24 nov 09:00 (at the desk, by anna), whatever consent was "
        "given since. What to do: only where the holder asks for it, run `smsreminders stopped lift NUMBER --practice "
        "linde --by WHO`."
    )
    lifted = agenda.at(WEDNESDAY)("stopped lift +31612345671 --by bo")
    assert lifted.said == [
        (
            "Lifted +316 ••• ••71 for linde, the number of 1001: it was stopped since di 24 nov 09:00 (at the desk, "
            "by anna)."
        )
    ]
    assert agenda("stopped list --json").json == []
    assert "stopped" not in agenda.at(WEDNESDAY)("dispatch --dry-run --json").json["skipped"]


def test_the_evidence_says_that_the_number_is_stopped_by_now(agenda: Program) -> None:
    agenda.does("dispatch")
    agenda.does("stopped add 06-12345671 --by anna")
    assert agenda("notifications show A1 --json").json["stopped"] == {
        "since": since(agenda),
        "how": "desk",
        "by": "anna",
    }
    assert (
        f"  the number is stopped since {since(agenda)} (at the desk, by anna)" in agenda("notifications show A1").lines
    )


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("stopped add 06-123", "there is no such phone number"),
        ("stopped lift 06-12345671 --by anna", "there is nothing to lift"),
        ("stopped lift 06-12345671", "--by"),
    ],
)
def test_what_cannot_be_done_is_a_usage_error(agenda: Program, command: str, says: str) -> None:
    ended = agenda(command)
    assert (ended.code, says in ended.err) == (2, True)


def test_a_number_is_stopped_once_by_the_desk(agenda: Program) -> None:
    agenda.does("stopped add 06-12345671")
    assert agenda("stopped add 06-12345671").code == 2


def test_a_new_patient_with_a_stopped_number_is_told_so(agenda: Program) -> None:
    agenda.does("stopped add 06-12345699")
    said = agenda("patient add 2001 --name 'Z. Canaria' --phone 0612345699").said
    assert said == [
        (
            "Added patient 2001 (Z. Canaria). Note: 2001 can't be texted: the holder of that phone said STOP "
            "(`smsreminders stopped list`)."
        )
    ]


def test_the_list_of_failed_numbers_is_the_work_list_of_the_desk(agenda: Program) -> None:
    assert agenda("patient list --failed-numbers --json").json == []
    agenda.does("dispatch")
    with closing(sqlite3.connect(agenda.database)) as db, db:  # the sandbox calls no number dead
        db.execute(
            "insert into number_words (practice_id, e164, word, at, notification_id, by_whom)"
            " select practice_id, '+31612345671', 'dead', '2026-11-24T08:30:00Z', id, '' from notifications limit 2"
        )
    failed = {"id": "1001", "name": "J. Canaria", "phone": "+316 ••• ••71", "failures": 2, "texted": False}
    assert agenda("patient list --failed-numbers --json").json == [
        {"practice": "linde", "since": "2026-11-24T09:30:00+01:00"} | failed
    ]
    assert agenda("patient list --failed-numbers --csv-nl").lines[0] == (
        "\ufeffpraktijk;nummer;naam;telefoon;mislukt;sinds;krijgt_sms"
    )
    assert agenda("patient show 1001 --json").json["number"] == "dead-number"
    lifted = agenda("stopped lift 06-12345671 --by anna").said
    assert lifted == [
        "Lifted +316 ••• ••71 for linde, the number of 1001: it had failed 2 times since di 24 nov 09:30."
    ]
