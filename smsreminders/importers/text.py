"""Text files: a whole, regular file in an encoding that is sure, read line by line."""

import codecs
import io
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from smsreminders.errors import InputFileError

_NO_TEXT = {
    b"\x1f\x8b": "a gzip archive: unpack it first",
    b"PK\x03\x04": "an Excel file (xlsx) or a zip archive: give it the ending .xlsx if it is the first",
    b"\xd0\xcf\x11\xe0": "an old Excel file (xls): give it that ending",
    b"<": "a web page or XML, as some programs call .xls: open it and save it as xlsx or CSV; FHIR as JSON",
    b"%PDF": "a PDF: export the list as CSV",
    b"SQLite format 3\x00": "a database",
}
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_CHUNK = 1 << 17  # bytes that are looked at together
_LONGEST_LINE = 32  # million bytes: lines are read as a whole


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that was read once and is text: its encoding, the mark before it, and how it stood then."""

    path: Path
    mark: bytes
    encoding: str
    size: int
    changed_at: int  # nanoseconds

    def lines(self, longest: int | None = None) -> Iterator[str]:
        """Give the lines of the file with their ends as they are, longer ones in pieces of `longest` characters.

        Raises InputFileError if the file changed meanwhile.
        """
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                file.seek(len(self.mark))
                yield from file if longest is None else iter(lambda: file.readline(longest), "")
                now = os.fstat(file.fileno())
        except UnicodeDecodeError as error:
            raise _changed(self.path) from error
        except OSError as error:
            raise InputFileError(f"{self.path}: {error.strerror}") from error
        if (self.size, self.changed_at) != (now.st_size, now.st_mtime_ns):
            raise _changed(self.path)


def find_text(path: Path) -> TextFile:
    """Read a file once, holding little of it: a byte order mark decides the encoding, else it is UTF-8, else cp1252.

    With the line ends of an old Mac it may be Mac OS Roman, where the letters are clear. Raises InputFileError.
    """
    try:
        before = check_regular(path)
        with path.open("rb") as file:
            _check_lines(path, file)
            mark, encoding = _encoding(path, file)
            text_file = TextFile(path, mark, encoding, file.tell(), os.fstat(file.fileno()).st_mtime_ns)
    except OSError as error:
        raise InputFileError(f"{path}: {error.strerror}") from error
    if (before.st_size, before.st_mtime_ns) != (text_file.size, text_file.changed_at):
        raise _changed(path)
    return text_file


def check_regular(path: Path) -> os.stat_result:
    """Refuse what is no regular file, and tell how the file stands now. Raises InputFileError."""
    try:
        now = path.stat()
    except OSError as error:
        raise InputFileError(f"{path}: {error.strerror}") from error
    if stat.S_ISDIR(now.st_mode):
        raise InputFileError(f"{path}: this is a folder, not a file")
    if not stat.S_ISREG(now.st_mode):  # a FIFO would be waited for, for ever
        raise InputFileError(f"{path}: not a regular file")
    return now


def _changed(path: Path) -> InputFileError:
    return InputFileError(f"{path}: the file changed while it was read: import it when it is written completely")


def _encoding(path: Path, file: IO[bytes]) -> tuple[bytes, str]:
    head = file.read(_CHUNK)
    begins = head.removeprefix(codecs.BOM_UTF8).lstrip()
    for magic, what in _NO_TEXT.items():
        if begins.startswith(magic):
            raise InputFileError(f"{path}: not a text file but {what}")
    if not head.strip() and not any(chunk.strip() for chunk in _chunks(file)):
        raise InputFileError(f"{path}: the file is empty")
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            _check(path, file, mark, encoding)
            return mark, encoding
    try:
        _decode(file, b"", "utf-8")
    except UnicodeDecodeError as error:
        _refuse_damaged(path, file, error)
        if _is_of_mac(path, file, error):
            return b"", "mac_roman"
        _check(path, file, b"", "cp1252")
        return b"", "cp1252"
    return b"", "utf-8"


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(_CHUNK), b"")


def _check_lines(path: Path, file: IO[bytes]) -> None:
    """Refuse an endless line, which would fill the memory. Raises InputFileError."""
    length = 0
    for chunk in _chunks(file):
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        length = length + len(chunk) if last < 0 else len(chunk) - last
        if length > _LONGEST_LINE * 1_000_000:
            raise InputFileError(f"{path}: a line of more than {_LONGEST_LINE} million bytes: this is no table")
    file.seek(0)


def _decode(file: IO[bytes], mark: bytes, encoding: str) -> None:
    """Decode the whole of a file. Raises UnicodeDecodeError."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(len(mark))
    for chunk in _chunks(file):
        decoder.decode(chunk)
    decoder.decode(b"", final=True)


def _check(path: Path, file: IO[bytes], mark: bytes, encoding: str) -> None:
    try:
        _decode(file, mark, encoding)
    except UnicodeDecodeError as error:
        line = next(number for number, text in _replaced(file, mark, encoding) if "\ufffd" in text)
        raise InputFileError(
            f"{path}: line {line}: the bytes there are no {encoding} ({error.reason}): save the file as UTF-8"
        ) from error


def _refuse_damaged(path: Path, file: IO[bytes], error: UnicodeDecodeError) -> None:
    """Refuse a file that is UTF-8 but for some bytes: read as cp1252 every accent of it would be garbled."""
    line = broken = beyond_ascii = 0
    for number, text in _replaced(file, b"", "utf-8"):
        if not text.isascii():
            broken += text.count("\ufffd")
            beyond_ascii += sum(letter > "\x7f" for letter in text)
            line = line or (number if broken else 0)
    if beyond_ascii >= 2 * broken:
        raise InputFileError(
            f"{path}: line {line}: the bytes there are no UTF-8, though the rest is: cut off or mixed; export it again"
        ) from error


def _is_of_mac(path: Path, file: IO[bytes], error: UnicodeDecodeError) -> bool:
    """Whether an old Excel on a Mac saved a file: its accents are those of Mac OS Roman, its lines end with a CR alone.

    Read as cp1252 these would be other letters and signs. Raises InputFileError where the lines end otherwise, or where
    they end so and no letter tells whose the accents are.
    """
    file.seek(0)
    of_mac = of_windows = 0
    of_other_lines = False
    for chunk in _chunks(file):
        of_mac += len(_MAC_LETTER.findall(chunk))
        of_windows += len(_WINDOWS_LETTER.findall(chunk))
        of_other_lines |= b"\n" in chunk
    if of_mac > of_windows and not of_other_lines:
        return True
    if of_mac > of_windows or (of_mac == of_windows and not of_other_lines):
        raise InputFileError(
            f"{path}: the letters seem to be those of an old Excel on a Mac (Mac OS Roman): save the file as CSV UTF-8"
        ) from error
    return False


# Bytes behind a small letter that are letters in Mac OS Roman (ë is 91, é 8e) and in cp1252 signs or capitals.
_MAC_LETTER = re.compile(rb"[a-z][\x86-\x8c\x8e\x8f\x91\x93\x95\x98\x9d\x9f]|\b[A-Z][\x8a\x8e\x91\x9f][a-z]")
_WINDOWS_LETTER = re.compile(rb"[A-Za-z][\xc0-\xff]")


def _replaced(file: IO[bytes], mark: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    """Give the lines with their numbers, and a mark for what could not be decoded."""
    file.seek(len(mark))
    text = io.TextIOWrapper(file, encoding, "replace")
    try:
        yield from enumerate(text, 1)
    finally:
        text.detach()
