"""Who was not reached: each booked appointment is delivered or listed with the reason that helps most."""

from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.round.due import Due, Earlier
from smsreminders.domain.round.notifications import Status, digest_of
from smsreminders.domain.round.reminder_text import reminder_text
from smsreminders.domain.round.replies import Says
from smsreminders.domain.round.unreached import NEXT_ROUND, NO_PLAN, decide, unreached
from tests.due import DUE, NOW, RULES, changed

WORDS = digest_of(reminder_text(DUE, RULES))


def text(status: Status, *, revision: int = 1) -> Earlier:
    return Earlier(70, status, revision, 1, 1, "+31612345678", WORDS, NOW)


def reasons(*dues: Due, looked_at: str = "") -> dict[str, str]:
    decided = decide(dues, RULES, daily_limit=500, sent_today=0)
    skipped = {due.appointment_id: looked_at for due in dues if looked_at}
    return {due.appointment: reason for due, reason in unreached(dues, decided, skipped)}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.QUEUED, "queued"),
        (Status.SENDING, "sending"),
        (Status.SENT, "sent"),
        (Status.FAILED, "failed"),
        (Status.EXPIRED, "expired"),
        (Status.UNCERTAIN, "uncertain"),
        (Status.REJECTED, "invalid-number"),
        (Status.CANCELLED, NEXT_ROUND),
    ],
)
def test_a_text_that_was_not_delivered_is_the_reason(status: Status, reason: str) -> None:
    assert reasons(changed(DUE, earlier=(text(status),))) == {"A7": reason}


def test_what_was_delivered_at_this_revision_is_not_listed() -> None:
    assert reasons(changed(DUE, earlier=(text(Status.DELIVERED),))) == {}
    failed_then_delivered = (text(Status.FAILED), text(Status.DELIVERED))
    assert reasons(changed(DUE, earlier=failed_then_delivered)) == {}


def test_what_the_patient_confirmed_was_told() -> None:
    assert reasons(changed(DUE, earlier=(text(Status.EXPIRED),), confirmed=True)) == {}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({Says.OTHER}, "answered"),
        ({Says.YES}, "answered"),
        ({Says.OTHER, Says.NO}, "wants-to-cancel"),
        ({Says.OTHER, Says.PERHAPS_STOP}, "perhaps-stopped"),
        ({Says.PERHAPS_STOP, Says.NO}, "wants-to-cancel"),
    ],
)
@pytest.mark.parametrize("status", [Status.DELIVERED, Status.FAILED])
def test_an_answer_that_waits_is_the_reason_however_its_text_stands(
    said: set[Says], expected: str, status: Status
) -> None:
    due = changed(DUE, earlier=(text(status),))
    other = changed(DUE, appointment_id=8, appointment="A8", earlier=(text(Status.FAILED),))
    assert unreached([due, other], {}, {}, {due.appointment_id: said}) == [(due, expected), (other, "failed")]


def test_an_answer_about_a_cancelled_appointment_is_no_call() -> None:
    gone = changed(DUE, booking=Booking.CANCELLED)
    assert unreached([gone], {}, {}, {gone.appointment_id: {Says.NO}}) == []


def test_moved_and_moved_back_it_was_told_in_these_words() -> None:
    assert reasons(changed(DUE, revision=3, earlier=(text(Status.DELIVERED),))) == {}
    assert reasons(changed(DUE, revision=3, earlier=(text(Status.SENT),))) == {"A7": "sent"}


def test_moved_it_waits_for_the_next_round_whatever_was_delivered_before() -> None:
    told = replace(text(Status.DELIVERED), words="of another time")
    assert reasons(changed(DUE, revision=2, earlier=(told,))) == {"A7": NEXT_ROUND}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"consent": Consent.WITHDRAWN}, "consent-withdrawn"),
        ({"phone": ""}, "no-number"),
        ({"phone": "020-5550123"}, "not-mobile"),
        ({"unclear": "start"}, "unclear"),
        ({"service_id": None}, "no-service"),
    ],
)
def test_what_a_person_can_mend_comes_before_what_the_last_round_said(values: dict[str, object], reason: str) -> None:
    assert reasons(changed(DUE, **values), looked_at="limit-reached") == {"A7": reason}


