"""The words of a status column, as practices' programs write them: what each means for an appointment.

A word that isn't here, nor given by the user, is never guessed: the appointment is unclear.
"""

import re
from enum import StrEnum

from smsreminders.domain.appointments import Booking, Outcome


class StatusWord(StrEnum):
    """What a status means: the appointment stands, it doesn't, what became of it, or the row is to be ignored."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no-show"
    IGNORED = "ignore"

    @property
    def booking(self) -> Booking | None:
        """Whether the appointment stands by this word; None where it doesn't say so."""
        return _BOOKINGS.get(self)

    @property
    def outcome(self) -> Outcome | None:
        """What became of the appointment by this word; None where it doesn't say so."""
        return _OUTCOMES.get(self)


_BOOKINGS = {StatusWord.BOOKED: Booking.BOOKED, StatusWord.CANCELLED: Booking.CANCELLED}
_OUTCOMES = {StatusWord.ATTENDED: Outcome.ATTENDED, StatusWord.NO_SHOW: Outcome.NO_SHOW}
_BOOKED = frozenset(
    {
        *("booked", "planned", "scheduled", "confirmed", "pending", "definite", "active", "arrived", "checked in"),
        *("geboekt", "gepland", "ingepland", "definitief", "bevestigd", "vastgelegd", "gereserveerd", "actief"),
        *("aangemeld", "ingecheckt", "gearriveerd", "in de wachtkamer", "in wachtkamer"),
    }
)
_CANCELLED = frozenset(
    {
        *("cancelled", "canceled", "deleted", "rescheduled", "withdrawn", "entered in error"),
        *("geannuleerd", "gecanceld", "afgezegd", "afgemeld", "afgebeld", "afgelast", "vervallen", "verwijderd"),
        *("ingetrokken", "geschrapt"),
        *("verzet", "verplaatst", "verschoven"),  # the time in the row is given up; the new one is a row of its own
    }
)
_ATTENDED = frozenset(
    {
        *("attended", "fulfilled", "completed", "finished", "done"),
        *("afgerond", "voltooid", "verschenen", "geweest", "uitgevoerd", "gerealiseerd", "afgehandeld", "behandeld"),
        *("gedeclareerd", "gefactureerd"),
    }
)
_NO_SHOW = frozenset(
    {
        *("no show", "noshow", "did not attend", "missed", "not attended"),
        *("niet verschenen", "niet gekomen", "niet komen opdagen", "niet op komen dagen", "nvzb"),
        *("niet verschenen zonder bericht", "niet verschenen zonder afmelding", "niet verschenen zonder afzegging"),
    }
)
_IGNORED = frozenset(
    {
        *("ignore", "proposed", "waitlist", "blocked", "break", "meeting", "lunch"),
        *("pauze", "overleg", "blok", "blokkade", "geblokkeerd", "bespreking", "vergadering", "vakantie", "vrij"),
    }
)
_BY_ITSELF = (
    dict.fromkeys(_BOOKED, StatusWord.BOOKED)
    | dict.fromkeys(_CANCELLED, StatusWord.CANCELLED)
    | dict.fromkeys(_ATTENDED, StatusWord.ATTENDED)
    | dict.fromkeys(_NO_SHOW, StatusWord.NO_SHOW)
    | dict.fromkeys(_IGNORED, StatusWord.IGNORED)
)
_CONTRARY = frozenset(
    {"niet", "nee", "not", "no", "geen", "ongedaan", "opnieuw", "hersteld", "teruggedraaid", "naar", "again", "to"}
)
_BY_WHOM = re.compile(r"\w+ (?:door|by)(?: [\w.'-]+){1,3}")  # bevestigd door de patiënt; nothing behind it
_IN_DOUBT = re.compile(
    r"annul|cancel|\baf(?:z|ge|be)|\bverv|\bverz|\bverpl|voorbeh|optie|niemand|wacht|concept|\bmaar\b|\bonder\b"
)
_JOINT = re.compile(r"[-_ ()]+")  # between the words of no-show, checked-in, niet verschenen (zonder bericht)


def read_status(cell: str) -> StatusWord | None:
    """Read a status: one of the words, or one that goes on with who did it or why; None for any other.

    So "Geannuleerd door patiënt" is cancelled, and "geannuleerd, opnieuw gepland" is nothing that can be told.
    """
    word = cell.strip().casefold()
    whole = _JOINT.sub(" ", word).strip()
    if whole in _BY_ITSELF and not word.startswith("("):
        return _BY_ITSELF[whole]
    first, *rest = re.findall(r"\w+", word) or [""]
    meant = _BY_ITSELF.get(first)
    if not word.startswith(first) or "?" in word or meant is None:
        return None
    others = {_BY_ITSELF[other] for other in rest if other in _BY_ITSELF} - {meant, StatusWord.IGNORED}
    if others or not _CONTRARY.isdisjoint(rest):
        return None
    if meant is StatusWord.CANCELLED:
        return meant
    return meant if meant is StatusWord.BOOKED and _BY_WHOM.fullmatch(word) and not _IN_DOUBT.search(word) else None


def is_plain_word(cell: str) -> bool:
    """Tell that a cell is surely no name, so that it may be shown.

    That is small letters only, a sign or two, a word known here, or one that agendas use and no person is called by.
    """
    words = re.findall(r"\w+", cell)
    small = cell.replace(" ", "").isalpha() and cell.islower() and len(cell) <= _LONGEST_SHOWN
    first = words[0].casefold() if words else ""
    return small or len(cell) == 1 or (len(words) <= _FEW and (first in _BY_ITSELF or first in _NO_NAMES))


_LONGEST_SHOWN = 20
_FEW = 3
_NO_NAMES = frozenset(
    {
        *(
            "wachtlijst",
            "optie",
            "concept",
            "voorlopig",
            "gewijzigd",
            "uitgesteld",
            "reserve",
            "reservelijst",
            "onbekend",
        ),
        *("aanvraag", "aangevraagd", "niet", "geen", "nog", "waiting", "tentative", "draft", "provisional", "unknown"),
        *("requested", "not", "akkoord", "toestemming", "misschien", "bezwaar", "geweigerd", "nvt"),
    }
)
