"""`vat`: how many per cent, by the local day of sending."""

import pytest

from tests.cli.running import Program


def test_the_configurations_rate_comes_first_then_those_that_were_added(linde: Program) -> None:
    linde.configure('[billing]\nvat = "19.0"\n')
    ended = linde("vat add 21 --from 2027-01-01 --by anna")
    assert (ended.code, ended.said) == (0, ["Added the VAT rate 21 % for what is sent from 2027-01-01 on."])
    assert linde("vat list --json").json == [
        {"from": None, "vat_rate": "19"},
        {"from": "2027-01-01", "vat_rate": "21"},
    ]
    assert linde("vat list --csv").lines == ["from,vat_rate", ",19", "2027-01-01,21"]
    ended = linde("vat remove --from 2027-01-01 --by bo")
    assert ended.said == ["Removed the VAT rate 21 % from 2027-01-01 on."]
    assert [(rate["by"], rate["done"], rate["vat_rate"]) for rate in linde("vat list --history --json").json] == [
        ("anna", "added", "21"),
        ("bo", "removed", "21"),
    ]


def test_a_month_in_which_the_rate_changes_has_a_line_and_a_sum_for_each(agenda: Program) -> None:
    agenda.does("vat add 9 --from 2026-11-25")
    agenda.does("dispatch")
    agenda.does("poll")
    wednesday = agenda.at("2026-11-25T09:00:00+01:00")
    wednesday.does("dispatch")
    wednesday.at("2026-11-25T10:00:00+01:00").does("poll")
    bill = agenda.at("2026-12-01T08:00:00+01:00")("report --format json").json
    assert [(line["usage_month"], line["vat_rate"]) for line in bill["lines"]] == [("2026-11", "9"), ("2026-11", "21")]
    assert [vat_rate["vat_rate"] for vat_rate in bill["totals"][0]["vat_rates"]] == ["9", "21"]
    assert bill["vat_rate"] == "9"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("add 210 --from 2027-01-01", '"210" is no percentage from 0 to 100: write it like 21'),
        ("add -1 --from 2027-01-01", "No such option"),
        ("add 21% --from 2027-01-01", '"21%" is no percentage'),
        ("add 21", "Missing option '--from'"),
        ("add 21 --from 2026-12-01", "there is a VAT rate from 2026-12-01 on already: say --replace"),
        ("remove --from 2027-01-01", "there is no VAT rate that begins on 2027-01-01: see `smsreminders vat list`"),
    ],
)
def test_what_can_not_be_is_a_usage_error_that_changes_nothing(linde: Program, command: str, message: str) -> None:
    linde.does("vat add 9 --from 2026-12-01")
    before = linde.database.read_bytes()
    ended = linde(f"vat {command}")
    assert (ended.code, ended.out, message in ended.err) == (2, "", True)
    assert linde.database.read_bytes() == before
