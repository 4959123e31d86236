"""What came in at the gateway of a program: heard in this process, as `poll` hears it."""

from datetime import datetime, timedelta

from smsreminders.domain.round.inbound import Received
from smsreminders.domain.round.sending import AccountName
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.inbox import hear
from smsreminders.store.database import opened
from smsreminders.store.practices import all_practices
from tests.accounts import only
from tests.cli.running import Program
from tests.jobs.clock import FixedClock
from tests.jobs.hearing import HearingGateway


def answered(
    program: Program, *texts: str, phone: str = "+31612345671", to: str = "", account: str = "sandbox"
) -> None:
    """An SMS for each text came in at noon on Tuesday, three hours after the round, a minute apart."""
    noon = datetime.fromisoformat("2026-11-24T12:00:00+01:00")
    gateway = HearingGateway()
    gateway.pages = [
        [
            Received(f"{phone[-4:]}-{number}", phone, to, text, noon + timedelta(minutes=number))
            for number, text in enumerate(texts)
        ]
    ]
    heard = Account(AccountName(account), gateway, 1, 1000.0, timedelta())
    with opened(program.database) as db:
        hear(db, all_practices(db), accounts=only(heard), clock=FixedClock(noon + timedelta(hours=1)))
