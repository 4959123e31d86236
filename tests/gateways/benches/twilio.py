"""Twilio on the bench. It knows no reference of ours: a message is told by its text, of which each has its own."""

import re
from datetime import datetime
from pathlib import Path
from typing import Unpack

from smsreminders.gateways.base import Gateway
from tests.gateways.contract import NOW, Fate, an_sms
from tests.gateways.fake_twilio import TWILIO_FAULTS, FakeTwilio
from tests.gateways.http_bench import How, HttpBench, open_at


class TwilioBench(HttpBench[FakeTwilio]):
    """Twilio, with the fake on the other side."""

    broken = tuple(TWILIO_FAULTS)

    def __init__(self, _: Path) -> None:
        super().__init__(fake := FakeTwilio(now=NOW), a_twilio, hidden=fake.auth_token)

    def settle(self, reference: str, fate: Fate, /) -> None:
        words = {Fate.DELIVERED: "delivered", Fate.FAILED: "undelivered", Fate.NONE: "queued"}
        self.fake.report(an_sms(int(reference, 16)).text, words.get(fate, "Teleported"))

    def receives(self, phone: str, text: str, /, *, at: datetime) -> None:
        self.fake.receives(phone, text, at=at)

    def taken(self) -> list[str]:
        numbers = (re.search(r"\(([0-9]+)\)$", sms["text"]) for sms in self.fake.journal)
        return [an_sms(int(number[1]) if number else 1).reference for number in numbers]


def a_twilio(fake: FakeTwilio, /, **how: Unpack[How]) -> Gateway:
    """The gateway that knows the token of a fake."""
    needed = {"account_sid": fake.account_sid, "auth_token": fake.auth_token}
    return open_at(fake, "twilio", needed, **how)


BENCH = TwilioBench
