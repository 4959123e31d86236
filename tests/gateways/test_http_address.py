"""How a gateway is reached: addresses, TLS and proxies. Nothing is sent where there is a doubt."""

from pathlib import Path

import pytest

from smsreminders.domain.round.sending import Unavailable
from smsreminders.errors import ConfigError
from smsreminders.gateways.http.answers import Answer
from tests.gateways.echo import BROKEN, LARGE, SLOW, Echo, a_client
from tests.gateways.raw_server import raw_server, says, tunnels_to, wait_for_the_end
from tests.gateways.tls import a_certificate

UNTRUSTED = Unavailable("127.0.0.1: there is no TLS with it that can be trusted")


@pytest.mark.parametrize(
    "base_url", ["https://gateway.invalid", "https://GATEWAY.invalid:8443/", "http://localhost:80"]
)
@pytest.mark.parametrize("more", ["", "http://127.1.2.3:4710", "http://[::1]:4710"])
def test_scheme_host_and_port_are_an_address(base_url: str, more: str) -> None:
    a_client(more or base_url)


@pytest.mark.parametrize(
    "base_url",
    [
        *[
            "gateway.invalid",
            "ftp://gateway.invalid",
            "https://",
            "https:///v2",
            "https://gateway.invalid/v2",
            "//host",
        ],
        *["https://gateway.invalid?key=canary", "https://gateway.invalid#x", "https://canary:canary@gateway.invalid"],
        *["https://gateway.invalid:port", "https://gateway.invalid:99999", "https://gateway.invalid:", "https://[::1"],
        *["https://gate way.invalid", "https://gateway.invalid\n", "https://-x.invalid", "https://x..invalid", " "],
        *["https://[fe80::1%25eth0]", "https://gateway.invalid\\@127.0.0.1", "http://canary@127.0.0.1"],
    ],
)
def test_anything_more_or_less_is_not_and_is_not_shown(base_url: str) -> None:
    with pytest.raises(ConfigError, match="scheme, host and port only") as raised:
        a_client(base_url)
    assert "canary" not in str(raised.value)


def test_a_certificate_that_nobody_signed_is_trusted_only_when_the_environment_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, tls = a_certificate(tmp_path)
    with Echo(tls=tls) as echo:
        assert a_client(echo.url).post("/send", {}) == UNTRUSTED
        for variable in ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
            with monkeypatch.context() as environment:
                environment.setenv(variable, str(certificate))
                assert isinstance(a_client(echo.url).post("/send", {}), Answer)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert a_client(echo.url.replace("127.0.0.1", "localhost")).post("/send", {}) == Unavailable(
            "localhost: there is no TLS with it that can be trusted"
        )
        assert len(echo.requests) == 2


def test_a_ca_bundle_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file.pem")
    with pytest.raises(ConfigError, match=r"REQUESTS_CA_BUNDLE names /no/such/file\.pem"):
        a_client("https://gateway.invalid")


@pytest.mark.parametrize("fault", ["silent", "trickle-header", "trickle-body"])
def test_the_deadline_holds_over_tls(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, tls = a_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with Echo(tls=tls) as echo:
        echo.fail_next(fault)
        assert a_client(echo.url, timeout=0.3).post("/send", {}) == SLOW


def test_of_a_huge_answer_over_tls_little_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, tls = a_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with Echo(tls=tls) as echo:
        echo.fail_next("huge")
        assert a_client(echo.url).post("/send", {}) == LARGE
        assert echo.sent_of_huge < 50_000_000


def test_a_tls_handshake_that_is_not_answered_is_unavailable() -> None:
    with raw_server(wait_for_the_end) as port:
        outcome = a_client(f"https://127.0.0.1:{port}", timeout=0.3).post("/send", {})
    assert outcome == Unavailable("127.0.0.1: there was no TLS with it in time")


def test_https_goes_through_the_proxy_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, tls = a_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    heads: list[bytes] = []
    with Echo(tls=tls) as echo:
        there = int(echo.url.rpartition(":")[2])
        with raw_server(tunnels_to(there, heads)) as port:
            monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{port}")
            client = a_client(echo.url)
            monkeypatch.delenv("HTTPS_PROXY")
            assert isinstance(client.post("/send", {}), Answer)
            echo.fail_next("drop-after")
            assert client.post("/send", {}) == BROKEN
            del client
    assert [head.split(b"\r\n")[0] for head in heads] == [f"CONNECT 127.0.0.1:{there} HTTP/1.0".encode()]
    assert b"canary" not in heads[0]


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Who are you\r\n\r\n", b"HTTP/1.1 502 No\r\n\r\n", b""])
def test_a_proxy_that_does_not_connect_is_unavailable(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(says(answer)) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        outcome = a_client("https://gateway.invalid", timeout=0.3).post("/send", {})
    assert outcome == Unavailable("gateway.invalid: there is no connection to it")


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "http://", "http://no proxy"])
def test_a_proxy_that_is_none_for_http_is_named(variable: str, proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, proxy)
    with pytest.raises(ConfigError, match="HTTPS_PROXY"):
        a_client("https://gateway.invalid")


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_plain_http_goes_through_no_proxy(variable: str, echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "socks5://gateway.invalid:3128")
    assert isinstance(a_client(echo.url).post("/send", {}), Answer)


def test_a_host_may_stay_out_of_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1080")
    monkeypatch.setenv("NO_PROXY", "gateway.invalid")
    a_client("https://gateway.invalid")
