"""The accounts of the configuration, as the jobs take them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from smsreminders.errors import AdministratorNeeded, ConfigError, SmsremindersError

if TYPE_CHECKING:
    from smsreminders.config.gateway import Gateways, GatewaySettings
    from smsreminders.config.settings import Settings
    from smsreminders.domain.clock import Clock
    from smsreminders.domain.round.sending import AccountName
    from smsreminders.gateways.accounts import Accounts, Unopened
    from smsreminders.gateways.base import Account


@dataclass(frozen=True, slots=True)
class Opening:
    """What an account is opened with besides its own settings: the database file, the clock, and who is told of it."""

    beside: Path
    clock: "Callable[[], Clock]"
    tell: "Callable[[str], None]"
    shared: threading.local = field(default_factory=threading.local)


def accounts_of(settings: "Settings", opening: Opening) -> "Accounts":
    """Find the accounts of the configuration; none is opened yet."""
    from smsreminders.gateways.accounts import Accounts

    @cache
    def named(name: str) -> "Unopened":
        return _unopened(name, settings.gateways.read(name), opening)

    return Accounts(settings.gateways.names, named, lambda code: settings.rules_of(code).account)


def check_that_nothing_leaves(gateways: "Gateways") -> None:
    """Refuse another start of the clock than now where texts could go to people. Raises AdministratorNeeded."""
    from smsreminders.gateways.by_name import names

    for name in gateways.names:
        chosen = gateways.read(name)
        if chosen.name in names() and not _stays_here(chosen):
            raise AdministratorNeeded(
                f"SMSREMINDERS_NOW is for demos and tests: not with the gateway {chosen.name}, which sends for real"
            )


def of_account(name: "AccountName", error: SmsremindersError) -> str:
    """Say what is wrong with an account, with its name where it has one of its own."""
    return f"account {name.account}: {error}" if name.account else str(error)


def _unopened(name: str, chosen: "GatewaySettings", opening: Opening) -> "Unopened":
    from smsreminders.domain.round.sending import AccountName
    from smsreminders.gateways.accounts import Unopened
    from smsreminders.gateways.by_name import features_of

    known_as = AccountName(chosen.name, name)
    try:
        features = features_of(chosen.name)
    except ConfigError as error:
        raise _in_its_table(error, name) from error
    per_second = chosen.per_second or features.per_second
    connections = chosen.connections or features.connections

    def opened() -> "Account":
        from smsreminders.gateways.base import Account, Options
        from smsreminders.gateways.by_name import open_gateway

        opening.tell(f"account: {known_as}" + (f" at {chosen.base_url}" if chosen.base_url else ""))
        options = Options(
            beside=opening.beside,
            base_url=chosen.base_url,
            timeout=chosen.timeout.total_seconds(),
            own=chosen.own,
            secret=chosen.secret.value(),
            per_second=per_second,
            clock=opening.clock(),
            connections=opening.shared,
        )
        try:
            gateway = open_gateway(chosen.name, options)
        except ConfigError as error:
            raise _in_its_table(error, name) from error
        return Account(known_as, gateway, connections, per_second, chosen.settle_time)

    return Unopened(known_as, features, connections, per_second, opened)


def _in_its_table(error: ConfigError, name: str) -> ConfigError:
    """Name the key that an error is about as it stands in the file: gateways say "gateway." of every account."""
    return ConfigError(str(error).replace("gateway.", f"gateways.{name}.")) if name else error


def _stays_here(chosen: "GatewaySettings") -> bool:
    if chosen.name == "sandbox":
        return True
    from urllib.parse import urlsplit

    from smsreminders.gateways.http.address import is_this_machine

    return chosen.base_url is not None and is_this_machine(urlsplit(chosen.base_url).hostname or "")
