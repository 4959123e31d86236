"""What every gateway does, what it is opened with, and the account that is in use."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

from smsreminders.domain.clock import Clock
from smsreminders.domain.round.inbound import OptedOut, Received
from smsreminders.domain.round.sending import AccountName, DeliveryReport, Open, Outcome, Outgoing
from smsreminders.gateways.features import Features


class Gateway(Protocol):
    """What every gateway does. `send` may be called by several threads at a time, the rest by one."""

    features: Features

    def send(self, sms: Outgoing) -> Outcome:
        """Hand over one notification. Never raises: whatever happens is one of the outcomes."""
        ...

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Ask what became of these SMS: delivery reports, and nothing for one that the gateway doesn't know.

        Every page was read when the iterator ends. Raises TryAgainLater where the gateway can't be reached or can't
        be understood, AdministratorNeeded where it refuses the account.
        """
        ...

    def account(self) -> str:
        """Ask for the account without sending anything: its credit, or that the gateway knows it.

        Raises as `lookup` does.
        """
        ...


@runtime_checkable
class Hears(Protocol):
    """A gateway that can be asked for the SMS that came in: one with `hears` among its features."""

    def inbox(self, since: datetime) -> Iterator[Sequence[Received]]:
        """Ask for what came in since a moment or some time before it, page by page, in any order.

        One may come again, in this iterator or the next, always with the same id. The caller commits each page before
        it asks for the next: some gateways give each SMS only once. Nothing is asked before the first page is.
        Raises as `lookup` does; AdministratorNeeded names the list that is refused.
        """
        ...


@runtime_checkable
class KnowsOptOuts(Protocol):
    """A gateway that can be asked for the numbers that opted out: one with `knows_opt_outs` among its features."""

    def opt_outs(self, since: datetime) -> Iterator[Sequence[OptedOut]]:
        """Ask for the numbers that opted out since a moment or some time before it, page by page, perhaps twice.

        Raises as `inbox` does.
        """
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """The settings that a gateway is opened with: `own` are its own keys, `timeout` is in seconds.

    `beside` is our database file: what a gateway keeps on this machine stands beside it. `secret` is the value of its
    secret key where that stands outside the configuration file. By the `clock` at most `per_second`
    questions are asked, and again when the gateway asked for a pause; without one nothing waits. In `connections` each
    thread keeps its own; accounts that are given the same ones share them.
    """

    beside: Path
    base_url: str | None = None
    timeout: float = 10.0
    own: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret: str | None = field(default=None, repr=False)
    per_second: float = 50.0
    clock: Clock | None = None
    connections: threading.local = field(default_factory=threading.local, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Account:
    """A gateway as configured, opened: at most `connections` requests under way, and `per_second` a second.

    `settle_time` is how far its list of messages may lag behind: only after it an absence counts.
    """

    name: AccountName
    gateway: Gateway
    connections: int
    per_second: float
    settle_time: timedelta

    @property
    def settles_after(self) -> timedelta:
        """How far its list may lag: as the configuration says, or as the gateway itself says where that is longer."""
        return max(self.settle_time, self.gateway.features.settles_after)
