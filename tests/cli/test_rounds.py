"""`rounds`: those that were and those to come, as data for other programs."""

from tests.cli.running import Program


def test_json_is_a_contract(agenda: Program) -> None:
    agenda.does("dispatch")
    [past] = agenda("rounds list --json").json
    assert past | {"started_at": "", "completed_at": ""} == {
        "id": 1,
        "practice": "linde",
        "started_at": "",
        "from": "2026-11-24",
        "to": "2026-11-25",
        "planned": 3,
        "sent": 3,
        "delivered": 0,
        "skipped": {
            "cancelled": 1,
            "consent-withdrawn": 1,
            "invalid-number": 1,
            "no-consent": 1,
            "no-number": 1,
            "not-mobile": 1,
            "too-late": 1,
        },
        "held_back": False,
        "completed_at": "",
    }
    shown = agenda("rounds show 1 --json").json
    assert (shown["practices"], len(shown["appointments"])) == ([past], 10)


def test_the_rounds_to_come_say_which_days_they_cover(agenda: Program) -> None:
    friday = agenda("rounds list --coming 4 --json").json[-1]
    assert friday == {
        "practice": "linde",
        "day": "2026-11-27",
        "occasion": "1wd",
        "from": "2026-11-28",
        "to": "2026-11-30",
        "holidays": {},
    }


def test_a_round_that_was_not_is_told(agenda: Program) -> None:
    ended = agenda("rounds show 7")
    assert (ended.code, ended.out) == (2, "")
    assert "there was no round 7; `smsreminders rounds list` shows them" in ended.err


def test_holidays_among_them_have_their_names(agenda: Program) -> None:
    eve = next(each for each in agenda("rounds list --coming 40 --json").json if each["day"] == "2026-12-24")
    assert eve["holidays"] == {"2026-12-25": "Eerste kerstdag", "2026-12-26": "Tweede kerstdag"}
