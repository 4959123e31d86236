"""One bench for each gateway: what the contract suite needs to put it to the test. A new one adds its bench here."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol, Self

from smsreminders.domain.segments import encoding_of
from smsreminders.domain.sending import Open, Outgoing
from smsreminders.gateways import Gateway, Options, open_gateway
from tests.gateways.fake_spryng import SPRYNG_FAULTS, FakeSpryng
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


class SandboxBench:
    """The sandbox decides by the number alone, and has no other side."""

    over_http: ClassVar[bool] = False
    fates: ClassVar[frozenset[Fate]] = frozenset({Fate.DELIVERED, Fate.FAILED, Fate.NONE})
    broken: ClassVar[Sequence[str]] = ()
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


class SpryngBench:
    """Spryng, with the fake on the other side."""

    over_http: ClassVar[bool] = True
    fates: ClassVar[frozenset[Fate]] = frozenset(Fate)
    broken: ClassVar[Sequence[str]] = tuple(name for name, fault in SPRYNG_FAULTS.items() if fault.status == 202)

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


BENCHES: dict[str, type[Bench]] = {"sandbox": SandboxBench, "spryng": SpryngBench}


def an_sms(number: int = 1, *, phone: str = "+31612345678", text: str = TEXT) -> Outgoing:
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
    return Open(sms.reference, gateway_id, sms.phone, sms.handed_over_at)
