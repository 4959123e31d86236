"""`patient`: added, changed, shown; a number that can't be texted is kept as it was written."""

import pytest

from tests.cli.running import Program


def add(program: Program, phone: str = "06-12345678") -> None:
    program.does(f"patient add 1001 --name 'J. Canaria' --phone '{phone}' --language en")


def test_the_list_shows_numbers_masked(linde: Program) -> None:
    add(linde)
    assert linde("patient list --json").json == [
        {
            "practice": "linde",
            "id": "1001",
            "name": "J. Canaria",
            "phone": "+316 ••• ••78",
            "number": "ok",
            "language": "en",
            "consent": "never asked",
            "unclear": None,
        }
    ]
    assert linde("patient list --csv").lines == [
        "practice,id,name,phone,number,language,consent,unclear",
        "linde,1001,J. Canaria,'+316 ••• ••78,ok,en,never asked,",
    ]
    assert linde("patient list").lines == ["linde\t1001\tJ. Canaria\t+316 ••• ••78\tok\ten\tnever asked\t"]


def test_numbers_are_shown_in_full_when_they_are_asked_for(linde: Program) -> None:
    add(linde)
    assert linde("patient list --show-numbers --json").json[0]["phone"] == "+31612345678"
    assert (
        linde("patient list --show-numbers --csv").lines[1] == "linde,1001,J. Canaria,+31612345678,ok,en,never asked,"
    )
    assert linde("patient show 1001 --show-numbers --json").json["phone"] == "+31612345678"


def test_a_patient_is_shown(linde: Program) -> None:
    add(linde)
    linde.does("consent give 1001 --how desk")
    assert linde("patient show 1001 --json").json == {
        "id": "1001",
        "name": "J. Canaria",
        "phone": "+316 ••• ••78",
        "number": "ok",
        "language": "en",
        "consent": "given",
        "unclear": None,
        "last_notification": None,
        "appointment": None,
        "text": None,
        "status": None,
        "rehearsed": None,
        "sent_at": None,
        "delivered_at": None,
    }
    assert "phone              +316 ••• ••78" in linde("patient show 1001").lines


def test_a_patient_is_shown_with_the_last_text(agenda: Program) -> None:
    agenda.does("dispatch")
    agenda.at("2026-11-24T09:30:00+01:00").does("poll")
    shown = agenda("patient show 1001 --json").json
    [newest] = agenda("notifications list --patient 1001 --json").json
    of_both = ("appointment", "text", "status", "rehearsed", "sent_at", "delivered_at")
    assert shown["last_notification"] == newest["id"]
    assert {key: shown[key] for key in of_both} == {key: newest[key] for key in of_both}
    assert "1234567" not in agenda("patient show 1001").out


@pytest.mark.parametrize(
    ("phone", "number", "shown", "said"),
    [
        ("", "empty", "", "there is no phone number"),
        ("moeder", "unparseable", "•••", "no phone number can be read from it"),
        ("06-1234", "invalid", "•••", "there is no such phone number: count the digits"),
        ("020-7654321", "not-mobile", "020- ••• ••21", "the number is not a mobile one"),
    ],
)
def test_a_number_that_can_not_be_texted_is_kept_and_told(
    linde: Program, phone: str, number: str, shown: str, said: str
) -> None:
    ended = linde(f"patient add 1001 --name Canaria --phone '{phone}'")
    assert ended.code == 0
    assert ended.said == [f"Added patient 1001 (Canaria). Note: 1001 can't be texted: {said}."]
    [patient] = linde("patient list --json").json
    assert (patient["number"], patient["phone"]) == (number, shown)
    assert linde("patient list --json --show-numbers").json[0]["phone"] == phone


def test_a_change_leaves_the_rest(linde: Program) -> None:
    add(linde)
    linde.does("patient edit 1001 --phone 06-12345679")
    linde.does("patient edit 1001 --language nl")
    linde.does("patient edit 1001 --name 'K. Canaria'")
    patient = linde("patient show 1001 --show-numbers --json").json
    assert (patient["name"], patient["phone"], patient["language"]) == ("K. Canaria", "+31612345679", "nl")


def test_a_change_says_in_one_line_whom_it_touched_and_what_it_changed(linde: Program) -> None:
    assert linde("patient add 1001 --name 'J. Canaria' --phone 06-12345678").said == [
        "Added patient 1001 (J. Canaria)."
    ]
    changed = linde("patient edit 1001 --name 'K. Canaria' --phone 06-12345679 --language en")
    assert (changed.out, changed.said) == ("", ["Changed patient 1001 (K. Canaria): name, phone, language."])
    same_end = linde("patient edit 1001 --phone 06-12345879")
    assert same_end.said == ["Changed patient 1001 (K. Canaria): phone."]
    assert linde("patient edit 1001 --language en").said == ["Nothing is changed of patient 1001 (K. Canaria)."]
    assert linde("--quiet patient edit 1001 --language nl").said == []


def test_a_patient_is_edited_by_their_id_whatever_blanks_stand_around_it(linde: Program) -> None:
    linde.does("patient add ' 1001 ' --name Canaria")
    linde.does("patient edit ' 1001' --name 'K. Canaria'")
    assert linde("patient show 1001 --json").json["name"] == "K. Canaria"


@pytest.mark.parametrize("patient", ["", " "])
def test_a_patient_without_an_id_is_refused(linde: Program, patient: str) -> None:
    assert linde(f"patient add '{patient}' --name Canaria").code == 2


def test_with_more_practices_a_patient_belongs_to_the_one_that_is_named(two: Program) -> None:
    ended = two("patient add 1001 --name Canaria")
    assert ended.code == 2
    assert ended.said == ["smsreminders: there is more than one practice: say which with --practice CODE"]
    for practice in ("linde", "eik"):
        two.does(f"patient add 1001 --name {practice} --practice {practice}")
    assert [(patient["practice"], patient["name"]) for patient in two("patient list --json").json] == [
        ("eik", "eik"),
        ("linde", "linde"),
    ]
    assert [patient["practice"] for patient in two("patient list --json --practice linde").json] == ["linde"]
    assert two("patient show 1001 --practice linde --json").json["name"] == "linde"


def test_without_a_practice_it_says_how_to_add_one(program: Program) -> None:
    program.does("init")
    ended = program("patient add 1001 --name Canaria")
    assert ended.code == 2
    assert ended.said == [
        "smsreminders: there is no practice yet; run `smsreminders practice add CODE --name NAME`",
    ]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("add 1001", "a patient has a name"),
        ("add --name X", "Missing argument 'ID'"),
        ("add 7 --name X --language Engels", '"Engels" is no language: write its code, like nl or en'),
        ("add 1001 --name X", 'there is a patient "1001" already; change it with `patient edit`'),
        ("edit 7 --name X", 'there is no patient "7"; `smsreminders patient list` shows them'),
        ("show 7", 'there is no patient "7"; `smsreminders patient list` shows them'),
    ],
)
def test_what_can_not_be_is_a_usage_error_that_changes_nothing(agenda: Program, command: str, message: str) -> None:
    before = agenda.database.read_bytes()
    ended = agenda(f"patient {command}")
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert agenda.database.read_bytes() == before


def test_a_patient_is_searched_by_name_number_or_id(agenda: Program) -> None:
    def found(word: str) -> list[str]:
        return [patient["id"] for patient in agenda(f"patient list --search '{word}' --json").json]

    assert (found("k. canaria"), found("1003"), found("06 1234 5677")) == (["1003"], ["1003"], ["1002"])
    assert (len(found("canaria")), found("nobody")) == (len(agenda("patient list --json").json), [])
