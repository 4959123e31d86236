"""SMSREMINDERS_NOW: the program starts at this moment, but never where texts could go to people."""

from datetime import datetime

import pytest

from tests.cli.running import TUESDAY, Program
from tests.cli.spryng import send_by
from tests.gateways.fake_spryng import FakeSpryng

FIT_TO_SEND = 'name = "spryng"\naccount_reference = "SPNL1"\napi_key = "canary-key"\n'


def test_the_program_starts_at_this_moment(agenda: Program) -> None:
    result = agenda.at("2026-11-29T12:00:00Z")("dispatch --dry-run --json").json
    assert result["covers"] == {"from": "2026-11-29", "to": "2026-11-30"}


@pytest.mark.parametrize("moment", [TUESDAY, "2026-11-24T08:00:00Z", "2026-11-24 09:00+01:00"])
def test_any_offset_will_do(agenda: Program, moment: str) -> None:
    agenda.at(moment).does("consent give 1004 --how desk")
    assert agenda("consent show 1004 --json").json[0]["at"] == TUESDAY


@pytest.mark.parametrize(
    "moment", ["morgen", "2026-11-24", "2026-11-24T09:00:00", "2026-11-24T25:00:00Z", "1764000000"]
)
@pytest.mark.parametrize("command", ["dispatch", "preview"])
def test_anything_else_is_a_usage_error(agenda: Program, moment: str, command: str) -> None:
    ended = agenda.at(moment)(command)
    assert (ended.code, ended.out) == (2, "")
    assert ended.said == [
        "smsreminders: SMSREMINDERS_NOW: write a time with its offset, like 2026-11-27T09:00:00+01:00"
    ]


@pytest.mark.parametrize("base_url", ["", 'base_url = "https://gateway.invalid"\n', 'base_url = "https://192.0.2.1"\n'])
@pytest.mark.parametrize("command", ["dispatch", "dispatch --dry-run", "poll"])
def test_it_is_refused_with_a_gateway_that_sends_for_real(agenda: Program, base_url: str, command: str) -> None:
    agenda.configure(f"[gateway]\n{FIT_TO_SEND}{base_url}")
    before = agenda.database.read_bytes()
    ended = agenda(command)
    assert (ended.code, ended.out) == (78, "")
    assert ended.said == [
        "smsreminders: SMSREMINDERS_NOW is for demos and tests: not with the gateway spryng, which sends for real"
    ]
    assert agenda.database.read_bytes() == before


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_it_is_allowed_with_a_gateway_on_this_machine(agenda: Program, host: str) -> None:
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        send_by(spryng, agenda)
        agenda.configure(agenda.config.read_text(encoding="utf-8").replace("127.0.0.1", host))
        assert agenda("dispatch --json").json["sent"] == 3


def test_without_it_the_machines_clock_counts(linde: Program) -> None:
    linde.does("patient add 1001 --name Canaria")
    before = datetime.now().astimezone().replace(microsecond=0)
    linde.does("consent give 1001 --how desk", SMSREMINDERS_NOW="")
    after = datetime.now().astimezone()
    assert before <= datetime.fromisoformat(linde("consent show 1001 --json").json[0]["at"]) <= after
