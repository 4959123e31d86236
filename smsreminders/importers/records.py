"""Records: what a file says, in whatever format it came; and how a file is laid out.

An importer yields them one at a time in the order of the file. Each has its place there, in words that lead a person
to it: "line 12" of a table, the UID of a calendar's entry, the id of a message.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from smsreminders.domain.appointments import Booking, Outcome
from smsreminders.domain.consent import How


class Kind(StrEnum):
    """What the records of a file are."""

    APPOINTMENTS = "appointments"
    PATIENTS = "patients"
    CONSENTS = "consents"


class Unread(NamedTuple):
    """A cell that can't be understood: our name of the field and the user's, why, and a mark of what stands there.

    `word` is the cell itself where it is surely no name. Nothing else tells what it says.
    """

    field: str
    column: str
    reason: str
    mark: str
    word: str = ""


class PatientRecord(NamedTuple):
    """A patient as a file has them. None: the file doesn't say it, so what is stored stays.

    `phone` is as it was written. The place is empty for the patient of an appointment, and for one from the desk. The
    id is empty where an appointment's row doesn't tell whose it is.
    """

    place: str
    source_id: str
    name: str | None = None
    phone: str | None = None
    language: str | None = None
    consent: bool | None = None
    unread: tuple[Unread, ...] = ()

    def __repr__(self) -> str:
        """Show nothing of the patient but the id."""
        return f"{type(self).__name__}(place={self.place!r}, source_id={self.source_id!r})"


class ConsentRecord(NamedTuple):
    """A consent from a list of them; `at` is None where the list gives no time: then the time of the import counts.

    `given` is None only where it is unread.
    """

    place: str
    source_id: str  # of the patient
    given: bool | None
    at: datetime | None = None
    how: How = How.IMPORT
    by: str = ""
    wording: str = ""
    unread: tuple[Unread, ...] = ()


class AppointmentRecord(NamedTuple):
    """An appointment as a file has it, with what is said there of its patient; times are UTC.

    None: the file doesn't say it, so what is stored stays; of the start only where it is unread. An `ignored` one is
    none that anybody is reminded of. `as_of` is when the record wrote this, where it tells: an older word never goes
    over a newer one.
    """

    place: str
    source_id: str
    patient: PatientRecord
    starts_at: datetime | None
    ends_at: datetime | None = None
    booking: Booking | None = Booking.BOOKED
    location: str | None = None
    practitioner: str | None = None
    unread: tuple[Unread, ...] = ()
    ignored: bool = False
    type: str | None = None
    as_of: datetime | None = None
    outcome: Outcome | None = None


Record = PatientRecord | ConsentRecord | AppointmentRecord


class Trouble(StrEnum):
    """What becomes of what is told of a row: the row is rejected, its thing is held, or it is but a note.

    Partial is told of the file: it says itself that it isn't all, so it is never complete.
    """

    REJECTED = "rejected"
    UNCLEAR = "unclear"
    NOTE = "note"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class RowError:
    """A place in a file that was not understood, and why; `source_id` where it could be read.

    `field` is the name that the user knows it by, `word` what stands there where it is surely no name. Holds nothing
    else of a patient but the id.
    """

    place: str
    field: str
    reason: str
    source_id: str | None = None
    trouble: Trouble = Trouble.REJECTED
    word: str = ""


class LeftOut(StrEnum):
    """What a line of a file is that is no record: above the header, a line of totals, a block without a patient."""

    ABOVE = "above the header"
    TOTAL = "total"
    BLOCK = "block"


class IdRange(NamedTuple):
    """Ids from the first to the last, of which a file has all that there are: those of the occurrences of a series.

    `as_of` is when the record wrote so, where it tells.
    """

    first: str
    last: str
    as_of: datetime | None = None


class Part(StrEnum):
    """What became of a file of a folder: all of it was read, something of it was bad, or it has no end yet."""

    READ = "read"
    BAD = "bad"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class Share:
    """Whose rows of a table are read: those with one of these texts in a column, in small letters.

    Rows with the texts of others are theirs; all else is nobody's, so that a `complete` file may lack some of ours.
    """

    column: str
    texts: frozenset[str]
    others: frozenset[str] = frozenset()
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that is being read: its rows as they are asked for, and which of our fields it has, if it has columns.

    `unused` are the columns that stand for none of our fields, by the file's own names. `left_out` counts the lines
    that are no records, as they are come by; `whole` grows with them. `changes_only` says that it can't be complete.
    `parts` are the files of a folder, each as soon as it was read. `strangers` counts what stands where a row tells
    whose it is and is of no practice.
    """

    rows: Iterator[Record | RowError]
    fields: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    whole: Sequence[IdRange] = ()
    changes_only: bool = False
    parts: Mapping[Path, Part] = field(default_factory=dict)
    strangers: Mapping[str, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Record | RowError]:
        return self.rows


@dataclass(frozen=True, slots=True, eq=False)  # each is itself alone: by it is remembered what a cell says
class Layout:
    """The layout of a file: the zone of its local times, its own names of columns, and how it writes a time.

    `columns` maps our field to this file's column, which it must have; also to columns that are joined by one space,
    such as "Datum+Tijd", unless one column is called so. `usual` does the same for files of any kind: it counts where
    the kind has the field, the file has the column and `columns` doesn't map it. `time_format` is a pattern of
    strptime, or None for ISO 8601. `now` bounds the times that can be meant. `words` has for a field what the file's
    own words mean, by the word in small letters: cancelled for "wachtlijst". A start at
    `midnight` is none unless it is said to be one. In a `spreadsheet` a date may be a cell of its own, written as ISO
    8601 or as a serial number, beside the pattern; and what stands beside the table is no sign of a row cut wrongly.
    `patient_pattern` finds the patient's id in the texts of a calendar's event, whose series are read to the `horizon`.
    Without a column of ids, an appointment's may be made of its patient and start: `id_of_start`. Of a table that
    several practices share only those rows are read.
    """

    zone: tzinfo
    now: datetime
    columns: Mapping[str, str] = field(default_factory=dict)
    time_format: str | None = None
    usual: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    midnight: bool = False
    spreadsheet: bool = False
    country: str = "NL"  # whose numbers are written without a country code
    patient_pattern: re.Pattern[str] | None = None
    horizon: timedelta = timedelta(days=60)
    id_of_start: bool = False
    share: Share | None = None
