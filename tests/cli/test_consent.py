"""`consent`: given, withdrawn, shown; the last word counts."""

import pytest

from tests.cli.running import WEDNESDAY, Program


@pytest.fixture
def asked(linde: Program) -> Program:
    linde.does("patient add 1001 --name Canaria --phone 06-12345678")
    return linde


def in_force(program: Program) -> str:
    consent: str = program("consent list --json").json[0]["consent"]
    return consent


def test_the_last_word_counts(asked: Program) -> None:
    assert in_force(asked) == "never asked"
    asked.does("consent give 1001 --how form --by anna --wording v2")
    assert in_force(asked) == "given"
    asked.at(WEDNESDAY).does("consent withdraw 1001 --how phone")
    assert in_force(asked) == "withdrawn"


def test_all_that_a_patient_said_is_shown_the_word_in_force_last(asked: Program) -> None:
    asked.does("consent give 1001 --how form --by anna --at '2026-11-20 10:00' --wording v2")
    asked.does("consent withdraw 1001 --by bo --at 2026-11-21T10:00+01:00")
    assert asked("consent show 1001 --json").json == [
        {"consent": "given", "at": "2026-11-20T10:00:00+01:00", "how": "form", "by": "anna", "wording": "v2"},
        {"consent": "withdrawn", "at": "2026-11-21T10:00:00+01:00", "how": "desk", "by": "bo", "wording": ""},
    ]
    assert asked("consent show 1001 --csv").lines == [
        "consent,at,how,by,wording",
        "given,2026-11-20T10:00:00+01:00,form,anna,v2",
        "withdrawn,2026-11-21T10:00:00+01:00,desk,bo,",
    ]
    assert asked("consent show 1001").lines[0] == "given\t2026-11-20T10:00:00+01:00\tform\tanna\tv2"


def test_what_was_recorded_is_said_in_one_line(asked: Program) -> None:
    assert asked("consent give 1001 --how form").said == ["Recorded that patient 1001 (Canaria) gives consent for SMS."]
    recorded = "Recorded that patient 1001 (Canaria) withdraws consent for SMS."
    assert asked.at(WEDNESDAY)("consent withdraw 1001").said == [recorded]
    assert asked.at(WEDNESDAY)("consent withdraw 1001").said == [
        f"{recorded} That was so already; it is recorded once more."
    ]


def test_an_earlier_word_is_recorded_but_does_not_count(asked: Program) -> None:
    asked.does("consent give 1001 --how desk")
    ended = asked("consent withdraw 1001 --at '2026-11-20 10:00'")
    assert ended.code == 0
    assert ended.said == [
        (
            "smsreminders: recorded of patient 1001 (Canaria), but a later word of theirs stays in force: "
            "see `smsreminders consent show 1001`"
        )
    ]
    assert in_force(asked) == "given"


def test_the_list_shows_everybody_or_who_is_missing(agenda: Program) -> None:
    assert agenda("consent list --csv").lines[:2] == ["practice,patient,name,consent", "linde,1001,J. Canaria,given"]
    assert agenda("consent list --missing").lines == [
        "linde\t1004\tL. Canaria\tnever asked",
        "linde\t1005\tM. Canaria\twithdrawn",
    ]
    assert agenda("consent list --missing --json").json[0] == {
        "practice": "linde",
        "patient": "1004",
        "name": "L. Canaria",
        "consent": "never asked",
    }


def test_with_more_practices_a_word_belongs_to_the_patient_of_the_one_that_is_named(two: Program) -> None:
    for practice in ("linde", "eik"):
        two.does(f"patient add 1001 --name Canaria --practice {practice}")
    assert two("consent give 1001 --how desk").code == 2
    two.does("consent give 1001 --how desk --practice eik")
    assert [(row["practice"], row["consent"]) for row in two("consent list --json").json] == [
        ("eik", "given"),
        ("linde", "never asked"),
    ]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("give 1001", "Missing option '--how'"),
        ("give 1001 --how mail", "'mail' is not one of 'desk', 'phone', 'form', 'portal', 'import'"),
        ("give 1001 --how desk --at 2026-11-24", 'has no time of day: write it like "2026-11-24 10:30"'),
        ("give 1001 --how desk --at gisteren", '"gisteren" is no time: write it like "2026-11-24 10:30"'),
        ("give 1001 --how desk --at '2026-11-24 10:30'", "the time of the consent lies in the future"),
        ("give 1001 --how desk --at '2026-10-25 02:30'", "2026-10-25 02:30 exists twice"),
        ("withdraw 7", 'there is no patient "7"; `smsreminders patient list` shows them'),
        ("show 7", 'there is no patient "7"; `smsreminders patient list` shows them'),
    ],
)
def test_what_can_not_be_is_a_usage_error_that_changes_nothing(asked: Program, command: str, message: str) -> None:
    before = asked.database.read_bytes()
    ended = asked(f"consent {command}")
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert asked.database.read_bytes() == before


def test_by_a_clock_in_doubt_no_word_is_recorded_and_no_file_read(agenda: Program) -> None:
    agenda.does("dispatch")
    for moment in ("2026-11-23T09:00:00+01:00", "2027-11-24T09:00:00+01:00"):
        for command in ("consent withdraw 1001 --how phone", "import agenda.csv --kind appointments"):
            ended = agenda.at(moment)(command)
            assert (ended.code, "the clock shows" in ended.err, "set the clock" in ended.err) == (78, True, True)
    agenda.does("consent withdraw 1001 --how phone")
