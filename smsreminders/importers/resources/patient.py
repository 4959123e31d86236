"""FHIR Patients: the name to call them by, the number to text, the language. No citizen service number is read.

Sources: the zibs NaamGebruik and Contactgegevens; what HiX, Epic, CGM, Nedap and Nexus write (docs/import-fhir.md).
"""

from datetime import datetime
from functools import partial

from smsreminders.domain.phone import PhoneError, parse_mobile
from smsreminders.importers import cells
from smsreminders.importers.misses import Misses, read_source_id
from smsreminders.importers.records import Layout, PatientRecord, RowError
from smsreminders.importers.resources.elements import Element

_NAMES = ("official", "usual", "", "temp", "nickname")  # the best first; others are of the past, or of nobody
_PHONES = {"phone", "sms", ""}
_MOBILE = "MC"  # of HL7's AddressUse, in the extensions of nl-core
_BSN = {"http://fhir.nl/fhir/namingsystem/bsn", "urn:oid:2.16.840.1.113883.2.4.6.3"}
_NO_RANK = 99


def read_patient(place: str, patient: Element, layout: Layout) -> PatientRecord | RowError:
    """Read a Patient; an error where not even an id can be told."""
    misses = Misses()
    source_id = misses.read("patient_id", patient.text("id") or identifier(patient), read_source_id)
    if source_id is None:
        return RowError(place, "id", misses.unread[0].reason)
    phone = misses.words("phone", _phone(patient, layout), column="telecom")
    language = misses.read("language", _language(patient), cells.read_language, column="communication")
    whole = not is_part(patient)
    has_died = patient.is_true("deceasedBoolean") or bool(patient.text("deceasedDateTime"))
    return PatientRecord(
        place,
        source_id,
        misses.name(person_name(patient)) or None,
        phone if phone or whole else None,
        language if language or whole else None,
        False if has_died else None,
        misses.others(),
    )


def is_part(resource: Element) -> bool:
    """Tell whether a resource was cut down by a search (SUBSETTED): what it lacks says nothing."""
    return any(tag.text("code") == "SUBSETTED" for tag in resource.at("meta").each("tag"))


def identifier(resource: Element) -> str:
    """Find an identifier of a resource that has no id; a citizen service number is none."""
    identifiers = (known for known in resource.each("identifier") if known.text("system").lower() not in _BSN)
    return next((value for known in identifiers if (value := known.text("value"))), "")


def person_name(patient: Element) -> str:
    """Choose a person's name by its use: its text, else the first given name and the family name.

    The given names may be all of them, initials and the call name in one list: they are never joined.
    """
    names = [name for name in patient.each("name") if name.text("use") in _NAMES and (_text(name))]
    return min(map(_ranked, enumerate(names)))[-1] if names else ""


def _ranked(numbered: tuple[int, Element]) -> tuple[int, int, str]:
    position, name = numbered
    return _NAMES.index(name.text("use")), position, _text(name)


def _text(name: Element) -> str:
    given = name.at("given").value
    first = given[0] if isinstance(given, list) and given else given
    parts = Element({"first": first}).text("first"), name.text("family")
    return name.text("text") or " ".join(filter(None, parts))


def _phone(patient: Element, layout: Layout) -> str:
    """Choose the number to text: a mobile one by its digits; of several the one at home, labelled so, then by rank.

    Without a mobile it is the first number, so that the reason why nobody is texted can be told.
    """
    rank = partial(_phone_rank, layout=layout)
    numbers = [known for known in patient.each("telecom") if known.text("system") in _PHONES and known.text("value")]
    usable = [known for known in numbers if known.text("use") != "old" and not _is_over(known, layout.now)]
    return min(usable, key=rank).text("value") if usable else ""


def _phone_rank(known: Element, *, layout: Layout) -> tuple[bool, bool, bool, int]:
    extensions = [*known.each("extension"), *known.at("_system").each("extension"), *known.at("_use").each("extension")]
    labelled = known.text("use") == "mobile" or any(
        _MOBILE in extension.codes("valueCodeableConcept") for extension in extensions
    )
    try:
        parse_mobile(known.text("value"), layout.country)
        mobile = True
    except PhoneError:
        mobile = False
    return not mobile, known.text("use") == "work", not labelled, known.number("rank") or _NO_RANK


def _is_over(known: Element, now: datetime) -> bool:
    """Tell whether a number was given up: the end of its period may be a year, a month, a day or a moment."""
    end = known.at("period").text("end")
    return bool(end) and end[:10] < now.date().isoformat()[: len(end)]


def _language(patient: Element) -> str:
    """Find the code of the language that the patient prefers, else the first: `nl` of `nl-NL`."""
    spoken = sorted(patient.each("communication"), key=lambda known: not known.is_true("preferred"))
    codes = (code for known in spoken for code in known.codes("language"))
    return next(codes, "").split("-")[0]
