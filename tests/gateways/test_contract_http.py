"""The contract of a gateway over HTTP: each way in which a request can fail has the one outcome that is safe."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest

from smsreminders.domain.round.sending import Accepted, Outcome, Refused, Rejected, Unavailable, Uncertain
from smsreminders.errors import AdministratorNeeded, ConfigError, TryAgainLater
from smsreminders.gateways.base import Gateway
from tests.gateways.contract import TEXT, Bench, an_sms, asked_about, bench_of, benches

BROKEN = ["500", "502-html", "503", "504", "drop-before", "drop-after", "reset-after", "cut", "html", "empty", "list"]
BROKEN += ["number", "nan", "deep", "not-utf8"]
WAITS: dict[str, float | None] = {"0": 0.0, "7": 7.0, "60": 60.0, "3600": 60.0, "9" * 400: 60.0}
WAITS |= dict.fromkeys(["", "-5", "1e9", "soon"])  # nothing that can be obeyed: as long as this gateway wants


@pytest.fixture(params=benches(over_http=True))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with bench_of(request.param)(tmp_path) as bench:
        yield bench


def send(bench: Bench, gateway: Gateway) -> Outcome:
    """Send one; whatever comes of it shows neither the secret nor the number nor the text."""
    outcome = gateway.send(an_sms())
    assert_discreet(bench, f"{outcome!r} {outcome} {gateway!r}")
    return outcome


def lookup_fails(bench: Bench, gateway: Gateway, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        list(gateway.lookup([asked_about(an_sms())]))
    assert raised.type is error
    one: BaseException | None = raised.value
    while one is not None:
        assert_discreet(bench, f"{one!r} {one}")
        one = one.__cause__ or one.__context__


def assert_discreet(bench: Bench, shown: str) -> None:
    assert not [one for one in (bench.hidden, an_sms().phone[3:], an_sms().reference, TEXT, "?") if one in shown]


def test_a_refused_connection_is_unavailable(bench: Bench) -> None:
    gateway = bench.open()
    with bench.server.refusing():
        assert isinstance(send(bench, gateway), Unavailable)
        lookup_fails(bench, gateway, TryAgainLater)
    assert isinstance(send(bench, gateway), Accepted)


def test_an_unknown_name_is_unavailable(bench: Bench) -> None:
    gateway = bench.open(base_url="https://gateway.invalid")
    outcome = send(bench, gateway)
    assert outcome == Unavailable("gateway.invalid: its name is not known (DNS)")
    lookup_fails(bench, gateway, TryAgainLater)


def test_a_connection_that_does_not_come_is_unavailable(bench: Bench) -> None:
    with closing(socket.socket()) as full, closing(socket.socket()) as first, closing(socket.socket()) as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        gateway = bench.open(base_url=f"http://127.0.0.1:{full.getsockname()[1]}", timeout=0.2)
        assert send(bench, gateway) == Unavailable("127.0.0.1: there was no connection to it in time")


def test_no_tls_is_unavailable(bench: Bench) -> None:
    gateway = bench.open(base_url=bench.server.url.replace("http:", "https:"))
    assert send(bench, gateway) == Unavailable("127.0.0.1: there is no TLS with it that can be trusted")
    lookup_fails(bench, gateway, TryAgainLater)
    assert bench.server.requests == []


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_answer_is_uncertain(bench: Bench, fault: str) -> None:
    bench.server.fail_next(fault, times=2)
    gateway = bench.open()
    assert isinstance(send(bench, gateway), Uncertain)
    lookup_fails(bench, gateway, TryAgainLater)
    assert isinstance(send(bench, gateway), Accepted)


def test_an_answer_that_does_not_say_what_was_taken_is_uncertain(bench: Bench) -> None:
    gateway = bench.open()
    for fault in bench.broken:
        bench.server.fail_next(fault)
        assert isinstance(send(bench, gateway), Uncertain), fault


def test_what_was_taken_although_the_answer_was_lost_is_found_by_its_reference(bench: Bench) -> None:
    gateway = bench.open()
    bench.server.fail_next("drop-after")
    assert isinstance(send(bench, gateway), Uncertain)
    [report] = gateway.lookup([asked_about(an_sms())])
    assert bool(report.gateway_id) == bench.gives_ids


@pytest.mark.parametrize("status", ["301", "302", "307", "308"])
def test_a_redirect_is_never_followed(bench: Bench, status: str, tmp_path: Path) -> None:
    gateway = bench.open()
    with type(bench)(tmp_path / "other") as other:
        there = {"Location": f"{other.server.url}/v2/messages?to={an_sms().phone}"}
        bench.server.fail_next(status, times=2, headers=there)
        outcome = send(bench, gateway)
        lookup_fails(bench, gateway, TryAgainLater)
        assert other.server.requests == []
    assert isinstance(outcome, Uncertain)
    assert "redirects to 127.0.0.1" in outcome.reason


@pytest.mark.parametrize("status", ["400", "413", "422"])
def test_a_message_that_is_not_taken_is_rejected(bench: Bench, status: str) -> None:
    bench.server.fail_next(status)
    assert isinstance(send(bench, bench.open()), Rejected)
    assert bench.taken() == []


@pytest.mark.parametrize("status", ["401", "401-html", "402", "403", "404", "405", "410"])
def test_an_account_that_is_not_accepted_is_refused_with_what_to_do(bench: Bench, status: str) -> None:
    bench.server.fail_next(status)
    outcome = send(bench, bench.open())
    assert isinstance(outcome, Refused)
    assert ":" in outcome.reason
    assert bench.taken() == []


@pytest.mark.parametrize("status", ["401", "401-html", "402", "403"])
def test_a_lookup_by_an_account_that_is_not_accepted_needs_the_administrator(bench: Bench, status: str) -> None:
    bench.server.fail_next(status)
    lookup_fails(bench, bench.open(), AdministratorNeeded)


@pytest.mark.parametrize("asked", WAITS)
def test_a_gateway_that_asks_to_wait_is_unavailable_for_so_long(bench: Bench, asked: str) -> None:
    bench.server.fail_next("429", times=2, headers={"Retry-After": asked} if asked else {})
    gateway = bench.open()
    outcome = send(bench, gateway)
    assert isinstance(outcome, Unavailable)
    assert outcome.retry_after == (bench.wait if WAITS[asked] is None else WAITS[asked])
    lookup_fails(bench, gateway, TryAgainLater)
    assert bench.taken() == []


@pytest.mark.parametrize(
    ("until", "seconds"),
    [
        ("Mon, 23 Nov 2026 08:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 18:00:00 GMT", 60.0),
        ("Mon, 23 Nov 2026 07:00:00 GMT", None),
        ("Mon, 23 Nov 99999 07:00:00 GMT", None),
        ("Mon, 23 Nov 2026 08:00:30 -0000", None),
    ],
)
def test_a_date_to_wait_until_counts_from_the_gateways_own_clock(
    bench: Bench, until: str, seconds: float | None
) -> None:
    bench.server.fail_next("429", headers={"Retry-After": until, "Date": "Mon, 23 Nov 2026 08:00:00 GMT"})
    outcome = send(bench, bench.open())
    assert isinstance(outcome, Unavailable)
    assert outcome.retry_after == (bench.wait if seconds is None else seconds)


@pytest.mark.parametrize("fault", ["silent", "trickle-header", "trickle-body"])
def test_an_answer_that_does_not_end_ends_at_the_deadline(bench: Bench, fault: str) -> None:
    bench.server.fail_next(fault)
    began = monotonic()
    assert send(bench, bench.open(timeout=0.3)) == Uncertain("127.0.0.1 gave no whole answer within 0.3 s")
    assert monotonic() - began < 10


def test_a_lookup_that_does_not_end_ends_at_the_deadline(bench: Bench) -> None:
    bench.server.fail_next("trickle-body")
    lookup_fails(bench, bench.open(timeout=0.3), TryAgainLater)


def test_of_a_huge_answer_little_is_read(bench: Bench) -> None:
    bench.server.fail_next("huge")
    assert send(bench, bench.open()) == Uncertain("127.0.0.1 answered with more than 1000000 bytes")
    assert bench.server.sent_of_huge < 50_000_000


@pytest.mark.parametrize(
    "host", ["gateway.example", "192.0.2.1", "[2001:db8::1]", "127.0.0.1.example", "localhost.example"]
)
def test_plain_http_goes_to_this_machine_only(bench: Bench, host: str) -> None:
    with pytest.raises(ConfigError, match="plain http"):
        bench.open(base_url=f"http://{host}:8080")
