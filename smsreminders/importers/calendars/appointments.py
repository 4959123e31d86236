"""Appointments: an occurrence of a calendar -> the record that it is, with what can't be understood of it.

The patient's id stands somewhere in the event's texts, where a pattern finds it. These texts go nowhere else.
"""

from datetime import datetime, timedelta

from smsreminders.domain.agenda.patient_patterns import EXAMPLE
from smsreminders.domain.agenda.source_ids import check_source_id
from smsreminders.domain.agenda.status_words import StatusWord
from smsreminders.domain.appointments import Booking, check_times
from smsreminders.domain.local_time import is_without_time, to_utc
from smsreminders.errors import UsageError
from smsreminders.importers import cells
from smsreminders.importers.calendars.events import Event
from smsreminders.importers.calendars.moments import Moment
from smsreminders.importers.calendars.properties import Trouble
from smsreminders.importers.calendars.series import BadSeries, Occurrence
from smsreminders.importers.cells import CellError
from smsreminders.importers.records import AppointmentRecord, Layout, PatientRecord, RowError, Unread


def read_occurrence(occurrence: Occurrence | BadSeries, layout: Layout) -> AppointmentRecord | RowError:
    """Turn an occurrence into the record; an error where it can't be told which appointments there are."""
    place = occurrence.event.place
    if isinstance(occurrence, BadSeries):
        event, trouble = occurrence.event, occurrence.trouble
        if event.is_of_nobody():
            return _bare(event, event.uid, None)
        return RowError(place, trouble.name, trouble.reason, word=trouble.word)
    try:
        source_id = check_source_id(occurrence.source_id)
        cells.check_plain(source_id, len(source_id))
    except (UsageError, CellError) as error:
        return RowError(place, "UID", str(error))
    return _Understanding(occurrence, layout).record(source_id)


def _bare(event: Event, source_id: str, booking: Booking | None) -> AppointmentRecord:
    """Make the record that says nothing but that an appointment is cancelled, or that an event is none (None)."""
    nobody = PatientRecord("", "")
    ignored = booking is None
    return AppointmentRecord(event.place, source_id, nobody, None, booking=booking, ignored=ignored, as_of=event.as_of)


class _Understanding:
    """What is understood of an occurrence; what isn't joins `unread`."""

    def __init__(self, occurrence: Occurrence, layout: Layout) -> None:
        self.occurrence, self.event, self.layout = occurrence, occurrence.event, layout
        self.unread: list[Unread] = []
        self.notes: list[Unread] = []

    def record(self, source_id: str) -> AppointmentRecord:
        """Make the record. Nothing but that is said of a cancelled one whose patient or start isn't told."""
        patients = self.event.patients
        standing = self._standing()
        is_clear = len(patients) == 1 and self.occurrence.start is not None
        if self.occurrence.gone or (standing is StatusWord.CANCELLED and not is_clear):
            return _bare(self.event, source_id, Booking.CANCELLED)
        if standing is StatusWord.IGNORED or not patients:
            return _bare(self.event, source_id, None)
        patient = self._patient(patients)
        starts_at = self._start()
        ends_at = self._end(starts_at)
        if standing and standing.outcome and starts_at and starts_at > self.layout.now:
            reason = "says what became of an appointment that is still to come"
            self._miss("status", Trouble("STATUS", reason), self.event.status)
            standing = None
        location = self._text("location", "LOCATION", self.event.location)
        type_ = self._text("type", "CATEGORIES", self.event.categories)
        return AppointmentRecord(
            self.event.place,
            source_id,
            PatientRecord("", patient, unread=tuple(self.notes)),
            starts_at,
            ends_at,
            standing.booking if standing else None,
            location,
            unread=tuple(self.unread),
            type=type_,
            as_of=self.event.as_of,
            outcome=standing.outcome if standing else None,
        )

    def _standing(self) -> StatusWord | None:
        """Read the status in the meaning that the user gave it; an event without one stands."""
        if self.occurrence.cancelled:
            return StatusWord.CANCELLED
        status = self.event.status.casefold()
        meaning = self.layout.words.get("status", {}).get(status, status)
        try:
            return cells.read_standing(meaning) or StatusWord.BOOKED
        except CellError as error:
            self._miss("status", Trouble("STATUS", str(error), status if status in _STATUSES else ""), status)
            return None

    def _patient(self, patients: frozenset[str]) -> str:
        if len(patients) > 1:
            reason = (
                f"finds {len(patients)} patients, and an event is of one: if another number only looks like a "
                f"patient's, say in which property the patient's stands, as in SUMMARY:.*{EXAMPLE}"
            )
            self._miss("patient_id", Trouble("the patient pattern", reason), "+".join(sorted(patients)))
            return ""
        [patient] = patients
        try:
            cells.check_plain(patient)
            return check_source_id(patient)
        except (UsageError, CellError) as error:
            self._miss("patient_id", Trouble("the patient pattern", str(error)), patient)
            return ""

    def _start(self) -> datetime | None:
        start = self.occurrence.start
        trouble = next(iter(self.event.troubles), Trouble("DTSTART", "is missing"))
        try:
            if start is not None:
                return _start_in_utc(start, self.layout)
        except UsageError as error:
            trouble = Trouble("DTSTART", str(error))
        self._miss("start", trouble, trouble.word or str(start))
        return None

    def _end(self, starts_at: datetime | None) -> datetime | None:
        self.notes += [Unread("end", note.name, note.reason, cells.mark_of(note.word)) for note in self.event.notes]
        length = self.event.length
        return starts_at + length if starts_at and length and length > timedelta() else None

    def _text(self, field: str, name: str, written: str) -> str | None:
        text = cells.on_one_line(written)
        try:
            cells.check_plain(text)
        except CellError as error:
            self.notes.append(Unread(field, name, str(error), cells.mark_of(text)))
            return None
        return text

    def _miss(self, field: str, trouble: Trouble, written: str) -> None:
        mark = cells.mark_of(written)
        self.unread.append(Unread(field, trouble.name, trouble.reason, mark, trouble.word))


_STATUSES = frozenset({"tentative", "needs-action", "completed", "in-process", "draft", "final"})  # RFC 5545, 3.8.1.11


def _start_in_utc(start: Moment, layout: Layout) -> datetime:
    """Turn a start into UTC. Raises UsageError where nobody can be told when it is."""
    if not isinstance(start, datetime):
        raise UsageError("is a whole day: no reminder can say at what time; give it one")
    starts_at = to_utc(start.replace(tzinfo=None), start.tzinfo or layout.zone)
    check_times(starts_at, None, layout.now)
    if not layout.midnight and is_without_time(starts_at, layout.zone):
        raise UsageError("is midnight, as of a whole day: set midnight in [import] if you work then")
    return starts_at
