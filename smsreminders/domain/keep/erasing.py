"""What stays of what was erased: a trace by which it is known again when it comes back, and that tells nothing else."""

from dataclasses import replace
from hashlib import sha256

from smsreminders.domain.appointments import Appointment, Booking


def trace_of(salt: str, text: str) -> str:
    """Compute the trace of an id or a number: SHA-256 over a salt of this database and the text.

    Whoever has the database can still try all numbers: it is there to know one again, not to hide it from them.
    """
    return sha256(f"{salt} {text}".encode()).hexdigest()


def before_erasing(stored: Appointment, coming: Appointment, *, same: bool) -> Appointment:
    """Take an appointment that went with its patient as it stood before, to compare with what is told of it now.

    Erasing cancelled it, and no record or person did. `coming` is what is told; `same`: who, when and where are as they
    were, so a text that went is the text of it still.
    """
    stood = replace(stored, booking=Booking.BOOKED)
    return replace(stood, patient=coming.patient, location=coming.location) if same else stood
