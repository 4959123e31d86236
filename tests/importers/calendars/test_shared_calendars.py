"""Calendars that other programs wrote, beside what another library reads in them. They may not stand in here."""

import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events
import x_wr_timezone

from smsreminders.domain.agenda.patient_patterns import read_patient_pattern
from smsreminders.errors import InputFileError
from smsreminders.importers.records import AppointmentRecord
from tests.importers.calendars.samples import LAYOUT, rows_of
from tests.importers.tables import AMSTERDAM
from tests.shared_data import shared_data

SOURCE = "the repositories of icalendar, ical4j, ical.js, libical, khal, node-ical and others (SOURCES.md)"
BY_UID = replace(LAYOUT, patient_pattern=read_patient_pattern("UID:(?P<patient>.{1,9})"), midnight=True)
METHODS = {"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER", "ADD", "CANCEL"}
DIFFERENT = {
    "ical4j__incoming.ics": "one UID in several calendars: only its newest event counts",
    "libical__2446.ics": "one UID in several calendars: only its newest event counts",
    "icalendar__issue_1633_rdate_with_dates.ics": "a date without time in a series with one: at the time of the series",
    "icalendar__issue_722_timezone_transition_ambiguity.ics": "a time that exists twice is told, not chosen",
    "khal__event_dt_local_missing_tz.ics": "a zone that isn't known is told, not taken for the local one",
    "khal__event_dtr_no_tz_exdatez.ics": "a zone that isn't known is told, not taken for the local one",
    "khal__tz_windows_format.ics": "a Windows name goes before the file's own, wrong definition of it",
    "node-ical__badRRULE.ics": "a rule with nonsense in it is told, not read without it",
    "node-ical__bad_custom_ms_tz2.ics": "a tentative appointment is told",
    "node-ical__non-utc-until-ny.ics": "an end of a series without zone is in that of the series",
    "recurring-ical-events__issue_132_swapped_start_and_end.ics": "an end before the start doesn't change the start",
}


def calendars() -> Iterator[Path]:
    yield from sorted(shared_data("import/ics", source=SOURCE).glob("*.ics"))


def moment_in(path: Path) -> datetime:
    """A moment at which the calendar has something to tell: the middle one of its starts."""
    days = re.findall(rb"\nDTSTART[^:\n]*:((?:199[5-9]|20\d\d)\d{4})", path.read_bytes())
    return datetime.strptime((sorted(days) or [b"20261123"])[len(days) // 2].decode(), "%Y%m%d").replace(tzinfo=UTC)


def ours(path: Path, now: datetime) -> set[tuple[str, datetime]]:
    """The UIDs and starts that are booked in the window."""
    records = [row for row in rows_of(path, replace(BY_UID, now=now)) if isinstance(row, AppointmentRecord)]
    booked = [(row.source_id, row.starts_at) for row in records if row.starts_at and row.booking == "booked"]
    return {(re.sub(r"/\d{8}T\d{6}Z$", "", uid), start) for uid, start in booked if in_window(start, now)}


def theirs(path: Path, now: datetime) -> set[tuple[str, datetime]]:
    """Read a calendar as recurring-ical-events does. Raises whatever it does where it can't read the calendar."""
    booked = set()
    for calendar in icalendar.Calendar.from_ical(path.read_bytes(), multiple=True):
        if str(calendar.get("METHOD", "")) in METHODS:
            continue
        events = recurring_ical_events.of(x_wr_timezone.to_standard(calendar), skip_bad_series=True)
        for event in events.between(now - timedelta(days=31), now + timedelta(days=60)):
            start = event["DTSTART"].dt
            if isinstance(start, datetime) and event.get("UID") and str(event.get("STATUS")) != "CANCELLED":
                start = start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=AMSTERDAM).astimezone(UTC)
                booked.add((str(event["UID"]).strip(), start))
    return {(uid, start) for uid, start in booked if in_window(start, now)}


def in_window(start: datetime, now: datetime) -> bool:
    return now - timedelta(days=31) <= start < now + timedelta(days=60)


def reason_of_refusal(path: Path) -> str:
    """Why a calendar is refused; empty where it is read."""
    try:
        rows_of(path, replace(BY_UID, now=moment_in(path)))
    except InputFileError as error:
        return str(error).removeprefix(f"{path}: ")
    return ""


def test_each_calendar_is_read_or_refused_with_a_reason() -> None:
    refused = {path.name: reason for path in calendars() if (reason := reason_of_refusal(path))}
    known = ("no whole calendar", "it doesn't end with", "damaged", "the end of something that isn't open")
    assert [name for name, reason in refused.items() if not re.sub(r"^line \d+: ", "", reason).startswith(known)] == []


def test_calendars_have_the_appointments_that_another_library_finds() -> None:
    compared = []
    for path in calendars():
        now = moment_in(path)
        try:
            mine = ours(path, now)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                expected = theirs(path, now)
        except (InputFileError, ValueError, KeyError, TypeError, AttributeError):  # the last ones are theirs
            continue
        assert (path.name in DIFFERENT) is (mine != expected), (path.name, mine ^ expected)
        compared.append(path)
    assert len(compared) > 100


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("icalendar__big_bad_calendar.ics", "it doesn't end with END:VCALENDAR: it is cut off"),
        ("khal__event_d.ics", "line 1: no whole calendar: it doesn't begin with BEGIN:VCALENDAR"),
        ("libical__crash.ics", "line 177: the end of something that isn't open"),
        ("libical__issue252.ics", "damaged: there are bytes that are no letters in UTF-8"),
    ],
)
def test_what_is_no_whole_calendar_is_refused(name: str, reason: str) -> None:
    with pytest.raises(InputFileError, match=re.escape(reason)):
        rows_of(shared_data(f"import/ics/{name}", source=SOURCE), BY_UID)
