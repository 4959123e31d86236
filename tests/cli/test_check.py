"""`check`: one line for monitoring and exit code 0 where all is well, else what is wrong and 3."""

import json
from pathlib import Path

import pytest

from tests.cli.running import Program
from tests.commanding import Installed, installed

MISSED = (
    "today's round was not completed for linde: run `smsreminders dispatch --if-missed`, and look whether cron does"
)
NOTHING = (
    "0 rehearsed today (usually -), 0 skipped, 0 rejected, 0 queued, 0 uncertain, 0 missing, "
    "1 to call, delivered - (usually -)\n"
)
MORNING, AFTERNOON = "2026-11-24T09:30:00+01:00", "2026-11-24T15:00:00+01:00"


@pytest.fixture
def program(tmp_path: Path) -> Installed:
    return installed(tmp_path)


def test_before_the_round_is_due_all_is_well(program: Installed) -> None:
    ended = program("check", at=MORNING)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"ok: {NOTHING}"


def test_a_missing_round_is_exit_code_3_with_what_to_do(program: Installed) -> None:
    ended = program("check", at=AFTERNOON)
    assert (ended.code, ended.err) == (3, "")
    assert ended.out == (f"{MISSED}\n{NOTHING}")


def test_a_round_and_its_reports_are_all_well(program: Installed) -> None:
    program.does("dispatch")
    program.does("poll")
    assert program.does("check", at=AFTERNOON) == (
        "ok: 3 rehearsed today (usually -), 1 skipped, 0 rejected, 0 queued, 0 uncertain, 0 missing, 2 to call, "
        "delivered 66 % (usually -)\n"
    )


def test_when_the_round_is_due_is_a_setting(tmp_path: Path) -> None:
    program = installed(tmp_path, '[monitoring]\nround_by = "15:01"\n')
    assert program("check", at=AFTERNOON).code == 0
    assert program("check", at="2026-11-24T15:01:00+01:00").code == 3


def test_quiet_says_nothing_when_all_is_well_and_else_what_is_wrong(program: Installed) -> None:
    assert program("--quiet check", at=MORNING).out == ""
    assert program("--quiet check", at=AFTERNOON).out.startswith("today's round was not completed for linde: ")


def test_json_is_a_contract(program: Installed) -> None:
    ended = program("check --json", at=AFTERNOON)
    assert ended.code == 3
    assert json.loads(ended.out) == {
        "ok": False,
        "troubles": [MISSED],
        "sent_today": 0,
        "sent_usually": None,
        "skipped": {},
        "rejected_today": 0,
        "waiting": 0,
        "uncertain": 0,
        "to_call": 1,
        "missing": 0,
        "replies": 0,
        "perhaps_stopped": 0,
        "accounts": [{"account": "", "gateway": "sandbox", "practices": 1, "waiting": 0, "trouble": None}],
        "delivered": "-",
        "delivered_usually": "-",
    }


def test_a_practice_is_looked_at_by_itself(program: Installed) -> None:
    program.does("practice add aak --name Aak")
    program.does("dispatch --practice linde")
    assert program("check --practice linde", at=AFTERNOON).code == 0
    assert program("check --practice aak", at=AFTERNOON).code == 3
    ended = program("check", at=AFTERNOON)
    assert (ended.code, ended.out.split(":")[0]) == (3, "today's round was not completed for aak")


def test_it_changes_nothing_and_names_nobody(program: Installed) -> None:
    program.does("dispatch")
    before = program.database.read_bytes()
    ended = program("check", at=AFTERNOON)
    assert program.database.read_bytes() == before
    assert ("Canaria" in ended.out, "06" in ended.out) == (False, False)


def test_without_a_database_it_needs_the_administrator(program: Installed) -> None:
    program.database.unlink()
    ended = program("check")
    assert (ended.code, ended.out, len(ended.said)) == (78, "", 1)


def test_a_gateway_that_lacks_a_key_is_told_in_the_words_of_dispatch(linde: Program) -> None:
    linde.configure('[gateway]\nname = "spryng"\napi_key = "k"\nbase_url = "http://127.0.0.1:1"\n')
    refused, looked = linde("dispatch"), linde("check")
    assert (refused.code, "gateway.account_reference is missing" in refused.err) == (78, True)
    assert (looked.code, looked.lines[:-1]) == (3, [refused.err.strip().removeprefix("smsreminders: ")])
