"""The appointment of an SIU message: what its event means, and when it is by TQ1, SCH-11 or the resources."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from smsreminders.domain.agenda.status_words import StatusWord
from smsreminders.domain.appointments import Booking
from smsreminders.importers import cells
from smsreminders.importers.cells import CellError
from smsreminders.importers.messages.message import Message
from smsreminders.importers.messages.patient import read_patient
from smsreminders.importers.misses import Misses, read_source_id
from smsreminders.importers.moments import check_end, check_start, read_dtm, written_at
from smsreminders.importers.records import AppointmentRecord, Layout, PatientRecord, RowError

_BOOKED = {"S12", "S13"}
_CHANGED = {"S14", "S18", "S19", "S20", "S21", "S22"}  # which may be of one that was cancelled: they book nothing
_CANCELLED = {"S15", "S16", "S17"}
_NO_SHOW = "S26"
_OUTCOMES = {StatusWord.ATTENDED, StatusWord.NO_SHOW}
_STATUSES = {  # HL7 table 0278, beside the words that are known anyway
    "pending": "booked",
    "overbook": "booked",
    "started": "booked",
    "waitlist": "ignore",
    "blocked": "ignore",
    "dc": "cancelled",
    "discontinued": "cancelled",
    "complete": "attended",
}
_START, _END = 4, 5  # components of SCH-11
_TYPES = (("SCH", 8), ("AIS", 3), ("ZIS", 3))
_RESOURCES = {"AIS": 4, "AIG": 8, "AIL": 6, "AIP": 6}


def read_appointment(place: str, message: Message, layout: Layout) -> AppointmentRecord | RowError:
    """Read the appointment of a message; an error where not even its id can be told.

    One without a patient is a block of the agenda: it is ignored.
    """
    misses = Misses()
    source_id = misses.read("appointment_id", message.text("SCH", 2) or message.text("SCH", 1), read_source_id)
    if source_id is None:
        reason = "the message is cut off" if message.is_cut else misses.unread[0].reason
        return RowError(place, "SCH-2", reason)
    as_of = written_at(message.written_at(layout), layout.now)
    status = _status(message, misses, layout)
    is_block = not message.all("PID") and bool(message.all("RGS")) and not message.is_cut
    if status is StatusWord.IGNORED or (is_block and status is not StatusWord.CANCELLED):
        nobody = PatientRecord("", "")
        return AppointmentRecord(place, source_id, nobody, None, booking=None, ignored=True, as_of=as_of)
    if not message.all("PID"):  # it may lack what comes before too, such as TQ1: nothing else is believed
        return _without_patient(place, source_id, status, as_of)
    patient = read_patient(message.all("PID"), misses, layout)
    starts_at, ends_at = _times(message, status, misses, layout)
    location = misses.words("location", _location(message), column="AIL-3")
    practitioner = misses.several("practitioner", _practitioners(message), column="AIP-3")
    kind = misses.several("type", _types(message), column="SCH-8")
    return AppointmentRecord(
        place,
        source_id,
        patient._replace(unread=misses.others()),
        starts_at,
        ends_at,
        status.booking if status else None,
        location or None,
        practitioner or None,
        misses.holding(),
        as_of=as_of,
        type=kind or None,
        outcome=status.outcome if status else None,
    )


def _without_patient(
    place: str, source_id: str, status: StatusWord | None, as_of: datetime | None
) -> AppointmentRecord:
    """Make of a message without PID a cancellation or an outcome, or an appointment that is unclear."""
    misses = Misses()
    outcome = status.outcome if status else None
    if status is not StatusWord.CANCELLED and outcome is None:
        misses.miss("patient_id", "", "is missing: the message is cut off, or of nobody", column="PID")
    booking = Booking.CANCELLED if status is StatusWord.CANCELLED else None
    nobody = PatientRecord("", "")
    return AppointmentRecord(
        place, source_id, nobody, None, booking=booking, unread=misses.holding(), as_of=as_of, outcome=outcome
    )


def _status(message: Message, misses: Misses, layout: Layout) -> StatusWord | None:
    """Tell what the event means; SCH-25 can make of a booked one what is ignored, and never cancels."""
    event, written = message.text("MSH", 9, 2), message.text("SCH", 25) or message.text("SCH", 25, 2)
    if event in _CANCELLED:
        return StatusWord.CANCELLED
    if event not in _BOOKED | _CHANGED | {_NO_SHOW}:  # of the agenda itself, such as S23: block slots
        return StatusWord.IGNORED
    meant = StatusWord.NO_SHOW if event == _NO_SHOW else _meant(written, layout)
    if meant in _OUTCOMES:
        if not _is_to_come(message, layout):
            return meant
        misses.miss(
            "status", event + written, "says what became of an appointment that is still to come", column="SCH-25"
        )
        return None
    if meant is StatusWord.CANCELLED:
        misses.miss(
            "status",
            event + written,
            f"the event {event} says that it stands, the status that it doesn't",
            column="SCH-25",
        )
        return None
    if meant is StatusWord.IGNORED:
        return meant
    return StatusWord.BOOKED if meant is StatusWord.BOOKED or event in _BOOKED else None


def _meant(written: str, layout: Layout) -> StatusWord | None:
    """Tell what a status means; None for one that isn't known."""
    word = written.casefold()
    meant = layout.words.get("status", {}).get(word) or _STATUSES.get(word, word)
    try:
        return cells.read_standing(meant)
    except CellError:
        return None


