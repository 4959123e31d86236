"""The run of a command: its settings, clock, database and gateway, and the practices that are meant."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from smsreminders.errors import AdministratorNeeded, UsageError

if TYPE_CHECKING:
    from smsreminders.cli.clock import SystemClock
    from smsreminders.cli.show.columns import View
    from smsreminders.config.settings import Settings
    from smsreminders.domain.practices import Practice
    from smsreminders.gateways.base import Account
    from smsreminders.store.database import Database
    from smsreminders.store.lock import RunLock


@dataclass
class Invocation:
    """One run of the program, with the options that stand before the command.

    `run_again` runs the program with other arguments, and returns its exit code: the demo is made of such runs.
    """

    config: Path | None
    quiet: bool
    verbose: bool
    run_again: Callable[[Sequence[str]], int]

    @cached_property
    def settings(self) -> "Settings":
        """Read the configuration, when it is first needed."""
        from smsreminders.config.settings import config_path, read_settings

        return read_settings(config_path(self.config, os.environ), os.environ)

    @cached_property
    def clock(self) -> "SystemClock":
        """Make the clock; another start than now is refused where texts could go to people."""
        from smsreminders.cli.clock import clock_from

        clock = clock_from(os.environ)
        gateway = self.settings.gateway
        if os.environ.get("SMSREMINDERS_NOW") and gateway.name != "sandbox" and not _on_loopback(gateway.base_url):
            raise AdministratorNeeded(
                f"SMSREMINDERS_NOW is for demos and tests: not with the gateway {gateway.name}, which sends for real"
            )
        return clock

    def view(self, *, show_numbers: bool = False) -> "View":
        """How this run shows things: on the clock and in the currency of the configuration."""
        from smsreminders.cli.show.columns import View

        return View(self.settings.schedule.zone, self.settings.billing.currency, show_numbers)

    def database(self, *, read_only: bool = False) -> AbstractContextManager["Database"]:
        """Open the database of the configuration."""
        from smsreminders.store.database import opened

        return opened(self.settings.database, read_only=read_only)

    def run_lock(self) -> AbstractContextManager["RunLock"]:
        """Take the lock of a run."""
        from smsreminders.store.lock import run_lock

        return run_lock(self.settings.database)

    @property
    def per_second(self) -> int:
        """Give the gateway's pace: as the configuration says, else the gateway's own."""
        from smsreminders.gateways.by_name import features_of

        chosen = self.settings.gateway
        return chosen.per_second or features_of(chosen.name).per_second

    def gateway(self) -> "Account":
        """The gateway of the configuration, its options checked."""
        from smsreminders.gateways.base import Account, Options
        from smsreminders.gateways.by_name import features_of, open_gateway

        chosen = self.settings.gateway
        options = Options(
            beside=self.settings.database,
            base_url=chosen.base_url,
            timeout=chosen.timeout.total_seconds(),
            own=chosen.own,
            secret=chosen.secret,
            per_second=self.per_second,
            clock=self.clock,
        )
        gateway = open_gateway(chosen.name, options)
        connections = chosen.connections or features_of(chosen.name).connections
        return Account(chosen.name, gateway, connections, self.per_second, chosen.settle_time)

    def say(self, line: str) -> None:
        """Talk on stderr, but not with --quiet."""
        if not self.quiet:
            print(line, file=sys.stderr)

    def warn(self, line: str) -> None:
        """Tell on stderr what went wrong, also with --quiet."""
        print(f"smsreminders: {line}", file=sys.stderr)


def invocation(context: typer.Context) -> Invocation:
    """Find the run that a command belongs to."""
    run = context.find_root().obj
    assert isinstance(run, Invocation)  # noqa: S101  # the callback of the app makes it
    return run


def practices_meant(db: "Database", code: str | None) -> "Sequence[Practice]":
    """Find the practices that a reading or running command is about: the one of this code, or all.

    Raises UsageError if there is none.
    """
    from smsreminders.store.practices import all_practices, practice_by_code

    if code is not None:
        return [practice_by_code(db, code)]
    practices = all_practices(db)
    if not practices:
        raise UsageError("there is no practice yet; run `smsreminders practice add CODE --name NAME`")
    return practices


def practice_meant(db: "Database", code: str | None) -> "Practice":
    """Find the practice that a change belongs to: the one of this code, or the only one. Raises UsageError."""
    practices = practices_meant(db, code)
    if len(practices) > 1:
        raise UsageError("there is more than one practice: say which with --practice CODE")
    return practices[0]


def practice_that_has(db: "Database", code: str | None, has: "Callable[[Practice], bool]") -> "Practice":
    """Find the practice that has the thing to show, the first practice if none has it. Raises UsageError."""
    practices = practices_meant(db, code)
    owners = [practice for practice in practices if has(practice)]
    if len(owners) > 1:
        raise UsageError("more than one practice has this id: say which with --practice CODE")
    return (owners or list(practices))[0]


def _on_loopback(base_url: str | None) -> bool:
    from urllib.parse import urlsplit

    from smsreminders.gateways.http.address import is_this_machine

    return base_url is not None and is_this_machine(urlsplit(base_url).hostname or "")
