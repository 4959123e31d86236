"""CM.com's transactions: by date to spare requests, by reference as proof, and its words in ours."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from json import dumps
from typing import Any

import pytest

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport, Open
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.base import Gateway
from smsreminders.gateways.cm import NUMBERS, WORDS
from tests.gateways.benches.cm import a_cm
from tests.gateways.cm_spec import check, specification, specification_with_the_portals_samples
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_cm import FakeCm
from tests.gateways.faults import Fault

MANY = 30


@pytest.fixture
def fake() -> Iterator[FakeCm]:
    with FakeCm(now=NOW) as server:
        yield server


@pytest.fixture
def cm(fake: FakeCm) -> Gateway:
    return a_cm(fake)


def reports(cm: Gateway, *asked: Open) -> list[DeliveryReport]:
    return list(cm.lookup(asked))


def many(cm: Gateway, count: int = MANY) -> list[Open]:
    """Send texts, and give the notifications that are asked about."""
    for number in range(count):
        cm.send(an_sms(number))
    return [asked_about(an_sms(number)) for number in range(count)]


def gets(fake: FakeCm) -> list[dict[str, str]]:
    return [request.query for request in fake.requests if request.method == "GET"]


def page(*rows: object, number: object = 1, pages: object = 1, status: object = 1, message: str = "Ok") -> Fault:
    pagination = {"currentPage": number, "totalPages": pages, "pageSize": 1000}
    body = {"status": status, "message": message, "pagination": pagination, "result": rows}
    return Fault(200, dumps(body).encode())


def row(**fields: object) -> dict[str, object]:
    whole = {"recipient": "0031612345678", "message": an_sms().text, "reference": an_sms().reference}
    return {**whole, "errordescription": "", "status": 20, "statusdescription": "Delivered", **fields}


def test_a_few_are_asked_for_one_by_one_as_the_documents_want_it(fake: FakeCm, cm: Gateway) -> None:
    assert reports(cm, asked_about(an_sms(1)), replace(asked_about(an_sms(2)), sent_at=NOW + timedelta(hours=3))) == []
    known = {parameter["name"] for parameter in specification()["paths"]["/v1.2/transactions/"]["get"]["parameters"]}
    for seen, hour, number in zip(fake.requests, ("08", "11"), (1, 2), strict=True):
        check(seen)
        assert seen.query.keys() <= known
        assert seen.query["startdate"] == f"2026-11-22T{hour}:00:00Z"
        assert seen.query["enddate"] == f"2026-11-28T{hour}:00:00Z"  # as long as it is counted on, and two days
        assert seen.query["reference"] == an_sms(number).reference


def test_many_are_asked_for_by_date_in_one_request(fake: FakeCm, cm: Gateway) -> None:
    asked = many(cm)
    assert [report.reference for report in reports(cm, *asked)] == [sms.reference for sms in asked]
    [by_date] = [request for request in fake.requests if request.method == "GET"]
    check(by_date)
    assert by_date.query == {"startdate": "2026-11-22T08:00:00Z", "enddate": "2026-11-24T08:00:00Z"}


@pytest.mark.parametrize("size", [1, 2, 7, 29])
def test_a_time_of_more_than_one_page_is_halved_until_each_fits(size: int, fake: FakeCm, cm: Gateway) -> None:
    asked = many(cm)
    fake.page_size = size
    assert [report.reference for report in reports(cm, *asked)] == [sms.reference for sms in asked]
    by_date = [get for get in gets(fake) if "reference" not in get]
    assert 2 < len(by_date) <= 100


def test_a_time_of_more_than_one_page_is_cut_by_when_those_were_sent_that_are_asked_for(
    fake: FakeCm, cm: Gateway
) -> None:
    asked = [replace(one, sent_at=NOW + timedelta(seconds=number)) for number, one in enumerate(many(cm))]
    fake.page_size = MANY // 3
    assert [report.reference for report in reports(cm, *asked)] == [sms.reference for sms in asked]
    assert len(gets(fake)) == 1 + 4


def test_more_than_fit_on_a_page_are_asked_for_in_as_many_periods_from_the_start(fake: FakeCm, cm: Gateway) -> None:
    asked = [replace(asked_about(an_sms(number)), sent_at=NOW + timedelta(seconds=number)) for number in range(1901)]
    fake.fail_next(page(), times=3, method="GET")
    fake.fail_next("401", method="GET")
    with pytest.raises(AdministratorNeeded):
        reports(cm, *asked)
    periods = sorted((request["startdate"], request["enddate"]) for request in gets(fake)[:3])
    assert periods == [
        ("2026-11-22T08:00:00Z", "2026-11-23T08:10:34Z"),
        ("2026-11-23T08:10:33Z", "2026-11-23T08:21:08Z"),
        ("2026-11-23T08:21:07Z", "2026-11-24T08:31:40Z"),
    ]
    assert "reference" in gets(fake)[3]


def test_more_than_a_page_within_a_second_is_asked_for_by_reference(fake: FakeCm, cm: Gateway) -> None:
    asked = many(cm, 12)
    fake.fail_next(page(row(), pages=2), times=100, method="GET")
    assert [report.reference for report in reports(cm, *asked)] == [sms.reference for sms in asked]
    assert [request.get("reference") for request in gets(fake)[100:]] == [
        notification.reference for notification in asked
    ]


@pytest.mark.parametrize("fault", [page(row(), pages="2"), Fault(400, b"{}"), Fault(200, b"[]")])
def test_a_list_by_date_that_is_none_is_made_up_for_by_reference(fault: Fault, fake: FakeCm, cm: Gateway) -> None:
    asked = many(cm, 12)
    fake.fail_next(fault, method="GET")
    assert len(reports(cm, *asked)) == 12
    assert len(gets(fake)) == 13


def test_what_the_dates_do_not_show_is_asked_for_by_its_reference(fake: FakeCm, cm: Gateway) -> None:
    asked = many(cm)
    never = asked_about(an_sms(99))
    assert len(reports(cm, *asked, never)) == MANY
    assert [get["reference"] for get in gets(fake) if "reference" in get] == [never.reference]


def test_a_gateway_that_is_gone_proves_nothing(fake: FakeCm, cm: Gateway) -> None:
    asked = many(cm)
    fake.fail_next("504", times=2, method="GET")
    with pytest.raises(TryAgainLater):
        reports(cm, *asked)
    fake.fail_next("401", method="GET")
    with pytest.raises(AdministratorNeeded):
        reports(cm, *asked)


@pytest.mark.parametrize(
    "answer",
    [
        *[page(number=2), page(number=None), page(pages=2), page(pages="1"), page(status=0), page("text"), page(None)],
        *[Fault(200, b'{"status":1,"message":"Ok"}'), Fault(200, b'{"status":1,"message":"Ok","result":[]}')],
        *[Fault(200, b'{"status":1,"result":{}}'), Fault(200, b"null"), Fault(202, b"{}"), Fault(404, b"{}")],
        Fault(200, b'{"status":0,"message":"There are no transactions available with these parameters"}'),
        Fault(200, b'{"status":1,"message":"There are no transactions available","result":["text"]}'),
    ],
)
def test_a_list_that_is_none_proves_nothing(answer: Fault, fake: FakeCm, cm: Gateway) -> None:
    fake.fail_next(answer)
    with pytest.raises(TryAgainLater):
        reports(cm, asked_about(an_sms()))


@pytest.mark.parametrize("result", ["", ',"result":[]', ',"result":null'])
def test_that_there_are_none_is_said_in_words(result: str, fake: FakeCm, cm: Gateway) -> None:
    words = "There are no transactions available with these parameters"
    fake.fail_next(Fault(200, f'{{"status":1,"message":"{words}"{result}}}'.encode()))
    fake.fail_next(page())
    assert reports(cm, asked_about(an_sms(1)), asked_about(an_sms(2))) == []


def test_a_row_without_a_reference_is_known_by_number_and_text(fake: FakeCm, cm: Gateway) -> None:
    asked = many(cm)
    fake.names_references = False
    assert [report.reference for report in reports(cm, *asked)] == [sms.reference for sms in asked]
    fake.fail_next(page(row(reference=None, recipient="+31 6 12345678", message=None)))
    assert len(reports(cm, asked_about(an_sms()))) == 1


@pytest.mark.parametrize(
    "other", [{"recipient": "0031687654321"}, {"message": "Something else"}, {"message": 1}, {"recipient": None}]
)
def test_a_filter_that_is_not_heeded_proves_nothing(other: dict[str, object], fake: FakeCm, cm: Gateway) -> None:
    fake.fail_next(page(row(reference="", **other)))
    with pytest.raises(TryAgainLater, match="other messages"):
        reports(cm, asked_about(an_sms()))


@pytest.mark.parametrize("named", ["0" * 32, 1, [], {}])
def test_a_row_of_another_reference_is_left_out(named: object, fake: FakeCm, cm: Gateway) -> None:
    fake.fail_next(page(row(reference=named)))
    assert reports(cm, asked_about(an_sms())) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(20, "Delivered"), (20, "Delivered")], Status.DELIVERED),
        ([(20, "Delivered"), (37, "Accepted")], Status.SENT),
        ([(98, "Teleported"), (20, "Delivered")], None),
        ([(20, "Delivered"), (21, "Failed"), (98, "Teleported")], Status.FAILED),
    ],
)
def test_of_several_rows_with_one_reference_the_worst_counts(
    rows: list[tuple[int, str]], expected: Status | None, fake: FakeCm, cm: Gateway
) -> None:
    fake.fail_next(
        page(*(row(status=number, statusdescription=word, price=1, currency="EUR") for number, word in rows))
    )
    [report] = reports(cm, asked_about(an_sms()))
    assert (report.status, report.price) == (expected, None)


@pytest.mark.parametrize(
    ("number", "word", "expected"),
    [
        (20, "Delivered", Status.DELIVERED),
        ("20", "DELIVERED", Status.DELIVERED),
        (20, "", None),
        (20, "Failed", None),
        (21, "Delivered", None),
        (98, "Delivered", None),
        (None, "Delivered", None),
        (19, "Sent", Status.SENT),
        (37, "Accepted", Status.SENT),
        (37, None, Status.SENT),
        (98, "Accepted", Status.SENT),
        (20, "Accepted", None),
        (21, "Failed", Status.FAILED),
        (22, "Failed", Status.FAILED),
        (40, "Rejected", Status.FAILED),
        (40, "Cancelled", Status.FAILED),
        (98, "Failed", None),
        (98, "Teleported", None),
        (True, "Teleported", None),
        (None, None, None),
    ],
)
def test_number_and_word_together_are_our_status(
    number: object, word: object, expected: Status | None, fake: FakeCm, cm: Gateway
) -> None:
    fake.fail_next(page(row(status=number, statusdescription=word)))
    [report] = reports(cm, asked_about(an_sms()))
    assert report.status is expected


def test_every_word_of_the_documents_has_a_status() -> None:
    assert {"cancelled", "accepted", "rejected", "sent", "failed", "delivered"} == WORDS.keys()
    assert set(NUMBERS.values()) == set(WORDS.values()) == {Status.SENT, Status.DELIVERED, Status.FAILED}


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.0750", '"EUR"', "0.0750 EUR"),
        ("1", '"EUR"', "1 EUR"),
        ('"0.08"', '"EUR"', "0.08 EUR"),
        *[(amount, '"EUR"', None) for amount in ("null", "true", "-1", "1e9", "1E-99999999", '"much"', "[]")],
        *[("0.0750", currency, None) for currency in ("null", "1", '"euro"', '"\\u001b[2"')],
    ],
)
def test_the_price_is_kept_as_it_is_written(
    amount: str, currency: str, expected: str | None, fake: FakeCm, cm: Gateway
) -> None:
    whole = page(row(price="AMOUNT", currency="CURRENCY")).body
    fake.fail_next(Fault(200, whole.replace(b'"AMOUNT"', amount.encode()).replace(b'"CURRENCY"', currency.encode())))
    [report] = reports(cm, asked_about(an_sms()))
    assert report.price == expected


def test_what_is_shown_is_kept_without_what_could_be_a_number(fake: FakeCm, cm: Gateway) -> None:
    fake.fail_next(page(row(status=21, statusdescription="Failed", errordescription="0031612345678 is absent")))
    fake.fail_next(page(row(status=[], statusdescription="\x1b[2J", errordescription=None)))
    assert reports(cm, asked_about(an_sms())) == [
        DeliveryReport(an_sms().reference, Status.FAILED, "21/Failed/••• is absent")
    ]
    assert reports(cm, asked_about(an_sms())) == [DeliveryReport(an_sms().reference, None, "")]


@pytest.mark.parametrize("specified", [specification, specification_with_the_portals_samples])
def test_the_sample_is_read_as_what_it_says(specified: Callable[[], dict[str, Any]], fake: FakeCm, cm: Gateway) -> None:
    answer = specified()["paths"]["/v1.2/transactions/"]["get"]["responses"]["200"]["content"]["application/json"]
    sample = answer["examples"]["delivered"]["value"]
    fake.fail_next(Fault(200, dumps(sample).encode()))
    [shown] = sample["result"]
    [report] = reports(cm, Open("0" * 32, None, "+" + shown["recipient"][2:], NOW, shown["message"]))
    assert (report.status, report.raw) == (Status.DELIVERED, "20/Delivered")
