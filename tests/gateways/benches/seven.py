"""seven.io on the bench."""

from datetime import datetime
from pathlib import Path
from typing import Unpack

from smsreminders.gateways.base import Gateway
from tests.gateways.contract import NOW, Fate
from tests.gateways.fake_seven import SEVEN_FAULTS, FakeSeven
from tests.gateways.http_bench import How, HttpBench, open_at


class SevenBench(HttpBench[FakeSeven]):
    """seven.io, with the fake on the other side."""

    broken = tuple(SEVEN_FAULTS)

    def __init__(self, _: Path) -> None:
        super().__init__(fake := FakeSeven(now=NOW), a_seven, hidden=fake.api_key)

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {
            Fate.DELIVERED: "DELIVERED",
            Fate.FAILED: "NOTDELIVERED",
            Fate.NONE: None,
            Fate.UNKNOWN: "Teleported",
        }
        self.fake.report(reference, words[fate])

    def receives(self, phone: str, text: str, /, *, at: datetime) -> None:
        self.fake.receives(phone, text, at=at)


def a_seven(fake: FakeSeven, /, **how: Unpack[How]) -> Gateway:
    """The gateway that knows the key of a fake."""
    return open_at(fake, "seven", {"api_key": fake.api_key}, **how)


BENCH = SevenBench
