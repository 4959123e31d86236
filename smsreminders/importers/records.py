"""What a row of a file says, in whatever format it came, and how a file is laid out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import How


class Kind(StrEnum):
    """What the rows of a file are."""

    APPOINTMENTS = "appointments"
    PATIENTS = "patients"
    CONSENTS = "consents"


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """A patient's row. None: the file has no such column, so what is stored stays. `phone` is as it was written."""

    line: int
    source_id: str
    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    language: str | None = None
    consent: bool | None = None


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """A row of a list of consents; `at` is None where the list gives no time: then the time of the import counts."""

    line: int
    source_id: str  # of the patient
    given: bool
    at: datetime | None = None
    how: How = How.IMPORT
    by: str = ""
    wording: str = ""


@dataclass(frozen=True, slots=True)
class AppointmentRecord:
    """An appointment's row, with what it says of the patient; times are UTC. None: the file has no such column."""

    line: int
    source_id: str
    patient: PatientRecord
    starts_at: datetime
    ends_at: datetime | None = None
    booking: Booking = Booking.BOOKED
    location: str | None = None
    practitioner: str | None = None


Record = PatientRecord | ConsentRecord | AppointmentRecord


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was not understood; `source_id` where it could be read. Holds nothing of a patient but the id."""

    line: int
    field: str
    reason: str
    source_id: str | None = None


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
