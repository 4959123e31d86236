"""A practice made in process, with a clock of its own: what the long runs over the real jobs stand on."""

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from smsreminders.domain.changes import PatientChange
from smsreminders.domain.consent import ConsentEvent, How
from smsreminders.domain.keep.access import Access
from smsreminders.domain.keep.retention import Retention
from smsreminders.domain.practices import REMINDERS_BY_SMS, Practice, ServiceType
from smsreminders.domain.round.guards import AgendaAges
from smsreminders.domain.round.practice_rules import PracticeRules
from smsreminders.domain.round.stopped import How as StopHow
from smsreminders.domain.round.window import Schedule
from smsreminders.domain.round.workdays import Region
from smsreminders.domain.text.message import Wording
from smsreminders.gateways.accounts import Accounts
from smsreminders.gateways.base import Account
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord, Record
from smsreminders.jobs.agenda.import_files import CompleteFor, Order, Source, import_files
from smsreminders.jobs.desk.patient import add_patient
from smsreminders.jobs.desk.service import add_service
from smsreminders.jobs.keep.erase import erase_patient
from smsreminders.jobs.keep.purge import purge
from smsreminders.jobs.keep.reconcile import allow_runs
from smsreminders.jobs.round.dispatch import dispatch
from smsreminders.jobs.round.poll import PollResult, poll
from smsreminders.jobs.round.result import DispatchResult
from smsreminders.jobs.round.stopping import lift, start, stop
from smsreminders.jobs.round.terms import Talk, Terms
from smsreminders.store.database import Database, create, opened, write_transaction
from smsreminders.store.lock import run_lock
from smsreminders.store.patients import add_consent, patient_by_id
from smsreminders.store.practices import add_practice, all_practices
from tests.accounts import only
from tests.builders import RECEPTION
from tests.long.setting import name_of

ZONE = ZoneInfo("Europe/Amsterdam")
MORNING = datetime(2026, 9, 7, 8, 0, tzinfo=ZONE).astimezone(UTC)  # a Monday, far from every public holiday
RATE = Decimal("0.10")
GIVE_UP_AFTER = timedelta(hours=72)
CANARY = re.compile(r"kanarie|\b\+?(31|0)?6[ -]?12[ -]?3[0-9]|61[23][0-9]{5}", re.IGNORECASE)
WORDING = Wording({"nl": "Beste {patient}, kanarietekst: {day} {date} om {time} bij {practice}, {location}."})
SCHEDULE = Schedule(
    zone=ZONE,
    region=Region("NL", "nl"),
    weekdays=frozenset(range(5)),
    minimum_notice=timedelta(hours=2),
    sending_hours=(clock_time(8), clock_time(20)),
    daily_limit=1_000_000,
    longest_run=timedelta(hours=2),
    agenda_ages=AgendaAges(timedelta(days=4), timedelta(days=10)),
)


class MovingClock:
    """A clock that runs on by itself and can be moved on; a frozen one moves only so. Pauses take no time."""

    def __init__(self, start: datetime = MORNING, *, frozen: bool = False) -> None:
        self._start, self._ahead, self._frozen = start, 0.0, frozen
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.elapsed())

    def elapsed(self) -> float:
        return self._ahead + (0 if self._frozen else time.monotonic() - self._began)

    def pause(self, seconds: float) -> None:
        self._ahead += max(seconds, 1e-6)  # a pause that is lost in rounding would be asked for again without end

    def move_on(self, delta: timedelta) -> None:
        self._ahead += delta.total_seconds()

    def move_to(self, moment: datetime) -> None:
        """Move on to a moment; never back."""
        self.move_on(max(timedelta(), moment - self.now()))


