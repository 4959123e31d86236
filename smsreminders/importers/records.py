"""Records: what a file says, in whatever format it came; and how a file is laid out.

An importer yields them one at a time in the order of the file. Each has its place there, in words that lead a person
to it: "line 12" of a table, the UID of a calendar's entry, the id of a message.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import How


class Kind(StrEnum):
    """What the records of a file are."""

    APPOINTMENTS = "appointments"
    PATIENTS = "patients"
    CONSENTS = "consents"


class PatientRecord(NamedTuple):
    """A patient as a file has them. None: the file doesn't say it, so what is stored stays.

    `phone` is as it was written. The place is empty for the patient of an appointment, and for one from the desk.
    """

    place: str
    source_id: str
    name: str | None = None
    phone: str | None = None
    language: str | None = None
    consent: bool | None = None

    def __repr__(self) -> str:
        """Show nothing of the patient but the id."""
        return f"{type(self).__name__}(place={self.place!r}, source_id={self.source_id!r})"


class ConsentRecord(NamedTuple):
    """A consent from a list of them; `at` is None where the list gives no time: then the time of the import counts."""

    place: str
    source_id: str  # of the patient
    given: bool
    at: datetime | None = None
    how: How = How.IMPORT
    by: str = ""
    wording: str = ""


class AppointmentRecord(NamedTuple):
    """An appointment as a file has it, with what is said there of its patient; times are UTC.

    None: the file doesn't say it, so what is stored stays.
    """

    place: str
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
    """A place in a file that was not understood, and why; `source_id` where it could be read.

    `field` is the name that the user knows it by. Holds nothing of a patient but the id.
    """

    place: str
    field: str
    reason: str
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a file: the zone of its local times, its own names of columns, and how it writes a time.

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
