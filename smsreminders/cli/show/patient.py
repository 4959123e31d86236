"""A patient as they are shown: the columns of a list and a page, their name in a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column
from smsreminders.domain.phone import PhoneError, parse_mobile
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.workdays import Region
from smsreminders.domain.searching import is_found
from smsreminders.store.patients import Patient

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.store.round.notifications import Notification


@dataclass(frozen=True, slots=True)
class PatientShown:
    """A patient with their practice, their phone as it would be dialled, and ok or why it can't be texted."""

    practice: Practice
    patient: Patient
    phone: str
    number: str


COLUMNS: "Columns[PatientShown]" = (
    Column("practice", lambda shown, _: shown.practice.code, 60),
    Column("id", lambda shown, _: shown.patient.source_id, 90),
    Column("name", lambda shown, _: shown.patient.name, 80, cut=True),
    Column("phone", lambda shown, view: view.phone(shown.phone), 50),
    Column("number", lambda shown, _: shown.number, 65),
    Column("language", lambda shown, _: shown.patient.language, 10),
    Column("consent", lambda shown, _: shown.patient.consent, 70),
    Column("unclear", lambda shown, _: shown.patient.unclear, 8, cut=True),
)
PAGE = COLUMNS[1:]  # of one patient
LAST_TEXT: "Columns[Notification | None]" = (
    Column("last_notification", lambda n, _: n and n.id),
    Column("appointment", lambda n, _: n and n.appointment),
    Column("text", lambda n, _: n and n.text),
    Column("status", lambda n, _: n and n.status),
    Column("rehearsed", lambda n, _: n and n.rehearsed),
    Column("sent_at", lambda n, view: n and view.local(n.sent_at)),
    Column("delivered_at", lambda n, view: n and view.local(n.delivered_at)),
)
_BARRED: Mapping[str, str] = {
    SkipReason.STOPPED: " Note: {} can't be texted: the holder of that phone said STOP (`smsreminders stopped list`).",
    SkipReason.PERHAPS_STOPPED: " Note: {} gets no text until a reply is read (`smsreminders replies list`).",
    SkipReason.DEAD_NUMBER: " Note: {} can't be texted: the number doesn't work (`patient list --failed-numbers`).",
}


def shown_patient(
    practice: Practice, patient: Patient, region: Region, barred: Mapping[str, SkipReason]
) -> PatientShown:
    """Read the phone of a patient, to show it; `barred` are the numbers that the practice texts no more."""
    try:
        phone = parse_mobile(patient.phone, region.country, region.texted).e164
    except PhoneError as error:
        return PatientShown(practice, patient, patient.phone, error.reason)
    return PatientShown(practice, patient, phone, barred.get(phone, "ok"))


def is_meant(shown: PatientShown, word: str) -> bool:
    """Tell whether a patient is meant by the word of a search."""
    patient = shown.patient
    return is_found(word, source_id=patient.source_id, name=patient.name, phone=shown.phone)


def patient_name(patient: Patient) -> str:
    """Name a patient in a line for the person at the desk: by their id and their name, whatever blanks it has."""
    return f"patient {patient.source_id} ({' '.join(patient.name.split())})"


def number_note(shown: PatientShown, region: Region) -> str:
    """Say why a patient can't be texted, as the end of a line; nothing if they can."""
    try:
        parse_mobile(shown.patient.phone, region.country, region.texted)
    except PhoneError as problem:
        return f" Note: {shown.patient.source_id} can't be texted: {problem}."
    return _BARRED.get(shown.number, "").format(shown.patient.source_id)
