"""Gateways: a message -> accepted or not, and what became of it. One file a gateway, found by its file name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol

from smsreminders.domain.sending import DeliveryReport, Open, Outcome, Outgoing
from smsreminders.errors import ConfigError, did_you_mean
from smsreminders.gateways.features import Features, own_keys

_NOT_GATEWAYS = {"features", "http"}  # what the gateways share


class Gateway(Protocol):
    """What every gateway does. `send` may be called by several threads at a time, the rest by one."""

    features: Features

    def send(self, sms: Outgoing) -> Outcome:
        """Hand over one notification. Never raises: whatever happens is one of the outcomes."""
        ...

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """What became of these; nothing for one that the gateway doesn't know.

        Every page was read when the iterator ends. Raises TryAgainLater where the gateway can't be reached or can't
        be understood, AdministratorNeeded where it refuses the account.
        """
        ...

    def account(self) -> str:
        """What the gateway says of the account, without sending anything: its credit, or that it knows it.

        Raises as `lookup` does.
        """
        ...


class Waits(Protocol):
    """Something to wait by: a clock that goes on evenly, in seconds, and that knows the time of day."""

    def now(self) -> datetime:
        """The moment, aware."""
        ...

    def elapsed(self) -> float:
        """Seconds since some start, never going back."""
        ...

    def pause(self, seconds: float) -> None:
        """Do nothing for so long."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of a gateway: `own` are its own keys, `beside` the database file, `timeout` in seconds.

    `secret` is the one that stands outside the configuration file, if it does. By the `clock` at most `per_second`
    questions are asked, and again when the gateway asked for a pause; without one nothing waits.
    """

    beside: Path
    base_url: str | None = None
    timeout: float = 10.0
    own: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret: str | None = field(default=None, repr=False)
    per_second: float = 50.0
    clock: Waits | None = None


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

    @property
    def settles_after(self) -> timedelta:
        """How far its list may lag: as the configuration says, or the gateway's own word where that is longer."""
        return max(self.settle_time, self.gateway.features.settles_after)


def names() -> list[str]:
    """The gateways that there are."""
    return sorted(m.name for m in iter_modules(__path__) if m.name not in _NOT_GATEWAYS)


def features_of(name: str) -> Features:
    """What the gateway of this name can do. Raises ConfigError that names the nearest."""
    if name not in names():
        raise ConfigError(f'gateway.name = "{name}": no such gateway; {did_you_mean(name, names())}')
    features: Features = import_module(f"{__name__}.{name}").FEATURES
    return features


def open_gateway(name: str, options: Options) -> Gateway:
    """The gateway of this name; it gets its own keys complete. Raises ConfigError that names the option."""
    complete = own_keys(name, features_of(name), options.own, options.secret)
    gateway: Gateway = import_module(f"{__name__}.{name}").open_gateway(replace(options, own=complete))
    return gateway
