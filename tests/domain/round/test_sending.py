"""What goes to a gateway and what comes back: every outcome of a send has its status."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from smsreminders.domain.round.notifications import MAY_FOLLOW, Status
from smsreminders.domain.round.sending import (
    AFTER_SEND,
    STOP_AFTER,
    Accepted,
    AccountName,
    DeliveryReport,
    Open,
    Outcome,
    Outgoing,
    Refused,
    Rejected,
    Unavailable,
    Uncertain,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        pytest.param(Accepted("G1"), Status.SENT, id="accepted"),
        pytest.param(Rejected("no such number"), Status.REJECTED, id="rejected"),
        pytest.param(Refused("no credit"), Status.QUEUED, id="refused"),
        pytest.param(Unavailable("429"), Status.QUEUED, id="unavailable"),
        pytest.param(Uncertain("timed out"), Status.UNCERTAIN, id="uncertain"),
    ],
)
def test_an_outcome_makes_a_status(outcome: Outcome, expected: Status) -> None:
    assert AFTER_SEND[type(outcome)] == expected


def test_every_outcome_has_its_status() -> None:
    assert set(AFTER_SEND) == set(get_args(Outcome))


@pytest.mark.parametrize("outcome", AFTER_SEND, ids=lambda outcome: outcome.__name__)
def test_every_outcome_makes_what_may_follow_sending(outcome: type[Outcome]) -> None:
    assert AFTER_SEND[outcome] in MAY_FOLLOW[Status.SENDING]


def test_only_what_is_certainly_not_sent_is_queued_again() -> None:
    queued = {outcome for outcome, status in AFTER_SEND.items() if status is Status.QUEUED}
    assert queued == {Refused, Unavailable}


def test_a_round_ends_at_once_where_the_account_is_refused_and_later_where_the_gateway_is_in_trouble() -> None:
    assert dict(STOP_AFTER) == {Refused: 1, Unavailable: 3, Uncertain: 5, Rejected: 10}


def test_what_a_gateway_does_not_say_is_none() -> None:
    said = [Accepted(), Rejected("no such number"), Unavailable("down"), DeliveryReport("R1", Status.SENT, "queued")]
    assert said == [
        Accepted(gateway_id=None, segments=None, price=None, note=""),
        Rejected("no such number", mark=None),
        Unavailable("down", retry_after=None),
        DeliveryReport(
            "R1", Status.SENT, "queued", gateway_id=None, reported_at=None, segments=None, price=None, mark=None
        ),
    ]


@pytest.mark.parametrize(
    "value",
    [
        Outgoing("R1", "+31612345678", "Tandarts", "Beste Jan", "GSM-7", NOW, NOW),
        Open("R1", "G1", "+31612345678", NOW, "Beste Jan"),
    ],
)
def test_neither_number_nor_text_stands_in_a_repr(value: object) -> None:
    assert not [secret for secret in ("12345678", "Jan") if secret in repr(value)]


def test_an_account_is_named_with_its_gateway() -> None:
    assert [str(AccountName("gammu")), str(AccountName("gammu", "modem"))] == ["gammu", "modem (gammu)"]
