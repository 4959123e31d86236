"""Gammu SMSD itself, with its dummy phone, and whole rounds: after a STOP no text goes to that number any more."""

from datetime import timedelta
from pathlib import Path

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.sending import AccountName
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.dispatch import dispatch
from smsreminders.jobs.round.poll import poll
from smsreminders.jobs.round.terms import Talk, Terms
from smsreminders.store.lock import run_lock
from tests.accounts import only
from tests.gateways.gammu_daemon import Daemon
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, WORDING, a_patient, an_appointment, local, phone_of


def test_a_stop_that_the_modem_got_ends_the_texts_to_that_number(bench: Bench, linde: Practice, tmp_path: Path) -> None:
    folder = tmp_path / "modem"
    folder.mkdir()
    with Daemon(folder) as daemon:
        accounts = only(Account(AccountName("gammu"), daemon.gateway(), 1, 1000.0, timedelta()))

        def texted() -> list[str]:
            """The numbers that a round of this moment and all before it texted."""
            with run_lock(bench.path) as lock:
                terms = Terms(SCHEDULE, WORDING, RATE)
                dispatch(bench.db, lock, [linde], accounts=accounts, terms=terms, clock=bench.clock, talk=Talk())
            daemon.until(lambda: daemon.rows("outbox") == [])
            return [row["DestinationNumber"] for row in daemon.rows("sentitems")]

        for patient in ("P1", "P2"):
            a_patient(bench.db, linde, patient)
            an_appointment(bench.db, linde, f"A{patient}", patient)
            an_appointment(bench.db, linde, f"B{patient}", patient, start="2026-11-25 10:30")
        assert texted() == [phone_of("P1"), phone_of("P2")]
        daemon.hears(phone_of("P1"), "Stop.", at="20261123T081000")
        daemon.until(lambda: len(daemon.rows("inbox")) == 1)
        bench.clock.go_to(local("2026-11-23 09:15"))
        heard = poll(bench.db, [linde], accounts=accounts, give_up_after=timedelta(hours=72), clock=bench.clock).heard
        assert (heard.replies, heard.stopped) == (1, 1)
        bench.clock.go_to(local("2026-11-24 09:00"))
        assert texted() == [phone_of("P1"), phone_of("P2"), phone_of("P2")]
