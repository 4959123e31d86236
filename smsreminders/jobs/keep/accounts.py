"""The accounts that practices use: whether each can be opened, and what waits for it. Nothing is asked of a gateway."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from smsreminders.domain.practices import Practice
from smsreminders.errors import AdministratorNeeded
from smsreminders.gateways.accounts import Accounts
from smsreminders.store.database import Database
from smsreminders.store.round import outbox


@dataclass(frozen=True, slots=True)
class AccountState:
    """An account with how many practices use it, how many notifications wait for it, and what is wrong with it.

    `gateway` is None where the account is so wrong that it can't be told.
    """

    account: str
    gateway: str | None
    practices: int
    waiting: int
    trouble: AdministratorNeeded | None = None


def accounts_of(db: Database, practices: Sequence[Practice], accounts: Accounts) -> list[AccountState]:
    """Look at each account that these practices use, in the words of a round where it can't be opened."""
    users = Counter(accounts.of_practice(practice.code) for practice in practices)
    codes = {practice.id: practice.code for practice in practices}
    waiting = Counter(accounts.of_practice(codes[id_]) for id_ in outbox.practices_in_queue(db, codes))
    return [_state(accounts, name, practices=count, waiting=waiting[name]) for name, count in sorted(users.items())]


def judged_by_figures(practices: Sequence[Practice], accounts: Accounts) -> tuple[list[Practice], bool]:
    """Choose the practices whose figures say whether all is well, and whether these are figures of a rehearsal.

    They are those whose account sends; all of them where none does.
    """
    sending = [practice for practice in practices if not accounts.rehearses(practice)]
    return (sending, False) if sending else (list(practices), True)


def _state(accounts: Accounts, name: str, *, practices: int, waiting: int) -> AccountState:
    gateway = None
    try:
        unopened = accounts.named(name)
        gateway = unopened.name.gateway
        unopened.open()
    except AdministratorNeeded as error:
        return AccountState(name, gateway, practices, waiting, error)
    return AccountState(name, gateway, practices, waiting)
