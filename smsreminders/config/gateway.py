"""The settings of each account: `[gateway]` and every `[gateways.NAME]`, read when it is asked for.

So a secret that isn't there, and what is wrong in a `[gateways.NAME]`, costs nobody who doesn't use that account.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from smsreminders.config.secret import Secret
from smsreminders.config.table import Table
from smsreminders.errors import ConfigError, did_you_mean

MAIN = ""  # the account of [gateway]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_SETTLES_AT_LEAST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """The checked settings of an account: its gateway's name, address and speed; `own` has the gateway's own keys.

    `connections` and `per_second` are None where the file leaves them to the gateway.
    """

    name: str
    base_url: str | None
    timeout: timedelta
    connections: int | None
    per_second: int | None
    settle_time: timedelta
    own: Mapping[str, str] = field(repr=False)
    secret: Secret


@dataclass(frozen=True, slots=True)
class Gateways:
    """The accounts of the configuration by name; MAIN is `[gateway]`. None at all: the sandbox, which sends nothing."""

    names: Sequence[str]
    top: Table = field(repr=False, compare=False)
    environment: Mapping[str, str] = field(repr=False)

    def read(self, name: str = MAIN) -> GatewaySettings:
        """Read the settings of an account, all but its secret. Raises ConfigError, which names the key."""
        if name not in self.names:
            raise ConfigError(_no_such_account(name, self.names))
        table = self.top.table("gateway") if name == MAIN else self.top.table("gateways").table(name)
        return _read(table, name, self.environment)


def read_gateways(top: Table, environment: Mapping[str, str]) -> Gateways:
    """Find `[gateway]` and every `[gateways.NAME]`.

    Raises ConfigError where a name can't be one, and for `[gateway]` as for every other table; what is wrong in a
    `[gateways.NAME]` is told to who uses it.
    """
    top.table("gateway")
    others = top.table("gateways")
    names = sorted(others.keys())
    for name in names:
        others.table(name)
        if not _NAME.fullmatch(name):
            raise others.wrong(name, "the name of an account is at most 40 letters, digits, - and _")
    gateways = Gateways(names if names and not top.has_any(("gateway",)) else [MAIN, *names], top, environment)
    if MAIN in gateways.names:
        gateways.read(MAIN)
    return gateways


def _no_such_account(name: str, known: Sequence[str]) -> str:
    if name == MAIN:
        return (
            "there is no [gateway], only [gateways.NAME]: give the practice an account of its own "
            '(gateway = "NAME" under [practices.CODE]), or add [gateway]'
        )
    return f'there is no account "{name}"; {did_you_mean(name, filter(None, known))}: write [gateways.{name}]'


def _read(table: Table, name: str, environment: Mapping[str, str]) -> GatewaySettings:
    secret = Secret.read_from(table, name, environment)
    settings = GatewaySettings(
        name=table.text("name", "sandbox"),
        base_url=table.text("base_url", "") or None,
        timeout=table.duration("timeout", "10s", longest=timedelta(minutes=2)),
        connections=_maybe_integer(table, "connections", most=256),
        per_second=_maybe_integer(table, "per_second", most=10_000),
        settle_time=table.duration("settle_time", "10m", longest=timedelta(days=1)),
        secret=secret,
        own=table.texts(),  # what is left is the gateway's own to check
    )
    if settings.timeout <= timedelta():
        raise table.wrong("timeout", "it must be longer than nothing")
    if settings.settle_time < _SETTLES_AT_LEAST:
        raise table.wrong("settle_time", "at least 1m: lists lag, and what they don't show yet would be sent again")
    return settings


def _maybe_integer(table: Table, key: str, *, most: int) -> int | None:
    return table.integer(key, 1, least=1, most=most) if table.has_any((key,)) else None
