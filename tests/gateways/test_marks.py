"""What a gateway's codes say of a number: only what is definite marks it, and only an SMS that certainly failed."""

import re
from collections.abc import Iterator
from json import dumps
from pathlib import Path
from typing import Any

import pytest

from smsreminders.domain.round.inbound import Mark
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Accepted, Rejected
from smsreminders.gateways import bird, infobip_marks, spryng, twilio
from tests.gateways.benches.bird import BirdBench
from tests.gateways.benches.cm import CmBench
from tests.gateways.benches.infobip import InfobipBench
from tests.gateways.benches.spryng import SpryngBench
from tests.gateways.benches.twilio import TwilioBench
from tests.gateways.contract import Bench, an_sms, asked_about
from tests.gateways.faults import Fault

PAGE = (Path(__file__).parents[2] / "docs" / "gateways.md").read_text(encoding="utf-8")
Code = int | str | None
TEMPORARY: dict[str, list[Code]] = {  # what a gateway says of a phone that is off, of a text, of the account
    "twilio": [None, 30001, 30003, 30007, 30008],
    "spryng": ["", "NetworkFailed", "MsisdnInvalid", "DisallowedContent", "senderIdInvalid"],
    "bird": ["unreachable", "blocked_by_carrier", "content_rejected", "unknown", None],
    "infobip": [0, 5, 6, 13, 27, 31, 255, 569, None],
}


@pytest.fixture(params=[TwilioBench, SpryngBench, BirdBench, InfobipBench], ids=list(TEMPORARY))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with request.param(tmp_path) as bench:
        yield bench


def fails(bench: Bench, code: Code) -> None:
    """Let the SMS that was taken fail for a reason of the gateway's own."""
    match bench:
        case TwilioBench(fake=fake):
            assert not isinstance(code, str)
            fake.report(an_sms().text, "undelivered", code)
        case SpryngBench(fake=fake):
            fake.report(an_sms().reference, "Failed", str(code))
        case BirdBench(fake=fake):
            fake.report(an_sms().reference, "undelivered", last_error={"code": code})
        case InfobipBench(fake=fake):
            fake.report(an_sms().reference, (2, 9, "UNDELIVERABLE_NOT_DELIVERED"), error={"id": code, "name": "EC_A"})


def mark_of_a_failure(bench: Bench, code: Code) -> Mark | None:
    gateway = bench.open()
    assert isinstance(gateway.send(an_sms()), Accepted)
    fails(bench, code)
    [report] = gateway.lookup([asked_about(an_sms())])
    assert report.status is Status.FAILED
    return report.mark


def marks_of(bench: Bench) -> dict[Any, Mark]:
    """The gateway's table, with its reasons as the gateway writes them."""
    match bench:
        case TwilioBench():
            return dict(twilio.MARKS)
        case SpryngBench():
            written = {"optedout": "OptedOut", "landlinenotallowed": "LandlineNotAllowed"}
            return {written[reason]: mark for reason, mark in spryng.MARKS.items()}
        case BirdBench():
            return dict(bird.MARKS)
    return dict(infobip_marks.MARKS)


def test_each_code_of_the_table_marks_the_number_of_an_sms_that_failed(bench: Bench) -> None:
    table = marks_of(bench)
    assert table
    for code, mark in table.items():
        with type(bench)(Path()) as another:
            assert mark_of_a_failure(another, code) is mark, code


def test_what_may_pass_marks_no_number(bench: Bench, request: pytest.FixtureRequest) -> None:
    for code in TEMPORARY[request.node.callspec.id]:
        with type(bench)(Path()) as another:
            assert mark_of_a_failure(another, code) is None, code


