"""HL7 v2: the appointments of SIU messages (S12 to S26) of a file, or of a folder of files that an engine writes.

A message tells a change, never that all are there. Messages count by the time at which they were written.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from smsreminders.domain.agenda.source_files import is_unfinished
from smsreminders.errors import InputFileError, UsageError
from smsreminders.importers.extras import require
from smsreminders.importers.messages.appointment import read_appointment
from smsreminders.importers.messages.framing import Frame, read_frames
from smsreminders.importers.messages.message import Message, MessageError, parse
from smsreminders.importers.records import AppointmentRecord, Kind, Layout, Part, Reading, Record, RowError

_LONGEST_NAME = 40
_YOUNG = 60.0  # seconds


def read(path: Path, kind: Kind, layout: Layout) -> Reading:
    """Read the appointments of a file's messages in their order, or of all files of a folder in that of their names.

    What became of each file of a folder is in the reading's `parts` when it has been read. Raises InputFileError where
    a file can't be used as a whole, AdministratorNeeded where the extra for HL7 isn't installed, UsageError where the
    layout can't be used.
    """
    if kind is not Kind.APPOINTMENTS:
        raise UsageError(f"HL7 messages are read as appointments, not as {kind}; their patients come with them")
    if layout.columns:
        raise UsageError("--map names columns of a table; an HL7 message has none")
    require("hl7", extra="hl7", what="HL7 messages")
    parts: dict[Path, Part] = {}
    rows = _of_folder(path, parts, layout) if path.is_dir() else _Messages(layout).read(path)
    return Reading(rows, changes_only=True, parts=parts)


def files_of(folder: Path) -> list[Path]:
    """List the files of a folder that are written: no hidden ones, none whose name says that it isn't finished."""
    return sorted(file for file in folder.iterdir() if file.is_file() and not is_unfinished(file.name))


def _of_folder(folder: Path, parts: dict[Path, Part], layout: Layout) -> Iterator[Record | RowError]:
    messages = _Messages(layout)
    for file in _listed(folder):
        parts[file], messages.was_cut = Part.READ, False
        try:
            for row in messages.read(file, within=f"{file.name}, "):
                if _is_bad(row):
                    parts[file] = Part.BAD
                yield row
        except InputFileError as error:
            parts[file] = Part.BAD
            yield RowError(file.name, "file", str(error).removeprefix(f"{file}: "))
        if messages.was_cut and _is_young(file, layout):
            parts[file] = Part.UNFINISHED


def _is_young(file: Path, layout: Layout) -> bool:
    """Tell whether a file was written to just now, so that what it lacks may still come."""
    return abs(layout.now.timestamp() - file.stat().st_mtime) < _YOUNG


def _listed(folder: Path) -> Sequence[Path]:
    try:
        return files_of(folder)
    except OSError as error:
        raise InputFileError(f"{folder}: {error.strerror}") from error


def _is_bad(row: Record | RowError) -> bool:
    return isinstance(row, RowError) or (isinstance(row, AppointmentRecord) and bool(row.unread))


class _Messages:
    """The messages of one import: a control id that comes again with the same event and appointment counts once."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._seen: set[tuple[str, ...]] = set()
        self._facilities: dict[str, str] = {}
        self.was_cut = False

    def read(self, path: Path, within: str = "") -> Iterator[Record | RowError]:
        """Read the messages of a file. Raises InputFileError where none of them is SIU."""
        types: Counter[str] = Counter()
        for frame in read_frames(path):
            if isinstance(frame, RowError):
                yield frame
                continue
            self.was_cut = frame.is_cut
            yield from self._appointment(frame, within, types)
        if types and "SIU" not in types and not within:
            others = ", ".join(f"{count} {kind}" for kind, count in types.most_common(5))
            raise InputFileError(f"{path}: there is no SIU message in it, but {others}")

    def _appointment(self, frame: Frame, within: str, types: Counter[str]) -> Iterator[Record | RowError]:
        place = f"{within}message {frame.number}"
        try:
            message = parse(frame)
        except MessageError as error:
            types["SIU"] += 1
            yield RowError(place, "MSH", str(error))
            return
        kind = message.text("MSH", 9)
        types[kind if kind.isalnum() else "other"] += 1
        if kind == "SIU" and self._is_new(message):
            control_id = message.text("MSH", 10)
            shown = control_id if control_id.isprintable() and control_id else str(frame.number)
            row = read_appointment(f"{within}message {shown[:_LONGEST_NAME]}", message, self._layout)
            yield self._of_one_facility(row, message.text("MSH", 4))

    def _of_one_facility(self, row: Record | RowError, facility: str) -> Record | RowError:
        """Reject an appointment whose id another facility has too: they are not one and the same."""
        if not row.source_id or self._facilities.setdefault(row.source_id, facility) == facility:
            return row
        reason = "another facility (MSH-4) has an appointment of this id: import each by itself, as a source of its own"
        return RowError(row.place, "SCH-2", reason, row.source_id)

    def _is_new(self, message: Message) -> bool:
        control_id = message.text("MSH", 10)
        key = control_id, message.text("MSH", 9, 2), message.text("SCH", 1), message.text("SCH", 2)
        if not control_id:
            return True
        is_new = key not in self._seen
        self._seen.add(key)
        return is_new
