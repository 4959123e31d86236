"""Complete files: what they lack of the days that they are complete of is missing, or cancelled."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from smsreminders.domain.agenda.missing import Absent, Fate, end_of_window, fate_by_hand, fate_of
from smsreminders.domain.local_time import day_start
from smsreminders.jobs.agenda.guarding import Days
from smsreminders.jobs.agenda.stage import Staged
from smsreminders.store.agenda import staged_records
from smsreminders.store.agenda.changes import absent_between
from smsreminders.store.agenda.said import SourceRow, keep_missing
from smsreminders.store.appointments import miss_appointments
from smsreminders.store.database import Database


@dataclass(frozen=True, slots=True)
class Complete:
    """A person's word that files have every appointment of these local dates, both included: others are cancelled.

    That goes for all appointments of the practice, wherever they come from, and at once.
    """

    first: date
    last: date
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class CompleteFor:
    """The configuration's word that each file of a source has every appointment from now on for so long.

    What it lacks of those that the source told of is missing, and cancelled with a later file that lacks it. Files
    that can't be complete (they tell changes only, say that they are a part, or have a row of which the id or the
    practice isn't known) are imported all the same, and only told.
    """

    span: timedelta
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Lacking:
    """What complete files lack of the booked appointments of their days, by their start, before anything is written.

    `missing` are those that nobody is texted of from now on, `cancelled` those that are cancelled now. `incomplete`
    tells why the files can't be complete; then they have no days and lack nothing. `content` is what they are known by.
    """

    content: str
    days: Days | None = None
    missing: Sequence[Absent] = ()
    cancelled: Sequence[Absent] = ()
    incomplete: str | None = None

    def without(self, source_ids: Collection[str]) -> "Lacking":
        """Leave out appointments that were cancelled already."""
        missing, cancelled = (
            [absent for absent in lacked if absent.source_id not in source_ids]
            for lacked in (self.missing, self.cancelled)
        )
        return replace(self, missing=missing, cancelled=cancelled)


def find_lacking(
    db: Database, source: SourceRow, files: Sequence[Staged], complete: Complete | CompleteFor, *, now: datetime
) -> Lacking:
    """Find what staged files lack together, as it stands before they are applied."""
    content = _content_of(db, files)
    if reason := _why_incomplete(files):
        return Lacking(content, incomplete=reason)
    days = _days(complete, now)
    missing: list[Absent] = []
    cancelled: list[Absent] = []
    for absent in absent_between(db, source, days.start, days.end):
        fate = fate_of(absent, content, now) if days.by_setting else fate_by_hand(absent)
        if fate is not Fate.STAYS:
            (missing if fate is Fate.MISSING else cancelled).append(absent)
    return Lacking(content, days, missing, cancelled)


def miss(db: Database, source: SourceRow, files: Sequence[Staged], lacking: Lacking, *, now: datetime) -> None:
    """Hold what is missing and cancel what is to be cancelled, within a transaction of the caller."""
    why = f"{names_of(files)}, imported on {now:%Y-%m-%d}, doesn't have it"
    for absent, cancelled in ((lacking.missing, False), (lacking.cancelled, True)):
        ids = [each.id for each in absent]
        miss_appointments(db, ids, why, cancelled=cancelled)
        keep_missing(db, source, ids, lacking.content, now)


def names_of(files: Sequence[Staged]) -> str:
    """Name the files."""
    return ", ".join(file.source.file for file in files)


def _days(complete: Complete | CompleteFor, now: datetime) -> Days:
    if isinstance(complete, CompleteFor):
        return Days(now, end_of_window(now, complete.span, complete.zone), complete.zone, by_setting=True)
    end = day_start(complete.last + timedelta(days=1), complete.zone)
    return Days(max(now, day_start(complete.first, complete.zone)), end, complete.zone)


def _why_incomplete(files: Sequence[Staged]) -> str | None:
    """Say why files can't be complete; None where they can."""
    for file in files:
        name = file.source.file
        if any(error.source_id is None for error in file.row_errors()):
            return f"{name} can't be taken as complete: there is a row of which not even the id could be read"
        if file.source.changes_only:
            return f"{name} tells changes only, so it can't be taken as complete"
        if file.partial:
            return f"{name} can't be taken as complete: {file.partial}"
    return None


def _content_of(db: Database, files: Sequence[Staged]) -> str:
    """Compute by what the files are known again together: by their bytes, or else by what they say."""
    contents = sorted(file.source.content or staged_records.what_is_said(db, file.number) for file in files)
    return hashlib.sha256(" ".join(contents).encode()).hexdigest()
