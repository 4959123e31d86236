"""`gateway list` and `gateway test`: what each can do; one text to the practice's own phone, never to others."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsreminders.gateways.by_name import names
from tests.cli.running import Program
from tests.cli.spryng import send_by
from tests.gateways.fake_cm import FakeCm
from tests.gateways.fake_spryng import FakeSpryng

OWN = "0687654321"
DELIVERED = "+31687654321"


@pytest.fixture
def spryng(agenda: Program) -> Iterator[FakeSpryng]:
    with FakeSpryng() as fake:
        send_by(fake, agenda)
        yield fake


@pytest.mark.parametrize("page", ["README.md", "docs/gateways.md", "smsreminders/cli/gateway.py"])
def test_the_number_of_the_documentation_is_delivered_in_the_sandbox(linde: Program, page: str) -> None:
    text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
    [number] = set(re.findall(r"gateway test ([0-9]+)", text))
    assert linde(f"gateway test {number} --json").json["status"] == "delivered"


def test_every_gateway_is_listed_with_what_it_needs(program: Program) -> None:
    rows = program("gateway list --json").json
    assert [row["name"] for row in rows] == names()
    (spryng,) = [row for row in rows if row["name"] == "spryng"]
    assert spryng == {
        "name": "spryng",
        "title": "Spryng",
        "keys": ["api_key", "account_reference"],
        "sender_ids": "a number, or at most 11 letters and digits",
        "found_by": "reference",
        "asked_for": "72h",
        "hears": True,
        "opt_outs": True,
        "repeats_for": "",
        "counts_segments": True,
        "tells_price": False,
        "tells_credit": False,
    }
    assert len(program("gateway list").lines) == len(rows)
    assert program("gateway list --csv").lines[0].startswith("name,title,keys,")


def test_a_trial_is_followed_to_its_delivery_report(agenda: Program) -> None:
    ended = agenda(f"gateway test {OWN} --json")
    assert (ended.code, ended.err) == (0, "")
    result = ended.json
    assert (result["status"], result["said"], result["gateway"]) == ("delivered", ["delivered"], "sandbox")
    assert result["text"] == "Dit is een test van Tandarts Linde: de herinneringen per SMS werken."
    assert result["phone"] == "+316 ••• ••21"
    assert agenda("notifications list").lines == []
    assert agenda("report --month 2026-11 --format json").json["lines"] == []


def test_a_person_hears_each_step(agenda: Program) -> None:
    ended = agenda(f"gateway test {OWN}")
    assert [line.split(" as ")[0] for line in ended.said] == ["sandbox accepted it", 'the gateway says "delivered"']
    assert ended.out.startswith("delivered: ")


def test_a_trial_that_fails_or_is_not_reported_is_told_by_the_exit_code(agenda: Program) -> None:
    assert agenda("gateway test 0687654327 --json").json["status"] == "failed"
    assert agenda("gateway test 0687654327").code == 3
    ended = agenda("gateway test 0687654329 --wait 0 --json")
    assert (ended.code, ended.json["status"]) == (3, "accepted")


def test_a_dry_run_sends_nothing(agenda: Program, spryng: FakeSpryng) -> None:
    ended = agenda(f"gateway test {OWN} --dry-run --json")
    assert (ended.code, ended.json["status"], spryng.requests) == (0, "not-sent", [])


def test_a_trial_has_a_reference_of_its_own_and_is_valid_for_minutes(agenda: Program, spryng: FakeSpryng) -> None:
    agenda(f"gateway test {OWN} --wait 0")
    agenda(f"gateway test {OWN} --wait 0")
    first, second = spryng.journal
    assert first["reference"] != second["reference"]
    assert {first["phone"], second["phone"]} == {DELIVERED}


@pytest.mark.parametrize(("fault", "code"), [("401", 78), ("429", 75), ("400", 3), ("504", 3)])
def test_what_the_gateway_answers_has_its_exit_code(agenda: Program, spryng: FakeSpryng, fault: str, code: int) -> None:
    spryng.fail_next(fault)
    ended = agenda(f"gateway test {OWN} --wait 0")
    assert (ended.code, len(ended.said)) == (code, 1)
    assert OWN[1:] not in ended.out + ended.err


@pytest.mark.parametrize("number", ["0201234567", "12", "abc"])
def test_only_a_mobile_number_gets_a_trial(agenda: Program, spryng: FakeSpryng, number: str) -> None:
    ended = agenda(f"gateway test {number}")
    assert (ended.code, spryng.requests) == (2, [])
    assert number not in ended.err


def test_a_patient_without_consent_gets_no_trial_either(agenda: Program, spryng: FakeSpryng) -> None:
    agenda.does("patient add X9 --name Canaria --phone +31-6-87654321")
    ended = agenda(f"gateway test {OWN}")
    assert (ended.code, spryng.requests) == (2, [])
    assert "patient X9" in ended.err
    agenda.does("consent give X9 --how desk")
    assert agenda(f"gateway test {OWN} --wait 0 --json").json["status"] in {"accepted", "sent"}


def test_what_a_gateway_says_of_the_account_while_it_takes_the_text_is_told(agenda: Program) -> None:
    with FakeCm() as cm:
        cm.keeps_references = False
        agenda.configure(
            f'[gateway]\nname = "cm"\nbase_url = "{cm.url}"\nproduct_token = "{cm.product_token}"\nper_second = 10000\n'
        )
        ended = agenda(f"gateway test {OWN} --wait 0 --json")
    assert (ended.code, ended.json["status"]) == (3, "accepted")
    assert "trial account" in ended.err


@pytest.mark.parametrize("fault", ["401", "504"])
def test_a_question_that_fails_after_the_text_was_taken_loses_nothing(
    agenda: Program, spryng: FakeSpryng, fault: str
) -> None:
    spryng.fail_next(fault, method="GET")
    ended = agenda(f"gateway test {OWN} --wait 0 --json")
    assert (ended.code, ended.json["status"], len(ended.said)) == (3, "accepted", 1)
    assert ended.json["gateway_id"]
    assert "what became of it" in ended.err


def test_what_was_perhaps_taken_is_looked_for_by_its_reference(agenda: Program, spryng: FakeSpryng) -> None:
    spryng.fail_next("drop-after", method="POST")
    ended = agenda(f"gateway test {OWN} --wait 0 --json")
    assert (ended.code, ended.json["status"], ended.err) == (3, "sent", "")
    assert ended.json["gateway_id"]
    assert ended.json["reference"] == spryng.journal[0]["reference"]
    spryng.fail_next("drop-before", method="POST")
    ended = agenda(f"gateway test {OWN} --wait 0 --json")
    assert (ended.code, ended.json["status"], ended.json["said"]) == (3, "uncertain", [])
    assert "perhaps it was sent" in ended.err
