"""What a reply says, which practice it is for, which appointments it may be about, and which it confirms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from smsreminders.domain.appointments import Booking
from smsreminders.domain.round.notifications import MAY_BE_ON_A_PHONE, Status
from smsreminders.domain.round.stopped import is_start, is_stop


class Says(StrEnum):
    """What a reply says, as far as a program may know it: a word says something only where it stands alone."""

    STOP = "stop"  # no texts to this phone any more
    START = "start"  # texts again
    YES = "yes"  # confirms the appointment, where only one can be meant
    PERHAPS_STOP = "perhaps-stop"  # may ask for no more texts in other words: none goes there until a person reads it
    NO = "wants-to-cancel"  # the appointment; which one, and whether, a person finds out
    OTHER = "other"  # a person reads it


_WORDS = dict.fromkeys(("ja", "yes", "ok"), Says.YES) | dict.fromkeys(("nee", "annuleren", "cancel"), Says.NO)
# what may stand around such a word; a question mark, a digit or any other emoji may change what it says
_AROUND = " \t\r\n\xa0\u200b.!👍👌✅\ufe0f🏻🏼🏽🏾🏿"
_ON_A_PHONE = MAY_BE_ON_A_PHONE - {Status.FAILED}
_TAKEN = frozenset({Status.SENT, Status.DELIVERED})


@dataclass(frozen=True, slots=True)
class Told:
    """An appointment that a text to a phone was about: at which revision, and how it stands now."""

    notification_id: int
    status: Status
    sent_at: datetime
    appointment_id: int
    told_revision: int
    revision: int
    booking: Booking
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a reply: whose it is, what it may be about, what it confirmed, and whether the desk must look."""

    says: Says
    practices: Sequence[int]
    about: Sequence[Told]
    confirmed: Sequence[Told]
    waits: bool


def says(text: str) -> Says:
    """Read a reply. Anything but one of our words alone, in whatever letters, is for a person to read."""
    if is_stop(text):
        return Says.STOP
    if is_start(text):
        return Says.START
    if said := _WORDS.get(text.strip(_AROUND).casefold()):
        return said
    from smsreminders.domain.round.perhaps_stop import perhaps_stop  # 20 ms that most commands don't need

    return Says.PERHAPS_STOP if perhaps_stop(text) else Says.OTHER


def sharing(answered: str, sender_ids: Mapping[int, str]) -> list[int]:
    """Choose the practices whose sender ID was answered: several may share it; all where none is known to have it."""
    number = _digits(answered)
    owners = [
        practice
        for practice, sender_id in sender_ids.items()
        if (number and _digits(sender_id) == number) or (answered and sender_id == answered)
    ]
    return owners or list(sender_ids)


def meant(practices: Sequence[int], texted: Sequence[int]) -> list[int]:
    """Choose of the practices that share a number whose reply it is: the one that texted the phone last, else all.

    `texted` are the practices that texted it before the reply, the newest first.
    """
    last = next((practice for practice in texted if practice in practices), None)
    return list(practices) if last is None else [last]


def open_at(moment: datetime, told: Iterable[Told]) -> list[Told]:
    """Choose what a reply of this moment may be about: told before it, as it still stands, and still to come then."""
    return [
        each
        for each in told
        if each.status in _ON_A_PHONE
        and each.sent_at <= moment < each.starts_at
        and each.booking is Booking.BOOKED
        and each.revision == each.told_revision
    ]


def confirmed_by(said: Says, still_open: Sequence[Told]) -> list[Told]:
    """Choose what a reply confirms: with a yes the appointments of the newest text, if they are all that is open.

    Where another appointment may be meant too, or it isn't known that the text left, nothing is confirmed.
    """
    if said is not Says.YES or not still_open:
        return []
    newest = max(still_open, key=lambda each: (each.sent_at, each.notification_id))
    about = [each for each in still_open if each.notification_id == newest.notification_id]
    every = {each.appointment_id for each in still_open}
    is_whole = {each.appointment_id for each in about} == every
    return about if is_whole and newest.status in _TAKEN else []


def _digits(number: str) -> str:
    """Reduce a number to its digits, with the country; a name has none."""
    digits = "".join(sign for sign in number if sign in "0123456789")
    is_name = any(sign.isalpha() for sign in number)
    return "" if is_name else digits.removeprefix("00")
