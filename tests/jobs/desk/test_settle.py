"""A person's word: on what is uncertain, and on what was delivered wrongly; and what a round makes of it."""

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status, Word
from smsreminders.domain.round.sending import DeliveryReport, Uncertain
from smsreminders.errors import TryAgainLater, UsageError
from smsreminders.jobs.desk.settle import check_not_sent, settle
from tests.accounts import only
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, local

SENT, DELIVERED, FAILED, QUEUED, UNCERTAIN = (
    Status.SENT,
    Status.DELIVERED,
    Status.FAILED,
    Status.QUEUED,
    Status.UNCERTAIN,
)


def brought_to(bench: Bench, practice: Practice, status: Status) -> str:
    """The id of a notification that was sent and has come to this status."""
    a_patient(bench.db, practice)
    an_appointment(bench.db, practice)
    if status is UNCERTAIN:
        bench.gateway.in_order.append(Uncertain("read time-out"))
    bench.round()
    if status in {DELIVERED, FAILED}:
        bench.gateway.reports = [DeliveryReport(bench.sms().reference, status, status.value)]
        bench.poll()
        bench.gateway.reports = []
    return str(bench.notification().id)


@pytest.mark.parametrize(
    ("status", "word", "expected", "reason"),
    [
        (UNCERTAIN, Word.SENT, SENT, None),
        (UNCERTAIN, Word.NOT_SENT, QUEUED, "settled by a person as not-sent"),
        (DELIVERED, Word.NOT_DELIVERED, FAILED, "settled by a person as not-delivered"),
    ],
)
def test_a_persons_word_is_taken_and_remembered(
    bench: Bench, linde: Practice, status: Status, word: Word, expected: Status, reason: str | None
) -> None:
    settled = settle(bench.db, brought_to(bench, linde, status), word, clock=bench.clock, access=RECEPTION)
    assert settled == bench.notification()
    assert (settled.status, settled.reason) == (expected, reason)
    assert bench.life()[-1] == (expected, f"settled by a person as {word}")


def test_a_notification_is_found_by_its_reference_too(bench: Bench, linde: Practice) -> None:
    brought_to(bench, linde, UNCERTAIN)
    assert (
        settle(bench.db, bench.notification().reference, Word.SENT, clock=bench.clock, access=RECEPTION).status is SENT
    )


@pytest.mark.parametrize(
    ("status", "word"),
    [(status, word) for status in (SENT, FAILED) for word in Word]
    + [(DELIVERED, Word.SENT), (DELIVERED, Word.NOT_SENT), (UNCERTAIN, Word.NOT_DELIVERED)],
)
def test_a_word_that_does_not_fit_is_refused_and_changes_nothing(
    bench: Bench, linde: Practice, status: Status, word: Word
) -> None:
    id_ = brought_to(bench, linde, status)
    before = (bench.notification(), bench.life())
    with pytest.raises(UsageError, match=rf"notification {id_} is {status}: only \w+ can be settled as {word}"):
        settle(bench.db, id_, word, clock=bench.clock, access=RECEPTION)
    assert (bench.notification(), bench.life()) == before


@pytest.mark.parametrize("name", ["7", "0" * 32, "x"])
def test_an_unknown_notification_is_refused(bench: Bench, name: str) -> None:
    with pytest.raises(UsageError, match=f'there is no notification "{name}"'):
        settle(bench.db, name, Word.SENT, clock=bench.clock, access=RECEPTION)


def test_what_was_not_sent_goes_with_the_next_round(bench: Bench, linde: Practice) -> None:
    settle(bench.db, brought_to(bench, linde, UNCERTAIN), Word.NOT_SENT, clock=bench.clock, access=RECEPTION)
    bench.round()
    assert (bench.outbox(), len(bench.gateway.journal)) == ([("A1", 1, SENT, None)], 2)


def test_what_was_not_sent_and_is_too_late_now_is_withdrawn(bench: Bench, linde: Practice) -> None:
    id_ = brought_to(bench, linde, UNCERTAIN)
    bench.clock.go_to(local("2026-11-24 09:00"))
    settle(bench.db, id_, Word.NOT_SENT, clock=bench.clock, access=RECEPTION)
    bench.round()
    assert (bench.outbox(), len(bench.gateway.journal)) == ([("A1", 1, Status.CANCELLED, "too-late")], 1)


def asked_first(bench: Bench, id_: str) -> None:
    check_not_sent(bench.db, id_, accounts=only(bench.in_use()), clock=bench.clock)


def test_what_the_gateway_knows_was_sent_whatever_a_person_says(bench: Bench, linde: Practice) -> None:
    id_ = brought_to(bench, linde, UNCERTAIN)
    bench.gateway.reports = [DeliveryReport(bench.sms().reference, SENT, "sent")]
    with pytest.raises(UsageError, match=rf"scripted was asked for notification {id_} first: it is sent now"):
        asked_first(bench, id_)
    assert bench.status() is SENT


def test_so_soon_that_its_list_may_lag_the_gateway_is_asked_again_later(bench: Bench, linde: Practice) -> None:
    id_ = brought_to(bench, linde, UNCERTAIN)
    with pytest.raises(TryAgainLater, match="say so again 10 minutes after it was handed over"):
        asked_first(bench, id_)
    bench.clock.go_to(local("2026-11-23 09:10"))
    asked_first(bench, id_)
    assert bench.status() is UNCERTAIN


def test_where_the_gateway_can_not_be_asked_a_persons_word_is_all_there_is(bench: Bench, linde: Practice) -> None:
    id_ = brought_to(bench, linde, UNCERTAIN)
    bench.gateway.reports = [TryAgainLater("it is down")]
    asked_first(bench, id_)
    assert bench.status() is UNCERTAIN


def test_what_is_not_uncertain_is_not_asked_for(bench: Bench, linde: Practice) -> None:
    id_ = brought_to(bench, linde, SENT)
    asked_first(bench, id_)
    assert bench.gateway.asked == []
