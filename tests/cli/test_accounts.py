"""Several accounts, as the commands show them: each practice by its own, one that is wrong in the words of a round."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.running import TUESDAY, WEDNESDAY, Program
from tests.cli.spryng import send_by
from tests.gateways.fake_spryng import FakeSpryng


@pytest.fixture
def spryng() -> Iterator[FakeSpryng]:
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        yield spryng


@pytest.fixture
def house(agenda: Program, spryng: FakeSpryng) -> Program:
    """The practice linde uses [gateways.noord], eik [gateway]; one appointment at eik."""
    agenda.does("practice add eik --name 'Huisarts Eik'")
    agenda.does("service add --practice eik --name N --channel sms --notification-type appointment-reminder")
    agenda.does("patient add 2001 --practice eik --name 'E. Canaria' --phone 0612349001")
    agenda.does("consent give 2001 --practice eik --how desk")
    agenda.does("appointment add E1 --practice eik --patient 2001 --start '2026-11-25 11:00'")
    keys = f'name = "spryng"\nbase_url = "{spryng.url}"\naccount_reference = "{spryng.account_reference}"\n'
    agenda.configure(
        f'[gateway]\n{keys}api_key = "{spryng.api_key}"\n'
        f'[gateways.noord]\n{keys}secret_file = "noord"\n[practices.linde]\ngateway = "noord"\n'
    )
    return agenda


def secret(house: Program, spryng: FakeSpryng) -> Path:
    path = house.config.with_name("noord")
    path.write_text(spryng.api_key, encoding="utf-8")
    path.chmod(0o600)
    return path


def accounts(house: Program) -> dict[str, str]:
    return {row["practice"]: row["account"] for row in house("notifications list --json").json}


def test_each_practice_goes_by_its_own_account(house: Program, spryng: FakeSpryng) -> None:
    secret(house, spryng)
    ended = house("dispatch --json")
    assert (ended.code, ended.err, ended.json["sent"], ended.json["stopped"]) == (0, "", 4, [])
    assert accounts(house) == {"linde": "noord", "eik": ""}
    assert house("poll --json").json["asked"] == 4


def test_an_account_without_its_secret_holds_back_its_own_practices_and_says_which(house: Program) -> None:
    why = f"{house.config}: gateways.noord.secret_file: {house.config.with_name('noord')} can't be read"
    ended = house("dispatch --json")
    assert (ended.code, ended.json["sent"], ended.json["waiting"]) == (78, 1, 3)
    assert ended.json["stopped"] == [{"account": "noord", "gateway": "spryng", "reason": why, "practices": ["linde"]}]
    assert ended.said == [f"smsreminders: account noord: {why}; of linde something waits"]
    looked = house("check --json")
    assert (looked.code, why in looked.json["troubles"]) == (3, True)
    assert [(state["account"], state["waiting"], state["trouble"]) for state in looked.json["accounts"]] == [
        ("", 0, None),
        ("noord", 3, why),
    ]
    assert f"gateway noord: {why}" in house("doctor").out


def test_a_round_looks_at_the_others_where_one_refuses(house: Program, spryng: FakeSpryng) -> None:
    secret(house, spryng).write_text("another-key", encoding="utf-8")
    ended = house("dispatch")
    assert ended.code == 78
    assert [line.split("; ")[-1] for line in ended.said] == ["of linde something waits"]
    assert accounts(house) == {"linde": None, "eik": ""}


def test_a_key_of_a_named_account_is_told_as_it_stands_in_the_file(house: Program) -> None:
    spryng = 'name = "spryng"\nbase_url = "http://127.0.0.1:1"'
    house.configure(f'[gateway]\n[gateways.noord]\n{spryng}\n[practices.linde]\ngateway = "noord"\n')
    assert "gateways.noord.api_key is missing" in house("dispatch").err


def test_an_invoice_is_matched_by_the_account_that_is_named(house: Program, spryng: FakeSpryng) -> None:
    secret(house, spryng)
    house.does("dispatch")
    match = "report --month 2026-11 --match-total messages=3 --format json"
    ours = {name: house(f"{match} --gateway {name}").json["sums"]["ours"]["messages"] for name in ("noord", "spryng")}
    assert ours == {"noord": 3, "spryng": 1}
    unknown = house(f"{match} --gateway nord")
    assert (unknown.code, 'did you mean "noord"?' in unknown.err) == (2, True)


def test_a_round_doesnt_rehearse_away_who_was_texted_until_yesterday(agenda: Program, spryng: FakeSpryng) -> None:
    send_by(spryng, agenda)
    real = agenda.config.read_text(encoding="utf-8")
    agenda.does("dispatch")
    agenda.configure("")  # the file was emptied: that is the sandbox
    wednesday = agenda.at(WEDNESDAY)
    ended = wednesday("--quiet dispatch")
    assert ended.code == 78
    assert ended.err == (
        "smsreminders: linde goes by sandbox now, which sends nothing, and its texts went by spryng until "
        "2026-11-24: put that account back into the configuration; if nobody is to be reminded any more, run "
        "`smsreminders service disable`; nobody of linde was reminded\n"
    )
    assert "linde goes by sandbox now" in wednesday("check").out
    agenda.configure(real)
    assert "1 sent" in wednesday.does("dispatch --if-missed")


def test_a_round_that_was_only_rehearsed_is_made_good_once_an_account_sends(
    agenda: Program, spryng: FakeSpryng
) -> None:
    agenda.does("dispatch")
    send_by(spryng, agenda)
    assert "3 sent" in agenda.does("dispatch --if-missed")
    assert agenda.does("dispatch --if-missed") == ""
