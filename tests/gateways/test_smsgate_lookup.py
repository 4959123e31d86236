"""SMS Gate's list of messages: every page or nothing, by our id and never by number, its words in ours."""

from collections.abc import Iterator
from json import dumps

import pytest

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Accepted, DeliveryReport, Open
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway
from smsreminders.gateways.smsgate import STATUSES
from tests.gateways.benches.smsgate import an_smsgate
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_smsgate import FakeSmsGate
from tests.gateways.faults import Fault
from tests.gateways.smsgate_spec import check, states


@pytest.fixture
def fake() -> Iterator[FakeSmsGate]:
    with FakeSmsGate(now=NOW) as server:
        yield server


@pytest.fixture
def smsgate(fake: FakeSmsGate) -> Gateway:
    return an_smsgate(fake)


def reports(smsgate: Gateway, *asked: Open) -> list[DeliveryReport]:
    return list(smsgate.lookup(asked))


def test_it_is_asked_as_the_specification_wants_it(fake: FakeSmsGate, smsgate: Gateway) -> None:
    smsgate.send(an_sms(1))
    reports(smsgate, asked_about(an_sms(1)), asked_about(an_sms(2)))
    _, *pages, by_id = fake.requests
    for seen in (*pages, by_id):
        check(seen)
    assert [request.query for request in pages] == [
        {"from": "2026-11-22T08:00:00Z", "limit": "100", "offset": offset} for offset in ("0", "1")
    ]
    assert by_id.path.endswith(f"/messages/{an_sms(2).reference}")


def test_every_state_of_the_specification_has_a_meaning() -> None:
    assert states() <= {state for state, _ in STATUSES}


@pytest.mark.parametrize(
    ("state", "error", "status", "raw"),
    [
        ("Pending", None, Status.SENT, "Pending"),
        ("Processed", None, Status.SENT, "Processed"),
        ("Sent", None, Status.SENT, "Sent"),
        ("Cancelling", None, Status.SENT, "Cancelling"),
        ("Delivered", None, Status.DELIVERED, "Delivered"),
        ("Failed", "RESULT_ERROR_NO_SERVICE", Status.FAILED, "Failed/RESULT_ERROR_NO_SERVICE"),
        ("Failed", "TTL expired", Status.EXPIRED, "Failed/TTL expired"),
        ("Failed", None, Status.FAILED, "Failed"),
        ("Cancelled", None, Status.FAILED, "Cancelled"),
        ("Teleported", None, None, "Teleported"),
        ("Failed", "no way to +31612345678", Status.FAILED, "Failed/no way to +•••"),
    ],
)
def test_each_state_has_its_status_and_is_kept_raw(
    fake: FakeSmsGate, smsgate: Gateway, state: str, error: str | None, status: Status | None, raw: str
) -> None:
    smsgate.send(an_sms())
    fake.report(an_sms().reference, state, error)
    [report] = reports(smsgate, asked_about(an_sms()))
    assert (report.status, report.raw, report.gateway_id) == (status, raw, None)
    assert report.reported_at == "2026-11-23T08:00:00Z"


def test_all_pages_are_read_however_long_they_are(fake: FakeSmsGate, smsgate: Gateway) -> None:
    fake.most = 7
    messages = [an_sms(number) for number in range(20)]
    assert {smsgate.send(sms) for sms in messages} == {Accepted()}
    reported = reports(smsgate, *(asked_about(sms) for sms in messages))
    assert sorted(report.reference for report in reported) == sorted(sms.reference for sms in messages)
    assert [request.query["offset"] for request in fake.requests if request.method == "GET"] == ["0", "7", "14", "20"]


def test_a_list_that_does_not_move_proves_nothing(fake: FakeSmsGate, smsgate: Gateway) -> None:
    fake.overlooks_offset = True
    smsgate.send(an_sms())
    with pytest.raises(TryAgainLater, match="repeats a page"):
        reports(smsgate, asked_about(an_sms(2)))


def test_what_no_page_shows_is_asked_for_by_its_id(fake: FakeSmsGate, smsgate: Gateway) -> None:
    smsgate.send(an_sms())
    fake.fail_next(Fault(200, b"[]"), method="GET")
    assert [report.reference for report in reports(smsgate, asked_about(an_sms()))] == [an_sms().reference]


def test_only_a_404_of_its_id_means_never_taken(fake: FakeSmsGate, smsgate: Gateway) -> None:
    assert reports(smsgate, asked_about(an_sms())) == []
    for answer in (b"[]", b'{"id":"another"}', b"null"):
        fake.fail_next(Fault(200, b"[]"), method="GET")
        fake.fail_next(Fault(200, answer), method="GET")
        with pytest.raises(TryAgainLater):
            reports(smsgate, asked_about(an_sms()))


@pytest.mark.parametrize("page", [{}, [{}], [{"id": 7}], ["id"], [{"id": "a"}, None]])
def test_a_page_that_can_not_be_understood_proves_nothing(fake: FakeSmsGate, smsgate: Gateway, page: object) -> None:
    fake.fail_next(Fault(200, dumps(page).encode()), method="GET")
    with pytest.raises(TryAgainLater, match="can't be understood"):
        reports(smsgate, asked_about(an_sms()))
