"""A monitor is told that a run began or ended: one request without data, and whatever it does is yes or no."""

import socket

import pytest

from smsreminders.errors import ConfigError
from smsreminders.gateways.http.ping import check_ping_url, ping
from tests.gateways.raw_server import raw_server, says
from tests.monitored import Monitor


@pytest.mark.parametrize("what", ["start", "0", "75"])
@pytest.mark.parametrize("end", ["", "/"])
def test_it_asks_once_for_the_address_with_the_word_at_its_end(what: str, end: str) -> None:
    with Monitor() as monitor:
        assert ping(f"{monitor.url}{end}", what)
    assert monitor.paths == [f"/{what}"]


def test_the_request_holds_no_data_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with Monitor() as monitor:
        ping(monitor.url, "start")
    (asked,) = monitor.asked
    host = monitor.url.split("/")[2]
    assert (asked.method, asked.body) == ("GET", b"")
    assert {name.lower(): value for name, value in asked.headers.items()} == {
        "host": host,
        "user-agent": "smsreminders",
        "accept-encoding": "identity",
    }


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, True), (204, True), (299, True), (301, False), (307, False), (404, False), (429, False), (500, False)],
)
def test_only_a_good_answer_counts_and_a_redirect_is_not_followed(status: int, expected: bool) -> None:
    with Monitor(status) as monitor:
        assert ping(monitor.url, "0") == expected
    assert monitor.paths == ["/0"]


def test_nobody_there_is_no_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening
        assert not ping(f"http://127.0.0.1:{taken.getsockname()[1]}/ping", "start")


def test_a_monitor_that_hangs_is_left_after_the_time_out() -> None:
    with Monitor(None) as monitor:
        assert not ping(monitor.url, "start", timeout=0.2)


@pytest.mark.parametrize(
    "answer", [b"", b"rubbish\r\n\r\n", b"HTTP/1.1 200\r\n" + b"X: y\r\n" * 200 + b"\r\n", b"HTTP/1.1 200 OK\r\nX: "]
)
def test_an_answer_that_is_none_is_no_error(answer: bytes) -> None:
    with raw_server(says(answer)) as port:
        assert not ping(f"http://127.0.0.1:{port}/ping", "start", timeout=0.2)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "http://127.0.0.1:1", "rubbish://"])
def test_a_proxy_that_can_not_be_used_is_no_error(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    assert not ping("https://monitor.invalid/ping", "start", timeout=0.2)


def test_a_bundle_of_certificates_that_is_not_there_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "nowhere.pem")
    assert not ping("https://monitor.invalid/ping", "start", timeout=0.2)


@pytest.mark.parametrize(
    "url",
    [
        "https://hc-ping.com/5f3c",
        "https://monitor.example:8443/a/b?c=d",
        "HTTPS://monitor.example/x",
        "http://127.0.0.1:8000/ping",
        "http://localhost/ping",
        "http://[::1]:8000/ping",
    ],
)
def test_https_and_this_machine_are_accepted(url: str) -> None:
    check_ping_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://monitor.example/secret",
        "http://127.0.0.1.example/secret",
        "http://0.0.0.0/secret",
        "http://10.0.0.1/secret",
        "ftp://127.0.0.1/secret",
        "file:///etc/secret",
        "monitor.example/secret",
        "//monitor.example/secret",
        "https://",
        "https:///secret",
        "https://:443/secret",
        "https://monitor.example:port/secret",
        "https://monitor.example:99999/secret",
        "https://[::1/secret",
        "https://a b/secret",
        "secret",
        "",
    ],
)
def test_anything_else_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ConfigError) as raised:
        check_ping_url(url)
    assert str(raised.value) == 'monitoring.ping_url: write an address that begins with "https://"'


@pytest.mark.parametrize("url", ["https://monitor.example:99999/x", "https://", "rubbish"])
def test_an_address_that_can_not_be_is_no_error_either(url: str) -> None:
    assert not ping(url, "start", timeout=0.2)
