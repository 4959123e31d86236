"""The world of the stateful test: one practice whose real jobs run beside a model of what they should do."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from hypothesis.stateful import RuleBasedStateMachine

from smsreminders.domain.appointments import Booking
from smsreminders.domain.notifications import MAY_BE_ON_A_PHONE, Status, reference_of
from smsreminders.domain.sending import AccountName, Outgoing
from smsreminders.errors import SmsremindersError
from smsreminders.gateways.base import Account
from smsreminders.importers.records import AppointmentRecord, PatientRecord
from smsreminders.jobs.round.result import DispatchResult
from smsreminders.store.database import opened
from smsreminders.store.installation import installation_name
from tests.long.bench import MORNING, SCHEDULE, ZONE, House, Listener, MovingClock, build
from tests.long.scripted import Answer, Death, Listing, Scripted
from tests.long.setting import name_of
from tests.long.stateful_model import Row, Told, at, covers, reasons_against

CODE = "praktijk-1"
SETTLE_TIME = timedelta(minutes=10)
_MEMORY = Path("/dev/shm")  # noqa: S108  # no power is cut here: the disk proves nothing and takes most of the time


Words = tuple[str, int, datetime]  # the number as written, the patient, the start


class World(RuleBasedStateMachine):
    """One practice over some weeks; `counted` are the figures of all examples, `talk` all that was said in them."""

    counted: ClassVar[Counter[str]] = Counter()
    talk: ClassVar[Listener] = Listener()

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None)
        database = Path(self.folder.name) / "smsreminders.db"
        database.write_bytes(template())
        self.clock = MovingClock(frozen=True)
        self.house = House(database, self.clock)
        self.gateway = Scripted(self.clock)
        self.gateway.on_request = self.requested
        self.told: dict[int, Told] = {}
        self.consents: dict[int, bool | None] = {}
        self.numbers = {patient: f"06{12_300_000 + patient}" for patient in range(3)}
        self.wrong: list[str] = []
        self.texts: Counter[tuple[int, int]] = Counter()
        self.said_sent: set[str] = set()
        self.said_not_delivered: set[str] = set()
        self.may_go_from = MORNING
        self.asked: dict[str, tuple[int, Words]] = {}  # by reference: the appointment and the words of a request
        self.opened = ExitStack()
        self.db = self.opened.enter_context(opened(database, read_only=True))
        self.installation = installation_name(self.db)

    def teardown(self) -> None:
        World.counted["examples"] += 1
        World.counted["requests"] += len(self.gateway.requests)
        World.counted["taken by the gateway"] += len(self.gateway.taken)
        World.counted.update({f"answer: {answer}": n for answer, n in self.gateway.answered.items()})
        self.opened.close()
        self.folder.cleanup()

    def requested(self, sms: Outgoing) -> None:
        """Take a request at the gateway: the model says whether it may come, and counts what is taken."""
        meant = [n for n, told in self.told.items() if self.reference(n, told) == sms.reference]
        if not meant:
            self.wrong.append("a text of a revision that is not the present one")
            return
        told = self.told[meant[0]]
        if not covers(self.may_go_from, told.starts_at):
            self.wrong.append("a text of an appointment that is not covered")
        consent, number = self.consents[told.patient], self.numbers[told.patient]
        self.wrong += reasons_against(sms, told, consent=consent, number=number, now=self.clock.now())
        self.asked[sms.reference] = (meant[0], self.words(meant[0]))
        if "taken" in self.gateway.answer_for(sms):
            self.texts[meant[0], told.revision] += 1

    def rows(self) -> list[Row]:
        rows = self.db.execute(
            "select n.id, n.reference, a.source_id, n.revision, n.status from notifications n"
            " join appointments a on a.id = n.appointment_id order by n.id"
        ).fetchall()
        return [Row(id_, ref, int(source[1:]), revision, Status(status)) for id_, ref, source, revision, status in rows]

    def run_round(
        self,
        answers: Sequence[Answer],
        listing: Listing,
        *,
        connections: int = 1,
        limit: int = 999,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> None:
        self.gateway.answers, self.gateway.listing = answers, listing
        self.may_go_from, before = self.clock.now(), len(self.gateway.requests)
        told, consents = dict(self.told), dict(self.consents)
        schedule = replace(SCHEDULE, daily_limit=limit)
        try:
            result = self.house.dispatch(self.account(connections), schedule=schedule, progress=progress)
        except SmsremindersError as error:
            self.talk.heard(error)
            return
        except Death:
            self.counted["deaths"] += 1
            return
        self.talk.heard(*result.problems, result.sent)
        self.counted["rounds"] += 1
        if result.held_back:
            assert len(self.gateway.requests) == before, "a practice that is held back was sent for"
        if result.plans:
            self._check_outcomes(result, told, consents)

    def _check_outcomes(self, result: DispatchResult, told: dict[int, Told], consents: dict[int, bool | None]) -> None:
        """Every covered booked appointment has a reminder or a written reason, and the reason is true."""
        rows = self.db.execute(
            "select a.source_id, o.revision, o.reason from round_outcomes o"
            " join appointments a on a.id = o.appointment_id where o.round_id = ?",
            [result.round_id],
        ).fetchall()
        outcomes = {int(source[1:]): (revision, reason) for source, revision, reason in rows}
        notified = {(row.appointment, row.revision) for row in self.rows()}
        for number, one in told.items():
            if not one.booked or not covers(self.may_go_from, one.starts_at):
                continue
            revision, reason = outcomes[number]
            assert revision == one.revision
            true = {
                None: (number, revision) in notified,
                "already-reminded": (number, revision) in notified or self.may_know(number),
                "covered": any((n, told[n].revision) in notified for n in self.doubles(number, told)),
                "no-consent": consents[one.patient] is None,
                "consent-withdrawn": consents[one.patient] is False,
                "limit-reached": bool(result.held_back),
                "invalid-number": (number, revision) in notified,  # rejected by the gateway
            }
            assert true.get(reason), f"appointment {number} was skipped as {reason}"
            self.counted["covered appointments with a reminder or a reason"] += 1

    def words(self, number: int) -> Words:
        """What a text of an appointment says, and to whom, as far as it differs between texts."""
        told = self.told[number]
        return self.numbers[told.patient], told.patient, told.starts_at

    def may_know(self, number: int) -> bool:
        """Whether these words may have reached this phone, of this appointment or of its double."""
        may_be = {row.reference for row in self.rows() if row.status in MAY_BE_ON_A_PHONE} | self.said_sent
        return any(reference in may_be and words == self.words(number) for reference, (_, words) in self.asked.items())

    def doubles(self, number: int, told: dict[int, Told]) -> list[int]:
        """The other appointments whose text would say the same to the same phone."""
        return [n for n in told if n != number and self.words(n) == self.words(number)]

    def account(self, connections: int) -> Account:
        return Account(AccountName("scripted"), self.gateway, connections, 10_000, SETTLE_TIME)

    def say(
        self, number: int, patient: int, starts_at: datetime, *, booked: bool = True, consent: bool | None = None
    ) -> None:
        booking = Booking.BOOKED if booked else Booking.CANCELLED
        name = name_of(patient)
        who = PatientRecord("line 1", f"P{patient:05d}", name, self.numbers[patient], "nl", consent)
        self.house.tell(AppointmentRecord("line 1", f"A{number:05d}", who, starts_at, booking=booking))
        if patient not in self.consents or consent:
            self.consents[patient] = consent
        before = self.told.get(number)
        if before is None:
            self.told[number] = Told(patient, starts_at, booked)
            return
        moved = (before.patient, before.starts_at) != (patient, starts_at) or (booked and not before.booked)
        self.told[number] = Told(patient, starts_at, booked, before.revision + moved)

    def moment(self, start: tuple[int, int]) -> datetime:
        today = self.clock.now().astimezone(ZONE).date()
        return at(today + timedelta(days=start[0]), start[1])

    def morning_in(self, days: int) -> datetime:
        return at(self.clock.now().astimezone(ZONE).date() + timedelta(days=days), 9)

    def reference(self, number: int, told: Told) -> str:
        return reference_of(self.installation, CODE, f"A{number:05d}", told.revision)


@cache
def template() -> bytes:
    """An empty practice's database; every example starts from a copy."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "template.db"
        build(database)
        return database.read_bytes()
