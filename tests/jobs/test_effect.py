"""Each past appointment with a known outcome counts once, by what its patient got at its last revision."""

import pytest

from smsreminders.domain.appointments import Outcome
from smsreminders.domain.keep.effect import NoShows, Reached
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.errors import UsageError
from smsreminders.jobs.desk.appointment import keep_outcome
from smsreminders.jobs.effect import effect_between
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, local

START, END = local("2026-11-24 00:00"), local("2026-11-25 00:00")


def test_by_what_the_patient_got_at_the_last_revision(bench: Bench, linde: Practice, duin: Practice) -> None:
    for number in range(1, 6):
        a_patient(bench.db, linde, f"P{number}", consent=None if number == 3 else True)
        an_appointment(bench.db, linde, f"A{number}", f"P{number}", start=f"2026-11-24 1{number}:00")
    bench.round()
    sent = [sms.reference for sms in bench.gateway.journal]
    bench.gateway.reports = [
        DeliveryReport(sent[0], Status.DELIVERED, "delivered"),
        DeliveryReport(sent[1], Status.FAILED, "failed"),
        DeliveryReport(sent[2], Status.DELIVERED, "delivered"),
    ]
    bench.poll()
    an_appointment(bench.db, linde, "A4", "P4", start="2026-11-24 19:00")  # moved: what was delivered told another time
    bench.clock.go_to(local("2026-11-24 21:00"))
    for number, outcome in enumerate([Outcome.NO_SHOW, Outcome.ATTENDED, Outcome.NO_SHOW, Outcome.NO_SHOW], 1):
        keep_outcome(bench.db, linde, f"A{number}", outcome, clock=bench.clock, access=RECEPTION)
    assert effect_between(bench.db, [linde, duin], START, END) == [
        NoShows(Reached.DELIVERED, 1, 1),
        NoShows(Reached.UNDELIVERED, 1, 0),
        NoShows(Reached.NONE, 2, 2),
    ]


def test_where_no_outcome_is_known_it_says_how_to_have_some(bench: Bench, linde: Practice) -> None:
    with pytest.raises(UsageError, match="import an export that has them"):
        effect_between(bench.db, [linde], START, END)
