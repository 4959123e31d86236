"""A feed is asked for once, within bounds, and on the host that was configured."""

import socket

import pytest

from smsreminders.errors import AdministratorNeeded, ConfigError, InputFileError, TryAgainLater
from smsreminders.gateways.http import feed
from smsreminders.gateways.http.feed import Feed, fetch_feed, read_feed_url
from tests.gateways.feeding import CALENDAR, answer, serving
from tests.gateways.raw_server import raw_server, says


def test_a_feed_is_read_with_its_tag() -> None:
    with serving(answer("200 OK", CALENDAR, 'ETag: "v1"')) as (url, heads):
        assert fetch_feed(url) == Feed(CALENDAR, '"v1"')
    assert heads[0].startswith(b"GET /private-5f3c/agenda.ics HTTP/1.1\r\n")
    assert b"If-None-Match" not in heads[0]


def test_a_feed_that_did_not_change_is_not_sent_again() -> None:
    with serving(answer("304 Not Modified", b"")) as (url, heads):
        assert fetch_feed(url, '"v1"') is None
    assert b'If-None-Match: "v1"\r\n' in heads[0]


@pytest.mark.parametrize("tag", ["x" * 301, "caf\u00e9"])
def test_a_tag_that_can_not_be_sent_back_is_none(tag: str) -> None:
    with serving(answer("200 OK", CALENDAR, f"ETag: {tag}")) as (url, _):
        assert fetch_feed(url) == Feed(CALENDAR)


def test_a_redirect_on_the_same_host_is_followed() -> None:
    with serving(answer("301 Moved", b"", "Location: /new.ics"), answer()) as (url, heads):
        assert fetch_feed(url) == Feed(CALENDAR)
    assert heads[1].startswith(b"GET /new.ics HTTP/1.1\r\n")


@pytest.mark.parametrize("place", ["https://example.org/agenda.ics", "//example.org/agenda.ics", "ftp://127.0.0.1/x"])
def test_a_redirect_to_another_host_is_not_followed(place: str) -> None:
    with (
        serving(answer("302 Found", b"", f"Location: {place}")) as (url, _),
        pytest.raises(AdministratorNeeded, match=r"127\.0\.0\.1 sends the feed to another host"),
    ):
        fetch_feed(url)


def test_redirects_end() -> None:
    again = answer("302 Found", b"", "Location: /private-5f3c/agenda.ics")
    with serving(*[again] * 4) as (url, _), pytest.raises(AdministratorNeeded, match="without end"):
        fetch_feed(url)


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        ("404 Not Found", AdministratorNeeded, "isn't there (404)"),
        ("410 Gone", AdministratorNeeded, "isn't there any more (410)"),
        ("401 Unauthorized", AdministratorNeeded, "wants a password (401)"),
        ("403 Forbidden", AdministratorNeeded, "is forbidden (403)"),
        ("500 Oops", TryAgainLater, "answered 500"),
        ("429 Slow down", TryAgainLater, "answered 429"),
        ("206 Partial", TryAgainLater, "answered 206"),
        ("302 Found", TryAgainLater, "answered 302"),
    ],
)
def test_any_other_answer_is_told_without_the_address(status: str, error: type[Exception], reason: str) -> None:
    with serving(answer(status)) as (url, _), pytest.raises(error) as raised:
        fetch_feed(url)
    assert reason in str(raised.value)
    assert "5f3c" not in str(raised.value)


def test_a_feed_that_is_larger_than_any_calendar_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LARGEST", 1 << 20)
    with (
        raw_server(says(b"HTTP/1.1 200 OK\r\n\r\n", again=b"x" * 65_536)) as port,
        pytest.raises(InputFileError, match="more than 1 MB"),
    ):
        fetch_feed(f"http://127.0.0.1:{port}/agenda.ics")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "gave no whole answer within"),
        (b"HTTP/1.1 200 OK\r\n", "gave no whole answer within"),
        (answer(body=CALENDAR)[:-5], "gave no whole answer within"),
    ],
)
def test_a_feed_that_does_not_come_in_time_is_tried_later(said: bytes, reason: str) -> None:
    with raw_server(says(said)) as port, pytest.raises(TryAgainLater, match=reason):
        fetch_feed(f"http://127.0.0.1:{port}/agenda.ics", timeout=0.3)


@pytest.mark.parametrize("said", [b"nonsense", answer(body=CALENDAR)[:-5], b""])
def test_an_answer_that_breaks_off_is_tried_later(said: bytes) -> None:
    with serving(said) as (url, _), pytest.raises(TryAgainLater, match="can't be reached, or broke off"):
        fetch_feed(url)


def test_nobody_there_is_tried_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening
        port = taken.getsockname()[1]
        with pytest.raises(TryAgainLater, match=r"127\.0\.0\.1 can't be reached"):
            fetch_feed(f"http://127.0.0.1:{port}/agenda.ics")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://host/agenda.ics?key=1", "https://host/agenda.ics?key=1"),
        ("webcal://host/agenda.ics", "https://host/agenda.ics"),
        ("http://localhost:8000/a", "http://localhost:8000/a"),
    ],
)
def test_an_address_is_https_or_of_this_machine(url: str, expected: str) -> None:
    assert read_feed_url(url).geturl() == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://host/a",
        "ftp://host/a",
        "file:///etc/passwd",
        "host",
        "",
        "https://",
        "https://u:p@host/",
        "https://h:x/",
    ],
)
def test_any_other_address_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read_feed_url(url)
    assert str(raised.value) == 'the address of a feed is written like "https://host/agenda.ics"'
