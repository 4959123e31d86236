"""A patient as they are shown: a row of a list, their name in a line."""

from smsreminders.domain.phone import PhoneError, mask, parse_mobile
from smsreminders.domain.practices import Practice
from smsreminders.domain.workdays import Region
from smsreminders.store.patients import Patient

COLUMNS = ("practice", "id", "name", "phone", "number", "language", "consent")


def patient_page(patient: Patient, region: Region, *, show_numbers: bool) -> dict[str, object]:
    """Show a patient; `number` is ok or the reason why theirs can't be texted."""
    try:
        phone, problem = parse_mobile(patient.phone, region.country, region.texted).e164, "ok"
    except PhoneError as error:
        phone, problem = patient.phone, error.reason
    return {
        "id": patient.source_id,
        "name": patient.name,
        "phone": phone if show_numbers else mask(phone) if phone else "",
        "number": problem,
        "language": patient.language,
        "consent": patient.consent,
    }


def patient_row(practice: Practice, patient: Patient, region: Region, *, show_numbers: bool) -> dict[str, object]:
    """Show a patient as a row of a list of all practices."""
    return {"practice": practice.code} | patient_page(patient, region, show_numbers=show_numbers)


def patient_name(patient: Patient) -> str:
    """Name a patient in a line for the person at the desk: by their id and their name, whatever blanks it has."""
    return f"patient {patient.source_id} ({' '.join(patient.name.split())})"


def number_note(patient: Patient, region: Region) -> str:
    """Say why a patient can't be texted, as the end of a line; nothing if they can."""
    try:
        parse_mobile(patient.phone, region.country, region.texted)
    except PhoneError as problem:
        return f" Note: {patient.source_id} can't be texted: {problem}."
    return ""