def test_an_sms_that_arrived_marks_no_number(bench: Bench) -> None:
    gateway = bench.open()
    assert isinstance(gateway.send(an_sms()), Accepted)
    match bench:
        case TwilioBench(fake=fake):
            fake.report(an_sms().text, "delivered", 30005)
        case SpryngBench(fake=fake):
            fake.report(an_sms().reference, "Delivered", "OptedOut")
        case BirdBench(fake=fake):
            fake.report(an_sms().reference, "delivered", last_error={"code": "invalid_destination"})
        case InfobipBench(fake=fake):
            fake.report(an_sms().reference, (3, 5, "DELIVERED_TO_HANDSET"), error={"id": 1, "name": "EC_A"})
    assert [report.mark for report in gateway.lookup([asked_about(an_sms())])] == [None]


@pytest.mark.parametrize(
    ("made", "status", "body", "expected"),
    [
        (TwilioBench, 400, {"code": 21610, "message": "unsubscribed"}, Rejected("error 21610", Mark.OPTED_OUT)),
        (TwilioBench, 400, {"code": 21614, "message": "no mobile"}, Rejected("error 21614", Mark.DEAD)),
        (TwilioBench, 400, {"code": 21617, "message": "too long"}, Rejected("error 21617")),
        (SpryngBench, 400, {"errors": [{"errorCode": "OptedOut"}]}, Rejected("OptedOut", Mark.OPTED_OUT)),
        (
            SpryngBench,
            400,
            {"errors": [{"errorCode": "landlineNotAllowed"}]},
            Rejected("landlineNotAllowed", Mark.DEAD),
        ),
        (SpryngBench, 400, {"errors": [{"errorCode": "msisdnInvalid"}]}, Rejected("msisdnInvalid")),
        (
            CmBench,
            400,
            {"errorCode": 402, "messages": []},
            Rejected("the number is on a blacklist of cm (402)", Mark.OPTED_OUT),
        ),
    ],
)
def test_a_refusal_at_once_marks_the_number(
    made: type[Bench], status: int, body: object, expected: Rejected, tmp_path: Path
) -> None:
    with made(tmp_path) as bench:
        bench.server.fail_next(Fault(status, dumps(body).encode()))
        assert bench.open().send(an_sms()) == expected


@pytest.mark.parametrize("number", infobip_marks.REJECTED)
def test_infobip_marks_a_number_that_it_rejects_at_once_or_in_its_logs(number: int, tmp_path: Path) -> None:
    expected = infobip_marks.REJECTED[number]
    with InfobipBench(tmp_path) as bench:
        gateway = bench.open()
        bench.fake.reject_next(number, "REJECTED_SO")
        assert gateway.send(an_sms()) == Rejected(f"REJECTED_SO {number}", expected)
        bench.fake.reject_next(26, "PENDING")
        bench.fake.report(an_sms().reference, (5, number, "REJECTED_SO"))
        assert [report.mark for report in gateway.lookup([asked_about(an_sms())])] == [expected]


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("twilio", twilio.MARKS),
        ("spryng", {"OptedOut": Mark.OPTED_OUT, "LandlineNotAllowed": Mark.DEAD}),
        ("cm", {402: Mark.OPTED_OUT}),
        ("bird", bird.MARKS),
        ("infobip", {**infobip_marks.MARKS, **infobip_marks.REJECTED}),
        ("seven", {}),
        ("smsgate", {}),
        ("gammu", {}),
    ],
)
def test_the_page_has_every_code_in_its_column(name: str, marks: dict[Any, Mark]) -> None:
    [table] = re.findall(r"^\| name \| opted out .*\n\| --- .*\n((?:\| .*\n)+)", PAGE, re.MULTILINE)
    [cells] = re.findall(rf"^\| `{name}` \| (.*) \|$", table, re.MULTILINE)
    opted_out, dead, _ = cells.split(" | ")
    for column, mark in ((opted_out, Mark.OPTED_OUT), (dead, Mark.DEAD)):
        told = re.findall(r"\b[0-9]+\b|\b[A-Za-z]+_[a-z_]+\b|OptedOut|LandlineNotAllowed", column)
        assert sorted(told) == sorted(str(code) for code in marks if marks[code] is mark)
