"""The machine on which the program runs, known by a digest: a lock that came from another one is told by it."""

from hashlib import sha256
from pathlib import Path

MACHINE_ID = Path("/etc/machine-id")  # machine-id(5): of one machine for good, and not to be shown as it is


def this_machine(file: Path = MACHINE_ID) -> str:
    """Give a digest of the machine's id; an empty text where it has none, as in many containers."""
    try:
        id_ = file.read_bytes().strip()
    except OSError:
        return ""
    return sha256(b"smsreminders " + id_).hexdigest()[:16] if id_ else ""
