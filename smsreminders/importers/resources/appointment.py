"""FHIR Appointments: what the codes of a status mean, when it is, whose, where and with whom.

Planned appointments have the status `pending` in HiX and Epic, `booked` elsewhere.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from smsreminders.domain.agenda.status_words import StatusWord
from smsreminders.importers import cells
from smsreminders.importers.cells import CellError
from smsreminders.importers.misses import Misses, read_source_id
from smsreminders.importers.moments import check_end, check_start, read_instant, written_at
from smsreminders.importers.records import AppointmentRecord, Layout, PatientRecord, RowError
from smsreminders.importers.resources.elements import Element
from smsreminders.importers.resources.known import Known
from smsreminders.importers.resources.patient import identifier, is_part

_WORDS = {  # AppointmentStatus of STU3 and R4 -> ours
    "booked": "booked",
    "pending": "booked",
    "arrived": "booked",
    "checked-in": "booked",
    "cancelled": "cancelled",
    "entered-in-error": "cancelled",
    "proposed": "ignore",
    "waitlist": "ignore",
    "fulfilled": "attended",
    "noshow": "no-show",
}
_OUTCOMES = {"fulfilled", "noshow"}
_WHERE = {"Location"}
_WITH = {"Practitioner", "PractitionerRole"}


def read_appointment(place: str, appointment: Element, known: Known, layout: Layout) -> AppointmentRecord | RowError:
    """Read an Appointment, with what the file says of its patient; an error where not even an id can be told.

    One without any patient is a block of the agenda: it is ignored.
    """
    misses = Misses()
    source_id = misses.read("appointment_id", appointment.text("id") or identifier(appointment), read_source_id)
    if source_id is None:
        return RowError(place, "id", misses.unread[0].reason)
    patients = known.patient_participants(appointment)
    status = misses.read("status", appointment.text("status"), _standing(appointment.text("start"), layout))
    if status is StatusWord.IGNORED or not patients:
        nobody = PatientRecord("", "")
        return AppointmentRecord(
            place, source_id, nobody, None, booking=None, ignored=True, as_of=_written_at(appointment, layout)
        )
    if status is StatusWord.BOOKED and any(participant.text("status") == "declined" for participant in patients):
        status = None
        misses.miss("status", "declined", "is booked, but its patient has declined")
    patient = _only([known.patient_of(participant, appointment, layout) for participant in patients], misses)
    starts_at, ends_at = _times(appointment, status, misses, layout)
    location = misses.words("location", next(known.names_of(appointment, _WHERE), ""), column="participant")
    practitioner = misses.several("practitioner", known.names_of(appointment, _WITH), column="participant")
    kind = misses.several("type", _types(appointment), column="appointmentType")
    whole = not is_part(appointment)
    return AppointmentRecord(
        place,
        source_id,
        patient._replace(place="", unread=(*patient.unread, *misses.others())),
        starts_at,
        ends_at,
        status.booking if status else None,
        location if location or whole else None,
        practitioner if practitioner or whole else None,
        misses.holding(),
        as_of=_written_at(appointment, layout),
        type=kind if kind or whole else None,
        outcome=status.outcome if status else None,
    )


def _types(appointment: Element) -> Iterator[str]:
    """Give the words for what an appointment is: by its type, then by the services; a code where there is no word."""
    for key in ("appointmentType", "serviceType"):
        for concept in appointment.each(key):
            words = [concept.text("text"), *(coding.text("display") for coding in concept.each("coding"))]
            yield next(filter(None, words), "") or next(iter(appointment.codes(key)), "")


def _standing(start: str, layout: Layout) -> Callable[[str], StatusWord | None]:
    """Make the reader of a code of AppointmentStatus; an outcome of what is still to come is no status to go by."""

    def standing(code: str) -> StatusWord | None:
        if not code:
            raise CellError("is missing")
        meant = layout.words.get("status", {}).get(code.casefold())
        if meant is None and code in _OUTCOMES and _is_to_come(start, layout):
            raise CellError("says what became of an appointment that is still to come", code)
        return cells.read_standing(meant or _WORDS.get(code, code))

    return standing


def _is_to_come(start: str, layout: Layout) -> bool:
    try:
        return read_instant(start) > layout.now
    except CellError:
        return False


def _written_at(appointment: Element, layout: Layout) -> datetime | None:
    try:
        return written_at(read_instant(appointment.at("meta").text("lastUpdated")), layout.now)
    except CellError:
        return None


def _only(patients: Sequence[PatientRecord], misses: Misses) -> PatientRecord:
    """Take the one patient that an appointment has."""
    ids = {patient.source_id for patient in patients}
    if len(ids) > 1:
        misses.miss("patient_id", " ".join(sorted(ids)), "names several patients", column="participant")
        return PatientRecord("", "")
    if ids == {""}:
        misses.miss("patient_id", "", "names no patient by an id", column="participant")
    return patients[0]


def _times(
    appointment: Element, status: StatusWord | None, misses: Misses, layout: Layout
) -> tuple[datetime | None, datetime | None]:
    """Read start and end; a cancelled appointment may have none."""
    start, end = appointment.text("start"), appointment.text("end")
    if not start and status is StatusWord.CANCELLED:
        return None, None
    starts_at = misses.read("start", start, lambda text: _start(text, layout))
    if starts_at is None or not end:
        return starts_at, None
    return starts_at, misses.read("end", end, lambda text: check_end(starts_at, read_instant(text)))


def _start(text: str, layout: Layout) -> datetime:
    if not text:
        raise CellError("is missing")
    return check_start(read_instant(text), layout)
