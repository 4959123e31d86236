"""All that is known of a notification, for a dispute about a missed appointment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from smsreminders.domain.bill.billing import Period, to_cents
from smsreminders.domain.clock import Clock
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.stopped import StopEvent, standing
from smsreminders.jobs.bill.prices import month_prices
from smsreminders.store.bill.evidence import Charge, ConsentEntry, charges_of, consent_entries, waived_in
from smsreminders.store.database import Database, one_view
from smsreminders.store.round.covers import patients_covered
from smsreminders.store.round.notifications import Event, Notification, events_of, notification_by_id, other_reminders
from smsreminders.store.round.replies import Reply, replies_to
from smsreminders.store.round.stopped import stop_history


@dataclass(frozen=True, slots=True)
class OtherPatient:
    """Another patient of whose appointment the text told, with the consent that was in force at the claim."""

    patient: str
    consent: ConsentEntry | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A notification with its life, the consent that it was sent by, and its bills.

    `consent` is what was in force at the claim as it was known then; `later` was recorded since, whatever its date.
    `other_patients` have the same phone, `other_reminders` tell of the same appointments: other occasions or attempts.
    `rate` is the one that was charged, else that of its month's close, else today's of its day. `stop` is in force on
    the number that it went to: now, for while it was nothing was sent. `replies` may be about the text.
    """

    notification: Notification
    events: list[Event]
    consent: ConsentEntry | None
    later: list[ConsentEntry]
    rate: Decimal
    charges: list[Charge]
    waived_in: Period | None
    other_patients: list[OtherPatient]
    other_reminders: list[Notification]
    stop: StopEvent | None
    replies: list[Reply]

    @property
    def billable(self) -> bool:
        """Whether it is billed or will be: delivered, and not too late."""
        return self.notification.status is Status.DELIVERED and self.waived_in is None

    @property
    def cost(self) -> Decimal:
        """Give the price of this notification alone; a bill rounds once a line."""
        return to_cents(self.notification.segments * self.rate)

    @property
    def accepted(self) -> Event | None:
        """Find when the gateway took it."""
        return next((event for event in self.events if event.status is Status.SENT), None)

    @property
    def arrived(self) -> Event | None:
        """Find the delivery report that says it arrived, with the gateway's own time."""
        return next((event for event in self.events if event.status is Status.DELIVERED), None)


def evidence(db: Database, id_or_reference: str, *, general_rate: Decimal, zone: tzinfo, clock: Clock) -> Evidence:
    """Gather all that is known of a notification. Raises UsageError if there is none of this id or reference."""
    with one_view(db):
        notification = notification_by_id(db, id_or_reference)
        moment = notification.sent_at or clock.now()
        entries = consent_entries(db, notification.patient_id)
        charges = charges_of(db, notification.id)
        price = month_prices(db, general_rate)
        return Evidence(
            notification,
            events_of(db, notification.id),
            _known(entries, moment),
            [entry for entry in entries if entry.recorded_at > moment],
            charges[0].rate if charges else price(moment.astimezone(zone).date(), notification.practice_id),
            charges,
            waived_in(db, notification.id),
            [
                OtherPatient(patient, _known(consent_entries(db, id_), moment))
                for patient, id_ in patients_covered(db, notification.id).items()
                if id_ != notification.patient_id
            ],
            other_reminders(db, notification.id),
            standing(stop_history(db, notification.practice_id, notification.phone)),
            replies_to(db, notification.id),
        )


def _known(entries: Sequence[ConsentEntry], moment: datetime) -> ConsentEntry | None:
    """The consent that was in force at a moment, of what was recorded by then."""
    known = [entry for entry in entries if entry.recorded_at <= moment]
    return known[-1] if known else None
