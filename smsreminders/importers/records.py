"""What a row of a file says, in whatever format it came, and how a file is laid out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import How


class Kind(StrEnum):
    """What the rows of a file are."""

    APPOINTMENTS = "appointments"
    PATIENTS = "patients"
    CONSENTS = "consents"


class PatientRecord(NamedTuple):
    """A patient's row. None: the file has no such column, so what is stored stays. `phone` is as it was written."""

    line: int
    source_id: str
    name: str | None = None
    phone: str | None = None
    language: str | None = None
    consent: bool | None = None

    def __repr__(self) -> str:
        """Nothing of the patient but the id."""
        return f"{type(self).__name__}(line={self.line}, source_id={self.source_id!r})"


class ConsentRecord(NamedTuple):
    """A row of a list of consents; `at` is None where the list gives no time: then the time of the import counts."""

    line: int
    source_id: str  # of the patient
    given: bool
    at: datetime | None = None
    how: How = How.IMPORT
    by: str = ""
    wording: str = ""


class AppointmentRecord(NamedTuple):
    """An appointment's row, with what it says of the patient; times are UTC. None: the file has no such column.

    The patient's line is 0 where many rows may say the same of them.
    """

    line: int
    source_id: str
    patient: PatientRecord
    starts_at: datetime
    ends_at: datetime | None = None
    booking: Booking = Booking.BOOKED
    location: str | None = None
    practitioner: str | None = None


Record = PatientRecord | ConsentRecord | AppointmentRecord


class Visit(NamedTuple):
    """When an appointment is, in UTC."""

    starts_at: datetime
    ends_at: datetime | None


class Detail(NamedTuple):
    """What else an appointment's row says of it."""

    booking: Booking
    location: str | None
    practitioner: str | None


class Agenda(NamedTuple):
    """Many rows of appointments, column by column: what rows say alike stands under one number.

    What a number stands for in a file is told with the first rows that have it.
    """

    lines: Sequence[int]
    source_ids: Sequence[str]
    patients: Sequence[int]
    visits: Sequence[int]
    details: Sequence[int]
    new_patients: Sequence[tuple[int, PatientRecord]]
    new_visits: Sequence[tuple[int, Visit]]
    new_details: Sequence[tuple[int, Detail]]


def agenda_of(record: AppointmentRecord, number: int) -> Agenda:
    """An agenda of one row; all that it says stands under this number."""
    line, source_id, patient, starts_at, ends_at, booking, location, practitioner = record
    return Agenda(
        *([line], [source_id], [number], [number], [number]),
        new_patients=[(number, patient)],
        new_visits=[(number, Visit(starts_at, ends_at))],
        new_details=[(number, Detail(booking, location, practitioner))],
    )


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was not understood; `source_id` where it could be read. Holds nothing of a patient but the id."""

    line: int
    field: str
    reason: str
    source_id: str | None = None


Part = PatientRecord | ConsentRecord | Agenda | RowError


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file in their order, each understood or told why not, read once, as they are asked for.

    Appointments stand there by many. `id_column` and `patient_column` are the file's own names of those columns, for
    what is told of several rows.
    """

    parts: Iterable[Part]
    id_column: str = "source_id"
    patient_column: str = "patient_id"


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a file: the zone of its local times, its own names of columns, and how it writes a time.

    `columns` maps our field to this file's column, which it must have; for start, end and at also to columns that are
    joined by one space, such as "Datum+Tijd", unless one column is called so. `usual` does the same for files of any
    kind: it counts where the kind has the field, the file has the column and `columns` doesn't map the field.
    `time_format` is a pattern of strptime, or None for ISO 8601. `now` bounds the times that can be meant.
    """

    zone: tzinfo
    now: datetime
    columns: Mapping[str, str] = field(default_factory=dict)
    time_format: str | None = None
    usual: Mapping[str, str] = field(default_factory=dict)
