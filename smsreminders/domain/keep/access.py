"""The access log's chain: each line is hashed with the one before it, and what was done to the lines is found."""

import json
import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256


class Verb(StrEnum):
    """What somebody did with the data of patients; anchored: a person took the log as it was from there on."""

    LOOKED = "looked"
    CHANGED = "changed"
    EXPORTED = "exported"
    ERASED = "erased"
    PURGED = "purged"
    ANCHORED = "anchored"


@dataclass(frozen=True, slots=True)
class Access:
    """Who does what, and when: the user of the machine, who they say to be (`by`), and the command."""

    at: datetime
    user: str
    by: str
    command: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the access log as it is stored: `practice` and `patients` (JSON) are row ids, no names, no numbers."""

    number: int
    at: str
    user: str
    by: str
    command: str
    verb: str
    practice: int | None
    patients: str
    note: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the log has come: the number of its last line, and the hash of that line."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"


START = Mark(0, "0" * 64)  # of a log without a line


@dataclass(frozen=True, slots=True)
class Head:
    """What is kept beside the database of how far its log has come.

    `coming` is the mark of a line that was under way: it may be there or not. `lost` is the mark at which the log did
    not go on: it stays until a person has taken the log as it is.
    """

    last: Mark = START
    coming: Mark | None = None
    lost: Mark | None = None

    def __str__(self) -> str:
        return f"{self.last} coming {self.coming or '-'} lost {self.lost or '-'}"

    def fits(self, mark: Mark) -> bool:
        """Tell whether a log that has come so far is the one that the head knows."""
        return mark in {self.last, self.coming}

    def before(self, present: Mark, coming: Mark) -> "Head":
        """Make the head to keep before a line is committed to a log that has come so far."""
        return Head(present, coming, self.lost if self.fits(present) else self.lost or self.last)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first line of the log that isn't as it was written, or the head for all of them, and what is wrong."""

    number: int
    what: str


def chained(line: Line, previous: str) -> Line:
    """Give a line its hash: SHA-256 over the hash of the line before it and all that it says itself."""
    fields = [
        previous,
        line.number,
        line.at,
        line.user,
        line.by,
        line.command,
        line.verb,
        line.practice,
        line.patients,
        line.note,
    ]
    return replace(line, hash=sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest())


def purged_to(mark: Mark) -> str:
    """Write the note of the line which says that all lines up to a mark were purged."""
    return f"lines up to {mark}"


def find_broken(lines: Iterable[Line], head: Head | None, base: Mark = START) -> Broken | None:
    """Find what was done to a log: the first line that was changed, is missing or was added; None if all is as written.

    `lines` come by their numbers; `base` is the mark of the last one that was purged, which a later line must say.
    Without a head, nothing can be said of a log that has come so far as to have one.
    """
    at, said = base, base == START
    marks = {base}
    for line in lines:
        if line.number != at.number + 1:
            return Broken(at.number + 1, f"line {at.number + 1} is missing")
        if line.hash != chained(line, at.hash).hash:
            return Broken(line.number, f"line {line.number} was changed, or the one before it, or it was added")
        at = Mark(line.number, line.hash)
        marks.add(at)
        said = said or (line.verb == Verb.PURGED and line.note == purged_to(base))
    if not said:
        return Broken(base.number, f"no line says that those up to {base.number} were purged")
    return find_other_end(at, head, marks)


def find_other_end(at: Mark, head: Head | None, marks: Set[Mark] | None = None) -> Broken | None:
    """Find that a log, which ends at a mark, ends otherwise than its head says.

    Without the marks of the lines before the end nothing is said of these. A log without a line needs no head.
    """
    if head is None:
        gone = "the file beside the database that says how far the log has come isn't there, or can't be read"
        return Broken(at.number, gone) if at.number else None
    if head.lost is not None:
        lost = head.lost.number
        return Broken(lost, f"the log was once at line {lost} and went on otherwise: lines were cut off or put back")
    if head.fits(at):
        return None
    known = head.last.number
    if at.number > known and (marks is None or head.last in marks):
        return Broken(known + 1, f"line {known + 1} was added, and not by this program: {known} lines are known")
    if at.number < known:
        return Broken(at.number + 1, f"line {at.number + 1} is missing, as are those after it up to {known}")
    return Broken(known, f"line {known} isn't the one that was written")


_MARK = r"(\d+) ([0-9a-f]{64})"
_HEAD = re.compile(rf"{_MARK} coming (?:-|{_MARK}) lost (?:-|{_MARK})(?:\n|\Z)")


def read_head(text: str) -> Head | None:
    """Read what is kept of a head: its first line, for who dies while writing may leave the end of a longer one.

    None if it can't be read.
    """
    head = _HEAD.match(text)
    if head is None:
        return None
    last, coming, lost = (Mark(int(head[at]), head[at + 1]) if head[at] is not None else None for at in (1, 3, 5))
    assert last  # noqa: S101  # the pattern has it
    return Head(last, coming, lost)
