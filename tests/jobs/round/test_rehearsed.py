"""A gateway that sends nothing reminds nobody: what it took is rehearsed, and counts for nothing once another sends."""

from dataclasses import replace

from smsreminders.domain.appointments import Booking
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.sending import Refused
from smsreminders.store.round.notifications import notifications
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment


def rehearsing(bench: Bench, *, yes: bool) -> None:
    """From now on the gateway of the configuration sends nothing, or sends."""
    bench.gateway.features = replace(bench.gateway.features, sends_nothing=yes)


def kept(bench: Bench) -> list[tuple[bool, Status]]:
    return [(notification.rehearsed, notification.status) for notification in notifications(bench.db)]


def rehearsed(bench: Bench, practice: Practice) -> None:
    """One patient with one appointment has had a rehearsal."""
    a_patient(bench.db, practice)
    an_appointment(bench.db, practice)
    rehearsing(bench, yes=True)
    bench.round()


def test_a_rehearsal_reminds_nobody_once_another_gateway_sends(bench: Bench, linde: Practice) -> None:
    rehearsed(bench, linde)
    rehearsing(bench, yes=False)
    result = bench.round()
    assert (result.queued, result.skipped) == (1, {})
    assert kept(bench) == [(True, Status.SENT), (False, Status.SENT)]


def test_a_second_rehearsal_knows_the_first(bench: Bench, linde: Practice) -> None:
    rehearsed(bench, linde)
    assert bench.round().skipped == {SkipReason.ALREADY_REMINDED: 1}


def test_what_was_sent_is_rehearsed_apart(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round()
    rehearsing(bench, yes=True)
    bench.round()
    rehearsing(bench, yes=False)
    assert bench.round().skipped == {SkipReason.ALREADY_REMINDED: 1}
    assert kept(bench) == [(False, Status.SENT), (True, Status.SENT)]


def test_what_waited_in_a_rehearsal_is_withdrawn_and_planned_anew(bench: Bench, linde: Practice) -> None:
    bench.gateway.in_order.append(Refused("no credit"))
    rehearsed(bench, linde)
    assert kept(bench) == [(True, Status.QUEUED)]
    rehearsing(bench, yes=False)
    bench.round()
    assert kept(bench) == [(True, Status.CANCELLED), (False, Status.SENT)]


def test_what_waits_for_a_gateway_that_sends_is_never_rehearsed_away(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.gateway.in_order.append(Refused("no credit"))
    bench.round()
    rehearsing(bench, yes=True)
    bench.round()
    assert kept(bench) == [(False, Status.CANCELLED), (True, Status.SENT)]
    rehearsing(bench, yes=False)
    bench.round()
    assert kept(bench) == [(False, Status.SENT), (True, Status.SENT)]


def test_a_rehearsal_has_a_reference_of_its_own(bench: Bench, linde: Practice) -> None:
    rehearsed(bench, linde)
    rehearsing(bench, yes=False)
    bench.round()
    assert len({notification.reference for notification in notifications(bench.db)}) == 2


def test_the_words_of_a_rehearsal_are_no_reminder_of_another_revision(bench: Bench, linde: Practice) -> None:
    rehearsed(bench, linde)
    rehearsing(bench, yes=False)
    an_appointment(bench.db, linde, booking=Booking.CANCELLED)
    an_appointment(bench.db, linde, booking=Booking.BOOKED)
    assert bench.round().queued == 1