def _is_to_come(message: Message, layout: Layout) -> bool:
    starts_at, _ = _times(message, None, Misses(), layout)
    return starts_at is not None and starts_at > layout.now


def _times(
    message: Message, status: StatusWord | None, misses: Misses, layout: Layout
) -> tuple[datetime | None, datetime | None]:
    """Read start and end by the first that tells them; it is noted where another says another start."""
    zone = message.zone(layout)
    told = [(name, start, end) for name, start, end in _told(message) if start]
    if not told or (message.is_cut and told[0][0] in _RESOURCES):  # the resource that comes first may be cut off
        if status is not StatusWord.CANCELLED:
            reason = (
                "is missing: the message is cut off" if message.is_cut else "is missing in TQ1, SCH-11 and resources"
            )
            misses.miss("start", "", reason)
        return None, None
    name, start, end = told[0]
    starts_at = misses.read("start", start, lambda text: check_start(read_dtm(text, zone), layout), column=name)
    others = [other for other, time, _ in told[1:] if starts_at and _moment(time, zone) not in (starts_at, None)]
    if others:
        misses.miss("start of others", "", f"another start than in {name}, which counts", column=others[0])
    if starts_at is None or not end:
        return starts_at, None
    return starts_at, misses.read("end", end, lambda text: check_end(starts_at, read_dtm(text, zone)), column=name)


def _told(message: Message) -> list[tuple[str, str, str]]:
    """List where the message tells a start, in the order in which they count; of resources the earliest of a kind."""
    resources = [
        (name, min(filter(None, (segment.text(field) for segment in message.all(name))), default=""), "")
        for name, field in _RESOURCES.items()
    ]
    by_timing = [("TQ1-7", timing.text(7), timing.text(8)) for timing in message.all("TQ1")]
    by_schedule = [("SCH-11", timing.text(_START), timing.text(_END)) for timing in message.all("SCH")[0].all(11)]
    return [*by_timing, *by_schedule, *resources]


def _moment(text: str, zone: tzinfo) -> datetime | None:
    try:
        return read_dtm(text, zone)
    except CellError:
        return None


def _location(message: Message) -> str:
    """Find what the place is called: its description, else the point of care and the room."""
    place = message.all("AIL")[0].field(3) if message.all("AIL") else None
    return (place.text(9) or " ".join(filter(None, (place.text(1), place.text(2))))) if place else ""


def _practitioners(message: Message) -> Iterator[str]:
    """Give the names of the practitioners."""
    for resource in (*message.all("AIP"), *message.all("ZIP")):
        person = resource.field(3)
        if name := " ".join(filter(None, (person.text(3), person.text(2)))):
            yield name


def _types(message: Message) -> Iterator[str]:
    """Give the words for what an appointment is: by its type (SCH-8), then by the services; a code if there is none."""
    fields = [segment.field(number) for name, number in _TYPES for segment in message.all(name)]
    for field in fields:
        if word := field.text(2) or field.text(1):
            yield word
