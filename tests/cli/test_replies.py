"""`replies`: what waits for the desk, masked in lists and whole where it is asked for; in `check` and `explain` too."""

import pytest

from tests.cli.answering import answered
from tests.cli.running import Program

LATE = "Ik ben 10 minuten later, groet K. Canaria"


@pytest.fixture
def replied(agenda: Program) -> Program:
    """The round of Tuesday reminded P1001 of A1; they answered thrice."""
    agenda.sends()
    answered(agenda, "JA", LATE, "nee")
    return agenda.at("2026-11-24T14:00:00+01:00")


def test_a_list_shows_what_waits_without_the_text_and_with_masked_numbers(replied: Program) -> None:
    ended = replied("replies list --json")
    assert "Canaria" not in ended.out
    assert ended.json == [
        {
            "id": number,
            "practice": "linde",
            "received_at": f"2026-11-24T12:0{number - 1}:00+01:00",
            "phone": "+316 ••• ••71",
            "says": says,
            "characters": characters,
            "appointments": ["A1"],
            "confirmed": [],
            "notifications": [1],
            "done_at": None,
            "done_by": "",
        }
        for number, says, characters in ((2, "other", len(LATE)), (3, "wants-to-cancel", 3))
    ]
    assert [reply["id"] for reply in replied("replies list --done --json").json] == [1, 2, 3]
    assert replied("replies list --csv --show-numbers").lines[1].split(",")[3] == "+31612345671"


def test_one_is_shown_whole_with_what_it_may_be_about_and_what_to_do(replied: Program) -> None:
    shown = replied("replies show 2 --json").json
    assert (shown["text"], shown["patients"]) == (LATE, [{"practice": "linde", "patient": "1001"}])
    assert shown["about"] == [
        {
            "practice": "linde",
            "appointment": "A1",
            "patient": "1001",
            "starts_at": "2026-11-25T10:30:00+01:00",
            "notification": 1,
            "confirmed": False,
        }
    ]
    page = replied("replies show 3").out
    assert "appointment A1 of patient 1001" in page
    assert "What to do: ask the patient if you must, then cancel or move it in the practice's own record" in page
    assert "What to do" not in replied("replies show 1").out


def test_done_takes_them_off_the_list_and_the_check(replied: Program) -> None:
    check = replied("check")
    assert check.code == 3
    assert "2 replies wait: see `smsreminders replies list`, then `replies done`" in check.lines
    assert replied("replies done 2 3 --by anna").said == [
        "Reply 2 of practice linde is done.",
        "Reply 3 of practice linde is done.",
    ]
    assert replied("replies done 2 --by piet").said == [
        "Reply 2 of practice linde is done. It was so already, by anna."
    ]
    assert replied("replies list").lines == []
    assert not any("replies" in line for line in replied("check").lines)
    assert replied("replies show 2 --json").json["done_by"] == "anna"


def test_what_a_stranger_sends_does_nothing_to_the_terminal(agenda: Program) -> None:
    answered(agenda, "\x1b[2J\x9b31mHallo\u202e\ttot zo 👩\u200d⚕️\nK.", phone="\x1b]0;KPN\x07")
    page = agenda("replies show 1").out
    assert "  \ufffd[2J\ufffd31mHallo\ufffd\ufffdtot zo 👩\u200d⚕️\n  K.\n" in page
    shown = agenda("replies list --show-numbers").out
    assert "\ufffd]0;KPN\ufffd" in shown
    assert [sign for sign in page + shown if not sign.isprintable() and sign not in "\n\t\u200d"] == []


def test_of_a_phone_that_no_patient_has_it_says_so_and_how_to_call_it(agenda: Program) -> None:
    answered(agenda, "Wie is dit?", phone="+31687654321")
    page = agenda("replies show 1").out
    assert "nobody has this phone" in page
    assert "87654321" not in page
    assert "call who sent it if it needs an answer (--show-numbers)" in page
    assert "+31687654321" in agenda("replies show 1 --show-numbers").out


def test_who_waits_for_an_answer_stands_on_the_call_list(replied: Program) -> None:
    [call] = [call for call in replied("unreached --json").json if call["appointment"] == "A1"]
    assert (call["reason"], call["why"]) == ("wants-to-cancel", "wil afzeggen")


def test_the_page_counts_the_answers_that_wait_and_shows_none(replied: Program) -> None:
    replied.does("page --output page.html")
    page = (replied.home / "page.html").read_text(encoding="utf-8")
    assert "Antwoorden om te lezen: 2" in page
    assert LATE not in page


def test_one_that_there_is_not_is_told(replied: Program) -> None:
    for command in ("replies show 7", "replies done 1 7"):
        ended = replied(command)
        assert (ended.code, ended.said) == (
            2,
            ["smsreminders: there is no reply 7; `smsreminders replies list --done` shows them all"],
        )


def test_the_answers_stand_on_the_notifications_page_and_in_the_explanation(replied: Program) -> None:
    page, explained = replied("notifications show 1"), replied("notifications explain A1")
    assert "reply 1 at 2026-11-24T12:00:00+01:00: yes, confirms A1" in page.out
    assert "reply 3 at di 24 nov 12:02: wants-to-cancel, waits for the desk" in explained.out
    for command in ("notifications show 1 --json", "notifications explain A1 --json"):
        told = replied(command).json["replies"]
        assert [(reply["says"], reply["confirmed"]) for reply in told] == [
            ("yes", ["A1"]),
            ("other", []),
            ("wants-to-cancel", []),
        ]
    assert "Canaria" not in page.out.split("The text")[0] + explained.out


def test_no_answer_is_in_the_lists_of_another_practice(replied: Program) -> None:
    replied.does("practice add eik --name 'Huisarts Eik' --sender-id Eik")
    assert replied("replies list --practice eik --json").json == []


def test_what_may_be_a_stop_in_other_words_is_told_first_and_settled_by_a_person(replied: Program) -> None:
    answered(replied, "Graag geen sms meer", phone="+31612345677")
    told = "1 reply may ask for no more texts, and none go there until you say whether that is so: see `smsreminders"
    assert any(line.startswith(told) for line in replied("check").lines)
    assert replied("replies list --json").json[-1]["says"] == "perhaps-stop"
    assert "then `smsreminders replies done 4 --stop` or `--no-stop`." in replied("replies show 4").out
    assert replied("patient show 1002 --json").json["number"] == "perhaps-stopped"
    refused = replied("replies done 2 4")
    assert (refused.code, refused.said) == (
        2,
        [
            (
                "smsreminders: 4 may ask for no more texts, and until you say whether that is so none go there: "
                "`smsreminders replies done 4 --stop`, or `--no-stop` where it asks for something else"
            )
        ],
    )
    assert replied("replies done 4 --stop --by anna").said == [
        "Reply 4 of practice linde is done. Its phone gets no more texts of linde."
    ]
    assert [row["by"] for row in replied("stopped list --json").json] == ["anna"]
