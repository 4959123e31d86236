"""What a test of a job works with: a database, a clock that stands still, a gateway that does as it is told."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.due import Rules
from smsreminders.domain.round.forecast import Forecast
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.practice_rules import PracticeRules
from smsreminders.domain.round.sending import AccountName, Outgoing
from smsreminders.domain.round.window import Schedule
from smsreminders.gateways.base import Account
from smsreminders.importers.records import Kind, Record, RowError
from smsreminders.jobs.agenda.import_files import (
    BY_HAND,
    Complete,
    CompleteFor,
    ImportResult,
    Order,
    Source,
    import_files,
)
from smsreminders.jobs.round.dispatch import dispatch
from smsreminders.jobs.round.plan import holidays_of, rules_for
from smsreminders.jobs.round.poll import PollResult, poll
from smsreminders.jobs.round.result import DispatchResult
from smsreminders.jobs.round.terms import Talk, Terms
from smsreminders.store.appointments import appointment_by_id
from smsreminders.store.database import Database, opened
from smsreminders.store.lock import run_lock
from smsreminders.store.practices import all_practices
from smsreminders.store.round.notifications import Notification, events_of, notifications
from smsreminders.store.round.rounds import RoundOutcome, outcomes_of
from tests.accounts import only
from tests.jobs.builders import MONDAY, RATE, SCHEDULE, WORDING, local
from tests.jobs.clock import FixedClock
from tests.jobs.scripted import ScriptedGateway


def never() -> bool:
    """Nobody interrupts."""
    return False


def unwatched(_done: int, _of: int) -> None:
    """Nobody looks at the progress."""


def unasked(_forecast: Forecast) -> None:
    """Nobody asks how far the round will get."""


@dataclass
class Bench:
    """It is Monday 23 November 2026, 09:00 in Amsterdam, until a test goes to another moment."""

    path: Path
    db: Database
    clock: FixedClock = field(default_factory=lambda: FixedClock(local(MONDAY)))
    gateway: ScriptedGateway = field(default_factory=ScriptedGateway)

    def in_use(self, *, connections: int = 1, per_second: float = 1000.0, name: str = "scripted") -> Account:
        """The gateway as the configuration has it."""
        return Account(AccountName(name), self.gateway, connections, per_second, timedelta(minutes=10))

    def round(
        self,
        *practices: Practice,
        schedule: Schedule = SCHEDULE,
        connections: int = 1,
        per_second: float = 1000.0,
        interrupted: Callable[[], bool] = never,
        progress: Callable[[int, int], None] = unwatched,
        foreseen: Callable[[Forecast], None] = unasked,
        own: Mapping[str, PracticeRules] | None = None,
    ) -> DispatchResult:
        """A round for these practices, or for all of them; `own` are the rules of those that have some."""
        with run_lock(self.path) as lock:
            return dispatch(
                self.db,
                lock,
                practices or all_practices(self.db),
                accounts=only(self.in_use(connections=connections, per_second=per_second)),
                terms=Terms(schedule, WORDING, RATE, practices=own or {}),
                clock=self.clock,
                talk=Talk(interrupted, foreseen=foreseen, progress=progress),
            )

    def poll(
        self, *practices: Practice, give_up_after: timedelta = timedelta(hours=72), gateway: str = "scripted"
    ) -> PollResult:
        """Ask the gateway for these practices, or for all of them."""
        asked_for = practices or all_practices(self.db)
        in_use = self.in_use(name=gateway)
        return poll(self.db, asked_for, accounts=only(in_use), give_up_after=give_up_after, clock=self.clock)

    def imports(
        self,
        practice: Practice,
        kind: Kind,
        *files: Iterable[Record | RowError],
        source: str = BY_HAND,
        complete: Complete | CompleteFor | None = None,
        content: str = "",
        dry_run: bool = False,
        sure: bool = False,
        show: Callable[[Iterable[Record]], None] | None = None,
    ) -> list[ImportResult]:
        """Import files of these rows: agenda-1.csv, agenda-2.csv and so on, known again by their `content`."""
        order = Order(practice.id, kind, source, complete=complete, sure=sure, dry_run=dry_run)
        named = [Source(f"agenda-{number}.csv", rows, content) for number, rows in enumerate(files, 1)]
        return import_files(self.db, order, named, now=self.clock.now(), show=show)

    def rules(self, practice: Practice) -> Rules:
        """The rules of a round at this moment."""
        holidays = holidays_of(SCHEDULE)
        return rules_for(
            self.db, practice, terms=Terms(SCHEDULE, WORDING, RATE), holidays=holidays, now=self.clock.now()
        )

    @contextmanager
    def elsewhere(self) -> Iterator[Database]:
        """The database as another process has it."""
        with opened(self.path) as other:
            yield other

    def notification(self, appointment: str = "A1") -> Notification:
        """The last notification of an appointment."""
        return [notification for notification in notifications(self.db) if notification.appointment == appointment][-1]

    def status(self, appointment: str = "A1") -> Status:
        """How that one stands."""
        return self.notification(appointment).status

    def outbox(self) -> list[tuple[str, int, Status, str | None]]:
        """Every notification: appointment, revision, status and reason, as they were planned."""
        return [
            (notification.appointment, notification.revision, notification.status, notification.reason)
            for notification in notifications(self.db)
        ]

    def life(self, appointment: str = "A1") -> list[tuple[Status, str | None]]:
        """The events of its last notification: status and detail."""
        return [(event.status, event.detail) for event in events_of(self.db, self.notification(appointment).id)]

    def outcomes(self, practice: Practice, appointment: str = "A1") -> list[RoundOutcome]:
        """What every round made of an appointment."""
        id_, _ = appointment_by_id(self.db, practice.id, appointment)
        return outcomes_of(self.db, id_)

    def sms(self, number: int = -1) -> Outgoing:
        """A request of the gateway's journal, the last one."""
        return self.gateway.journal[number]

    def texted(self) -> list[str]:
        """The phones of the gateway's journal."""
        return [sms.phone for sms in self.gateway.journal]
