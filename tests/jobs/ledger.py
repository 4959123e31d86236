"""Notifications as their history made them, and closes over them, in a database: what the tests of a bill stand on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status, Word
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.errors import UsageError
from smsreminders.jobs.bill.close import AsCsv, close_month
from smsreminders.jobs.bill.show import Bill, bill
from smsreminders.jobs.desk.settle import settle
from smsreminders.jobs.round.lookup import Answers, take_report
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.practices import all_practices
from smsreminders.store.round.reports import known_of
from tests import builders
from tests.builders import RECEPTION, as_text
from tests.jobs.builders import RATE, ZONE
from tests.jobs.clock import FixedClock

_PER_SEGMENT = 153  # septets of a text of several


@dataclass
class Ledger:
    """The notifications of some practices by the names that a test gives them."""

    db: Database
    clock: FixedClock
    general_rate: Decimal = RATE
    vat: Decimal = Decimal(21)
    currency: str = "EUR"
    as_csv: AsCsv = as_text
    ids: dict[str, int] = field(default_factory=dict)
    _services: set[tuple[int, str]] = field(default_factory=set)

    def practice(self, code: str) -> Practice:
        """The practice of this code, made where there is none."""
        practices = [practice for practice in all_practices(self.db) if practice.code == code]
        return practices[0] if practices else builders.a_practice(self.db, code, name=f"Praktijk {code}")

    def sent(
        self, name: str, at: datetime, *, practice: str = "P1", service: str = "S", segments: int = 1, patient: str = ""
    ) -> int:
        """A notification of so many segments that the gateway took at this moment."""
        owner = self.practice(practice)
        self._serve(owner, service)
        person = builders.a_patient(self.db, owner, patient or f"P-{name}")
        appointment = builders.an_appointment(self.db, owner, person, f"A-{name}")
        text = "x" * (_PER_SEGMENT * segments if segments > 1 else 100)
        day = at.astimezone(ZONE).date()
        self.ids[name] = builders.a_notification(
            self.db, owner, appointment, Status.SENT, text=text, now=at, today=day, gateway_id=f"g-{name}"
        )
        return self.ids[name]

    def told(self, name: str, status: Status, at: datetime) -> None:
        """A delivery report comes."""
        self.clock.go_to(at)
        with write_transaction(self.db):
            id_ = self.ids[name]
            known = known_of(self.db, [id_])[id_]
            take_report(self.db, id_, known, DeliveryReport(name, status, status.value), now=at, answers=Answers())

    def delivered(self, name: str, at: datetime, **about: str | int) -> None:
        """Sent and delivered at once."""
        self.sent(name, at, **about)  # type: ignore[arg-type]  # whatever `sent` takes
        self.told(name, Status.DELIVERED, at)

    def taken_back(self, name: str, at: datetime) -> bool:
        """A person says that it didn't arrive; False where it doesn't stand as delivered."""
        self.clock.go_to(at)
        try:
            settle(self.db, str(self.ids[name]), Word.NOT_DELIVERED, clock=self.clock, access=RECEPTION)
        except UsageError:
            return False
        return True

    def close(self, period: Period, at: datetime, *, force: bool = True) -> Bill:
        """Close a month at this moment; its bill."""
        self.clock.go_to(at)
        close_month(
            self.db,
            period,
            terms=self.terms(),
            zone=ZONE,
            force=force,
            as_csv=self.as_csv,
            clock=self.clock,
        )
        return self.bill(period)

    def bill(self, period: Period, practices: Sequence[Practice] | None = None) -> Bill:
        """The bill as it is shown."""
        return bill(self.db, period, practices or all_practices(self.db), self.terms())

    def terms(self) -> MoneyTerms:
        """What the configuration has."""
        return MoneyTerms(self.general_rate, self.vat, self.currency)

    def names(self, ids: Sequence[int]) -> list[str]:
        """What these notifications are called here."""
        called = {id_: name for name, id_ in self.ids.items()}
        return sorted(called[id_] for id_ in ids)

    def _serve(self, practice: Practice, service: str) -> None:
        """Make a service the one by which the practice sends."""
        with write_transaction(self.db):
            self.db.execute("update services set enabled = 0 where practice_id = ?", [practice.id])
            if (practice.id, service) not in self._services:
                builders.a_service(self.db, practice, service)
                self._services.add((practice.id, service))
            self.db.execute(
                "update services set enabled = 1 where practice_id = ? and name = ?", [practice.id, service]
            )
