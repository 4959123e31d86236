"""A notification's life: which status may follow which, and what a report or a person's word makes of it."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.notifications import (
    ASKED_FOR,
    MAY_FOLLOW,
    NEVER_SENT,
    NO_REPORT,
    SETTLED,
    Status,
    Word,
    after_report,
    is_given_up,
)

SENT_AT = datetime(2026, 10, 12, 7, tzinfo=UTC)
REPORTED = [Status.SENT, Status.DELIVERED, Status.FAILED, Status.EXPIRED]  # what a gateway can say


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("queued", {"sending", "cancelled"}),
        ("sending", {"sent", "queued", "rejected", "uncertain"}),
        ("sent", {"delivered", "failed", "expired"}),
        ("uncertain", {"sent", "delivered", "failed", "expired", "queued"}),
        ("delivered", {"failed"}),
        ("failed", {"delivered"}),
        ("expired", {"delivered"}),
        ("rejected", {"queued"}),
        ("cancelled", {"queued"}),
    ],
)
def test_a_status_is_followed_by_these_alone(status: str, expected: set[str]) -> None:
    assert MAY_FOLLOW[Status(status)] == expected


def test_every_status_has_its_followers() -> None:
    assert set(MAY_FOLLOW) == set(Status)


def test_only_a_claim_leads_to_the_gateway() -> None:
    assert [status for status in Status if Status.SENDING in MAY_FOLLOW[status]] == [Status.QUEUED]


def test_what_may_have_been_sent_is_queued_again_only_out_of_doubt() -> None:
    may_be_queued = {status for status in Status if Status.QUEUED in MAY_FOLLOW[status]}
    assert may_be_queued - NEVER_SENT == {Status.SENDING, Status.UNCERTAIN}


@pytest.mark.parametrize(
    ("current", "reported", "expected"),
    [
        ("sent", "sent", None),
        ("sent", "delivered", "delivered"),
        ("sent", "failed", "failed"),
        ("sent", "expired", "expired"),
        ("uncertain", "sent", "sent"),
        ("uncertain", "delivered", "delivered"),
        ("uncertain", "failed", "failed"),
        ("uncertain", "expired", "expired"),
        ("failed", "delivered", "delivered"),
        ("expired", "delivered", "delivered"),
        ("failed", "expired", None),
        ("expired", "failed", None),
        ("failed", "sent", None),
        *[("delivered", reported, None) for reported in ("sent", "delivered", "failed", "expired")],
        *[("queued", reported, None) for reported in ("sent", "delivered", "failed", "expired")],
        *[("cancelled", reported, None) for reported in ("sent", "delivered", "failed", "expired")],
        *[("rejected", reported, None) for reported in ("sent", "delivered", "failed", "expired")],
    ],
)
def test_a_report_brings_a_status_or_changes_nothing(current: str, reported: str, expected: str | None) -> None:
    assert after_report(Status(current), Status(reported)) == expected


@pytest.mark.parametrize("reported", REPORTED)
def test_what_a_person_took_back_stays_so_whatever_is_reported_again(reported: Status) -> None:
    assert after_report(Status.FAILED, reported, taken_back=True) is None


@pytest.mark.parametrize("current", Status)
def test_a_word_that_we_do_not_know_changes_nothing(current: Status) -> None:
    assert after_report(current, None) is None


@pytest.mark.parametrize("current", Status)
@pytest.mark.parametrize("reported", REPORTED)
def test_a_report_brings_only_what_may_follow(current: Status, reported: Status) -> None:
    assert after_report(current, reported) in {None, *MAY_FOLLOW[current]}


@pytest.mark.parametrize("order", list(permutations(REPORTED)), ids="-".join)
@pytest.mark.parametrize("first", [Status.SENT, Status.UNCERTAIN])
def test_delivered_wins_in_whatever_order_reports_come(first: Status, order: tuple[Status, ...]) -> None:
    assert _after(first, [*order, *order]) == Status.DELIVERED


@given(st.lists(st.sampled_from(REPORTED)), st.sampled_from(REPORTED))
def test_a_repeated_report_changes_nothing_once_it_is_final(reports: list[Status], last: Status) -> None:
    status = _after(Status.SENT, [*reports, last])
    assert _after(status, [last]) == status


@given(st.lists(st.sampled_from([Status.SENT, Status.FAILED, Status.EXPIRED])))
def test_nothing_is_delivered_without_a_report_that_says_so(reports: list[Status]) -> None:
    assert Status.DELIVERED not in {_after(Status.SENT, reports), _after(Status.UNCERTAIN, reports)}


def test_a_persons_word_settles_what_is_in_doubt_or_takes_a_delivery_back() -> None:
    assert dict(SETTLED) == {
        "sent": ("uncertain", "sent"),
        "not-sent": ("uncertain", "queued"),
        "not-delivered": ("delivered", "failed"),
    }


@pytest.mark.parametrize("word", Word)
def test_a_persons_word_brings_only_what_may_follow(word: Word) -> None:
    before, after = SETTLED[word]
    assert after in MAY_FOLLOW[before]


@pytest.mark.parametrize(
    ("waited", "expected"),
    [(timedelta(days=7), False), (timedelta(days=7, microseconds=1), True), (timedelta(0), False)],
    ids=["exactly", "just-over", "at-once"],
)
def test_a_notification_is_given_up_only_after_the_whole_time(waited: timedelta, expected: bool) -> None:
    assert is_given_up(SENT_AT, SENT_AT + waited, timedelta(days=7)) is expected


def test_what_is_expired_by_inference_is_asked_about_for_35_days() -> None:
    assert ASKED_FOR / timedelta(days=1) == 35


def _after(status: Status, reports: list[Status]) -> Status:
    for reported in reports:
        status = after_report(status, reported) or status
    return status


def test_the_reason_of_an_expiry_by_inference_is_this() -> None:
    assert NO_REPORT == "no-report"
