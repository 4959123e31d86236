"""The sandbox: what it writes down, what it reports by the last digit, and what it does where it can't write."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Accepted, Unavailable
from smsreminders.errors import ConfigError, TryAgainLater
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from tests.gateways.contract import NOW, an_sms, asked_about

FILE = "smsreminders.db.sandbox.jsonl"


def a_sandbox(folder: Path) -> Gateway:
    return open_gateway("sandbox", Options(folder / "smsreminders.db"))


def test_it_writes_a_line_a_message_that_only_the_owner_can_read(tmp_path: Path) -> None:
    sandbox = a_sandbox(tmp_path)
    sms = replace(an_sms(text="Tandarts é\n😀"), valid_until=NOW)
    assert sandbox.send(sms) == Accepted(gateway_id=f"sandbox-{sms.reference}")
    sandbox.send(an_sms(2))
    first, second = (tmp_path / FILE).read_text().splitlines()
    assert json.loads(first) == {
        "reference": sms.reference,
        "gateway_id": f"sandbox-{sms.reference}",
        "phone": "+31612345678",
        "sender_id": "Praktijk",
        "text": "Tandarts é\n😀",
        "valid_until": "2026-11-23T08:00:00+00:00",
    }
    assert json.loads(second)["text"] == an_sms(2).text
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("digit", "0123456789")
def test_it_reports_by_the_last_digit_of_the_number(digit: str, tmp_path: Path) -> None:
    sandbox, sms = a_sandbox(tmp_path), an_sms(phone=f"+3161234567{digit}")
    outcome = sandbox.send(sms)
    assert isinstance(outcome, Accepted)
    expected = {"7": [Status.FAILED], "8": [Status.FAILED], "9": []}.get(digit, [Status.DELIVERED])
    assert [report.status for report in sandbox.lookup([asked_about(sms, outcome.gateway_id)])] == expected


def test_one_that_is_never_reported_is_known_by_its_reference_all_the_same(tmp_path: Path) -> None:
    sandbox, sms = a_sandbox(tmp_path), an_sms(phone="+31612345679")
    sandbox.send(sms)
    [report] = sandbox.lookup([asked_about(sms)])
    assert (report.status, report.raw, report.gateway_id) == (Status.SENT, "sent", f"sandbox-{sms.reference}")


def test_it_remembers_what_another_run_sent(tmp_path: Path) -> None:
    a_sandbox(tmp_path).send(an_sms())
    assert len(list(a_sandbox(tmp_path).lookup([asked_about(an_sms())]))) == 1


def test_where_it_cannot_write_it_is_unavailable(tmp_path: Path) -> None:
    outcome = a_sandbox(tmp_path / "no such folder").send(an_sms())
    assert outcome == Unavailable(f"the sandbox can't write {tmp_path / 'no such folder' / FILE}")


@pytest.mark.parametrize(
    "line",
    [
        *("{", "[]", "", "{}", '{"reference": "a", "phone": "b"}', '{"reference": [], "phone": 1, "gateway_id": 2}'),
        pytest.param("[" * 5000, id="5000 brackets"),
    ],
)
def test_a_line_that_it_did_not_write_is_named(line: str, tmp_path: Path) -> None:
    sandbox = a_sandbox(tmp_path)
    sandbox.send(an_sms())
    with (tmp_path / FILE).open("a") as file:
        file.write(line + "\n")
    with pytest.raises(TryAgainLater, match="line 2: not what the sandbox wrote"):
        list(sandbox.lookup([asked_about(an_sms())]))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff")
    with pytest.raises(TryAgainLater, match="can't read"):
        list(a_sandbox(tmp_path).lookup([asked_about(an_sms())]))


def test_it_has_no_keys_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gateway\.api_key: sandbox has no such key; known are"):
        open_gateway("sandbox", Options(tmp_path / "smsreminders.db", own={"api_key": "canary"}))
