"""What is believed of a source's row: only what it says otherwise than the last time changes anything.

A cell that could not be understood holds the appointment, unless the same cell did so the last time: then a person has
had their say since, or may have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from smsreminders.domain.appointments import Appointment, Booking, Outcome, revised

Word = str | datetime | bool | None  # what a field says; None: nothing
Marks = Mapping[str, str]  # of the cells that could not be understood, by field


class Status(StrEnum):
    """What a source says of an appointment's standing; missing: a complete file lacks it."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    IGNORED = "ignored"
    MISSING = "missing"


class Verdict(StrEnum):
    """What a row does to an appointment or a patient that may be unclear."""

    STAYS = "stays"
    ENDS = "ends"
    HOLDS = "holds"


@dataclass(frozen=True, slots=True)
class SaidAppointment:
    """What a source says of an appointment, now or the last time; None: nothing.

    `as_of` is when it wrote this, where it tells.
    """

    patient: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    status: Status | None = None
    location: str | None = None
    practitioner: str | None = None
    unread: Marks = field(default_factory=dict)
    type: str | None = None
    as_of: datetime | None = None
    outcome: Outcome | None = None

    def words(self) -> dict[str, Word]:
        """List what the source says, by field."""
        return {
            "patient": self.patient,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "status": self.status,
            "location": self.location,
            "practitioner": self.practitioner,
            "type": self.type,
            "outcome": self.outcome,
        }


@dataclass(frozen=True, slots=True)
class Belief:
    """An appointment as it is after a row; `undone` are the fields in which another had changed it meanwhile."""

    after: Appointment
    verdict: Verdict
    undone: tuple[str, ...] = ()


def news(before: Mapping[str, Word], now: Mapping[str, Word]) -> dict[str, Word]:
    """Choose what a row says otherwise than the last time. An empty text is news only after one that wasn't."""
    return {
        name: word
        for name, word in now.items()
        if word is not None and word != before.get(name) and (word != "" or before.get(name))
    }


def newly_unread(before: Marks, now: Marks) -> bool:
    """Whether a cell that can't be understood is another one than the last time."""
    return any(before.get(name) != mark for name, mark in now.items())


def undone_by(new_words: Mapping[str, Word], before: Mapping[str, Word], stored: Mapping[str, Word]) -> tuple[str, ...]:
    """List the fields in which news goes over what the desk or another source had changed since the last time.

    The first word of a source goes over all that is known otherwise of an appointment's patient, start and status.
    """
    return tuple(
        name
        for name, word in new_words.items()
        if (before.get(name) is not None or name in _DECIDING) and stored[name] not in (before.get(name), word)
    )


def said_after(before: SaidAppointment, now: SaidAppointment) -> SaidAppointment:
    """What the source has said of an appointment after this row: a field that says nothing keeps the old word."""
    old = before.words()
    kept = {name: old[name] if word is None else word for name, word in now.words().items()}
    if now.status is None and before.status is Status.MISSING:
        kept["status"] = Status.BOOKED
    return replace(now, as_of=now.as_of or before.as_of, **kept)  # type: ignore[arg-type]


def believe(stored: Appointment, before: SaidAppointment, now: SaidAppointment) -> Belief:
    """Decide what is believed of a row about a stored appointment.

    A status that is missing never books again, unless the appointment itself was missing. A row that is to be ignored
    holds an appointment that stands. What is unclear ends by news with a status, or where the same source mends it.
    What was missing no longer is where its source has it again, or another one has news of it: it is as it was, unless
    somebody had their say meanwhile, which stands.
    """
    if before.status is Status.MISSING and stored.missing is None:
        before = replace(before, status=Status.BOOKED)
    new_words = news(before.words(), now.words())
    if now.status is Status.IGNORED:
        holds = "status" in new_words and stored.booking is Booking.BOOKED
        return Belief(replace(stored, missing=None), Verdict.HOLDS) if holds else Belief(stored, Verdict.STAYS)
    if now.status is None and before.status is Status.MISSING and not now.unread:
        new_words["status"] = Status.BOOKED
    standing = Status(stored.booking.value)
    stands, old = {**_words(stored), "status": standing}, before.words()
    never_told = before.status is None and before.starts_at is not None and standing is Status.BOOKED
    if before.status is Status.MISSING or never_told:  # what its source told without a status stood by its word
        old["status"] = standing
    tells = not new_words.keys().isdisjoint(_DECIDING)
    if newly_unread(before.unread, now.unread) or books_again_unasked(stored, before, now):
        verdict = Verdict.HOLDS
    else:
        ends = not now.unread and ((now.status is not None and tells) or bool(before.unread))
        verdict = Verdict.ENDS if ends else Verdict.STAYS
    known = replace(stored, missing=None) if tells or before.status is Status.MISSING else stored
    return Belief(revised(stored, _changed(known, new_words, now)), verdict, undone_by(new_words, old, stands))


def books_again_unasked(stored: Appointment, before: SaidAppointment, now: SaidAppointment) -> bool:
    """Whether a source that never told the status of a cancelled appointment says that it is booked.

    The cancellation may be newer than the file, the desk's for instance: so a person says which is true.
    """
    return stored.booking is Booking.CANCELLED and before.status is None and now.status is Status.BOOKED


_DECIDING = frozenset({"patient", "starts_at", "status"})


def _words(stored: Appointment) -> dict[str, Word]:
    return {
        "patient": stored.patient,
        "starts_at": stored.starts_at,
        "ends_at": stored.ends_at,
        "location": stored.location,
        "practitioner": stored.practitioner,
        "type": stored.type,
        "outcome": stored.outcome,
    }


def _changed(stored: Appointment, new_words: dict[str, Word], now: SaidAppointment) -> Appointment:
    """Change what is news; a start that moves takes the row's end with it, and no end stays before the start."""
    changes = {name: word for name, word in new_words.items() if name != "status"}
    if "status" in new_words:
        changes["booking"] = Booking(str(new_words["status"]))
    if new_words.get("starts_at", stored.starts_at) != stored.starts_at:
        changes |= {"ends_at": now.ends_at, "outcome": now.outcome}
    after = replace(stored, **changes)  # type: ignore[arg-type]
    if after.ends_at is not None and after.ends_at < after.starts_at:
        return replace(after, ends_at=None)
    return after


@dataclass(frozen=True, slots=True)
class ConsentBelief:
    """What is believed of a consent cell: the event that it makes (None: none), and whether a yes was held back."""

    event: bool | None
    verdict: Verdict
    held_back: bool = False


def believe_consent(
    before: bool | None, says: bool | None, *, unheard: tuple[str | None, str | None], withdrawn: bool
) -> ConsentBelief:
    """Decide what is believed of a consent cell without a time of its own.

    `unheard` are the marks of a cell that can't be understood, the last time and now. Only another word than the last
    time makes an event, or ends what another source's cell holds, and no yes undoes what a person withdrew.
    """
    event = None if says == before else says
    marked, mark = unheard
    if mark is not None and mark != marked:
        verdict = Verdict.HOLDS
    else:
        heard = event is not None or (says is not None and marked is not None)
        verdict = Verdict.ENDS if mark is None and heard else Verdict.STAYS
    if event and withdrawn:
        return ConsentBelief(None, verdict, held_back=True)
    return ConsentBelief(event, verdict)
