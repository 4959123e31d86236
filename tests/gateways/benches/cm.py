"""CM.com on the bench."""

from pathlib import Path
from typing import Unpack

from smsreminders.gateways.base import Gateway
from tests.gateways.contract import NOW, Fate
from tests.gateways.fake_cm import CM_FAULTS, FakeCm
from tests.gateways.http_bench import How, HttpBench, open_at


class CmBench(HttpBench[FakeCm]):
    """CM.com, with the fake on the other side."""

    broken = tuple(CM_FAULTS)
    gives_ids = False

    def __init__(self, _: Path) -> None:
        super().__init__(fake := FakeCm(now=NOW), a_cm, hidden=fake.product_token)

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {
            Fate.DELIVERED: (20, "Delivered"),
            Fate.FAILED: (21, "Failed"),
            Fate.NONE: (37, "Accepted"),
            Fate.UNKNOWN: (98, "Teleported"),
        }
        self.fake.report(reference, *words[fate])


def a_cm(fake: FakeCm, /, **how: Unpack[How]) -> Gateway:
    """The gateway that knows the key of a fake."""
    return open_at(fake, "cm", {"product_token": fake.product_token}, **how)


BENCH = CmBench
