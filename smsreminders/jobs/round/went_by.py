"""The account that a notification went by, which it keeps for ever: found again in the configuration."""

from collections.abc import Iterable, Sequence

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.sending import AccountName
from smsreminders.errors import AdministratorNeeded, SmsremindersError
from smsreminders.gateways.accounts import Accounts, Unopened
from smsreminders.gateways.base import Account
from smsreminders.store.database import Database
from smsreminders.store.round import outbox


class AccountLeft(AdministratorNeeded):
    """The configuration doesn't have the account any more by which texts went: nobody says what became of them."""


def opened(name: AccountName, accounts: Accounts) -> Account:
    """Open the account that notifications went by.

    Raises AccountLeft where the configuration has none of its name, or another gateway's, and ConfigError for a wrong
    one.
    """
    place = f"[gateways.{name.account}]" if name.account else "[gateway]"
    if name.account not in accounts.names:
        raise _left(name, f"there is no {place} any more")
    unopened = accounts.named(name.account)
    if unopened.name != name:
        raise _left(name, f"{place} is {unopened.name.gateway} now")
    return unopened.open()


def _left(name: AccountName, why: str) -> AccountLeft:
    return AccountLeft(
        f"texts that have had no report went by {name.gateway}, and {why}: put it back there until they have theirs, "
        "for what nobody reports isn't billed; the new account goes beside it, as a [gateways.NAME] (docs/gateways.md)"
    )


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
