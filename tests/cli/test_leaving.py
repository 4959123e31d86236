"""`practice export` and `practice remove`: what a practice takes along, and what stays here of it."""

import pytest

from tests.cli.running import Program, Terminal

MONTH = "report --month 2026-11 --format csv"


def test_the_bills_of_an_export_are_the_practices_own(agenda: Program) -> None:
    agenda.does("practice add eik --name 'Huisarts Eik'")
    agenda.does("service add --practice eik --name N --channel sms --notification-type appointment-reminder")
    for file, kind in (("patients.csv", "patients"), ("agenda.csv", "appointments")):
        agenda.does(f"import {file} --practice eik --kind {kind}")
    agenda.sends()
    agenda.at("2026-11-24T13:00:00+01:00").does("poll")
    later = agenda.at("2026-12-07T09:00:00+01:00")
    later(f"{MONTH} --close --force")
    own_lines = later.does(f"{MONTH} --practice linde")
    ended = later("practice export linde --output linde.db")
    assert (ended.code, ended.out) == (0, "")
    copy = later.home / "linde.db"
    assert copy.stat().st_mode & 0o777 == 0o600
    here = {"SMSREMINDERS_DATABASE": str(copy)}
    assert later.does(MONTH, **here) == own_lines
    assert "eik" not in own_lines
    assert [row["code"] for row in later("practice list --json", **here).json] == ["linde"]
    assert later("patient list --json", **here).json == later("patient list --json --practice linde").json
    assert later("dispatch", **here).code == 78  # it says of itself that it is a copy
    line = later("log list --json").json[-1]
    assert (line["verb"], line["practice"], len(line["patients"])) == ("exported", "linde", 8)


@pytest.fixture
def left(agenda: Program) -> Program:
    """A practice whose last month is closed."""
    agenda.sends()
    later = agenda.at("2026-12-07T09:00:00+01:00")
    later("poll")
    later.does(f"{MONTH} --close --force")
    return later


def test_a_removed_practice_is_in_no_list_and_its_bills_stay(left: Program) -> None:
    bill = left.does(MONTH)
    assert left("practice remove linde -n").said == ["Would remove practice linde, with 8 patients."]
    ended = left("practice remove linde --yes --by anna")
    assert (ended.code, ended.said[0]) == (0, "Removed practice linde, with 8 patients.")
    assert b"Canaria" not in left.database.read_bytes()
    assert left("practice list --json").json == []
    assert (left.does(MONTH), left.does(f"{MONTH} --practice linde")) == (bill, bill)
    assert left("log list --practice linde --json").json[-1]["note"] == "was removed"
    assert left("practice remove linde --yes").code == 2
    assert left("practice add linde --name 'De Linde'").code == 2
    assert left("log verify").code == 0
    assert left("rate list").code == 0


@pytest.mark.parametrize(("typed", "code"), [("linde\n", 0), ("eik\n", 2), ("", 130)])
def test_at_a_terminal_the_code_is_typed_again(
    left: Program, monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    assert left("practice remove linde").code == code
    assert bool(left("practice list --json").json) == bool(code)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("import agenda.csv --practice linde --kind appointments", 2),
        ("dispatch --practice linde", 2),
        ("poll --practice linde", 2),
        ("patient list --practice linde", 2),
        ("notifications list --practice linde", 2),
        ("replies list --practice linde", 2),
        ("stopped add 06-12345678 --practice linde --by anna", 2),
        ("practice export linde --output linde.db", 2),
        ("import --all", 78),
    ],
)
def test_whatever_names_it_afterwards_is_refused_and_says_why(left: Program, words: str, code: int) -> None:
    left.does("practice remove linde --yes")
    left.configure('[[sources]]\nname = "nightly"\npractice = "linde"\nkind = "patients"\npath = "~/patients.csv"\n')
    ended = left(words)
    assert (ended.code, ended.out, "was removed" in ended.err) == (code, "", True)


def test_its_table_in_the_configuration_is_named_for_no_round_runs_with_it(left: Program) -> None:
    left.configure("[gateway]\nper_second = 10000\n[practices.linde]\ndaily_limit = 5\n")
    ended = left("practice remove linde --yes")
    assert (ended.code, "take [practices.linde] out of your configuration" in ended.err) == (0, True)


def test_elsewhere_it_says_which_option_to_give(left: Program) -> None:
    ended = left("practice remove linde")
    assert (ended.code, "--yes" in ended.err, len(left("patient list --json").json)) == (2, True, 8)


def test_while_something_is_open_it_is_refused_and_nothing_is_asked(agenda: Program) -> None:
    agenda.does("dispatch")
    ended = agenda("practice remove linde --yes")
    assert (ended.code, "can't be removed yet" in ended.err) == (75, True)
