"""The pattern that finds a patient's id in the texts of a calendar's event, for a calendar has no field for it."""

import re

from smsreminders.errors import UsageError

GROUP = "patient"
EXAMPLE = r"\((?P<patient>\d+)\)"  # "J. Jansen (1234)"


def read_patient_pattern(text: str) -> re.Pattern[str]:
    """Read a regular expression with a group `patient`. Raises UsageError."""
    try:
        pattern = re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise UsageError(f"the patient pattern is no regular expression ({error}): write it like {EXAMPLE}") from None
    if GROUP not in pattern.groupindex:
        raise UsageError(f"the patient pattern has no group (?P<{GROUP}>...): write it like {EXAMPLE}")
    return pattern


def patients_in(text: str, pattern: re.Pattern[str]) -> list[str]:
    """List the ids that a pattern finds in a text, without the blanks around them."""
    ids = ((match[GROUP] or "").strip() for match in pattern.finditer(text))
    return [patient for patient in ids if patient]
