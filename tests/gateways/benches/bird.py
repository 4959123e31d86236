"""Bird on the bench."""

from datetime import datetime
from pathlib import Path
from typing import Unpack

from smsreminders.gateways.base import Gateway
from tests.gateways.contract import NOW, Fate
from tests.gateways.fake_bird import BIRD_FAULTS, FakeBird
from tests.gateways.http_bench import How, HttpBench, open_at


class BirdBench(HttpBench[FakeBird]):
    """Bird, with the fake on the other side."""

    broken = tuple(n for n, fault in BIRD_FAULTS.items() if fault.status in {202, 409})

    def __init__(self, _: Path) -> None:
        super().__init__(fake := FakeBird(now=NOW), a_bird, hidden=fake.api_key)

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {Fate.DELIVERED: "delivered", Fate.FAILED: "undelivered", Fate.NONE: "sent"}
        self.fake.report(reference, words.get(fate, "Teleported"))

    def receives(self, phone: str, text: str, /, *, at: datetime) -> None:
        self.fake.lists.receives(phone, text, at=at)

    def opts_out(self, phone: str, /, *, at: datetime) -> None:
        self.fake.lists.opts_out(phone, at=at)


def a_bird(fake: FakeBird, /, **how: Unpack[How]) -> Gateway:
    """The gateway that knows the key of a fake."""
    return open_at(fake, "bird", {"api_key": fake.api_key}, **how)


BENCH = BirdBench
