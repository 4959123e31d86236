"""The sandbox on the bench: it decides by the number alone."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from tests.gateways.contract import Fate
from tests.gateways.faults import FaultyServer


class SandboxBench:
    """The sandbox decides by the number alone, and has no other side."""

    over_http: ClassVar[bool] = False
    fates: ClassVar[frozenset[Fate]] = frozenset({Fate.DELIVERED, Fate.FAILED, Fate.NONE})
    broken: ClassVar[Sequence[str]] = ()
    gives_ids: ClassVar[bool] = True
    wait: ClassVar[float] = 5.0
    hidden = "there is nothing to hide"

    def __init__(self, folder: Path) -> None:
        self._beside = folder / "smsreminders.db"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def server(self) -> FaultyServer:
        raise NotImplementedError

    def open(
        self, *, base_url: str | None = None, timeout: float = 10.0, own: Mapping[str, str] | None = None
    ) -> Gateway:
        return open_gateway("sandbox", Options(self._beside, base_url, timeout, own or {}))

    def phone_for(self, fate: Fate, /) -> str:
        return "+3161234567" + {Fate.DELIVERED: "1", Fate.FAILED: "7", Fate.NONE: "9"}[fate]

    def settle(self, *_: object) -> None:
        pass

    def taken(self) -> list[str]:
        lines = self._beside.with_name("smsreminders.db.sandbox.jsonl").read_text().splitlines()
        return [json.loads(line)["reference"] for line in lines]


BENCH = SandboxBench
