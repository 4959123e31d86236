"""What the benches of all HTTP gateways share: a fake on the other side, and how its gateway is opened."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Concatenate, Generic, Self, TypedDict, TypeVar, Unpack

from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from tests.gateways.contract import Fate
from tests.gateways.faults import FaultyServer

Fake = TypeVar("Fake", bound=FaultyServer)


class How(TypedDict, total=False):
    """What `Bench.open` may be told."""

    base_url: str | None
    timeout: float
    own: Mapping[str, str] | None


class HttpBench(Generic[Fake]):
    """A fake, and the gateway that `opened` makes for it; a bench adds `settle`, and whatever else is its own."""

    over_http: ClassVar[bool] = True
    fates: ClassVar[frozenset[Fate]] = frozenset(Fate)
    broken: ClassVar[Sequence[str]] = ()
    gives_ids: ClassVar[bool] = True
    wait: ClassVar[float] = 1.0
    reads_again: ClassVar[bool] = True

    def __init__(self, fake: Fake, opened: Callable[Concatenate[Fake, ...], Gateway], *, hidden: str) -> None:
        self.fake, self.hidden, self._opened = fake, hidden, opened

    def __enter__(self) -> Self:
        self.fake.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.fake.__exit__()

    @property
    def server(self) -> FaultyServer:
        return self.fake

    def open(self, **how: Unpack[How]) -> Gateway:
        return self._opened(self.fake, **how)

    def phone_for(self, _: Fate, /) -> str:
        return "+31612345678"

    def receives(self, phone: str, text: str, /, *, at: datetime) -> None:
        raise NotImplementedError

    def opts_out(self, phone: str, /, *, at: datetime) -> None:
        raise NotImplementedError

    def taken(self) -> list[str]:
        return [str(sms["reference"]) for sms in self.fake.journal]


def open_at(fake: FaultyServer, name: str, needed: Mapping[str, str], **how: Unpack[How]) -> Gateway:
    """The gateway of this name at the address of its fake, with the options that it needs."""
    own = {**needed, **(how.get("own") or {})}
    options = Options(Path("smsreminders.db"), how.get("base_url") or fake.url, how.get("timeout", 10.0), own)
    return open_gateway(name, options)
