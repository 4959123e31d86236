"""`reconcile`: after a restore rounds are refused until the gateway was asked; exit codes as everywhere."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smsreminders.store.lock import run_lock
from smsreminders.store.machine import this_machine
from tests.commanding import Installed, installed
from tests.gateways.fake_spryng import FakeSpryng

LATER = "2026-11-24T10:00:00+01:00"


@pytest.fixture
def program(tmp_path: Path) -> Installed:
    return installed(tmp_path)


@pytest.fixture
def spryng() -> Iterator[FakeSpryng]:
    with FakeSpryng(now=datetime(2026, 11, 24, 8, tzinfo=UTC)) as server:
        yield server


def by_spryng(program: Installed, spryng: FakeSpryng, *, api_key: str | None = None) -> None:
    program.config.write_text(
        f'[gateway]\nname = "spryng"\nbase_url = "{spryng.url}"\ntimeout = "5s"\nper_second = 10000\n'
        f'account_reference = "{spryng.account_reference}"\napi_key = "{api_key or spryng.api_key}"\n',
        encoding="utf-8",
    )


def restored(program: Installed) -> None:
    """A backup, a round after it, and the backup put back."""
    program.does("backup backup.db")
    program.does("dispatch")
    shutil.copyfile(program.home / "backup.db", program.database)


def test_after_a_restore_a_round_is_refused_with_one_line_that_says_what_to_do(program: Installed) -> None:
    restored(program)
    ended = program("dispatch", at=LATER)
    assert (ended.code, ended.out, len(ended.said)) == (78, "", 1)
    assert "run `smsreminders reconcile`, which asks the gateway what was sent already; nothing was sent" in ended.err
    assert len(program.journal) == 3


def test_reconcile_finds_what_was_sent_and_rounds_run_again(program: Installed) -> None:
    restored(program)
    ended = program("reconcile", at=LATER)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "Asked for 15 reminders; 3 were sent already. Rounds may run again.\n"
    program.does("dispatch", at=LATER)
    program.does("poll", at=LATER)
    assert len(program.journal) == 3
    assert program.does("notifications list --status delivered", at=LATER).count("\n") == 2


def test_what_counts_as_told_by_a_guess_is_listed_for_somebody_to_call(program: Installed) -> None:
    program.does("backup backup.db")
    for hour in (14, 15):
        program.does(f"appointment move A1 --start '2026-11-25 {hour}:00'")
    program.does("dispatch")
    shutil.copyfile(program.home / "backup.db", program.database)
    program.does("appointment move A1 --start '2026-11-25 15:00'")
    shutil.copyfile(program.database, program.home / "again.db")
    ended = program("reconcile --json", at=LATER)
    called = {"practice": "linde", "starts_at": "2026-11-25T15:00:00+01:00", "appointment": "A1", "patient": "P1"}
    assert (ended.code, json.loads(ended.out)) == (0, [called])
    assert ended.said[0].endswith(
        "1 appointments count as told by a guess, for they were moved more often than this "
        "database knows: call their patients"
    )
    shutil.copyfile(program.home / "again.db", program.database)
    assert program("reconcile", at=LATER.replace("10:00", "10:20")).out == "linde\t2026-11-25T15:00:00+01:00\tA1\tP1\n"
    program.does("dispatch", at=LATER.replace("10:00", "10:20"))
    assert len(program.journal) == 3


def test_quiet_it_says_nothing(program: Installed) -> None:
    restored(program)
    ended = program("--quiet reconcile", at=LATER)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_a_database_that_was_moved_without_its_lock_file_is_reconciled_in_the_same_way(program: Installed) -> None:
    program.does("dispatch")
    program.database.with_name("smsreminders.db.lock").unlink()
    assert program("dispatch", at=LATER).code == 78
    program.does("reconcile", at=LATER)
    program.does("dispatch", at=LATER)
    assert len(program.journal) == 3


@pytest.mark.skipif(not this_machine(), reason="this machine has no id")
def test_on_another_machine_a_round_waits_until_the_gateway_was_asked_what_the_first_one_sent(
    program: Installed, spryng: FakeSpryng
) -> None:
    by_spryng(program, spryng)
    program.does("dispatch")
    lock = program.database.with_name("smsreminders.db.lock")
    line, _ = lock.read_text(encoding="ascii").split("\n")
    lock.write_text(f"{line}\nf0f0f0f0f0f0f0f0", encoding="ascii")  # the whole folder came from another machine
    for command in ("dispatch", "poll", "check"):
        ended = program(command, at=LATER)
        assert "see that nothing sends from it elsewhere any more, then run `smsreminders reconcile`" in (
            ended.out + ended.err
        )
    program.does("reconcile", at=LATER)
    program.does("dispatch", at=LATER)
    assert len(spryng.journal) == 3


def test_over_http_it_asks_by_reference_and_sends_nothing(program: Installed, spryng: FakeSpryng) -> None:
    by_spryng(program, spryng)
    restored(program)
    before = len(spryng.requests)
    assert program("reconcile", at=LATER).err.startswith("Asked for 15 reminders; 3 were sent already.")
    asked = spryng.requests[before:]
    assert ({request.method for request in asked}, len(spryng.journal)) == ({"GET"}, 3)
    program.does("dispatch", at=LATER)
    assert len(spryng.journal) == 3


def test_a_gateway_that_is_down_is_exit_code_75_and_rounds_stay_refused(program: Installed, spryng: FakeSpryng) -> None:
    by_spryng(program, spryng)
    restored(program)
    with spryng.refusing():
        ended = program("reconcile", at=LATER)
    assert (ended.code, len(ended.said)) == (75, 1)
    assert program("dispatch", at=LATER).code == 78
    assert program("reconcile", at=LATER).code == 0


def test_a_gateway_that_refuses_the_account_is_exit_code_78(program: Installed, spryng: FakeSpryng) -> None:
    by_spryng(program, spryng)
    restored(program)
    by_spryng(program, spryng, api_key="canary-key-of-another")
    ended = program("reconcile", at=LATER)
    assert (ended.code, len(ended.said), "canary" in ended.err) == (78, 1, False)
    assert program("dispatch", at=LATER).code == 78


def test_a_run_that_is_busy_is_exit_code_75(program: Installed) -> None:
    with run_lock(program.database):
        ended = program("reconcile")
    assert (ended.code, len(ended.said)) == (75, 1)


def test_on_a_new_installation_there_is_nothing_to_find(program: Installed) -> None:
    assert program("reconcile").err == "Asked for 12 reminders; 0 were sent already. Rounds may run again.\n"
    program.does("dispatch")
    assert len(program.journal) == 3


def test_where_the_clock_is_right_a_person_says_so_by_hand(program: Installed) -> None:
    program.does("dispatch", at=LATER)
    refused = program("dispatch")  # an hour earlier
    assert (refused.code, "run `smsreminders reconcile --by-hand`" in refused.err) == (78, True)
    ended = program("reconcile --by-hand")
    assert (ended.code, ended.out, ended.err) == (0, "", "Rounds may run again.\n")
    program.does("dispatch")


def test_by_hand_it_is_told_that_who_was_texted_since_may_be_texted_again(program: Installed) -> None:
    program.does("dispatch")
    assert "not known here" not in program("reconcile --by-hand").err  # the database is that of the last run
    restored(program)
    ended = program("reconcile --by-hand", at=LATER)
    assert ended.code == 0
    assert "what was sent after 2026-11-24 08:00 UTC is not known here" in ended.err
