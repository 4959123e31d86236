"""The id of a patient or an appointment, as the practice's own record has it."""

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
