"""FHIR: Appointments and Patients of STU3 and R4 as JSON: a Bundle, single resources, or one a line (NDJSON).

Only the keys that are needed are read: what care systems write breaks the standard elsewhere, each in its own way.
Never read are the narrative, reasons, kinds of care, and citizen service numbers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from smsreminders.domain.appointments import Booking
from smsreminders.errors import InputFileError, UsageError
from smsreminders.importers.records import (
    AppointmentRecord,
    Kind,
    Layout,
    PatientRecord,
    Reading,
    Record,
    RowError,
)
from smsreminders.importers.resources.appointment import read_appointment
from smsreminders.importers.resources.entries import Entry, read_entries
from smsreminders.importers.resources.known import Known, local_name
from smsreminders.importers.resources.patient import read_patient

_TYPES = {Kind.APPOINTMENTS: "Appointment", Kind.PATIENTS: "Patient"}


def read(path: Path, kind: Kind, layout: Layout) -> Reading:
    """Read the Appointments or the Patients of a file; what the file has of an appointment's patient comes with it.

    The file is read twice, first for what its appointments refer to. Raises InputFileError where it can't be used as a
    whole, or has resources of other types only; UsageError: columns are mapped, which FHIR has none of.
    """
    if kind not in _TYPES:
        raise UsageError(f"there are no {kind} in FHIR that are read: --kind appointments or --kind patients")
    if layout.columns:
        raise UsageError("--map names columns of a table; a FHIR file has none")
    known = _looked_through(path, _TYPES[kind], layout)
    return Reading(_records(read_entries(path), kind, known, layout))


def _looked_through(path: Path, wanted: str, layout: Layout) -> Known:
    known, types = Known(), Counter[str]()
    for entry in read_entries(path):
        if isinstance(entry, Entry):
            known.add(entry, layout)
            types[wanted if entry.removed else entry.resource.text("resourceType")] += 1
    if types and wanted not in types:
        others = ", ".join(f"{count} {kind}" for kind, count in types.most_common(5))
        raise InputFileError(f"{path}: there is no {wanted} in it, but {others}")
    return known


def _records(
    entries: Iterable[Entry | RowError], kind: Kind, known: Known, layout: Layout
) -> Iterator[Record | RowError]:
    for entry in entries:
        if isinstance(entry, RowError):
            yield entry
        elif entry.removed:
            yield from _removed(entry, kind)
        elif entry.resource.text("resourceType") != _TYPES[kind]:
            continue
        elif kind is Kind.PATIENTS:
            yield read_patient(entry.place, entry.resource, layout)
        else:
            yield read_appointment(entry.place, entry.resource, known, layout)


def _removed(entry: Entry, kind: Kind) -> Iterator[Record]:
    """Give an appointment that the record has deleted as cancelled; a patient who is deleted stays as they are."""
    name = local_name(entry.removed)
    if kind is Kind.APPOINTMENTS and name.startswith("Appointment/"):
        source_id = name.removeprefix("Appointment/")
        yield AppointmentRecord(entry.place, source_id, PatientRecord("", ""), None, booking=Booking.CANCELLED)