def test_where_it_is_too_late_what_the_last_round_said_is_the_reason() -> None:
    begun = changed(DUE, starts_at=NOW)
    assert reasons(begun, looked_at="no-consent") == {"A7": "no-consent"}
    assert reasons(begun) == {"A7": "too-late"}
    assert reasons(changed(begun, earlier=(text(Status.REJECTED),)), looked_at="no-consent") == {"A7": "rejected"}


@pytest.mark.parametrize("then", ["covered", "already-reminded", "cancelled", "confirmed", "too-late"])
def test_what_an_earlier_round_said_of_another_time_is_no_reason(then: str) -> None:
    assert reasons(changed(DUE, starts_at=NOW), looked_at=then) == {"A7": "too-late"}


@pytest.mark.parametrize("status", list(Status))
def test_moved_to_where_it_is_too_late_it_is_to_be_called_whatever_its_former_text_became(status: Status) -> None:
    told = replace(text(status), words="of another time")
    assert reasons(changed(DUE, starts_at=NOW, revision=2, earlier=(told,))) == {"A7": "too-late"}


def test_what_waits_is_to_be_called_once_it_is_too_late_for_it() -> None:
    assert reasons(changed(DUE, starts_at=NOW, earlier=(text(Status.QUEUED),))) == {"A7": "too-late"}


def test_what_comes_into_a_day_after_its_text_is_listed_for_nothing_told_its_time() -> None:
    told = changed(DUE, earlier=(text(Status.DELIVERED),))
    later = changed(DUE, appointment_id=8, appointment="A8", starts_at=DUE.starts_at + timedelta(hours=2))
    assert reasons(told, later) == {"A8": "covered"}


def test_a_cancelled_one_is_nobody_to_call() -> None:
    assert reasons(changed(DUE, booking=Booking.CANCELLED)) == {}


@pytest.mark.parametrize(("status", "listed"), [(Status.DELIVERED, []), (Status.EXPIRED, ["A7", "A8"])])
def test_what_another_text_covers_is_reached_as_that_one_is(status: Status, listed: list[str]) -> None:
    copy = changed(DUE, appointment_id=8, appointment="A8")
    found = reasons(changed(DUE, earlier=(text(status),)), copy)
    assert found == dict.fromkeys(listed, "expired")


@pytest.mark.parametrize(("status", "listed"), [(Status.DELIVERED, {}), (Status.SENT, {"A7": "sent", "A8": "sent"})])
def test_a_copy_is_reached_by_the_others_text_also_when_it_is_too_late_for_one_of_its_own(
    status: Status, listed: dict[str, str]
) -> None:
    begun = changed(DUE, starts_at=NOW + timedelta(minutes=5))
    said = digest_of(reminder_text(begun, RULES))
    told = changed(begun, earlier=(replace(text(status), words=said),))
    assert reasons(told, changed(begun, appointment_id=8, appointment="A8")) == listed


def test_of_a_copy_whose_other_is_gone_it_says_how_that_ones_text_stands() -> None:
    gone = changed(DUE, booking=Booking.CANCELLED, earlier=(text(Status.EXPIRED),))
    copy = changed(DUE, appointment_id=8, appointment="A8")
    assert reasons(gone, copy) == {"A8": "expired"}
    barred = changed(DUE, missing="agenda", earlier=(replace(text(Status.QUEUED), sent_at=None),))
    assert reasons(barred, copy) == {"A7": "missing", "A8": "queued"}


def test_a_copy_that_was_confirmed_is_reached_whatever_the_others_text_became() -> None:
    told = changed(DUE, earlier=(text(Status.EXPIRED),))
    copy = changed(DUE, appointment_id=8, appointment="A8", confirmed=True)
    assert reasons(told, copy) == {"A7": "expired"}


def test_where_no_plan_can_be_made_it_says_so_or_how_the_text_stands() -> None:
    sent = changed(DUE, appointment_id=8, appointment="A8", earlier=(text(Status.SENT),))
    assert [reason for _, reason in unreached([DUE, sent], {}, {})] == [NO_PLAN, "sent"]
