"""Spryng on the bench."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

from smsreminders.gateways import Gateway, Options, open_gateway
from tests.gateways.contract import NOW, Fate
from tests.gateways.fake_spryng import SPRYNG_FAULTS, FakeSpryng
from tests.gateways.faults import FaultyServer


class SpryngBench:
    """Spryng, with the fake on the other side."""

    over_http: ClassVar[bool] = True
    fates: ClassVar[frozenset[Fate]] = frozenset(Fate)
    broken: ClassVar[Sequence[str]] = tuple(name for name, fault in SPRYNG_FAULTS.items() if fault.status == 202)
    gives_ids: ClassVar[bool] = True
    wait: ClassVar[float] = 5.0

    def __init__(self, _: Path) -> None:
        self._fake = FakeSpryng(now=NOW)
        self.hidden = self._fake.api_key

    def __enter__(self) -> Self:
        self._fake.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._fake.__exit__()

    @property
    def server(self) -> FaultyServer:
        return self._fake

    def open(
        self, *, base_url: str | None = None, timeout: float = 10.0, own: Mapping[str, str] | None = None
    ) -> Gateway:
        return a_spryng(self._fake, base_url=base_url, timeout=timeout, own=own)

    def phone_for(self, _: Fate, /) -> str:
        return "+31612345678"

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {
            Fate.DELIVERED: ("Sent", "Delivered"),
            Fate.FAILED: ("Failed", "NetworkFailed"),
            Fate.NONE: ("In Progress", ""),
            Fate.UNKNOWN: ("Teleported", "Beamed"),
        }
        self._fake.report(reference, *words[fate])

    def taken(self) -> list[str]:
        return [str(one["reference"]) for one in self._fake.journal]


def a_spryng(
    fake: FakeSpryng, *, base_url: str | None = None, timeout: float = 10.0, own: Mapping[str, str] | None = None
) -> Gateway:
    """The gateway that knows the key of a fake."""
    needed = {"api_key": fake.api_key, "account_reference": fake.account_reference}
    beside = Path("smsreminders.db")
    return open_gateway("spryng", Options(beside, base_url or fake.url, timeout, needed | dict(own or {})))


BENCH = SpryngBench
