"""Accounts for the tests of jobs: opened already, or wrong."""

from collections.abc import Mapping

from smsreminders.domain.round.sending import AccountName
from smsreminders.errors import ConfigError, did_you_mean
from smsreminders.gateways.accounts import MAIN, Accounts, Unopened
from smsreminders.gateways.base import Account
from tests.features import FINDS_ALL


def only(account: Account) -> Accounts:
    """One account, of every practice."""
    return several({MAIN: account})


def several(accounts: Mapping[str, Account | ConfigError], users: Mapping[str, str] | None = None) -> Accounts:
    """Accounts by name, an error for one that can't be opened; `users` says by its code which a practice uses."""

    def named(name: str) -> Unopened:
        if name not in accounts:
            raise ConfigError(f'there is no account "{name}"; {did_you_mean(name, accounts)}')
        return _unopened(name, accounts[name])

    return Accounts(sorted(accounts), named, lambda code: (users or {}).get(code, MAIN))


def _unopened(name: str, account: Account | ConfigError) -> Unopened:
    if isinstance(account, ConfigError):
        return Unopened(AccountName("scripted", name), FINDS_ALL, 1, 1000.0, lambda: _refuse(account))
    features = account.gateway.features
    return Unopened(account.name, features, account.connections, account.per_second, lambda: account)


def _refuse(error: ConfigError) -> Account:
    raise error
