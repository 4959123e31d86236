"""SMS Gate on the bench."""

from pathlib import Path
from typing import Unpack

from smsreminders.gateways.base import Gateway
from tests.gateways.contract import NOW, Fate
from tests.gateways.fake_smsgate import SMSGATE_FAULTS, FakeSmsGate
from tests.gateways.http_bench import How, HttpBench, open_at


class SmsGateBench(HttpBench[FakeSmsGate]):
    """SMS Gate, with the fake on the other side."""

    broken = (
        "409-html",
        "503-other",
        *(n for n, fault in SMSGATE_FAULTS.items() if fault.status == 202),
    )
    gives_ids = False

    def __init__(self, _: Path) -> None:
        super().__init__(fake := FakeSmsGate(now=NOW), an_smsgate, hidden=fake.password)

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {Fate.DELIVERED: "Delivered", Fate.FAILED: "Failed", Fate.NONE: "Processed"}
        self.fake.report(reference, words.get(fate, "Teleported"))

    def taken(self) -> list[str]:
        return [str(sms["id"]) for sms in self.fake.journal]


def an_smsgate(fake: FakeSmsGate, /, **how: Unpack[How]) -> Gateway:
    """The gateway that knows the password of a fake."""
    needed = {"username": fake.username, "password": fake.password, "device_id": fake.devices[0]}
    return open_at(fake, "smsgate", needed, **how)


BENCH = SmsGateBench
