"""Ctrl-C and SIGTERM: what is under way is finished and recorded, the rest stays queued, exit code 130."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.cli.running import Program
from tests.cli.spryng import HeldSpryng, send_by


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """What these tests start can be interrupted, even where the tests themselves run in a shell's background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def started(program: Program, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "smsreminders", *words],
        env=program.environment,
        cwd=program.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_under_way_is_recorded_and_the_rest_stays_queued(agenda: Program, number: signal.Signals) -> None:
    with HeldSpryng() as spryng:
        send_by(spryng, agenda, connections=2)
        with started(agenda, "dispatch", "--json") as process:
            spryng.wait_for(1)
            process.send_signal(number)
            spryng.go.set()
            out, err = process.communicate()
        assert process.returncode == 130
        assert err == "smsreminders: interrupted: what was under way has ended, what waits stays queued\n"
        assert '"sent": 1' in out
        assert [line.split("\t")[11] for line in agenda("notifications list").lines] == ["sent", "queued", "queued"]
        assert agenda("dispatch --json").json["sent"] == 2
        assert len(spryng.journal) == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_poll_ends_at_once_and_the_next_one_asks_again(agenda: Program, number: signal.Signals) -> None:
    with HeldSpryng("GET") as spryng:
        send_by(spryng, agenda)
        agenda.does("dispatch")
        spryng.report("+31612345671", "Sent", "Delivered")
        before = agenda.database.read_bytes()
        with started(agenda, "poll") as process:
            spryng.wait_for(1)
            process.send_signal(number)
            out, err = process.communicate()
        assert (process.returncode, out, err) == (130, "", "")
        assert agenda.database.read_bytes() == before
        spryng.go.set()
        assert agenda("poll --json").json["delivered"] == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_round_that_asks_for_what_is_uncertain_ends_at_once_and_plans_nothing(
    agenda: Program, number: signal.Signals
) -> None:
    with HeldSpryng() as spryng:
        send_by(spryng, agenda, connections=2)
        with started(agenda, "dispatch") as process:
            spryng.wait_for(1)
            process.kill()
    agenda.does("appointment add B1 --patient 1001 --start '2026-11-25 16:00'")
    with HeldSpryng("GET") as spryng:
        send_by(spryng, agenda, connections=2)
        with started(agenda, "dispatch") as process:
            spryng.wait_for(1)
            process.send_signal(number)
            out, err = process.communicate()
        assert (process.returncode, out, err, spryng.journal) == (130, "", "", [])
    statuses = [line.split("\t")[11] for line in agenda("notifications list").lines]
    assert statuses == ["uncertain", "queued", "queued"]  # and B1 isn't planned yet


def test_what_was_under_way_when_a_run_was_killed_is_asked_for_and_never_sent_again(agenda: Program) -> None:
    with HeldSpryng() as spryng:
        send_by(spryng, agenda, connections=2)
        with started(agenda, "dispatch") as process:
            spryng.wait_for(1)
            process.kill()
            spryng.go.set()
            process.communicate()
        assert agenda("dispatch").code == 0
        assert len(spryng.journal) == 3
        assert {line.split("\t")[11] for line in agenda("notifications list").lines} == {"sent"}


# the signal comes when the program's own modules are first looked for
EARLY = """
import os, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "smsreminders.cli.main":
            os.kill(os.getpid(), int(sys.argv.pop()))
sys.meta_path.insert(0, Finder())
from smsreminders.__main__ import main
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_its_first_instants_it_ends_as_quietly(number: signal.Signals) -> None:
    done = subprocess.run(
        [sys.executable, "-c", EARLY, "doctor", str(number.value)], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
