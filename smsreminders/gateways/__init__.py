"""Gateways: a message -> accepted or not, and what became of it. One file a gateway, found by its file name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol

from smsreminders.domain.sending import DeliveryReport, Open, Outcome, Outgoing
from smsreminders.errors import ConfigError, did_you_mean

COMMON_KEYS = ("name", "base_url", "timeout", "connections", "per_second", "settle_time", "secret_file", "secret_env")
_NOT_GATEWAYS = {"http"}  # what the gateways share


class Gateway(Protocol):
    """What every gateway does. `send` may be called by several threads at a time, `lookup` by one.

    `finds_by_reference`: it can be asked for our reference alone, so what it doesn't know it never took.
    """

    finds_by_reference: bool

    def send(self, sms: Outgoing) -> Outcome:
        """Hand over one notification. Never raises: whatever happens is one of the outcomes."""
        ...

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """What became of these; nothing for one that the gateway doesn't know.

        Every page was read when the iterator ends. Raises TryAgainLater where the gateway can't be reached or can't
        be understood, AdministratorNeeded where it refuses the account.
        """
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of a gateway: `own` are its own keys, `beside` the database file, `timeout` in seconds.

    `secret` is the one that stands outside the configuration file, if it does.
    """

    beside: Path
    base_url: str | None = None
    timeout: float = 10.0
    own: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class InUse:
    """The gateway of the configuration: at most `connections` requests under way, and `per_second` a second.

    `settle_time` is how far its list of messages may lag behind: only after it an absence counts.
    """

    name: str
    gateway: Gateway
    connections: int
    per_second: float
    settle_time: timedelta


def names() -> list[str]:
    """The gateways that there are."""
    return sorted(m.name for m in iter_modules(__path__) if m.name not in _NOT_GATEWAYS)


def open_gateway(name: str, options: Options) -> Gateway:
    """The gateway of this name, its options checked. Raises ConfigError that names the option or the nearest name."""
    if name not in names():
        raise ConfigError(f'gateway.name = "{name}": no such gateway; {did_you_mean(name, names())}')
    gateway: Gateway = import_module(f"{__name__}.{name}").open_gateway(options)
    return gateway
