"""The HTTP client: requests as they are meant, and answers that no well-behaved server gives."""

import gzip
import logging
from pathlib import Path

import pytest

from smsreminders.domain.round.sending import Uncertain
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.http.answers import Answer
from tests.gateways.echo import BROKEN, LARGE, SLOW, Echo, a_client
from tests.gateways.faults import Fault
from tests.gateways.raw_server import Script, raw_server, says
from tests.headroom import stack_watched

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def post_to(script: Script, *, timeout: float = 10.0) -> object:
    with raw_server(script) as port:
        return a_client(f"http://127.0.0.1:{port}", timeout=timeout).post("/send", {})


def test_a_request_is_json_and_its_answer_too(echo: Echo) -> None:
    answer = a_client(echo.url).post("/send", {"text": "Tandarts é 😀", "n": 1})
    assert isinstance(answer, Answer)
    assert isinstance(answer.body, dict)
    assert (answer.status, answer.body["path"], answer.body["got"]) == (200, "/send", {"text": "Tandarts é 😀", "n": 1})
    headers = answer.body["headers"]
    assert (headers["x-api-key"], headers["accept-encoding"]) == ("canary", "identity")


def test_a_question_has_its_own_headers_and_a_query(echo: Echo) -> None:
    body = a_client(echo.url).get("/list", {"at": "2026-11-23T08:00:00Z"}, headers={"Account": "A"})
    assert isinstance(body, dict)
    assert (body["query"], body["headers"]["account"]) == ({"at": "2026-11-23T08:00:00Z"}, "A")


def test_money_is_read_as_a_decimal() -> None:
    answer = post_to(says(OK.replace(b"2\r\n", b"16\r\n").replace(b"{}", b'{"price":0.0750}')))
    assert isinstance(answer, Answer)
    assert repr(answer.body) == "{'price': Decimal('0.0750')}"


@pytest.mark.parametrize("constant", [b"NaN", b"-Infinity"])
def test_what_only_python_takes_for_json_is_none(constant: bytes, echo: Echo) -> None:
    echo.fail_next(Fault(200, b'{"price":' + constant + b"}"))
    assert a_client(echo.url).post("/send", {}) == Uncertain("127.0.0.1 answered 200 with something else than JSON")


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"a":' * 100_000])
def test_an_answer_that_is_nested_too_deep_does_not_fill_the_stack(body: bytes, echo: Echo) -> None:
    echo.fail_next(Fault(200, body))
    client = a_client(echo.url)
    with stack_watched() as full:
        outcome = client.post("/send", {})
    assert outcome == Uncertain("127.0.0.1 answered 200 with something else than JSON")
    assert full == []


def test_an_answer_does_not_show_what_it_holds(echo: Echo) -> None:
    answer = a_client(echo.url).post("/send", {"to": "+31612345678"})
    assert repr(answer) == "Answer(status=200)"


def test_requests_of_one_thread_share_a_connection(echo: Echo) -> None:
    client = a_client(echo.url)
    for _ in range(3):
        client.post("/send", {})
    assert echo.connections == 1


def test_a_connection_that_was_closed_meanwhile_is_made_anew(echo: Echo) -> None:
    client = a_client(echo.url)
    client.post("/send", {})
    with echo.refusing():
        pass
    assert isinstance(client.post("/send", {}), Answer)


def test_no_cookie_and_no_password_of_the_environment_is_sent(
    echo: Echo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login canary password canary\n")
    monkeypatch.setenv("NETRC", str(netrc))
    client = a_client(echo.url)
    echo.fail_next(Fault(200, b"{}", {"Set-Cookie": "canary=1; Path=/"}))
    client.post("/send", {})
    client.post("/send", {})
    assert not {"cookie", "authorization"} & echo.requests[-1].headers.keys()


def test_an_encoding_that_nobody_asked_for_is_not_undone(echo: Echo) -> None:
    echo.fail_next(Fault(200, gzip.compress(b"{}"), {"Content-Encoding": "gzip"}))
    assert isinstance(a_client(echo.url).post("/send", {}), Uncertain)


def test_a_redirect_with_a_body_that_unfolds_is_not_even_read(echo: Echo) -> None:
    packed = {"Content-Encoding": "gzip", "Location": "http://[broken"}
    echo.fail_next(Fault(307, gzip.compress(b" " * 50_000_000), packed))
    outcome = a_client(echo.url).post("/send", {})
    assert outcome == Uncertain("127.0.0.1 redirects to another address (307), not followed: check gateway.base_url")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (says(b"HTTP/1.1 100 Continue\r\n\r\n", again=b"HTTP/1.1 100 Continue\r\n\r\n"), LARGE),
        (says(b"HTTP/1.1 200 OK\r\n", again=b"X-Large: " + b"x" * 60_000 + b"\r\n"), LARGE),
        (
            says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", again=b"3e8\r\n" + b" " * 1000 + b"\r\n"),
            LARGE,
        ),
        (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", again=b"99999999\r\n" + b" " * 9999), LARGE),
        (says(b"HTTP/1.1 200 OK\r\n\r\n", again=b" " * 9999), LARGE),
        (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsoon\r\n"), BROKEN),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}"), BROKEN),
        (says(b"HTTP/1.1 2000 OK\r\n\r\n"), BROKEN),
        (says(b"SSH-2.0-OpenSSH_9.2p1\r\n"), BROKEN),
        (says(b"HTTP/1.1 200 OK\r\n" + b"x" * 70_000), BROKEN),
        (says(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200), BROKEN),
        (says(b"HTTP/1.1 103 Early Hints\r\n\r\n"), Uncertain("127.0.0.1 answered 103")),
        (says(b"HTTP/1.1 600 Odd\r\n\r\n"), Uncertain("127.0.0.1 answered 600")),
        (says(b"HTTP/1.1 204 No Content\r\n\r\n"), Uncertain("127.0.0.1 answered 204 with something else than JSON")),
    ],
)
def test_what_is_no_answer_is_uncertain(script: Script, expected: Uncertain) -> None:
    assert post_to(script) == expected


def test_a_flood_that_never_pauses_ends_at_the_deadline_too() -> None:
    assert post_to(says(b"HTTP/1.1 200 OK\r\n\r\n", again=b" "), timeout=0.3) == SLOW


def test_an_answer_of_unheard_size_is_not_made_room_for() -> None:
    claims = b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\n{}"
    assert post_to(says(claims), timeout=0.3) == SLOW


def test_urllib3_says_nothing_about_a_header_that_it_does_not_like(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        post_to(says(OK.replace(b"Content-Length", b": no name\r\nContent-Length")))
    assert caplog.text == ""


def test_a_lookup_at_an_address_without_one_is_tried_again_later(echo: Echo) -> None:
    echo.fail_next("404")
    with pytest.raises(TryAgainLater, match=r"127\.0\.0\.1 answered 404"):
        a_client(echo.url).get("/list", {}, headers={})
