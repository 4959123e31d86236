"""Twilio knows no reference of ours: what has no id is found among what its number got, by text and time."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from smsreminders.gateways.base import Gateway
from tests.gateways.benches.twilio import a_twilio
from tests.gateways.contract import NOW, TEXT, an_sms, asked_about
from tests.gateways.fake_twilio import FakeTwilio
from tests.gateways.test_twilio_lookup import A, B, a_message, page, reports, sent


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio(now=NOW) as server:
        yield server


@pytest.fixture
def twilio(fake: FakeTwilio) -> Gateway:
    return a_twilio(fake)


def test_a_number_is_asked_for_once(fake: FakeTwilio, twilio: Gateway) -> None:
    other = replace(asked_about(an_sms(3)), phone="+31687654321")
    reports(twilio, asked_about(an_sms(1)), asked_about(an_sms(2)), other)
    assert [request.query["To"] for request in fake.requests] == ["+31612345678", "+31687654321"]


def test_what_a_number_got_is_ours_by_text_and_time(fake: FakeTwilio, twilio: Gateway) -> None:
    others = [
        a_message(B, body="Another text"),
        a_message(B, body=f"{TEXT}!"),
        a_message(B, body=TEXT.upper()),
        a_message(B, date_created="Sun, 22 Nov 2026 07:59:59 +0000"),
        a_message(B, direction="inbound"),
        a_message(B, direction="outbound-reply"),
        a_message(B, to="+31687654321"),
    ]
    for other in others:
        fake.fail_next(page(other))
        assert reports(twilio, asked_about(an_sms())) == [], other


@pytest.mark.parametrize(
    "more",
    [
        {"date_created": "Sun, 22 Nov 2026 08:00:00 +0000"},  # our clock may be ahead, be it by hours
        {"date_created": "Sun, 22 Nov 2026 08:00:00 -0000"},
        {"date_created": "Sun, 22 Nov 2026 10:00:00 +0200"},
        {"date_created": "Tue, 24 Nov 2026 23:00:00 +0000"},
        *[{"date_created": None}, {"date_created": "soon"}, {"date_created": "Mon, 23 Nov 99999 08:00:00 +0000"}],
        *[{"body": None}, {"body": ""}, {"body": "***"}, {"body": f"Sent from your Twilio trial account - {TEXT}"}],
        *[{"body": f"{TEXT}\n"}, {"body": TEXT.replace(" ", "  ")}, {"body": TEXT.replace(" ", "\u00a0")}],
        *[{"to": "+316123XXXX"}, {"to": None}, {"to": "0031612345678"[2:]}, {"direction": None}],
    ],
)
def test_what_may_be_ours_is_no_absence(more: dict[str, object], fake: FakeTwilio, twilio: Gateway) -> None:
    fake.fail_next(page(a_message() | more))
    [report] = reports(twilio, asked_about(an_sms()))
    assert (report.reference, report.gateway_id) == (an_sms().reference, A)


def test_a_message_that_another_notification_has_is_not_offered(twilio: Gateway) -> None:
    first = sent(twilio, 1, text=TEXT)
    known, lost = asked_about(an_sms(1), first), asked_about(an_sms(2, text=TEXT))
    assert [report.reference for report in reports(twilio, known, lost)] == [known.reference]
    second = sent(twilio, 2, text=TEXT)
    assert [(report.reference, report.gateway_id) for report in reports(twilio, known, lost)] == [
        (known.reference, first),
        (lost.reference, second),
    ]


def test_one_message_that_may_be_either_is_offered_to_both(twilio: Gateway) -> None:
    sid = sent(twilio, 1, text=TEXT)
    reported = reports(twilio, asked_about(an_sms(1, text=TEXT)), asked_about(an_sms(2, text=TEXT)))
    assert [(report.reference, report.gateway_id) for report in reported] == [
        (an_sms(1).reference, sid),
        (an_sms(2).reference, sid),
    ]


def test_of_several_messages_the_nearest_in_time_is_offered_first(fake: FakeTwilio, twilio: Gateway) -> None:
    unknown = "SM" + "c" * 32
    fake.fail_next(
        page(
            a_message(unknown, date_created=None),
            a_message(A, date_created="Mon, 23 Nov 2026 08:10:00 +0000"),
            a_message(B, date_created="Mon, 23 Nov 2026 07:58:00 +0000"),
        )
    )
    assert [report.gateway_id for report in reports(twilio, asked_about(an_sms()))] == [B, A, unknown]
