"""What the contract suite needs to put a gateway to the test: its bench, which stands in `benches/<name>.py`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import ClassVar, Protocol, Self

from smsreminders.domain.round.sending import Open, Outgoing
from smsreminders.domain.segments import encoding_of
from smsreminders.gateways.base import Gateway
from smsreminders.gateways.by_name import features_of, names
from tests.gateways.faults import FaultyServer

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TEXT = "Herinnering: morgen om 10:30 bij Canaria."


class Fate(StrEnum):
    """What is to become of a message."""

    DELIVERED = "delivered"
    FAILED = "failed"
    NONE = "none"
    UNKNOWN = "unknown"


class Bench(Protocol):
    """A gateway that can be opened, and the other side of it; a context manager."""

    over_http: ClassVar[bool]
    """Whether it is reached over HTTP, so that `server` is there and may be told to fail."""
    fates: ClassVar[frozenset[Fate]]
    """What it can be made to report."""
    broken: ClassVar[Sequence[str]]
    """Faults of its own server that leave it open whether a message was taken."""
    gives_ids: ClassVar[bool]
    """Whether it has an id of its own for each message."""
    wait: ClassVar[float]
    """The seconds that it is left alone after a 429 that doesn't say how long."""
    hidden: str
    """What it may never show."""

    def __init__(self, folder: Path, /) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    @property
    def server(self) -> FaultyServer:
        """The other side."""
        ...

    def open(
        self, *, base_url: str | None = None, timeout: float = 10.0, own: Mapping[str, str] | None = None
    ) -> Gateway:
        """The gateway, its `own` options on top of those that it needs."""
        ...

    def phone_for(self, fate: Fate, /) -> str:
        """A number that this may become of."""
        ...

    def settle(self, reference: str, fate: Fate, /) -> None:
        """Let it become of a message that was taken."""
        ...

    def taken(self) -> list[str]:
        """The references of what was taken, in order."""
        ...


class HearingBench(Bench, Protocol):
    """A bench whose other side gets SMS of patients, and keeps who opted out."""

    @property
    def reads_again(self) -> bool:
        """Whether what was told once is told again."""
        ...

    def receives(self, phone: str, text: str, /, *, at: datetime) -> None:
        """Let an SMS come in."""
        ...

    def opts_out(self, phone: str, /, *, at: datetime) -> None:
        """Let the holder of a phone opt out, where the other side keeps a list of those."""
        ...


def benches(*, over_http: bool = False) -> dict[str, type[Bench]]:
    """The bench of each gateway, or of each that is reached over HTTP."""
    found = {name: bench_of(name) for name in names()}
    return {name: bench for name, bench in found.items() if bench.over_http or not over_http}


def bench_of(name: str) -> type[Bench]:
    bench: type[Bench] = import_module(f"tests.gateways.benches.{name}").BENCH
    return bench


def hearing(*, over_http: bool = False) -> dict[str, type[HearingBench]]:
    """The bench of each gateway that hears, or of each of them that is reached over HTTP."""
    found: dict[str, type[HearingBench]] = {}
    for name in benches(over_http=over_http):
        if features_of(name).hears:
            found[name] = import_module(f"tests.gateways.benches.{name}").BENCH
    return found


def an_sms(number: int = 1, *, phone: str = "+31612345678", text: str = "") -> Outgoing:
    """A notification; each number has a reference and a text of its own: some gateways know messages by their text."""
    text = text or (TEXT if number == 1 else f"{TEXT} ({number})")
    return Outgoing(
        reference=f"{number:032x}",
        phone=phone,
        sender_id="Praktijk",
        text=text,
        encoding=encoding_of(text),
        handed_over_at=NOW,
        valid_until=NOW + timedelta(hours=26),
    )


def asked_about(sms: Outgoing, gateway_id: str | None = None) -> Open:
    return Open(sms.reference, gateway_id, sms.phone, sms.handed_over_at, sms.text)
