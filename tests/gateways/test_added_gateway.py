"""docs/gateways.md, "Add a gateway": the gateway of that page is found by its file alone and keeps the contract."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Unpack

import pytest

import smsreminders.gateways
from smsreminders.errors import ConfigError
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import names, open_gateway
from tests.gateways import test_contract, test_contract_http
from tests.gateways.contract import Bench, Fate
from tests.gateways.faults import FaultyServer, Seen
from tests.gateways.http_bench import How, HttpBench, open_at

PAGE = Path(__file__).parents[2] / "docs" / "gateways.md"
KEY = "canary-key-f00dfeed"


class FakePostduif(FaultyServer):
    """The made-up company."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []

    @property
    def journal(self) -> list[dict[str, Any]]:
        return self.messages

    def answer(self, request: Seen) -> tuple[int, object]:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return 401, {"error": "key"}
        with self.lock:
            match request.method, request.path, request.body:
                case "POST", "/v1/messages", dict() as fields:
                    if fields.keys() != {"reference", "to", "from", "text", "valid_until"}:
                        return 400, {"error": "fields"}
                    self.messages.append({**fields, "id": f"duif-{len(self.messages)}", "status": "flying"})
                    return 202, {"id": self.messages[-1]["id"]}
                case "GET", "/v1/messages", _:
                    return 200, {"messages": [{k: m[k] for k in ("reference", "id", "status")} for m in self.messages]}
                case "GET", "/v1/credit", _:
                    return 200, {"credit": "12.50 EUR"}
        return 404, {"error": "path"}


class PostduifBench(HttpBench[FakePostduif]):
    """The added gateway on its bench."""

    def __init__(self, _: Path) -> None:
        super().__init__(FakePostduif(), a_postduif, hidden=KEY)

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {Fate.DELIVERED: "landed", Fate.FAILED: "lost", Fate.NONE: "flying", Fate.UNKNOWN: "Teleported"}
        for message in self.fake.messages:
            if message["reference"] == reference:
                message["status"] = words[fate]


def a_postduif(fake: FakePostduif, /, **how: Unpack[How]) -> Gateway:
    return open_at(fake, "postduif", {"api_key": KEY}, **how)


@pytest.fixture(autouse=True)
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the file of the page among the gateways."""
    folder = tmp_path / "gateways"
    folder.mkdir()
    _, _, rest = PAGE.read_text(encoding="utf-8").partition("```python\n")
    (folder / "postduif.py").write_text(rest.partition("```\n")[0], encoding="utf-8")
    monkeypatch.setattr(smsreminders.gateways, "__path__", [*smsreminders.gateways.__path__, str(folder)])
    yield
    sys.modules.pop("smsreminders.gateways.postduif", None)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with PostduifBench(tmp_path) as bench:
        yield bench


def test_it_is_found_by_its_file() -> None:
    assert "postduif" in names()
    with pytest.raises(ConfigError, match=r"gateway\.api_key is missing: Postduif's portal shows it under Settings"):
        open_gateway("postduif", Options(Path("smsreminders.db")))


def _contract(module: object) -> dict[str, object]:
    return {name: one for name, one in vars(module).items() if name.startswith("test_")}


globals().update(_contract(test_contract) | _contract(test_contract_http))
