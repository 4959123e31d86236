"""What is heard while a round sends: another process listens, and the round obeys."""

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Outgoing
from smsreminders.jobs.round.poll import PollResult, listen
from smsreminders.store.round.notifications import notifications
from tests.accounts import only
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, phone_of
from tests.jobs.hearing import HearingGateway, received


def test_a_stop_that_is_heard_while_the_round_sends_is_obeyed_by_that_round(bench: Bench, linde: Practice) -> None:
    for n in range(1, 4):
        a_patient(bench.db, linde, f"P{n}")
        an_appointment(bench.db, linde, f"A{n}", f"P{n}", start=f"2026-11-24 10:{n}0")
    gateway = bench.gateway = HearingGateway()
    gateway.pages = [[received("stop", phone=phone_of("P3"), at=bench.clock.now())]]
    seen: list[tuple[PollResult, list[Status]]] = []

    def listens(_: Outgoing) -> None:
        with bench.elsewhere() as db:
            listened = listen(db, [linde], accounts=only(bench.in_use()), clock=bench.clock)
            seen.append((listened, [notification.status for notification in notifications(db)]))

    gateway.at_send = listens
    bench.round()
    assert bench.texted() == [phone_of("P1"), phone_of("P2")]
    assert bench.outbox()[-1] == ("A3", 1, Status.CANCELLED, "stopped")
    (first, stood), (second, _) = seen
    assert (first.heard.stopped, second.heard.stopped) == (1, 0)
    assert stood == [Status.SENDING, Status.QUEUED, Status.CANCELLED], "what a run has claimed stays its own"
    assert (first.open, second.open) == (0, 1)
