"""Lines: the bytes of an iCalendar file -> its calendars, each cut into events and time zones, the lines unfolded.

RFC 5545, 3.1: a line may be folded inside a letter, so bytes are unfolded before they are read as text.
"""

import codecs
import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from smsreminders.errors import InputFileError

LARGEST = 32 << 20  # bytes: some 100,000 events
_DEEPEST = 8  # an alarm in an event in a calendar is 3
_LONGEST_TEXT = 4_000  # characters of a line that are kept, but of lists of dates
_LISTS = frozenset({"RDATE", "EXDATE"})
_OF_EVENTS = _LISTS | {
    *(
        "UID",
        "SUMMARY",
        "DESCRIPTION",
        "LOCATION",
        "CATEGORIES",
        "ATTENDEE",
        "STATUS",
        "SEQUENCE",
        "LAST-MODIFIED",
        "DTSTAMP",
    ),
    *("DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RECURRENCE-ID"),
}


@dataclass(frozen=True, slots=True)
class Block:
    """An event or a time zone: its lines, and the number of the first one in the file."""

    line: int
    lines: list[str] = field(default_factory=list)

    def value_of(self, name: str) -> str:
        """Give the value of the first line of a name as it is written; empty if there is none."""
        return next((line.partition(":")[2].strip() for line in self.lines if name_of(line) == name), "")


@dataclass(slots=True)
class Calendar:
    """A calendar of a file: its events, its own time zones, its METHOD, and the zone that it is shown in."""

    path: Path
    events: list[Block] = field(default_factory=list)
    zones: list[Block] = field(default_factory=list)
    method: str = ""
    zone: str = ""


def read_calendars(path: Path) -> list[Calendar]:
    """Read the calendars of a file, which is held as a whole. Raises InputFileError, also where the file is cut off."""
    calendars: list[Calendar] = []
    opened: list[str] = []
    block = Block(0)
    for number, line in _text_lines(path):
        name = name_of(line)
        value = line.partition(":")[2].strip()
        _open_or_close(path, number, name, value, opened)
        if name == "BEGIN" and len(opened) == 1:
            calendars.append(Calendar(path))
        elif name == "BEGIN" and len(opened) == 2:
            block = Block(number)
            _blocks(calendars[-1], opened[-1]).append(block)
        elif len(opened) == 1:
            _note(calendars[-1], name, value)
        elif _is_kept(opened, name):
            block.lines.append(line if name in _LISTS else line[:_LONGEST_TEXT])
    if opened or not calendars:
        raise InputFileError(f"{path}: it doesn't end with END:VCALENDAR: it is cut off or still being written")
    return calendars


def _open_or_close(path: Path, number: int, name: str, value: str, opened: list[str]) -> None:
    """Keep which components are open. Raises InputFileError where a line can't stand."""
    if name == "BEGIN":
        opened.append(value.upper())
        if opened[0] != "VCALENDAR":
            raise InputFileError(f"{path}: line {number}: no whole calendar: it doesn't begin with BEGIN:VCALENDAR")
        if len(opened) > _DEEPEST:
            raise InputFileError(f"{path}: line {number}: more stands in one another than a calendar has")
    elif not opened:
        raise InputFileError(f"{path}: line {number}: no calendar: it stands outside of BEGIN:VCALENDAR and its end")
    elif name == "END" and opened.pop() != value.upper():
        raise InputFileError(f"{path}: line {number}: the end of something that isn't open: cut off or damaged")


def _note(calendar: Calendar, name: str, value: str) -> None:
    if name == "METHOD":
        calendar.method = value.upper()
    elif name == "X-WR-TIMEZONE":
        calendar.zone = value


def name_of(line: str) -> str:
    """Read the name of a line's property, in capitals: what stands before the first colon or semicolon."""
    return line.partition(":")[0].partition(";")[0].strip().upper()


def _blocks(calendar: Calendar, kind: str) -> list[Block]:
    """Choose where a block of a kind is kept; tasks, journals and the like are dropped."""
    return {"VEVENT": calendar.events, "VTIMEZONE": calendar.zones}.get(kind, [])


def _is_kept(opened: list[str], name: str) -> bool:
    """Tell whether a line is needed: all of a time zone, of an event what stands directly in it."""
    if len(opened) > 1 and opened[1] == "VTIMEZONE":
        return True
    return len(opened) == 2 and name in _OF_EVENTS


def _text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Give the lines of a file with their numbers, unfolded, without those that are empty."""
    data = _bytes_of(path).removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    encoding = _encoding(path, data.replace(b"\n ", b"").replace(b"\n\t", b""))
    started, unfolded = 1, bytearray()
    for number, raw in enumerate(chain(io.BytesIO(data), [b""]), 1):
        if raw[:1] in {b" ", b"\t"} and number > 1:
            unfolded += raw[1:].rstrip(b"\n")
            continue
        if line := unfolded.decode(encoding).strip():
            yield started, line
        started, unfolded = number, bytearray(raw.rstrip(b"\n"))


def _bytes_of(path: Path) -> bytes:
    try:
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):  # a FIFO would be waited for, for ever
            raise InputFileError(f"{path}: not a regular file")
        if before.st_size > LARGEST:
            raise InputFileError(f"{path}: larger than {LARGEST >> 20} MB: export the events from now on only")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise InputFileError(f"{path}: {error.strerror}") from error
    if len(data) != before.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise InputFileError(f"{path}: the file changed while it was read: import it when it is written completely")
    if not data.strip():
        raise InputFileError(f"{path}: the file is empty")
    return data


def _encoding(path: Path, unfolded: bytes) -> str:
    """Decide how a file is written: UTF-8, or what Windows wrote before. Raises InputFileError: neither."""
    text = unfolded.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if not broken:
        return "utf-8"
    mostly_utf8 = sum(letter > "\x7f" for letter in text) >= 2 * broken
    try:
        unfolded.decode("utf-8" if mostly_utf8 else "cp1252")
    except UnicodeDecodeError as error:
        raise InputFileError(f"{path}: damaged: there are bytes that are no letters in UTF-8") from error
    return "cp1252"
