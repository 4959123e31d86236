"""A file -> its text: only a whole, regular text file, in an encoding that is sure."""

import codecs
import stat
from pathlib import Path

from smsreminders.errors import InputFileError

_NO_TEXT = {
    b"\x1f\x8b": "a gzip archive: unpack it first",
    b"PK\x03\x04": "an Excel file (xlsx) or a zip archive: save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel file (xls): save the sheet as CSV",
    b"%PDF": "a PDF: export the list as CSV",
    b"SQLite format 3\x00": "a database",
}
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def read_text(path: Path) -> str:
    """The text of a file: a byte order mark decides the encoding, else it is UTF-8, else cp1252.

    Raises InputFileError.
    """
    content = _read_bytes(path)
    for magic, what in _NO_TEXT.items():
        if content.startswith(magic):
            raise InputFileError(f"{path}: not a text file but {what}")
    if not content.strip():
        raise InputFileError(f"{path}: the file is empty")
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return _decode(path, content.removeprefix(mark), encoding)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        _refuse_damaged(path, content, error)
        return _decode(path, content, "cp1252")


def _read_bytes(path: Path) -> bytes:
    try:
        before = path.stat()
        if stat.S_ISDIR(before.st_mode):
            raise InputFileError(f"{path}: this is a folder, not a file")
        if not stat.S_ISREG(before.st_mode):  # a FIFO would be waited for, for ever
            raise InputFileError(f"{path}: not a regular file")
        content = path.read_bytes()
        after = path.stat()
    except OSError as error:
        raise InputFileError(f"{path}: {error.strerror}") from error
    if (before.st_size, before.st_mtime_ns) != (len(content), after.st_mtime_ns):
        raise InputFileError(f"{path}: the file changed while it was read: import it when it is written completely")
    return content


def _decode(path: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputFileError(
            f"{path}: line {_line(content.decode(encoding, 'replace'))}: the bytes there are no "
            f"{encoding} ({error.reason}): save the file as UTF-8"
        ) from error


def _refuse_damaged(path: Path, content: bytes, error: UnicodeDecodeError) -> None:
    """Refuse a file that is UTF-8 but for some bytes: read as cp1252 every accent of it would be garbled."""
    replaced = content.decode(errors="replace")
    broken = replaced.count("\ufffd")
    if sum(letter > "\x7f" for letter in replaced) >= 2 * broken:
        line = _line(replaced)
        raise InputFileError(
            f"{path}: line {line}: the bytes there are no UTF-8, though the rest is: cut off or mixed; export it again"
        ) from error


def _line(replaced: str) -> int:
    """The line of the first character that could not be decoded."""
    lines = replaced.partition("\ufffd")[0]
    return lines.count("\n") + lines.count("\r") - lines.count("\r\n") + 1
