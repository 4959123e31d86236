"""Twilio's list of messages holds what came in too: asked for as its documents want it, and told apart from ours."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from smsreminders.domain.round.inbound import Received
from smsreminders.domain.round.sending import Accepted
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway, Hears
from tests.gateways.benches.twilio import a_twilio
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_twilio import OURS, FakeTwilio
from tests.gateways.test_twilio_lookup import A, a_message, page
from tests.gateways.twilio_spec import check, check_answer

PHONE = "+31612345678"


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio(now=NOW) as server:
        yield server


@pytest.fixture
def twilio(fake: FakeTwilio) -> Gateway:
    return a_twilio(fake)


def heard(twilio: Gateway, since: datetime = NOW) -> list[Received]:
    assert isinstance(twilio, Hears)
    return [sms for page in twilio.inbox(since) for sms in page]


def test_the_list_is_asked_for_and_answered_as_the_specification_wants_it(fake: FakeTwilio, twilio: Gateway) -> None:
    fake.receives(PHONE, "STOP", at=NOW)
    heard(twilio)
    [seen] = fake.requests
    check(seen)
    check_answer(seen, *fake.answer(seen))
    assert seen.query == {"DateSent>": "2026-11-23T00:00:00Z", "PageSize": "80"}


def test_what_we_sent_is_nothing_that_came_in(fake: FakeTwilio, twilio: Gateway) -> None:
    for number in range(100):
        assert isinstance(twilio.send(an_sms(number)), Accepted)
        fake.report(an_sms(number).text, "delivered")
    fake.receives(PHONE, "STOP", at=NOW + timedelta(minutes=1))
    assert [(sms.phone, sms.to, sms.text) for sms in heard(twilio)] == [(PHONE, OURS, "STOP")]


def test_what_comes_in_is_no_report_of_what_we_sent(fake: FakeTwilio, twilio: Gateway) -> None:
    fake.receives(PHONE, an_sms().text, at=NOW)
    assert list(twilio.lookup([asked_about(an_sms())])) == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({}, datetime(2026, 11, 23, 8, tzinfo=UTC), id="created"),
        pytest.param({"date_created": "Mon, 23 Nov 2026 09:00:00 +0200"}, NOW - timedelta(hours=1), id="a zone"),
        pytest.param({"date_created": "Mon, 23 Nov 2026 09:00:00 -0000"}, NOW + timedelta(hours=1), id="no zone"),
        pytest.param(
            {"date_created": None, "date_sent": "Mon, 23 Nov 2026 09:00:00 +0000"}, NOW + timedelta(hours=1), id="sent"
        ),
        pytest.param({"date_created": "soon"}, NOW - timedelta(days=2), id="none that can be read: as of the question"),
    ],
)
def test_the_time_is_that_of_the_message_in_utc(
    more: dict[str, object], expected: datetime, fake: FakeTwilio, twilio: Gateway
) -> None:
    fake.fail_next(page(a_message(A, **{"direction": "inbound", "from": PHONE, **more})))
    [sms] = heard(twilio, NOW - timedelta(days=2))
    assert (sms.gateway_id, sms.received_at) == (A, expected)


def test_a_channel_that_is_no_phone_stays_as_it_is(fake: FakeTwilio, twilio: Gateway) -> None:
    fake.fail_next(page(a_message(direction="inbound", body=None, **{"from": "whatsapp:+31612345678"})))
    assert [(sms.phone, sms.text) for sms in heard(twilio)] == [("whatsapp:+31612345678", "")]


def test_a_list_that_does_not_go_on_is_told(fake: FakeTwilio, twilio: Gateway) -> None:
    following = f"{fake.path}.json?Page=1&PageToken=PA1"
    fake.fail_next(page(a_message(direction="inbound"), following=following), times=2)
    with pytest.raises(TryAgainLater):
        heard(twilio)
