"""The monitor is told of the start and the end of a round, without any data; that it can't be told changes nothing."""

import socket
from pathlib import Path

import pytest

from smsreminders.store.lock import run_lock
from tests.commanding import Ended, Installed, installed
from tests.guarding import damage
from tests.monitored import Monitor
from tests.store.files import make_full

WARNING = "smsreminders: the monitor (monitoring.ping_url) could not be told; the run goes on"
REHEARSED = "The gateway sends nothing: what it took is rehearsed, reminds nobody and is not billed."
NIGHT, LATER = "2026-11-24T22:00:00+01:00", "2026-11-24T10:00:00+01:00"


def monitored(folder: Path, url: str) -> Installed:
    return installed(folder, f'[monitoring]\nping_url = "{url}"\n')


def sent_three(ended: Ended) -> bool:
    return (ended.code, ended.out.splitlines()[1].split("  ")[1]) == (0, "3 rehearsed")


def test_a_round_asks_for_the_start_and_for_its_exit_code(tmp_path: Path) -> None:
    with Monitor() as monitor:
        ended = monitored(tmp_path, monitor.url)("dispatch")
    assert (sent_three(ended), ended.said, monitor.paths) == (True, [REHEARSED], ["/start", "/0"])


def test_the_requests_hold_nothing_of_a_practice_or_a_patient(tmp_path: Path) -> None:
    with Monitor() as monitor:
        monitored(tmp_path, monitor.url)("dispatch")
    for asked in monitor.asked:
        assert (asked.method, asked.body) == ("GET", b"")
        assert {name.lower() for name in asked.headers} == {"host", "user-agent", "accept-encoding"}
        assert asked.headers["User-Agent"] == "smsreminders"


def test_a_round_outside_the_sending_hours_ends_with_75(tmp_path: Path) -> None:
    with Monitor() as monitor:
        ended = monitored(tmp_path, monitor.url)("dispatch", at=NIGHT)
    assert (ended.code, monitor.paths) == (75, ["/start", "/75"])


def test_a_round_that_is_held_back_ends_with_3(tmp_path: Path) -> None:
    with Monitor() as monitor:
        program = monitored(tmp_path, monitor.url)
        program.config.write_text(
            f'[schedule]\ndaily_limit = 2\n[monitoring]\nping_url = "{monitor.url}"\n', encoding="utf-8"
        )
        ended = program("dispatch")
    assert (ended.code, monitor.paths) == (3, ["/start", "/3"])


def test_a_round_that_a_guard_refuses_ends_with_78(tmp_path: Path) -> None:
    with Monitor() as monitor:
        program = monitored(tmp_path, monitor.url)
        program.does("dispatch", at=LATER)
        ended = program("dispatch")  # the clock goes back
    assert (ended.code, monitor.paths) == (78, ["/start", "/0", "/start", "/78"])


def test_what_is_no_round_tells_nothing(tmp_path: Path) -> None:
    with Monitor() as monitor:
        program = monitored(tmp_path, monitor.url)
        program("dispatch --dry-run")
        program("poll")
        program("check")
        with run_lock(program.database):
            program("dispatch")  # another run is busy, which tells by itself
        program("dispatch")
        program("dispatch --if-missed")
    assert monitor.paths == ["/start", "/0"]


@pytest.mark.parametrize("status", [301, 404, 500, 503])
def test_a_monitor_that_answers_otherwise_changes_nothing_but_one_warning(tmp_path: Path, status: int) -> None:
    with Monitor(status) as monitor:
        ended = monitored(tmp_path, monitor.url)("dispatch")
    assert (sent_three(ended), sorted(ended.said), monitor.paths) == (True, [REHEARSED, WARNING], ["/start", "/0"])


def test_a_monitor_that_is_down_changes_nothing_but_one_warning(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening
        ended = monitored(tmp_path, f"http://127.0.0.1:{taken.getsockname()[1]}/ping")("dispatch")
    assert (sent_three(ended), sorted(ended.said)) == (True, [REHEARSED, WARNING])


def test_a_monitor_that_goes_down_during_the_round_is_one_warning(tmp_path: Path) -> None:
    class FailsLater(Monitor):
        @property
        def status(self) -> int | None:
            return 200 if len(self.asked) == 1 else 500

        @status.setter
        def status(self, _: int | None) -> None:
            pass

    with FailsLater() as monitor:
        ended = monitored(tmp_path, monitor.url)("dispatch")
    assert (sent_three(ended), sorted(ended.said)) == (True, [REHEARSED, WARNING])


@pytest.mark.parametrize(
    "url", ["http://monitor.example/canary", "ftp://127.0.0.1/canary", "canary", "https://host:99999/canary"]
)
def test_an_address_that_is_not_safe_is_refused_before_anything_is_sent_and_not_shown(tmp_path: Path, url: str) -> None:
    program = monitored(tmp_path, url)
    ended = program("dispatch")
    assert (ended.code, ended.out, len(ended.said)) == (78, "", 1)
    assert ended.err == 'smsreminders: monitoring.ping_url: write an address that begins with "https://"\n'
    assert program.journal == []


def test_a_database_that_cannot_be_used_ends_with_the_exit_code_of_the_process(tmp_path: Path) -> None:
    with Monitor() as monitor:
        program = monitored(tmp_path, monitor.url)
        program.database.write_bytes(b"no database at all, and long enough to be looked at" * 100)
        ended = program("dispatch --if-missed")
    assert (ended.code, monitor.paths) == (78, ["/78"])


def test_a_database_that_is_damaged_during_the_round_ends_with_78(tmp_path: Path) -> None:
    with Monitor() as monitor:
        program = monitored(tmp_path, monitor.url)
        damage(program.database, "round_outcomes")
        ended = program("dispatch")
    assert (ended.code, monitor.paths) == (78, ["/start", "/78"])


def test_a_disk_that_is_full_for_the_count_beside_the_lock_ends_with_75(tmp_path: Path) -> None:
    with Monitor() as monitor:
        program = monitored(tmp_path, monitor.url)
        make_full(program.database.with_name("smsreminders.db.lock"))
        ended = program("dispatch")
    assert (ended.code, monitor.paths) == (75, ["/75"])


def test_a_lock_that_cannot_be_made_ends_with_78(tmp_path: Path) -> None:
    with Monitor() as monitor:
        program = monitored(tmp_path, monitor.url)
        program.database.with_name("smsreminders.db.lock").mkdir()
        ended = program("dispatch")
    assert (ended.code, monitor.paths) == (78, ["/78"])
