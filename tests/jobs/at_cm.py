"""An installation that sends by CM.com, the fake of it on 127.0.0.1."""

from smsreminders.domain.round.sending import AccountName
from smsreminders.gateways.base import Account
from tests.gateways.benches.cm import a_cm
from tests.gateways.fake_cm import FakeCm
from tests.guarding import SETTLE, House


class CmHouse(House):
    """A house with this CM.com on the other side."""

    cm: FakeCm

    def in_use(self) -> Account:
        return Account(AccountName("cm"), a_cm(self.cm), connections=1, per_second=10_000, settle_time=SETTLE)
