"""The contract of every gateway that hears: what came in is told page by page, and again under the same id."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from json import dumps
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsreminders.domain.round.inbound import OptedOut, Received
from smsreminders.errors import AdministratorNeeded, SmsremindersError, TryAgainLater
from smsreminders.gateways.base import Gateway, Hears, KnowsOptOuts
from smsreminders.gateways.by_name import features_of, names
from tests.gateways.contract import NOW, HearingBench, bench_of, hearing
from tests.gateways.faults import Fault

TEXTS = ("STOP", "ik kan niet 😀\nGroet, Jan de Vries", "[x] {y} €", " ", "x" * 1500)
PHONE, OTHER = "+31612345678", "+31687654321"
FIELDS = ["from", "to", "text", "cleanText", "body", "content", "msisdn", "originator", "submittedAt", "created_at"]
FIELDS += ["date_created", "date_sent", "receivedAt", "timestamp", "value", "destination", "effective_at"]
VALUES: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9) | st.just({})
)
VALUES |= st.sampled_from(["inbound", "+31612345678", "2026-11-23T08:00:00Z", "0001-01-01T00:00:00+14:00", "Mon, 0"])
IDS = {"id": st.text("0123456789", min_size=1), "messageId": st.just("m1"), "sid": st.just("SM" + "a" * 32)}
ROW = st.fixed_dictionaries({**IDS, "direction": st.just("inbound")}, optional=dict.fromkeys(FIELDS, VALUES))
ROWS: st.SearchStrategy[object] = st.lists(ROW, max_size=3) | st.lists(ROW | VALUES, max_size=2)
COUNTS = {"totalPages": st.just(1), "currentPage": st.just(1), "next_cursor": st.none(), "next_page_uri": st.none()}
LISTS = {"messages": ROWS, "optOuts": ROWS, "data": ROWS, "results": ROWS, "pendingMessageCount": st.just(0)}
ANSWERS = (
    ROWS
    | st.fixed_dictionaries({**LISTS, **COUNTS})
    | st.fixed_dictionaries({"data": st.fixed_dictionaries({**LISTS, **COUNTS})})
)
OPTING = [name for name in names() if features_of(name).knows_opt_outs]


@pytest.fixture(params=hearing())
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HearingBench]:
    with hearing()[request.param](tmp_path) as bench:
        yield bench


@pytest.fixture(params=hearing(over_http=True))
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HearingBench]:
    with hearing()[request.param](tmp_path) as bench:
        yield bench


@pytest.fixture(params=OPTING)
def opting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HearingBench]:
    with hearing()[request.param](tmp_path) as bench:
        yield bench


def heard(gateway: Gateway) -> list[Received]:
    assert isinstance(gateway, Hears)
    return [sms for page in gateway.inbox(NOW) for sms in page]


def opted_out(gateway: Gateway) -> list[OptedOut]:
    assert isinstance(gateway, KnowsOptOuts)
    return [number for page in gateway.opt_outs(NOW) for number in page]


def fails(bench: HearingBench, fault: str, error: type[Exception], *, timeout: float = 10.0, to: str = "") -> list[str]:
    """Expect an error of the inbox, and of the opt-outs where there are any, which shows nothing of anybody."""
    gateway, told = bench.open(timeout=timeout), []
    for ask in (heard, opted_out) if isinstance(gateway, KnowsOptOuts) else (heard,):
        bench.server.fail_next(fault, headers={"Location": to} if to else None)
        with pytest.raises(error) as raised:
            ask(gateway)
        one: BaseException | None = raised.value
        while one is not None:
            assert not [part for part in (bench.hidden, PHONE[3:], TEXTS[0], "?") if part in f"{one!r} {one}"]
            one = one.__cause__ or one.__context__
        told.append(str(raised.value))
    return told


@pytest.mark.parametrize("name", names())
def test_a_gateway_hears_that_says_so_and_no_other(name: str, tmp_path: Path) -> None:
    with bench_of(name)(tmp_path) as bench:
        gateway, features = bench.open(), features_of(name)
    assert (isinstance(gateway, Hears), isinstance(gateway, KnowsOptOuts)) == (features.hears, features.knows_opt_outs)


def test_what_came_in_is_told_with_its_number_its_text_and_its_time(bench: HearingBench) -> None:
    for minute, text in enumerate(TEXTS):
        bench.receives(OTHER if minute else PHONE, text, at=NOW + timedelta(minutes=minute))
    told = sorted(heard(bench.open()), key=lambda sms: sms.received_at)
    assert [(sms.phone, sms.text) for sms in told] == [(OTHER if n else PHONE, text) for n, text in enumerate(TEXTS)]
    assert [sms.received_at for sms in told] == [NOW + timedelta(minutes=minute) for minute in range(len(TEXTS))]
    assert len({sms.gateway_id for sms in told}) == len(TEXTS)


def test_what_is_told_again_has_the_same_id(bench: HearingBench) -> None:
    gateway = bench.open()
    for text in TEXTS:
        bench.receives(PHONE, text, at=NOW)
    first, second = heard(gateway), heard(gateway)
    assert sorted(first, key=str) == sorted(second if bench.reads_again else first, key=str)
    assert bench.reads_again or second == []
    bench.receives(OTHER, "een uur later", at=NOW + timedelta(hours=1))
    assert len({sms.gateway_id for sms in [*first, *second, *heard(gateway)]}) == len(TEXTS) + 1


def test_what_came_in_long_before_is_not_asked_for(bench: HearingBench) -> None:
    bench.receives(PHONE, "of last week", at=NOW - timedelta(days=7))
    bench.receives(PHONE, "of today", at=NOW)
    assert [sms.text for sms in heard(bench.open()) if bench.reads_again or "today" in sms.text] == ["of today"]


def test_what_comes_late_into_a_list_or_in_any_order_is_told_by_the_next_question(bench: HearingBench) -> None:
    gateway = bench.open()
    for minutes in (50, 10, 30):
        bench.receives(PHONE, f"{minutes}", at=NOW + timedelta(minutes=minutes))
    told = {sms.gateway_id: sms.text for sms in heard(gateway)}
    assert sorted(told.values()) == ["10", "30", "50"]
    bench.receives(OTHER, "20, late", at=NOW + timedelta(minutes=20))
    again = {sms.gateway_id: sms.text for sms in heard(gateway)}
    assert sorted((told | again).values()) == ["10", "20, late", "30", "50"]


def test_nothing_of_what_came_in_is_logged(bench: HearingBench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench.receives(PHONE, "STOP", at=NOW)
    assert [sms.text for sms in heard(bench.open())] == ["STOP"]
    assert not [part for part in (PHONE[3:], "STOP", bench.hidden) if part in caplog.text]


def test_nothing_is_asked_before_a_page_is_wanted(remote: HearingBench) -> None:
    gateway = remote.open()
    assert isinstance(gateway, Hears)
    gateway.inbox(NOW)
    assert remote.server.requests == []


def test_a_page_is_asked_for_when_the_one_before_is_dealt_with(remote: HearingBench) -> None:
    for number in range(120):
        remote.receives(PHONE, f"answer {number}", at=NOW + timedelta(seconds=number))
    gateway = remote.open()
    assert isinstance(gateway, Hears)
    texts = []
    for count, page in enumerate(gateway.inbox(NOW), 1):
        assert len(remote.server.requests) == count
        texts += [sms.text for sms in page]
    assert sorted(texts) == sorted(f"answer {number}" for number in range(120))
    assert {request.method for request in remote.server.requests} == {"GET"}


@pytest.mark.parametrize("fault", ["502-html", "drop-after", "cut", "html", "list", "nan"])
def test_a_broken_answer_is_told_and_asked_for_again(remote: HearingBench, fault: str) -> None:
    fails(remote, fault, TryAgainLater)
    remote.receives(PHONE, "STOP", at=NOW)
    fails(remote, "drop-before", TryAgainLater)
    assert [sms.text for sms in heard(remote.open())] == ["STOP"]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_stands_in_an_answer_is_told_or_left_out_and_never_a_crash(
    remote: HearingBench, data: st.DataObject
) -> None:
    gateway = remote.open()
    for ask in (heard, opted_out) if isinstance(gateway, KnowsOptOuts) else (heard,):
        remote.server.fail_next(Fault(200, dumps(data.draw(ANSWERS)).encode()))
        with suppress(SmsremindersError):
            assert all(told.phone.isprintable() for told in ask(gateway))


@pytest.mark.parametrize("status", ["401", "401-html", "402", "403"])
def test_a_list_that_is_refused_needs_the_administrator(remote: HearingBench, status: str) -> None:
    told = fails(remote, status, AdministratorNeeded)
    named = ["its list of the SMS that came in", "its list of the numbers that opted out"]
    assert [name in line for name, line in zip(named, told, strict=False)] == [status == "403"] * len(told)


def test_a_redirect_is_never_followed(remote: HearingBench, tmp_path: Path) -> None:
    with type(remote)(tmp_path / "other") as other:
        fails(remote, "302", TryAgainLater, to=f"{other.server.url}/v2/inbox?from={PHONE}")
        assert other.server.requests == []


def test_an_answer_that_does_not_end_ends_at_the_deadline(remote: HearingBench) -> None:
    fails(remote, "trickle-body", TryAgainLater, timeout=0.2)


def test_who_opted_out_is_told_with_the_time(opting: HearingBench) -> None:
    opting.opts_out("+31600000000", at=NOW - timedelta(days=30))
    for number in range(120):
        opting.opts_out(f"+31612340{number:03}", at=NOW + timedelta(seconds=number))
    told = {number.phone: number.since for number in opted_out(opting.open())}
    assert told == {f"+31612340{number:03}": NOW + timedelta(seconds=number) for number in range(120)}
