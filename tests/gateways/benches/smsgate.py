"""SMS Gate on the bench."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

from smsreminders.gateways import Gateway, Options, open_gateway
from tests.gateways.contract import NOW, Fate
from tests.gateways.fake_smsgate import SMSGATE_FAULTS, FakeSmsGate
from tests.gateways.faults import FaultyServer


class SmsGateBench:
    """SMS Gate, with the fake on the other side."""

    over_http: ClassVar[bool] = True
    fates: ClassVar[frozenset[Fate]] = frozenset(Fate)
    broken: ClassVar[Sequence[str]] = (
        "409-html",
        "503-other",
        *(n for n, fault in SMSGATE_FAULTS.items() if fault.status == 202),
    )
    gives_ids: ClassVar[bool] = False
    wait: ClassVar[float] = 1.0

    def __init__(self, _: Path) -> None:
        self._fake = FakeSmsGate(now=NOW)
        self.hidden = self._fake.password

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
        return an_smsgate(self._fake, base_url=base_url, timeout=timeout, own=own)

    def phone_for(self, _: Fate, /) -> str:
        return "+31612345678"

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {Fate.DELIVERED: "Delivered", Fate.FAILED: "Failed", Fate.NONE: "Processed"}
        self._fake.report(reference, words.get(fate, "Teleported"))

    def taken(self) -> list[str]:
        return [str(one["id"]) for one in self._fake.journal]


def an_smsgate(
    fake: FakeSmsGate, *, base_url: str | None = None, timeout: float = 10.0, own: Mapping[str, str] | None = None
) -> Gateway:
    """The gateway that knows the password of a fake."""
    needed = {"username": fake.username, "password": fake.password, "device_id": fake.devices[0]}
    beside = Path("smsreminders.db")
    return open_gateway("smsgate", Options(beside, base_url or fake.url, timeout, needed | dict(own or {})))


BENCH = SmsGateBench
