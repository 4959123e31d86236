"""What every test of a gateway stands on: nothing of the machine's environment, and a fake to talk to."""

from collections.abc import Iterator

import pytest

from smsreminders.gateways.base import Gateway
from tests.gateways.benches.spryng import a_spryng
from tests.gateways.contract import NOW
from tests.gateways.echo import Echo
from tests.gateways.fake_spryng import FakeSpryng


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def fake() -> Iterator[FakeSpryng]:
    with FakeSpryng(now=NOW) as server:
        yield server


@pytest.fixture
def spryng(fake: FakeSpryng) -> Gateway:
    return a_spryng(fake)


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as server:
        yield server
