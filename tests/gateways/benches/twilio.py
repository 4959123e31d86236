"""Twilio on the bench. It knows no reference of ours: a message is told by its text, of which each has its own."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

from smsreminders.gateways import Gateway, Options, open_gateway
from tests.gateways.contract import NOW, Fate, an_sms
from tests.gateways.fake_twilio import TWILIO_FAULTS, FakeTwilio
from tests.gateways.faults import FaultyServer


class TwilioBench:
    """Twilio, with the fake on the other side."""

    over_http: ClassVar[bool] = True
    fates: ClassVar[frozenset[Fate]] = frozenset(Fate)
    broken: ClassVar[Sequence[str]] = tuple(TWILIO_FAULTS)
    gives_ids: ClassVar[bool] = True
    wait: ClassVar[float] = 1.0

    def __init__(self, _: Path) -> None:
        self._fake = FakeTwilio(now=NOW)
        self.hidden = self._fake.auth_token

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
        return a_twilio(self._fake, base_url=base_url, timeout=timeout, own=own)

    def phone_for(self, _: Fate, /) -> str:
        return "+31612345678"

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {Fate.DELIVERED: "delivered", Fate.FAILED: "undelivered", Fate.NONE: "queued"}
        self._fake.report(an_sms(int(reference, 16)).text, words.get(fate, "Teleported"))

    def taken(self) -> list[str]:
        numbers = (re.search(r"\(([0-9]+)\)$", one["text"]) for one in self._fake.journal)
        return [an_sms(int(number[1]) if number else 1).reference for number in numbers]


def a_twilio(
    fake: FakeTwilio, *, base_url: str | None = None, timeout: float = 10.0, own: Mapping[str, str] | None = None
) -> Gateway:
    """The gateway that knows the token of a fake."""
    needed = {"account_sid": fake.account_sid, "auth_token": fake.auth_token}
    beside = Path("smsreminders.db")
    return open_gateway("twilio", Options(beside, base_url or fake.url, timeout, needed | dict(own or {})))


BENCH = TwilioBench
