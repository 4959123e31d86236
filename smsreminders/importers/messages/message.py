"""A message: its bytes decoded as it says itself, split by the library, and read field by field without escapes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from smsreminders.importers.cells import CellError
from smsreminders.importers.messages.framing import Frame
from smsreminders.importers.moments import offset_of, read_dtm
from smsreminders.importers.records import Layout

_CHARACTER_SETS = {  # HL7 table 0211 -> ours; ASCII is said by many who write something else
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "8859/1": "cp1252",
    "8859/15": "iso8859-15",
    "ISO-8859-1": "cp1252",
    "ISO-8859-15": "iso8859-15",
    "WINDOWS-1252": "cp1252",
    "CP1252": "cp1252",
}
_SIGNS = re.compile(rb"[!-/:-@\[-`{-~]{5}")
_DELETED = '""'
_SPACES = {".br", ".sp", ".ce", ".sk"}


class MessageError(ValueError):
    """A message that can't be read, and why."""


@dataclass(frozen=True, slots=True)
class Field:
    """A repetition of a field, as the library splits it, with what its escapes stand for."""

    parts: object
    escapes: "Escapes"

    def text(self, component: int = 1, sub: int = 1) -> str:
        """Read a component's text; empty also where it says that it is to be deleted."""
        text = _leaf(_at(_at(self.parts, component - 1), sub - 1))
        return "" if text == _DELETED else self.escapes.plain(text).strip()

    def is_deleted(self) -> bool:
        """Tell whether the field says that what was known is to be deleted."""
        return _leaf(self.parts) == _DELETED


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment, as the library splits it."""

    fields: Sequence[object]
    escapes: "Escapes"

    def all(self, number: int) -> list[Field]:
        """List the repetitions of a field."""
        field = self.fields[number] if number < len(self.fields) else ""
        repetitions = list(field) if isinstance(field, list) else [field]
        return [Field(repetition, self.escapes) for repetition in repetitions]

    def field(self, number: int) -> Field:
        """Take the first repetition of a field."""
        return self.all(number)[0]

    def text(self, number: int, component: int = 1) -> str:
        """Read a component of a field's first repetition."""
        return self.field(number).text(component)


@dataclass(frozen=True, slots=True)
class Escapes:
    r"""What stands for the signs that split a message: \T\ for `&`, and so on; \X...\ are bytes."""

    sign: str
    signs: dict[str, str]
    encoding: str

    def plain(self, text: str) -> str:
        """Put the signs in place; a line break is a space, and what only decorates is left out."""
        if not self.sign or self.sign not in text:
            return text
        sign = re.escape(self.sign)
        return re.sub(f"{sign}([^{sign}]{{1,80}}){sign}", self._meant, text)

    def _meant(self, escape: re.Match[str]) -> str:
        code = escape[1]
        if code in self.signs:
            return self.signs[code]
        if code[:1] == "X":
            try:
                return bytes.fromhex(code[1:]).decode(self.encoding, "replace")
            except ValueError:
                return ""
        return " " if code[:3] in _SPACES else ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its segments by their names, in their order."""

    segments: dict[str, list[Segment]]
    is_cut: bool

    def all(self, name: str) -> list[Segment]:
        """List the segments of a name."""
        return self.segments.get(name, [])

    def text(self, name: str, field: int, component: int = 1) -> str:
        """Read a component of the first segment of a name; empty without one."""
        segments = self.all(name)
        return segments[0].text(field, component) if segments else ""

    def zone(self, layout: Layout) -> tzinfo:
        """Find the zone of times without an offset: that of MSH-7, unless it is what the practice's clock shows then.

        So a sender on the practice's clock means that clock in summer too, and one on UTC means UTC.
        """
        written, offset = self._written(layout)
        if written is None or offset is None or written.astimezone(layout.zone).utcoffset() == offset.utcoffset(None):
            return layout.zone
        return offset

    def written_at(self, layout: Layout) -> datetime | None:
        """Tell when the message was written (MSH-7); None where it doesn't say."""
        return self._written(layout)[0]

    def _written(self, layout: Layout) -> tuple[datetime | None, tzinfo | None]:
        text = self.text("MSH", 7)
        offset = offset_of(text)
        try:
            return read_dtm(text, offset or layout.zone, fold=True).astimezone(UTC), offset
        except CellError:
            return None, None


def parse(frame: Frame) -> Message:
    """Split a message. Raises MessageError."""
    import hl7  # an extra

    if frame.problem or not frame.segments:
        raise MessageError(frame.problem or "it is cut off in its first segment")
    signs = frame.segments[0][3:8]
    if not _SIGNS.fullmatch(signs) or len(set(signs)) < len(signs):
        raise MessageError("its first segment (MSH) doesn't tell how the message is split")
    text, encoding = _decoded(frame)
    try:
        split = hl7.parse(text)
    except (hl7.HL7Exception, ValueError, IndexError) as error:
        raise MessageError(f"it can't be split ({type(error).__name__})") from None
    escapes = Escapes(text[6], dict(zip("FSRET", text[3:8], strict=True)), encoding)
    segments: dict[str, list[Segment]] = {}
    for segment in split:
        segments.setdefault(str(segment[0]), []).append(Segment(segment, escapes))
    return Message(segments, frame.is_cut)


def _decoded(frame: Frame) -> tuple[str, str]:
    """Decode a message as MSH-18 says; else it is UTF-8 if all of it can be that, and cp1252 if not."""
    raw = b"\r".join(filter(None, frame.segments))
    fields = frame.segments[0].split(frame.separator)
    told = fields[17].decode("ascii", "ignore") if len(fields) > 17 else ""
    named = _CHARACTER_SETS.get(re.split(r"[~\\]", told)[0].strip().upper())
    for encoding in [named] if named else ["utf-8", "cp1252"]:
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise MessageError(f"its bytes are no {named}, though MSH-18 says so" if named else "its bytes are no text")


def _at(node: object, index: int) -> object:
    if isinstance(node, list):
        return node[index] if index < len(node) else ""
    return node if index == 0 else ""


def _leaf(node: object) -> str:
    while isinstance(node, list):
        node = node[0] if node else ""
    return str(node)
