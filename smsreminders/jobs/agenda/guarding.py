"""Guarding: files beside what their source said before, as figures for the guards; and what is kept for the next."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TypeVar

from smsreminders.domain.agenda.import_figures import (
    NONE,
    Compared,
    Dates,
    Gone,
    LastFile,
    Share,
    is_other_name,
    is_other_number,
)
from smsreminders.domain.agenda.import_guards import SHIFTS, nearly_all
from smsreminders.domain.local_time import day_start
from smsreminders.importers.records import Kind
from smsreminders.jobs.agenda.stage import Staged
from smsreminders.store.agenda import comparing
from smsreminders.store.agenda.changes import older_appointments
from smsreminders.store.agenda.last_files import keep_last_file, last_file, same_before_the_last
from smsreminders.store.agenda.said import SourceRow
from smsreminders.store.agenda.turned import count_turned
from smsreminders.store.database import Database

_ALL = "9"  # of the starts, as they are stored
_DAY, _MOMENT = timedelta(days=1), timedelta(microseconds=1)
_Name = TypeVar("_Name", date, str)


@dataclass(frozen=True, slots=True)
class Days:
    """The time [start, end) of which files are complete; by a source's setting only of what it told of itself."""

    start: datetime
    end: datetime
    zone: tzinfo
    by_setting: bool = False


def compare(db: Database, source: SourceRow, files: Sequence[Staged], days: Days | None, *, now: datetime) -> Compared:
    """Gather what staged files say beside what their source said before, as it stands before they are applied.

    Of a source that was never imported only what is gone from its days is known.
    """
    last = last_file(db, source)
    before = last or LastFile()
    rows = comparing.count_rows(db, source.kind)
    known = comparing.count_known_patients(db, source) if source.kind == Kind.PATIENTS else rows
    written = max((file.source.written for file in files if file.source.written), default=None)
    compared = Compared(before, rows, known=known, dates=comparing.dates_of(db), written=written)
    if days:
        compared = replace(compared, gone=_gone(db, source, days, compared))
    if last is None:
        return compared
    compared = replace(
        compared,
        changes_only=any(file.source.changes_only for file in files),
        same_as=same_before_the_last(db, source, [file.source.content for file in files]) if rows else None,
    )
    if source.kind == Kind.CONSENTS:
        return compared
    compared = _with_people(db, source, compared)
    return _with_appointments(db, source, files, compared, now=now) if source.kind == Kind.APPOINTMENTS else compared


def keep(db: Database, source: SourceRow, compared: Compared, days: Days | None, *, now: datetime) -> None:
    """Keep of a good import what the next one is compared with. A file's own time is never in the future."""
    before = compared.last_file
    if days and days.by_setting and compared.dates:
        comparing.keep_lacked(db, source, now, compared.dates.last)
    if compared.rows == 0:
        keep_last_file(db, source, replace(before, then_empty=True, ever_empty=True))
        return
    keep_last_file(
        db,
        source,
        LastFile(
            compared.rows,
            compared.known,
            compared.dates,
            compared.written and min(compared.written, now),
            ever_empty=before.ever_empty,
        ),
    )


def _with_appointments(
    db: Database, source: SourceRow, files: Sequence[Staged], compared: Compared, *, now: datetime
) -> Compared:
    known, before = comparing.count_known(db, source, now), compared.last_file.dates
    of_series: dict[int, int] = {}
    last = None
    if any(file.source.whole for file in files):
        of_series, last = comparing.count_series_moved(db, source, now, SHIFTS)
    turned = count_turned(db, source, now)
    until = max(filter(None, (known.until, last)), default=None)
    are_new = nearly_all(Share(compared.rows - known.ids, compared.rows))
    return replace(
        compared,
        known=known.ids,
        renamed=comparing.count_renamed(db, source) if are_new else 0,  # that takes as long as all the rest
        moved=Counter(known.moved) + Counter(of_series),
        to_come=comparing.count_to_come(db, source, now, until) if until else 0,
        owners=Share(known.others, known.owned),
        cancelled=Share(turned.cancelled, comparing.count_to_come(db, source, now, _ALL) if turned.cancelled else 0),
        cancelled_days=turned.days,
        again=Share(turned.again, turned.were_cancelled),
        strangers=Share(*comparing.count_strangers(db, source, now, before.last)) if before else NONE,
        overtaken=sum(len(older_appointments(db, source, file.number)) for file in files if file.dated),
    )


def _with_people(db: Database, source: SourceRow, compared: Compared) -> Compared:
    people = comparing.count_people(db, source)
    phones = names = 0
    for phone_before, phone, name_before, name in comparing.told_otherwise(db, source):
        phones += bool(phone_before) and phone is not None and is_other_number(phone_before, phone)
        names += bool(name_before) and name is not None and is_other_name(name_before, name)
    newcomers = Share(people.new, people.patients) if source.kind == Kind.APPOINTMENTS else NONE
    return replace(
        compared,
        phones=Share(phones, people.phones),
        names=Share(names, people.names),
        turned=Share(people.turned, people.refusing),
        newcomers=newcomers,
    )


def _gone(db: Database, source: SourceRow, days: Days, compared: Compared) -> Gone:
    """Count what is gone of the time that files are complete for, and by a source's setting up to its last file's end.

    What a person calls complete may have its own days only.
    """
    end = days.end
    if days.by_setting and compared.last_file.dates:
        end = max(end, day_start(compared.last_file.dates.last + _DAY, UTC))
    known = list(comparing.booked_of(db, source, days.start, end, told_only=days.by_setting))
    rows = [row for row in known if row.starts_at < days.end]
    dates = Dates(*(moment.astimezone(days.zone).date() for moment in (days.start, days.end - _MOMENT)))
    return Gone(
        dates,
        _share(rows),
        _share(known),
        _shares((row.starts_at.astimezone(days.zone).date(), row.gone) for row in rows),
        _shares((row.practitioner, row.gone) for row in rows if row.practitioner),
    )


def _share(rows: Sequence[comparing.BookedRow]) -> Share:
    return Share(sum(row.gone for row in rows), len(rows))


def _shares(rows: Iterable[tuple[_Name, bool]]) -> dict[_Name, Share]:
    of: Counter[_Name] = Counter()
    gone: Counter[_Name] = Counter()
    for name, is_gone in rows:
        of[name] += 1
        gone[name] += is_gone
    return {name: Share(gone[name], count) for name, count in of.items()}
