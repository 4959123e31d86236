"""What a file says of appointments, into the store: only what its source says otherwise than the last time."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from smsreminders.domain.agenda.believed import SaidAppointment, Status, Verdict, believe, said_after
from smsreminders.domain.appointments import Appointment, Booking
from smsreminders.domain.keep.erasing import before_erasing
from smsreminders.jobs.agenda.tally import Change, Tally
from smsreminders.store import appointments, patients
from smsreminders.store.agenda import said
from smsreminders.store.agenda.said import SourceRow
from smsreminders.store.database import Database
from smsreminders.store.keep.erasing import went_with_erased

_IGNORED = "the record now has it under a status that is ignored, or without a patient"
_BOOKED_AGAIN = "it was cancelled here, and a source that never told its status says that it is booked"


class ToldAppointment(NamedTuple):
    """What a file says of an appointment, and why, where it can't be understood; `counts` if it isn't a bad row."""

    source_id: str
    says: SaidAppointment
    reason: str | None
    counts: bool


def save_appointments(db: Database, source: SourceRow, records: Sequence[ToldAppointment], *, tally: Tally) -> None:
    """Write appointments as what is news of them wants it; what matters to the patient is a new revision.

    One that isn't understood is held. A new one is stored if its start and its patient are known.
    """
    ids = [record.source_id for record in records]
    stored = {
        id_: appointment
        for id_, (_, appointment) in appointments.appointments_among(db, source.practice_id, ids).items()
    }
    before = said.appointments_said(db, source, ids)
    of_patients = {record.says.patient for record in records if record.says.patient}
    owners = {appointment.patient for appointment in stored.values()}
    rows = patients.ids_among(db, source.practice_id, of_patients | owners)
    stood = stored | _before_erasing(db, source, stored, records)
    written, kept = [], {}
    held: dict[str, str | None] = {}
    for record in records:
        old = before.get(record.source_id, SaidAppointment())
        was = stood.get(record.source_id) or _new(record)
        if was is None or was.patient not in rows:
            if record.says.as_of is not None:  # nothing older that comes later counts
                kept[record.source_id] = said_after(old, record.says)
            continue
        belief = believe(was, old, record.says)
        if belief.after != stored.get(record.source_id):
            written.append((belief.after, rows[belief.after.patient]))
        kept[record.source_id] = said_after(old, record.says)
        if belief.verdict is not Verdict.STAYS:
            reason = record.reason or (_IGNORED if record.says.status is Status.IGNORED else _BOOKED_AGAIN)
            held[record.source_id] = reason if belief.verdict is Verdict.HOLDS else None
        tally.undo(record.source_id, belief.undone)
        if record.counts:
            tally.changes[_change(stored.get(record.source_id, was), belief.after)] += 1
    appointments.save_appointments(db, source.practice_id, written)
    said.keep_appointments(db, source, kept)
    said.hold_appointments(db, source.practice_id, held)


def _before_erasing(
    db: Database, source: SourceRow, stored: Mapping[str, Appointment], records: Sequence[ToldAppointment]
) -> dict[str, Appointment]:
    """Give the appointments that went with a patient who was erased, and is one again, as they stood before."""
    coming = {record.source_id: new for record in records if record.source_id in stored and (new := _new(record))}
    went = went_with_erased(db, source.practice_id, coming.values())
    return {id_: before_erasing(stored[id_], coming[id_], same=same) for id_, same in went.items()}


def _new(record: ToldAppointment) -> Appointment | None:
    """Make a new appointment that is not all understood; None where its patient or start isn't."""
    says = record.says
    if says.patient is None or says.starts_at is None or says.status is Status.IGNORED:
        return None
    booking = Booking(says.status.value) if says.status else Booking.BOOKED
    return Appointment(
        record.source_id,
        says.patient,
        says.starts_at,
        says.ends_at,
        says.location or "",
        says.practitioner or "",
        booking,
        type=says.type or "",
        outcome=says.outcome,
    )


def _change(before: Appointment, after: Appointment) -> Change:
    if after == before:
        return Change.UNCHANGED
    newly_cancelled = after.booking is Booking.CANCELLED and before.booking is Booking.BOOKED
    return Change.CANCELLED if newly_cancelled else Change.CHANGED
