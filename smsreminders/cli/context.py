"""The run of a command: its settings, clock, database and accounts, and the practices that are meant."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from smsreminders.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from smsreminders.cli.clock import SystemClock
    from smsreminders.cli.show.columns import View
    from smsreminders.config.settings import Settings
    from smsreminders.domain.keep.access import Access
    from smsreminders.domain.practices import Practice
    from smsreminders.gateways.accounts import Accounts
    from smsreminders.store.database import Database
    from smsreminders.store.lock import RunLock


@dataclass
class Invocation:
    """One run of the program, with the options that every command takes.

    `run_again` runs the program with other arguments, and returns its exit code: the demo is made of such runs. `by` is
    who they who run it say to be, `command` the words of the command.
    """

    run_again: Callable[[Sequence[str]], int]
    config: Path | None = None
    quiet: bool = False
    verbose: bool = False
    by: str = field(default_factory=lambda: os.environ.get("SMSREMINDERS_BY", ""))
    command: str = ""

    @cached_property
    def settings(self) -> "Settings":
        """Read the configuration, when it is first needed."""
        from smsreminders.config.settings import config_path, read_settings

        path = config_path(self.config, os.environ)
        self.tell(f"configuration: {path.absolute()}")
        return read_settings(path, os.environ)

    def use_usual_settings(self) -> None:
        """Go by the usual settings where no configuration is named, and none is there."""
        from smsreminders.config.settings import config_path, usual_settings

        path = config_path(self.config, os.environ)
        if not (self.config or os.environ.get("SMSREMINDERS_CONFIG") or path.exists()):
            self.settings = usual_settings(path, os.environ)

    @cached_property
    def clock(self) -> "SystemClock":
        """Make the clock; another start than now is refused where texts could go to people."""
        from smsreminders.cli.clock import clock_from

        clock = clock_from(os.environ)
        if os.environ.get("SMSREMINDERS_NOW"):
            from smsreminders.cli.accounts import check_that_nothing_leaves

            check_that_nothing_leaves(self.settings.gateways)
        return clock

    def today(self) -> date:
        """Find the local day on which the program runs."""
        return self.clock.now().astimezone(self.settings.schedule.zone).date()

    def view(self, *, show_numbers: bool = False) -> "View":
        """How this run shows things: on the clock, in the currency and in the language of the configuration."""
        from smsreminders.cli.clock import clock_from
        from smsreminders.cli.show.columns import View

        schedule = self.settings.schedule
        today = clock_from(os.environ).now().astimezone(schedule.zone).date()
        return View(schedule.zone, self.settings.billing.currency, show_numbers, schedule.region.language, today)

    @contextmanager
    def database(self, *, read_only: bool = False) -> Iterator["Database"]:
        """Open the database of the configuration; with --verbose tell how many rows a run wrote.

        Where it may write, it knows its patients' numbers as of the configuration's country.
        """
        from smsreminders.store.database import opened

        self.tell(f"database: {self.settings.database}" + (", only to read" if read_only else ""))
        with opened(self.settings.database, read_only=read_only) as db:
            if not read_only:
                from smsreminders.jobs.keep.numbers import keep_country

                keep_country(db, self.settings.schedule.region.country)
            yield db
            if not read_only:
                self.tell(f"rows written: {db.conn.total_changes}")

    @property
    def access(self) -> "Access":
        """Who runs this command now, for the access log: the user of the machine, and who they say to be."""
        from smsreminders.domain.keep.access import Access
        from smsreminders.store.ownership import name_of

        return Access(self.clock.now(), name_of(os.getuid()), self.by, self.command)

    @contextmanager
    def looking(self, *, in_full: bool) -> Iterator["Looking"]:
        """Open the database to show what is in it; whoever sees patients `in_full` is logged before they see them."""
        with self.database(read_only=not in_full) as db:
            yield Looking(db, self.access if in_full else None)

    def run_lock(self) -> AbstractContextManager["RunLock"]:
        """Take the lock of a run that is no round."""
        from smsreminders.store.lock import run_lock

        return run_lock(self.settings.database, is_round=False)

    @cached_property
    def accounts(self) -> "Accounts":
        """Find the accounts of the configuration; each is opened when it is needed."""
        from smsreminders.cli.accounts import Opening, accounts_of

        return accounts_of(self.settings, Opening(self.settings.database, lambda: self.clock, self.tell))

    @cached_property
    def rehearsal(self) -> bool:
        """Whether no account of the configuration sends anything."""
        try:
            return all(self.accounts.named(name).features.sends_nothing for name in self.accounts.names)
        except ConfigError:  # whoever needs that account is told so
            return False

    def say_if_rehearsal(self) -> None:
        """Say where no account of the configuration sends anything that what is shown reminded nobody."""
        if self.rehearsal:
            self.say("The gateway sends nothing: what it took is rehearsed, reminds nobody and is not billed.")

    def say(self, line: str) -> None:
        """Talk on stderr, but not with --quiet."""
        if not self.quiet:
            _talk(line)

    def tell(self, line: str) -> None:
        """Say on stderr what the program works with, with --verbose only: no names, no numbers."""
        if self.verbose:
            print(f"smsreminders: {line}", file=sys.stderr)

    def warn(self, line: str) -> None:
        """Tell on stderr what went wrong, also with --quiet."""
        _talk(f"smsreminders: {line}")


@dataclass(frozen=True, slots=True)
class Looking:
    """A database that is looked at; with an `access` each look is logged."""

    db: "Database"
    access: "Access | None"

    def seen(self, seen: Iterable[tuple[str, str | None]]) -> None:
        """Write down whom is looked at: the codes of practices, each with a patient's id; before they are shown."""
        from smsreminders.jobs.keep.access import look

        if self.access:
            look(self.db, self.access, seen)


def invocation(context: typer.Context) -> Invocation:
    """Find the run that a command belongs to."""
    run = context.find_root().obj
    assert isinstance(run, Invocation)  # noqa: S101  # the callback of the app makes it
    return run


def practices_meant(db: "Database", code: str | None, *, removed: bool = False) -> "Sequence[Practice]":
    """Find the practices that a reading or running command is about: the one of this code, or all.

    With `removed` also those that were removed: what is about bills. Raises UsageError if there is none.
    """
    from smsreminders.store.practices import all_practices, practice_by_code

    if code is not None:
        return [practice_by_code(db, code, removed=removed)]
    practices = all_practices(db, removed=removed)
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


def _talk(line: str) -> None:
    from smsreminders.cli.show.wrap import wrapped

    print(wrapped(line, sys.stderr), file=sys.stderr)
