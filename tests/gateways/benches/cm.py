"""CM.com on the bench."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

from smsreminders.gateways import Gateway, Options, open_gateway
from tests.gateways.contract import NOW, Fate
from tests.gateways.fake_cm import CM_FAULTS, FakeCm
from tests.gateways.faults import FaultyServer


class CmBench:
    """CM.com, with the fake on the other side."""

    over_http: ClassVar[bool] = True
    fates: ClassVar[frozenset[Fate]] = frozenset(Fate)
    broken: ClassVar[Sequence[str]] = tuple(CM_FAULTS)
    gives_ids: ClassVar[bool] = False
    wait: ClassVar[float] = 1.0

    def __init__(self, _: Path) -> None:
        self._fake = FakeCm(now=NOW)
        self.hidden = self._fake.product_token

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
        return a_cm(self._fake, base_url=base_url, timeout=timeout, own=own)

    def phone_for(self, _: Fate, /) -> str:
        return "+31612345678"

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {
            Fate.DELIVERED: (20, "Delivered"),
            Fate.FAILED: (21, "Failed"),
            Fate.NONE: (37, "Accepted"),
            Fate.UNKNOWN: (98, "Teleported"),
        }
        self._fake.report(reference, *words[fate])

    def taken(self) -> list[str]:
        return [str(one["reference"]) for one in self._fake.journal]


def a_cm(
    fake: FakeCm, *, base_url: str | None = None, timeout: float = 10.0, own: Mapping[str, str] | None = None
) -> Gateway:
    """The gateway that knows the key of a fake."""
    beside = Path("smsreminders.db")
    needed = {"product_token": fake.product_token}
    return open_gateway("cm", Options(beside, base_url or fake.url, timeout, needed | dict(own or {})))


BENCH = CmBench
