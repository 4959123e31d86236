"""Framing: the HL7 messages of a file, cut out of its bytes: any line ends, batches, and what MLLP puts around them.

Only the segments that are read are kept, so that what is attached to a message costs no memory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from smsreminders.errors import InputFileError
from smsreminders.importers.records import RowError, Trouble
from smsreminders.importers.text import check_regular

LONGEST = 1 << 16  # bytes of a segment
_MOST = 1000  # segments of a message
_CHUNK = 1 << 17
_NEEDED = {b"MSH", b"SCH", b"TQ1", b"PID", b"RGS", b"AIS", b"AIG", b"AIL", b"AIP"}
_WITHOUT_END = {b"AIS": b"ZIS", b"AIP": b"ZIP"}  # kept under these names: who and what is told, no time is believed
_BATCH = {b"FHS", b"BHS", b"BTS", b"FTS"}
_ENDS = bytes.maketrans(b"\n\x0b\x1c", b"\r\r\r")  # 0b and 1c: the bytes of MLLP around a message
_SEGMENT = re.compile(rb"[A-Z][A-Z0-9]{2}")
_COUNT = re.compile(rb"BTS.(\d{1,9})", re.DOTALL)


@dataclass(slots=True)
class Frame:
    """A message as its segments; the last one of the file that has no end is left out, and the message is cut."""

    number: int
    separator: bytes
    segments: list[bytes] = field(default_factory=list)
    is_cut: bool = False
    is_read: bool = False
    problem: str | None = None

    def add(self, line: bytes, *, ended: bool) -> None:
        """Take a segment, or a line that goes on with the last one."""
        name = line[:3]
        begins = _SEGMENT.fullmatch(name) and line[3:4] in (self.separator, b"")
        self.is_cut = not ended
        if begins and ended:
            self.is_read = name in _NEEDED
        if not ended:
            if begins and self.segments and name in _WITHOUT_END:
                self.segments.append(_WITHOUT_END[name] + line[3:])
            elif not begins and self.is_read and self.segments:
                self.segments.pop()
        elif begins and self.is_read:
            self.segments.append(line)
        elif self.is_read and self.segments:
            self.segments[-1] += b" " + line
        if self.segments and len(self.segments[-1]) > LONGEST:
            self.problem = f"a segment is longer than {LONGEST:,} bytes"
            self.segments[-1] = b""
        if len(self.segments) > _MOST:
            self.problem = f"it has more than {_MOST:,} segments"
            self.segments.clear()


@dataclass(slots=True)
class _Batch:
    """The messages of a file so far, and what its batches say that there are."""

    messages: int = 0
    in_batch: bool = False
    began_at: int = 0
    problem: str | None = None

    def see(self, line: bytes) -> None:
        """Take the begin or the end of a batch."""
        if line.startswith(b"BHS"):
            self.in_batch, self.began_at = True, self.messages
        elif line.startswith(b"BTS"):
            self.in_batch = False
            told, there = _COUNT.match(line), self.messages - self.began_at
            if told and int(told[1]) != there:
                self.problem = f"a batch says that it has {int(told[1])} messages, there are {there} of them"

    def lacking(self) -> str | None:
        """Tell that messages are lacking."""
        return self.problem or ("a batch has no end (BTS)" if self.in_batch else None)


def read_frames(path: Path) -> Iterator[Frame | RowError]:
    """Give the messages of a file in their order, and that a batch lacks some. Raises InputFileError: no message."""
    check_regular(path)
    try:
        with path.open("rb") as file:
            yield from _frames(path, file)
    except OSError as error:
        raise InputFileError(f"{path}: {error.strerror}") from error


def _frames(path: Path, file: BinaryIO) -> Iterator[Frame | RowError]:
    batch, frame = _Batch(), None
    for line, ended in _lines(file):
        name = line[:3]
        if name == b"MSH" or name in _BATCH:
            if frame:
                yield frame
            frame = None
        if name == b"MSH":
            batch.messages += 1
            frame = Frame(batch.messages, line[3:4])
        if name in _BATCH:
            batch.see(line)
        elif frame:
            frame.add(line, ended=ended)
    if frame:
        yield frame
    if not batch.messages:
        raise InputFileError(f"{path}: there is no HL7 message in it: none of its lines begins with MSH")
    if reason := batch.lacking():
        yield RowError("the end of the file", "BTS", reason, trouble=Trouble.PARTIAL)


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Give the lines of a file, and whether each has an end; a line that is too long comes as one that still is."""
    rest = b""
    first = True
    while chunk := file.read(_CHUNK):
        chunk = chunk.removeprefix(b"\xef\xbb\xbf") if first else chunk
        first = False
        *lines, rest = (rest + chunk.translate(_ENDS)).split(b"\r")
        yield from ((line, True) for line in lines if line.strip())
        rest = rest[: LONGEST + 1]
    if rest.strip():
        yield rest, False