@dataclass(frozen=True, slots=True)
class House:
    """The jobs on one database, called as the command line calls them: lock, database, guards, job."""

    database: Path
    clock: MovingClock

    def dispatch(
        self,
        account: Account | Accounts,
        *,
        schedule: Schedule = SCHEDULE,
        wording: Wording = WORDING,
        practices: Mapping[str, PracticeRules] | None = None,
        codes: Sequence[str] = (),
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> DispatchResult:
        """A round for the practices of these codes, all if there are none."""
        with run_lock(self.database) as lock, opened(self.database) as db:
            return dispatch(
                db,
                lock,
                [practice for practice in all_practices(db) if not codes or practice.code in codes],
                accounts=_all(account),
                terms=Terms(schedule, wording, RATE, practices=practices or {}),
                clock=self.clock,
                talk=Talk(progress=progress),
            )

    def poll(self, account: Account | Accounts) -> PollResult:
        """Ask for the reports of all practices."""
        with run_lock(self.database), opened(self.database) as db:
            practices = all_practices(db)
            return poll(db, practices, accounts=_all(account), give_up_after=GIVE_UP_AFTER, clock=self.clock)

    def tell(
        self,
        *records: AppointmentRecord,
        practice_id: int = 1,
        complete: CompleteFor | None = None,
        content: str = "",
    ) -> None:
        """Import appointments, as a file of some content that may be complete."""
        rows: list[Record] = [*records]
        with opened(self.database) as db:
            order = Order(practice_id, Kind.APPOINTMENTS, complete=complete, sure=True)
            import_files(db, order, [Source("agenda.csv", rows, content)], now=self.clock.now())

    def consent(self, patient: str, *, given: bool) -> None:
        """What a patient says at the desk, now."""
        now = self.clock.now()
        with opened(self.database) as db, write_transaction(db):
            add_consent(db, patient_by_id(db, 1, patient).id, ConsentEvent(given, now, How.DESK), now)

    def stop(self, e164: str, how: StopHow) -> None:
        """A number stopped, now."""
        now = self.clock.now()
        with opened(self.database) as db, write_transaction(db):
            stop(db, [1], e164, how=how, at=now, now=now)

    def start(self, e164: str) -> None:
        """A START from a phone, now."""
        now = self.clock.now()
        with opened(self.database) as db, write_transaction(db):
            start(db, [1], e164, at=now, now=now)

    def lift(self, e164: str) -> None:
        """A number lifted at the desk, now."""
        with opened(self.database) as db, write_transaction(db):
            lift(db, 1, e164, by="anna", now=self.clock.now())

    @property
    def access(self) -> Access:
        """Who does it, now."""
        return replace(RECEPTION, at=self.clock.now())

    def erase(self, patient: str) -> None:
        """A patient erased, of the first practice."""
        with run_lock(self.database), opened(self.database) as db:
            practice = all_practices(db)[0]
            erase_patient(db, practice, patient, access=self.access, forget=lambda _: None, clock=self.clock)

    def add(self, patient: str, name: str, number: str) -> None:
        """A patient added at the desk of the first practice."""
        with opened(self.database) as db:
            add_patient(db, all_practices(db)[0], patient, PatientChange(name, number), access=self.access)

    def believe_the_clock(self) -> None:
        """A person's word that the clock is right, after days in which nothing ran."""
        with run_lock(self.database) as lock, opened(self.database) as db:
            allow_runs(db, lock, clock=self.clock)

    def purge(self) -> None:
        """What is kept too long taken away."""
        with opened(self.database) as db:
            purge(db, Retention(), access=self.access, clock=self.clock)


def build(database: Path, *, practices: int = 1) -> None:
    """A database with so many practices, each with its service."""
    create(database)
    with opened(database) as db:
        for number in range(1, practices + 1):
            with write_transaction(db):
                add_practice(db, Practice(0, f"praktijk-{number}", f"Kanarie Praktijk {number}", "Praktijk"))
            practice = all_practices(db)[-1] if practices == 1 else _newest(db, number)
            add_service(db, practice, "Notificaties", ServiceType.NOTIFICATIONS, REMINDERS_BY_SMS)


def record_of(number: int, starts_at: datetime, *, consent: bool | None = True) -> AppointmentRecord:
    """Appointment and patient number so much, with a name and a mobile number that are found wherever they leak."""
    name, phone = name_of(number), f"06{12_300_000 + number}"
    patient = PatientRecord("", f"P{number:05d}", name, phone, "nl", consent)
    return AppointmentRecord("", f"A{number:05d}", patient, starts_at)


class Listener(logging.Handler):
    """All that our code and its libraries say while it listens: the log at its finest, and what is `heard` of besides.

    A context manager; `leaks` counts where a patient's name, number or text turned up in it.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines, self.leaks = 0, 0

    def heard(self, *words: object) -> None:
        """Listen to this too: both what is shown of it to a person and to a programmer."""
        for word in words:
            self.lines += 1
            self.leaks += bool(CANARY.search(f"{word!r} {word}"))

    def emit(self, record: logging.LogRecord) -> None:
        self.heard(record.getMessage())

    def __enter__(self) -> "Listener":
        root = logging.getLogger()
        self._level = root.level
        root.setLevel(logging.DEBUG)
        root.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        root = logging.getLogger()
        root.removeHandler(self)
        root.setLevel(self._level)


def _all(accounts: Account | Accounts) -> Accounts:
    """The accounts of a run; a single one is everybody's."""
    return only(accounts) if isinstance(accounts, Account) else accounts


def _newest(db: Database, number: int) -> Practice:
    return next(practice for practice in all_practices(db) if practice.code == f"praktijk-{number}")
