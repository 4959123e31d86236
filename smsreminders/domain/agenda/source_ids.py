"""The id of a patient or an appointment, as the practice's own record has it."""

from smsreminders.domain.agenda.import_figures import is_other_name, is_other_number
from smsreminders.errors import UsageError

LONGEST = 255  # characters


def check_source_id(source_id: str) -> str:
    """Check the id of a patient or an appointment, and take off the blanks around it.

    Raises UsageError where nothing is left of it, or too much.
    """
    stripped = source_id.strip()
    if not stripped:
        raise UsageError("the id is empty")
    if len(stripped) > LONGEST:
        raise UsageError(f"the id is longer than {LONGEST} characters")
    return stripped


def is_another_person(name: str, phone: str, first_name: str, first_phone: str) -> bool:
    """Tell whether two rows of one id may be of two patients: both tell a name or number, and it is another one."""
    return bool(name and first_name and is_other_name(name, first_name)) or bool(
        phone and first_phone and is_other_number(phone, first_phone)
    )


def is_one_person(name: str, phone: str, known_name: str, known_phone: str) -> bool:
    """Tell whether two patients whose ids differ but for zeros before them are one: by the number, else by the name."""
    if phone and known_phone:
        return not is_other_number(phone, known_phone)
    return bool(name) and not is_other_name(name, known_name)
