"""Appointments: saved, and listed by start."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from smsreminders.domain.appointments import Appointment, Booking, Outcome
from smsreminders.errors import UsageError
from smsreminders.store.database import Database
from smsreminders.store.times import from_text, maybe_text, maybe_time, to_text

_APPOINTMENT = (
    "select a.id, a.source_id, p.source_id, a.starts_at, a.ends_at, a.location, a.practitioner, a.type, a.outcome,"
    " a.status, a.revision, coalesce(a.unclear, p.unclear), a.missing"
    " from appointments a join patients p on p.id = a.patient_id"
)
_BETWEEN = (
    "a.practice_id = :practice and a.starts_at >= :start and a.starts_at < :end and (:patient is null or a.patient_id ="
    " (select w.id from patients w where w.practice_id = :practice and w.source_id = :patient))"
)


class UnclearAppointment(NamedTuple):
    """An appointment by its own id, and why it or its patient is unclear."""

    source_id: str
    reason: str


def appointments_between(
    db: Database,
    practice_id: int,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    patient: str | None = None,
) -> Iterator[tuple[int, Appointment]]:
    """List the appointments of a practice or a patient that start in [start, end), by start, with their row ids."""
    between = _between(practice_id, start, end, patient)
    yield from map(_appointment, db.execute(f"{_APPOINTMENT} where {_BETWEEN} order by a.starts_at, a.id", between))


def count_between(
    db: Database,
    practice_id: int,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    patient: str | None = None,
) -> int:
    """Count what `appointments_between` lists."""
    between = _between(practice_id, start, end, patient)
    rows = db.execute(f"select count(*) from appointments a where {_BETWEEN}", between)
    return int(rows.fetchone()[0])


def appointments_among(db: Database, practice_id: int, source_ids: Iterable[str]) -> dict[str, tuple[int, Appointment]]:
    """Find the appointments of these source ids, with their row ids; an unknown id is left out."""
    rows = db.execute(
        f"{_APPOINTMENT} where a.practice_id = ? and a.source_id in (select value from json_each(?))",
        [practice_id, json.dumps(list(source_ids))],
    )
    return {appointment.source_id: (id_, appointment) for id_, appointment in map(_appointment, rows)}


def unclear_from(db: Database, practice_id: int, start: datetime) -> Iterator[UnclearAppointment]:
    """List the booked appointments of a practice from `start` on that nobody is texted from, by start."""
    rows = db.execute(
        "select a.source_id, coalesce(a.unclear, p.unclear) from appointments a join patients p on p.id = a.patient_id"
        " where a.practice_id = ? and a.starts_at >= ? and a.status = 'booked'"
        " and coalesce(a.unclear, p.unclear) is not null order by a.starts_at, a.id",
        [practice_id, to_text(start)],
    )
    yield from (UnclearAppointment(*row) for row in rows)


def appointment_by_id(db: Database, practice_id: int, source_id: str) -> tuple[int, Appointment]:
    """Find an appointment by its source id, with its row id. Raises UsageError if there is none."""
    appointments = appointments_among(db, practice_id, [source_id])
    if not appointments:
        raise UsageError(f'there is no appointment "{source_id}"; `smsreminders appointment list` shows them')
    return appointments[source_id]


def save_appointment(db: Database, practice_id: int, appointment: Appointment, patient_id: int) -> None:
    """Add an appointment, or replace the stored one."""
    save_appointments(db, practice_id, [(appointment, patient_id)])


def save_appointments(db: Database, practice_id: int, rows: Iterable[tuple[Appointment, int]]) -> None:
    """Add appointments, or replace the stored ones, each with the row id of its patient."""
    db.conn.executemany(
        "insert into appointments (practice_id, source_id, patient_id, starts_at, ends_at, location, practitioner,"
        " type, outcome, status, revision, missing) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " on conflict (practice_id, source_id) do update set patient_id = excluded.patient_id,"
        " starts_at = excluded.starts_at, ends_at = excluded.ends_at, location = excluded.location,"
        " practitioner = excluded.practitioner, type = excluded.type,"
        " outcome = excluded.outcome, status = excluded.status, revision = excluded.revision,"
        " missing = excluded.missing",
        (
            (
                practice_id,
                appointment.source_id,
                patient_id,
                to_text(appointment.starts_at),
                maybe_text(appointment.ends_at),
                appointment.location,
                appointment.practitioner,
                appointment.type,
                appointment.outcome and appointment.outcome.value,
                appointment.booking.value,
                appointment.revision,
                appointment.missing,
            )
            for appointment, patient_id in rows
        ),
    )


def miss_appointments(db: Database, appointment_ids: Iterable[int], why: str, *, cancelled: bool) -> None:
    """Keep which file lacks these appointments, and whether it cancels them; their revision stays."""
    db.execute(
        "update appointments set missing = ?, status = case when ? then 'cancelled' else status end"
        " where id in (select value from json_each(?))",
        [why, cancelled, json.dumps(list(appointment_ids))],
    )


def count_missing(db: Database, practice_id: int, start: datetime) -> int:
    """Count the booked appointments of a practice from `start` on that are missing."""
    (count,) = db.execute(
        "select count(*) from appointments"
        " where practice_id = ? and starts_at >= ? and status = 'booked' and missing is not null",
        [practice_id, to_text(start)],
    ).fetchone()
    return int(count)


def count_up(db: Database, appointment_id: int, revision: int) -> None:
    """Let an appointment be at this revision as it stands, unless it is at a later one: its next change is after it."""
    db.execute(
        "update appointments set revision = ? where id = ? and revision < ?", [revision, appointment_id, revision]
    )


def _between(
    practice_id: int, start: datetime | None, end: datetime | None, patient: str | None
) -> dict[str, int | str | None]:
    return {
        "practice": practice_id,
        "start": to_text(start) if start else "",
        "end": to_text(end) if end else "~",
        "patient": patient,
    }


def _appointment(row: tuple[Any, ...]) -> tuple[int, Appointment]:
    id_, source_id, patient, starts_at, ends_at, location, practitioner, kind, outcome, status, *rest = row
    revision, unclear, missing = rest
    return id_, Appointment(
        source_id=source_id,
        patient=patient,
        starts_at=from_text(starts_at),
        ends_at=maybe_time(ends_at),
        location=location,
        practitioner=practitioner,
        booking=Booking(status),
        revision=revision,
        unclear=unclear,
        type=kind,
        outcome=Outcome(outcome) if outcome else None,
        missing=missing,
    )
