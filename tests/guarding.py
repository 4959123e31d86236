"""A practice with a database of its own, a clock that stands still and a gateway that keeps what it took."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from smsreminders.domain.appointments import Appointment, Booking, cancelled, revised
from smsreminders.domain.consent import Consent, ConsentEvent, How
from smsreminders.domain.practices import REMINDERS_BY_SMS, Practice, ServiceType
from smsreminders.domain.round.guards import AgendaAges
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Accepted, AccountName, DeliveryReport, Open, Outcome, Outgoing
from smsreminders.domain.round.window import Schedule
from smsreminders.domain.round.workdays import Region
from smsreminders.domain.text.message import Wording
from smsreminders.errors import SmsremindersError
from smsreminders.gateways.base import Account
from smsreminders.gateways.features import Features
from smsreminders.jobs.keep.reconcile import ReconcileResult, reconcile
from smsreminders.jobs.round.dispatch import dispatch
from smsreminders.jobs.round.poll import PollResult, poll
from smsreminders.jobs.round.result import DispatchResult
from smsreminders.jobs.round.terms import Talk, Terms
from smsreminders.store import appointments, patients, practices, services
from smsreminders.store.agenda.imports import record_import
from smsreminders.store.agenda.said import source_of
from smsreminders.store.database import Database, create, opened, write_transaction
from smsreminders.store.lock import RunLock, run_lock
from smsreminders.store.practices import all_practices
from smsreminders.store.round.notifications import Notification, events_of, notifications
from tests.accounts import only
from tests.features import FINDS_ALL

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)  # a Monday, 09:00 in Amsterdam
TOMORROW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SETTLE = timedelta(minutes=10)
SCHEDULE = Schedule(
    zone=ZONE,
    region=Region("NL", "nl"),
    weekdays=frozenset(range(5)),
    minimum_notice=timedelta(hours=2),
    sending_hours=(time(8), time(20)),
    daily_limit=2000,
    longest_run=timedelta(hours=2),
    agenda_ages=AgendaAges(timedelta(days=4), timedelta(days=10)),
)
WORDING = Wording({"nl": "{patient}, {day} {date} om {time} bij {practice}."})
RATE = Decimal("0.10")


class Died(Exception):
    """What stands for a process that dies while its request is under way."""


class StandingClock:
    """Shows the same moment until it is told to go on, or somebody pauses."""

    def __init__(self, moment: datetime = NOW) -> None:
        self._moment = moment
        self._paused = 0.0

    def now(self) -> datetime:
        return self._moment + timedelta(seconds=self._paused)

    def elapsed(self) -> float:
        return self._paused

    def pause(self, seconds: float) -> None:
        self._paused += max(seconds, 0.001)

    def go_on(self, **by: float) -> None:
        self._moment += timedelta(**by)

    def go_to(self, moment: datetime) -> None:
        self._moment = moment - timedelta(seconds=self._paused)


class KeepingGateway:
    """Takes every message and knows what it took, by our reference too unless its features say not.

    One that may be repeated takes the same SMS once.

    `answers` are what it says to the next ones, in order; an exception is raised. It takes a message whatever it says
    as long as `takes` is true. `fates` is what became of messages, by phone, else nothing is told but that they are
    sent; `lookups` are what it says to the next questions: how many reports it gives before it fails, and with what.
    """

    def __init__(self, features: Features = FINDS_ALL) -> None:
        self.features = features
        self.takes = True
        self.taken: list[Outgoing] = []
        self.answers: deque[Outcome | Exception] = deque()
        self.fates: dict[str, Status] = {}
        self.lookups: deque[tuple[int, SmsremindersError | None]] = deque()
        self.asked: list[list[str]] = []
        self._lock = Lock()

    @property
    def phones(self) -> list[str]:
        return [sms.phone for sms in self.taken]

    def send(self, sms: Outgoing) -> Outcome:
        with self._lock:
            if self.takes and (not self.features.repeats_for or sms not in self.taken):
                self.taken.append(sms)
            answer = self.answers.popleft() if self.answers else Accepted(f"id-{sms.reference}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def account(self) -> str:
        return "known"

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        self.asked.append([one.reference for one in asked])
        most, error = self.lookups.popleft() if self.lookups else (len(self.taken), None)
        wanted = {one.reference for one in asked if self.features.finds_by_reference or one.gateway_id}
        known = [sms for sms in self.taken if sms.reference in wanted]
        for sms in known[:most]:
            status = self.fates.get(sms.phone, Status.SENT)
            yield DeliveryReport(sms.reference, status, status.value, gateway_id=f"id-{sms.reference}")
        if error is not None:
            raise error


@dataclass
class House:
    """One installation. Patient P1 has the number +31612345601 and so on; what is told of anything is committed."""

    path: Path
    clock: StandingClock = field(default_factory=StandingClock)
    gateway: KeepingGateway = field(default_factory=KeepingGateway)
    name: str = "keeping"
    schedule: Schedule = SCHEDULE

    def open(self) -> AbstractContextManager[Database]:
        return opened(self.path)

    def in_use(self) -> Account:
        return Account(AccountName(self.name), self.gateway, connections=1, per_second=10_000, settle_time=SETTLE)

    def told(
        self,
        source_id: str = "A1",
        patient: str = "P1",
        *,
        starts_at: datetime = TOMORROW,
        booking: Booking = Booking.BOOKED,
        consent: bool = True,
    ) -> None:
        """A patient with an appointment, as the agenda has it now; their consent, where it is another than it was."""
        with self.open() as db, write_transaction(db):
            self._told(db, Appointment(source_id, patient, starts_at, booking=booking), consent=consent)

    def imported(self) -> None:
        """A file was imported that says what was told."""
        with self.open() as db, write_transaction(db):
            source = source_of(db, all_practices(db)[0].id, "by hand", "appointments")
            record_import(db, source, file="agenda.csv", now=self.clock.now(), rows_read=1, rejected=0)

    def cancels(self, source_id: str = "A1") -> None:
        """The appointment is cancelled."""
        with self.open() as db, write_transaction(db):
            practice = all_practices(db)[0]
            _, stored = appointments.appointment_by_id(db, practice.id, source_id)
            patient = patients.patient_by_id(db, practice.id, stored.patient)
            appointments.save_appointment(db, practice.id, cancelled(stored), patient.id)

    def crowd(self, count: int, *, after: int = 0, starts_at: datetime = TOMORROW) -> None:
        """Put patients in, the first P1 with appointment A1 unless others come `after` them, a second apart."""
        with self.open() as db, write_transaction(db):
            for n in range(after + 1, after + count + 1):
                self._told(db, Appointment(f"A{n}", f"P{n}", starts_at + timedelta(seconds=n)), consent=True)

    def _told(self, db: Database, told: Appointment, *, consent: bool) -> None:
        practice = all_practices(db)[0]
        phone = f"06123{int(told.patient.removeprefix('P')) + 45600:05}"
        before = patients.patients_among(db, practice.id, [told.patient]).get(told.patient)
        person = patients.Patient(0, told.patient, f"Canaria {told.patient}", phone, None, Consent.NEVER_ASKED)
        [id_] = patients.save_patients(db, practice.id, [person]).values()
        if before is None or before.consent is not Consent.of(consent):
            patients.add_consent(db, id_, ConsentEvent(consent, self.clock.now(), How.DESK), self.clock.now())
        _, stored = appointments.appointments_among(db, practice.id, [told.source_id]).get(told.source_id, (0, None))
        appointments.save_appointment(db, practice.id, revised(stored, told) if stored else told, id_)

    def round(self) -> DispatchResult:
        """A whole run, as the command does it: the lock, the guards, the round."""
        with run_lock(self.path) as lock, self.open() as db:
            return self.round_with(db, lock)

    def round_with(self, db: Database, lock: RunLock) -> DispatchResult:
        """Run the round with a database and a lock of the caller's."""
        return dispatch(
            db,
            lock,
            all_practices(db),
            accounts=only(self.in_use()),
            terms=Terms(self.schedule, WORDING, RATE),
            clock=self.clock,
            talk=Talk(),
        )

    def dies(self) -> None:
        """A round that dies while its first request is under way; what it claimed stays in `sending`."""
        self.gateway.answers.append(Died())
        try:
            self.round()
        except Died:
            return
        raise AssertionError("nothing was sent, so nothing could die")

    def poll(self) -> PollResult:
        with run_lock(self.path), self.open() as db:
            give_up = timedelta(hours=72)
            return poll(db, all_practices(db), accounts=only(self.in_use()), give_up_after=give_up, clock=self.clock)

    def reconcile(self) -> ReconcileResult:
        with run_lock(self.path) as lock, self.open() as db:
            return reconcile(
                db,
                lock,
                all_practices(db),
                accounts=only(self.in_use()),
                terms=Terms(self.schedule, WORDING, RATE),
                clock=self.clock,
            )

    def notifications(self) -> list[Notification]:
        with self.open() as db:
            return notifications(db)

    def statuses(self) -> dict[tuple[str, int], Status]:
        """The status of each appointment's reminders, by revision."""
        return {
            (notification.appointment, notification.revision): notification.status
            for notification in self.notifications()
        }

    def status(self, appointment: str = "A1") -> Status:
        """The status of the reminder of an appointment's last revision."""
        return [
            notification.status for notification in self.notifications() if notification.appointment == appointment
        ][-1]

    def details(self, appointment: str = "A1") -> list[str | None]:
        """What stands beside each event of an appointment's last notification."""
        found = [notification for notification in self.notifications() if notification.appointment == appointment][-1]
        with self.open() as db:
            return [event.detail for event in events_of(db, found.id)]


def a_house(folder: Path, code: str = "linde") -> House:
    """A practice with its service; nobody else yet."""
    path = folder / "smsreminders.db"
    create(path)
    with opened(path) as db:
        add_practice(db, code)
    return House(path)


def add_practice(db: Database, code: str) -> Practice:
    """Another practice, with its service."""
    with write_transaction(db):
        practices.add_practice(db, Practice(0, code, f"De {code.title()}", code.title()))
        practice = practices.practice_by_code(db, code)
        services.add_service(db, practice.id, "Notificaties", ServiceType.NOTIFICATIONS)
        services.assign(db, services.services_of(db, practice.id)[0].id, *REMINDERS_BY_SMS)
    return practice


def damage(path: Path, table: str) -> None:
    """Write rubbish over the first page of a table, as a dying disk does."""
    with opened(path) as db:
        (page,) = db.execute("select rootpage from sqlite_master where name = ?", [table]).fetchone()
        (size,) = db.execute("pragma page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)
