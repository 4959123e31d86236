"""What a file says of appointments, into the store: only what its source says otherwise than the last time."""

from collections.abc import Sequence
from typing import NamedTuple

from smsreminders.domain.appointments import Appointment, Booking
from smsreminders.domain.believed import SaidAppointment, Status, Verdict, believe, said_after
from smsreminders.jobs.agenda.tally import Change, Tally
from smsreminders.store import appointments, patients, said
from smsreminders.store.database import Database
from smsreminders.store.said import SourceRow

_IGNORED = "the record now has it under a status that is ignored"


class ToldAppointment(NamedTuple):
    """What a file says of an appointment, and why, where it can't be understood; `counts` if it isn't a bad row."""

    source_id: str
    says: SaidAppointment
    reason: str | None
    counts: bool


def save_appointments(db: Database, source: SourceRow, told: Sequence[ToldAppointment], *, tally: Tally) -> None:
    """Write appointments as what is news of them wants it; what matters to the patient is a new revision.

    One that isn't understood is held. A new one is stored if its start and its patient are known.
    """
    ids = [one.source_id for one in told]
    stored = {id_: one for id_, (_, one) in appointments.appointments_among(db, source.practice_id, ids).items()}
    before = said.appointments_said(db, source, ids)
    of_patients = {one.says.patient for one in told if one.says.patient}
    owners = {one.patient for one in stored.values()}
    rows = patients.ids_among(db, source.practice_id, of_patients | owners)
    written, kept = [], {}
    held: dict[str, str | None] = {}
    for one in told:
        old = before.get(one.source_id, SaidAppointment())
        was = stored.get(one.source_id) or _new(one)
        if was is None or was.patient not in rows:
            continue
        belief = believe(was, old, one.says)
        if one.source_id not in stored or belief.after != was:
            written.append((belief.after, rows[belief.after.patient]))
        kept[one.source_id] = said_after(old, one.says)
        if belief.verdict is not Verdict.STAYS:
            held[one.source_id] = (one.reason or _IGNORED) if belief.verdict is Verdict.HOLDS else None
        tally.undo(one.source_id, belief.undone)
        if one.counts:
            tally.changes[_change(was, belief.after)] += 1
    appointments.save_appointments(db, source.practice_id, written)
    said.keep_appointments(db, source, kept)
    said.hold_appointments(db, source.practice_id, held)


def _new(told: ToldAppointment) -> Appointment | None:
    """Make a new appointment that is not all understood; None where its patient or start isn't."""
    says = told.says
    if says.patient is None or says.starts_at is None or says.status is Status.IGNORED:
        return None
    booking = Booking(says.status.value) if says.status else Booking.BOOKED
    return Appointment(
        told.source_id,
        says.patient,
        says.starts_at,
        says.ends_at,
        says.location or "",
        says.practitioner or "",
        booking,
    )


def _change(before: Appointment, after: Appointment) -> Change:
    if after == before:
        return Change.UNCHANGED
    newly_cancelled = after.booking is Booking.CANCELLED and before.booking is Booking.BOOKED
    return Change.CANCELLED if newly_cancelled else Change.CHANGED
