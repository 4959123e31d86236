"""The patient of a message (PID): id, name, number to text, language. No citizen service number is read."""

from collections.abc import Iterator

from smsreminders.domain.phone import PhoneError, parse_mobile
from smsreminders.importers import cells
from smsreminders.importers.cells import CellError
from smsreminders.importers.messages.message import Field, Segment
from smsreminders.importers.misses import Misses, read_source_id
from smsreminders.importers.records import Layout, PatientRecord

_OF_THE_STATE = {"NNNLD", "NNNLD-BSN", "BSN", "SS", "NI", "PPN", "DL"}  # HL7 table 0203: types that are no record's own
_BSN_AUTHORITIES = {"NLMINBIZA", "2.16.840.1.113883.2.4.6.3"}
_OWN_TYPES = {"PI", "MR", "PT"}
_OTHER_NAMES = {"M", "A", "S", "N", "U"}  # HL7 table 0200: maiden, alias, pseudonym, nickname, unspecified
_NO_PHONES = {"Internet", "X.400", "FX", "MD", "SAT"}
_NUMBERS = (13, 40, 14)  # at home, any (from 2.7 on), at work


def read_patient(segments: list[Segment], misses: Misses, layout: Layout) -> PatientRecord:
    """Read the patient of a message, whose id is empty where it can't be told; what is missed of it joins `misses`."""
    ids = {source_id for segment in segments if (source_id := _id(segment))}
    if len(ids) != 1:
        reason = "names several patients" if ids else "names no patient by an id"
        misses.miss("patient_id", " ".join(sorted(ids)), reason, column="PID-3")
        return PatientRecord("", "")
    patient = segments[0]
    own_id = misses.read("patient_id", ids.pop(), read_source_id, column="PID-3")
    language = misses.read("language", patient.text(15), lambda text: _language(text, layout), column="PID-15")
    has_died = bool(patient.text(29)) or patient.text(30).upper() == "Y"
    return PatientRecord(
        "",
        own_id or "",
        misses.name(_name(patient)) or None,
        misses.words("phone", _phone(patient, layout), column="PID-13") or _deleted(patient),
        language or None,
        False if has_died else None,
    )


def _id(patient: Segment) -> str:
    """Choose the record's own id of PID-3, and of PID-2 where that has none."""
    ids = [known for known in (*patient.all(3), *patient.all(2)) if known.text() and not _is_of_the_state(known)]
    own = [known for known in ids if known.text(5).upper() in _OWN_TYPES]
    return next((known.text() for known in (*own, *ids)), "")


def _is_of_the_state(known: Field) -> bool:
    authority = {known.text(4, sub).upper() for sub in (1, 2)}
    return known.text(5).upper() in _OF_THE_STATE or not _BSN_AUTHORITIES.isdisjoint(authority)


def _name(patient: Segment) -> str:
    """Read the first name that is no maiden or other name: the given name and the family name with its prefix."""
    names = [name for name in patient.all(5) if name.text(7).upper() not in _OTHER_NAMES] or patient.all(5)
    name = names[0]
    own = " ".join(filter(None, (name.text(1, 2), name.text(1, 3))))
    return " ".join(filter(None, (name.text(2), name.text(1) or own)))


def _phone(patient: Segment, layout: Layout) -> str:
    """Choose the number to text: one that is mobile by its digits, at home before at work, then by label."""
    ranked = sorted(_ranked(patient, layout), key=lambda known: known[:3])
    return ranked[0][3] if ranked else ""


def _ranked(patient: Segment, layout: Layout) -> Iterator[tuple[bool, bool, bool, str]]:
    for field in _NUMBERS:
        for known in patient.all(field):
            number = _number(known)
            if not number or known.text(3) in _NO_PHONES or known.text(2) == "NET":
                continue
            try:
                parse_mobile(number, layout.country)
                mobile = True
            except PhoneError:
                mobile = False
            at_work = field == 14 or known.text(2) == "WPN"
            yield not mobile, at_work, known.text(3) != "CP", number


def _number(known: Field) -> str:
    """Read a number as it is written (XTN.12 or XTN.1), else put it together of its parts."""
    country = known.text(5).lstrip("+")
    parts = (f"+{country}" if country else "", known.text(6), known.text(7))
    return known.text(12) or known.text(1) or " ".join(filter(None, parts))


def _deleted(patient: Segment) -> str | None:
    """Tell that the number was taken back: `""` stands where it was; an empty field says nothing."""
    return "" if patient.field(13).is_deleted() else None


def _language(text: str, layout: Layout) -> str:
    meant = layout.words.get("language", {}).get(text.casefold(), text)
    try:
        return cells.read_language(meant.split("-")[0])
    except CellError:
        raise CellError("is no code of a language: say what it means, as in --word language:Berbers=nl") from None
