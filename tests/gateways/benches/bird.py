"""Bird on the bench."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

from smsreminders.gateways import Gateway, Options, open_gateway
from tests.gateways.contract import NOW, Fate
from tests.gateways.fake_bird import BIRD_FAULTS, FakeBird
from tests.gateways.faults import FaultyServer


class BirdBench:
    """Bird, with the fake on the other side."""

    over_http: ClassVar[bool] = True
    fates: ClassVar[frozenset[Fate]] = frozenset(Fate)
    broken: ClassVar[Sequence[str]] = tuple(n for n, fault in BIRD_FAULTS.items() if fault.status in {202, 409})
    gives_ids: ClassVar[bool] = True
    wait: ClassVar[float] = 1.0

    def __init__(self, _: Path) -> None:
        self._fake = FakeBird(now=NOW)
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
        return a_bird(self._fake, base_url=base_url, timeout=timeout, own=own)

    def phone_for(self, _: Fate, /) -> str:
        return "+31612345678"

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {Fate.DELIVERED: "delivered", Fate.FAILED: "undelivered", Fate.NONE: "sent"}
        self._fake.report(reference, words.get(fate, "Teleported"))

    def taken(self) -> list[str]:
        return [str(one["reference"]) for one in self._fake.journal]


def a_bird(
    fake: FakeBird, *, base_url: str | None = None, timeout: float = 10.0, own: Mapping[str, str] | None = None
) -> Gateway:
    """The gateway that knows the key of a fake."""
    needed = {"api_key": fake.api_key} | dict(own or {})
    return open_gateway("bird", Options(Path("smsreminders.db"), base_url or fake.url, timeout, needed))


BENCH = BirdBench
