"""The account that a notification went by, which it keeps for ever: found again in the configuration."""

from collections.abc import Iterable, Sequence

from smsreminders.domain.practices import Practice
from smsreminders.domain.sending import AccountName
from smsreminders.errors import AdministratorNeeded, SmsremindersError
from smsreminders.gateways.accounts import Accounts, Unopened
from smsreminders.gateways.base import Account
from smsreminders.store import outbox
from smsreminders.store.database import Database


def opened(name: AccountName, accounts: Accounts) -> Account | None:
    """Open the account that notifications went by; None where the configuration has another gateway of its name now.

    Raises ConfigError where it has no account of that name, or one that is wrong.
    """
    unopened = accounts.named(name.account)
    return unopened.open() if unopened.name == name else None


def unopenable(accounts: Iterable[Unopened]) -> dict[AccountName, SmsremindersError]:
    """Find the accounts that can't be opened, and why; for those that have nothing to send and would not be missed."""
    wrong: dict[AccountName, SmsremindersError] = {}
    for unopened in {account.name: account for account in accounts}.values():
        try:
            unopened.open()
        except AdministratorNeeded as error:
            wrong[unopened.name] = error
    return wrong


def uncertain_of(db: Database, practices: Sequence[Practice], accounts: Accounts) -> int:
    """Count what is uncertain of these practices: of a rehearsal where the practice's account sends nothing."""
    rehearsing = [practice.id for practice in practices if accounts.rehearses(practice)]
    sending = [practice.id for practice in practices if not accounts.rehearses(practice)]
    return outbox.uncertain(db, rehearsing, rehearsed=True) + outbox.uncertain(db, sending, rehearsed=False)
