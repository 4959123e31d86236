"""Infobip on the bench."""

from datetime import datetime
from pathlib import Path
from typing import Unpack

from smsreminders.gateways.base import Gateway
from tests.gateways.contract import Fate
from tests.gateways.fake_infobip import DELIVERED, INFOBIP_FAULTS, PENDING, UNDELIVERABLE, FakeInfobip
from tests.gateways.http_bench import How, HttpBench, open_at


class InfobipBench(HttpBench[FakeInfobip]):
    """Infobip, with the fake on the other side."""

    broken = tuple(INFOBIP_FAULTS)
    gives_ids = False
    reads_again = False

    def __init__(self, _: Path) -> None:
        super().__init__(fake := FakeInfobip(), an_infobip, hidden=fake.api_key)

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {Fate.DELIVERED: DELIVERED, Fate.FAILED: UNDELIVERABLE, Fate.NONE: PENDING}
        self.fake.report(reference, words.get(fate, (9, 99, "Teleported")))

    def receives(self, phone: str, text: str, /, *, at: datetime) -> None:
        self.fake.receives(phone, text, at=at)


def an_infobip(fake: FakeInfobip, /, **how: Unpack[How]) -> Gateway:
    """The gateway that knows the key of a fake."""
    return open_at(fake, "infobip", {"api_key": fake.api_key}, **how)


BENCH = InfobipBench
