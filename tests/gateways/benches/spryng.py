"""Spryng on the bench."""

from datetime import datetime
from pathlib import Path
from typing import Unpack

from smsreminders.gateways.base import Gateway
from tests.gateways.contract import NOW, Fate
from tests.gateways.fake_spryng import SPRYNG_FAULTS, FakeSpryng
from tests.gateways.http_bench import How, HttpBench, open_at


class SpryngBench(HttpBench[FakeSpryng]):
    """Spryng, with the fake on the other side."""

    broken = tuple(name for name, fault in SPRYNG_FAULTS.items() if fault.status == 202)
    wait = 5.0

    def __init__(self, _: Path) -> None:
        super().__init__(fake := FakeSpryng(now=NOW), a_spryng, hidden=fake.api_key)

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {
            Fate.DELIVERED: ("Sent", "Delivered"),
            Fate.FAILED: ("Failed", "NetworkFailed"),
            Fate.NONE: ("In Progress", ""),
            Fate.UNKNOWN: ("Teleported", "Beamed"),
        }
        self.fake.report(reference, *words[fate])

    def receives(self, phone: str, text: str, /, *, at: datetime) -> None:
        self.fake.lists.receives(phone, text, at=at)

    def opts_out(self, phone: str, /, *, at: datetime) -> None:
        self.fake.lists.opts_out(phone, at=at)


def a_spryng(fake: FakeSpryng, /, **how: Unpack[How]) -> Gateway:
    """The gateway that knows the key of a fake."""
    needed = {"api_key": fake.api_key, "account_reference": fake.account_reference}
    return open_at(fake, "spryng", needed, **how)


BENCH = SpryngBench
