"""Which appointments share one notification."""

from enum import StrEnum


class Combine(StrEnum):
    """Whose appointments of one local day share one notification."""

    PATIENT = "patient"  # one patient's
    PHONE = "phone"  # all of one phone's, without a name in the text
    NONE = "none"  # nobody's: one notification each
