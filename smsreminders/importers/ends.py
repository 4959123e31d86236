"""Ends: what a file lacks at its end, by its format, so that the rest of it may still be on its way."""

import zipfile
from collections import deque
from pathlib import Path

from smsreminders.errors import InputFileError
from smsreminders.importers.resources.entries import read_texts

_TAIL = 1024  # bytes
_ZIP = b"PK"
_LINE_ENDS = (b"\n", b"\r", b"\n\0", b"\r\0", b"\x1c", b"\x1a")  # also of UTF-16, of HL7 as it is sent, of DOS


def lacks_end(path: Path, format_name: str | None) -> str | None:
    """Say what a file lacks at its end; None where it has one, or where its format has none. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(len(_ZIP))
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    match format_name:
        case "csv" | "hl7":
            return None if tail.endswith(_LINE_ENDS) else "its last line has no end"
        case "ics":
            return None if tail.rstrip().upper().endswith(b"END:VCALENDAR") else "it has no END:VCALENDAR"
        case "fhir":
            return None if _is_closed(path) else "its JSON is cut off"
        case "xlsx":
            is_whole = zipfile.is_zipfile(path) if head == _ZIP else bool(size)
            return None if is_whole else "the end of the spreadsheet is missing"
    return None


def _is_closed(path: Path) -> bool:
    """Whether the last JSON text of a file is one."""
    try:
        last = deque(read_texts(path), maxlen=1)
    except InputFileError:
        return False
    return bool(last) and not isinstance(last[0][1], str)
