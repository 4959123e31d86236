"""Infobip on the bench."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

from smsreminders.gateways import Gateway, Options, open_gateway
from tests.gateways.contract import Fate
from tests.gateways.fake_infobip import DELIVERED, INFOBIP_FAULTS, PENDING, UNDELIVERABLE, FakeInfobip
from tests.gateways.faults import FaultyServer


class InfobipBench:
    """Infobip, with the fake on the other side."""

    over_http: ClassVar[bool] = True
    fates: ClassVar[frozenset[Fate]] = frozenset(Fate)
    broken: ClassVar[Sequence[str]] = tuple(INFOBIP_FAULTS)
    gives_ids: ClassVar[bool] = False
    wait: ClassVar[float] = 1.0

    def __init__(self, _: Path) -> None:
        self._fake = FakeInfobip()
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
        return an_infobip(self._fake, base_url=base_url, timeout=timeout, own=own)

    def phone_for(self, _: Fate, /) -> str:
        return "+31612345678"

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {Fate.DELIVERED: DELIVERED, Fate.FAILED: UNDELIVERABLE, Fate.NONE: PENDING}
        self._fake.report(reference, words.get(fate, (9, 99, "Teleported")))

    def taken(self) -> list[str]:
        return [one["reference"] for one in self._fake.journal]


def an_infobip(
    fake: FakeInfobip, *, base_url: str | None = None, timeout: float = 10.0, own: Mapping[str, str] | None = None
) -> Gateway:
    """The gateway that knows the key of a fake."""
    needed = {"api_key": fake.api_key}
    beside = Path("smsreminders.db")
    return open_gateway("infobip", Options(beside, base_url or fake.url, timeout, needed | dict(own or {})))


BENCH = InfobipBench
