"""`rate`: what a delivered segment costs, from which day on; one that was a slip can be taken out."""

import pytest

from tests.cli.running import Program, Terminal


def test_the_configurations_rate_comes_first_then_those_that_were_added(linde: Program) -> None:
    linde.does("rate add 0.09 --from 2026-12-01")
    linde.does("rate add 0.0825 --from 2026-12-01 --practice linde")
    assert linde("rate list --json").json == [
        {"practice": None, "from": None, "rate": "0.10", "currency": "EUR"},
        {"practice": None, "from": "2026-12-01", "rate": "0.09", "currency": "EUR"},
        {"practice": "linde", "from": "2026-12-01", "rate": "0.0825", "currency": "EUR"},
    ]
    assert linde("rate list --csv").lines == [
        "practice,from,rate,currency",
        ",,0.10,EUR",
        ",2026-12-01,0.09,EUR",
        "linde,2026-12-01,0.0825,EUR",
    ]
    assert linde("rate list").lines[2] == "linde\t2026-12-01\t0.0825\tEUR"


def test_what_was_added_is_said_in_one_line(linde: Program) -> None:
    assert linde("rate add 0.09 --from 2026-12-01").said == [
        "Added the rate 0.09 of every practice without its own from 2026-12-01 on."
    ]
    assert linde("rate add 0.0825 --from 2026-12-01 --practice linde").said == [
        "Added the rate 0.0825 of practice linde (Tandarts Linde) from 2026-12-01 on."
    ]


def test_a_rate_counts_from_its_day_on(agenda: Program) -> None:
    agenda.does("rate add 0.20 --from 2026-11-25")
    agenda.does("rate add 0.30 --from 2026-11-24 --practice linde")
    assert agenda("dispatch --dry-run --json").json["cost"] == "0.90"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("add 0.09", "Missing option '--from'"),
        ("add 0,0,9 --from 2026-12-02", '"0,0,9" is no amount: write it like 0.10'),
        ("add 0.00001 --from 2026-12-02", '"0.00001" is no amount: write it like 0.10'),
        ("add gratis --from 2026-12-02", '"gratis" is no amount: write it like 0.10'),
        ("add 0.09 --from 1-13-2026", '"1-13-2026" is no date: write it like 2026-11-24'),
        ("add 0.08 --from 2026-12-01", "there is a rate from 2026-12-01 on already: say --replace"),
        (
            "add 1.01 --from 2026-12-02",
            "The rate 1.01 is far from the present one, 0.09: is that right? If you mean it",
        ),
        ("add 1.01 --from 2026-12-02", "say --yes"),
        ("remove --from 2026-12-02", "there is no rate that begins on 2026-12-02: see `smsreminders rate list`"),
        ("remove --from 2026-12-01 --practice linde", "there is no rate that begins on 2026-12-01"),
        ("add 0.08 --from 2026-12-02 --practice eik", 'there is no practice "eik"; known are: linde'),
    ],
)
def test_what_can_not_be_is_a_usage_error_that_changes_nothing(linde: Program, command: str, message: str) -> None:
    linde.does("rate add 0.09 --from 2026-12-01")
    before = linde.database.read_bytes()
    ended = linde(f"rate {command}")
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert linde.database.read_bytes() == before


def test_a_slip_is_asked_about_replaced_and_kept_in_the_history(linde: Program) -> None:
    linde.does("rate add 12 --from 2026-12-01 --yes --by anna")
    replaced = linde("rate add 0.12 --from 2026-12-01 --replace --by bo")
    assert (replaced.code, replaced.said) == (
        0,
        [
            "Removed the rate 12.00 of every practice without its own from 2026-12-01 on.",
            "Added the rate 0.12 of every practice without its own from 2026-12-01 on.",
        ],
    )
    linde.does("rate remove --from 2026-12-01 --by cas")
    assert [rate["rate"] for rate in linde("rate list --json").json] == ["0.10"]
    history = linde("rate list --history --json").json
    assert [(event["by"], event["done"], event["from"], event["rate"]) for event in history] == [
        ("anna", "added", "2026-12-01", "12.00"),
        ("bo", "removed", "2026-12-01", "12.00"),
        ("bo", "added", "2026-12-01", "0.12"),
        ("cas", "removed", "2026-12-01", "0.12"),
    ]
    assert history[0]["at"] == "2026-11-24T09:00:00+01:00"


@pytest.mark.parametrize(("answer", "code", "rates"), [("y", 0, ["0.10", "12.00"]), ("n", 2, ["0.10"])])
def test_at_a_terminal_it_is_asked(
    linde: Program, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, rates: list[str]
) -> None:
    keyboard = Terminal(f"{answer}\n")
    monkeypatch.setattr("sys.stdin", keyboard)
    assert linde("rate add 12 --from 2026-12-01").code == code
    assert [rate["rate"] for rate in linde("rate list --json").json] == rates
