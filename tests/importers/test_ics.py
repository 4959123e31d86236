"""A calendar's appointments: their ids, whose they are, what is newest, and what one bad event costs."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smsreminders.domain.agenda.patient_patterns import read_patient_pattern
from smsreminders.errors import AdministratorNeeded, InputFileError, UsageError
from smsreminders.importers import extras, ics
from smsreminders.importers.calendars import series
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import AppointmentRecord, Kind, RowError, Trouble
from tests.importers.calendars.samples import LAYOUT, appointments, rows_of, starts, written

AT_TEN = "DTSTART;TZID=Europe/Amsterdam:20261124T100000"
AT_ELEVEN = "DTSTART;TZID=Europe/Amsterdam:20261124T110000"
WEEKLY = f"{AT_TEN}\nRRULE:FREQ=WEEKLY;COUNT=3"
SECOND = "RECURRENCE-ID;TZID=Europe/Amsterdam:20261201T100000"
MOVED = f"{SECOND}\nDTSTART;TZID=Europe/Amsterdam:20261202T110000"
THREE = [("e/20261124T090000Z", "2026-11-24 10:00"), ("e/20261201T090000Z", "2026-12-01 10:00")]
THREE += [("e/20261208T090000Z", "2026-12-08 10:00")]


def statuses(folder: Path, *events: str) -> dict[str, str]:
    return {record.source_id: str(record.booking) for record in appointments(folder, *events)}


def test_an_appointment_that_is_moved_keeps_its_id(tmp_path: Path) -> None:
    assert starts(appointments(tmp_path, AT_TEN)) == [("e", "2026-11-24 10:00")]
    assert starts(appointments(tmp_path, f"SEQUENCE:1\n{AT_ELEVEN}")) == [("e", "2026-11-24 11:00")]


def test_an_occurrence_that_is_moved_keeps_its_id(tmp_path: Path) -> None:
    assert starts(appointments(tmp_path, WEEKLY)) == THREE
    moved = [THREE[0], THREE[2], ("e/20261201T090000Z", "2026-12-02 11:00")]
    assert starts(appointments(tmp_path, WEEKLY, MOVED)) == moved
    assert starts(appointments(tmp_path, MOVED, WEEKLY)) == moved


@pytest.mark.parametrize(
    "original",
    ["RECURRENCE-ID:20261201T090000Z", "RECURRENCE-ID:20261201T100000", "RECURRENCE-ID;VALUE=DATE:20261201"],
)
def test_the_occurrence_that_an_event_is_about_is_known_however_its_start_is_written(
    tmp_path: Path, original: str
) -> None:
    records = appointments(tmp_path, WEEKLY, f"{original}\nSTATUS:CANCELLED\n{AT_TEN}")
    assert {record.source_id: record.booking for record in records}["e/20261201T090000Z"] == "cancelled"
    assert len(records) == 3


@pytest.mark.parametrize("exdate", ["EXDATE:20261201T090000Z", "EXDATE;VALUE=DATE:20261201", "EXDATE:20261201T100000"])
def test_a_date_that_is_taken_out_is_cancelled(tmp_path: Path, exdate: str) -> None:
    assert statuses(tmp_path, f"{WEEKLY}\n{exdate}") == {
        "e/20261124T090000Z": "booked",
        "e/20261201T090000Z": "cancelled",
        "e/20261208T090000Z": "booked",
    }


def test_of_events_about_the_same_only_the_newest_counts_whatever_their_order(tmp_path: Path) -> None:
    events = [f"SEQUENCE:2\n{AT_ELEVEN}", f"SEQUENCE:1\n{AT_TEN}", f"SEQUENCE:1\nDTSTAMP:20261120T080000Z\n{AT_TEN}"]
    for order in (events, events[::-1]):
        assert starts(appointments(tmp_path, *order)) == [("e", "2026-11-24 11:00")]


def test_of_events_with_the_same_number_the_later_one_counts(tmp_path: Path) -> None:
    events = [f"LAST-MODIFIED:20261120T080000Z\n{AT_TEN}", f"LAST-MODIFIED:20261121T080000Z\n{AT_ELEVEN}"]
    assert starts(appointments(tmp_path, *events)) == [("e", "2026-11-24 11:00")]


def test_events_of_which_none_is_newer_are_both_told_of(tmp_path: Path) -> None:
    assert starts(appointments(tmp_path, AT_TEN, AT_ELEVEN)) == [("e", "2026-11-24 10:00"), ("e", "2026-11-24 11:00")]


def test_a_cancelled_series_is_cancelled_with_its_moved_occurrences(tmp_path: Path) -> None:
    assert set(statuses(tmp_path, f"SEQUENCE:1\nSTATUS:CANCELLED\n{WEEKLY}", MOVED).values()) == {"cancelled"}
    newer = statuses(tmp_path, f"SEQUENCE:1\nSTATUS:CANCELLED\n{WEEKLY}", f"SEQUENCE:2\n{MOVED}")
    assert newer["e/20261201T090000Z"] == "booked"


def test_a_cancellation_without_a_start_cancels_what_is_known_of_the_series(tmp_path: Path) -> None:
    assert statuses(tmp_path, WEEKLY, "SEQUENCE:1\nSTATUS:CANCELLED") == {
        "e/20261124T090000Z": "cancelled",
        "e/20261201T090000Z": "cancelled",
        "e/20261208T090000Z": "cancelled",
    }


def test_a_cancellation_says_nothing_but_that(tmp_path: Path) -> None:
    partial, record = rows_of(written(tmp_path, "SEQUENCE:1", around="METHOD:CANCEL"))
    assert isinstance(partial, RowError)
    assert partial.trouble is Trouble.PARTIAL
    assert isinstance(record, AppointmentRecord)
    assert (record.source_id, record.booking, record.starts_at) == ("e", "cancelled", None)
    assert (record.patient.source_id, record.unread) == ("", ())


def test_an_event_about_one_occurrence_without_its_series_has_the_same_id(tmp_path: Path) -> None:
    assert starts(appointments(tmp_path, MOVED)) == [("e/20261201T090000Z", "2026-12-02 11:00")]


def test_an_event_about_an_appointment_that_does_not_recur_is_of_that(tmp_path: Path) -> None:
    instead = f"RECURRENCE-ID:20261124T090000Z\n{AT_ELEVEN}"
    assert starts(appointments(tmp_path, AT_TEN, instead)) == [("e", "2026-11-24 11:00")]


def test_series_are_read_from_a_month_ago_to_the_horizon(tmp_path: Path) -> None:
    daily = "DTSTART:20200101T090000Z\nRRULE:FREQ=DAILY"
    assert len(appointments(tmp_path, daily)) == 31 + 60
    assert len(appointments(tmp_path, daily, layout=replace(LAYOUT, horizon=timedelta(days=7)))) == 31 + 7


def test_an_occurrence_that_is_moved_behind_the_horizon_is_still_told(tmp_path: Path) -> None:
    layout = replace(LAYOUT, horizon=timedelta(days=14))
    far = f"{SECOND}\nDTSTART;TZID=Europe/Amsterdam:20270301T110000"
    assert ("e/20261201T090000Z", "2027-03-01 11:00") in starts(appointments(tmp_path, WEEKLY, far, layout=layout))


def test_an_appointment_of_long_ago_is_left_out_and_one_far_ahead_is_not(tmp_path: Path) -> None:
    assert appointments(tmp_path, "DTSTART:20201124T090000Z") == []
    assert starts(appointments(tmp_path, "DTSTART:20280301T090000Z")) == [("e", "2028-03-01 10:00")]


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("DTSTART;VALUE=DATE:20261124", "is a whole day"),
        ("DTSTART:20261124T000000", "is midnight"),
        ("DTSTART:20261024T2", "can't be read as a time"),
        ("DTSTART;TZID=Nowhere:20261124T100000", "has a time zone that isn't known"),
        ("DTSTART:99990101T100000", "its year can't be meant"),
        ("DTSTART:20360101T100000", "the year 2036 can't be meant"),
        ("DTSTART:20270328T023000", "does not exist"),
        ("LOCATION:x", "is missing"),
        ("DTSTART;=:20261124T100000", "the line isn't written as a calendar's"),
    ],
)
def test_a_start_that_nobody_can_be_told_is_unclear(tmp_path: Path, start: str, reason: str) -> None:
    [record] = appointments(tmp_path, start)
    assert (record.source_id, record.starts_at, [cell.field for cell in record.unread]) == ("e", None, ["start"])
    assert reason in record.unread[0].reason


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (f"{AT_TEN}\nRRULE:FREQ=SECONDLY", "RRULE"),
        (f"{AT_TEN}\nRRULE:FREQ=WEEKLY;UNTIL=x", "RRULE"),
        (f"{AT_TEN}\nRRULE:FREQ=DAILY;BYHOUR=12", "RRULE"),
        (f"{AT_TEN}\nRRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY", "EXRULE"),
        (f"{AT_TEN}\nRDATE:20261130T1", "RDATE"),
        (f"{WEEKLY}\nEXDATE;TZID=Nowhere:20261201T100000", "EXDATE"),
        (f"{WEEKLY}\nRECURRENCE-ID:x", "RECURRENCE-ID"),
        ("RRULE:FREQ=DAILY", "DTSTART"),
        ("DTSTART:20000101T100000Z\nRRULE:FREQ=DAILY;COUNT=100000", "RRULE"),
        ("\n".join([AT_TEN, *["RRULE:FREQ=DAILY"] * 11]), "RRULE"),
    ],
)
def test_a_series_that_can_not_be_understood_costs_no_other(tmp_path: Path, bad: str, field: str) -> None:
    path = written(tmp_path, f"UID:bad\n{bad}", AT_TEN.replace("20261124", "20261125"))
    errors = [row for row in rows_of(path) if isinstance(row, RowError)]
    assert [(error.field, error.source_id) for error in errors] == [(field, None)]
    assert [row.source_id for row in rows_of(path) if not isinstance(row, RowError)] == ["e"]


def test_a_series_with_too_many_dates_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "MOST", 20)
    [error] = rows_of(written(tmp_path, f"{AT_TEN}\nRRULE:FREQ=DAILY"))
    assert isinstance(error, RowError)
    assert error.reason == "has more than 20 occurrences until the horizon"


def test_a_calendar_with_too_many_appointments_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ics, "_MOST", 20)
    with pytest.raises(InputFileError, match="more than 20 appointments until the horizon"):
        rows_of(written(tmp_path, f"{AT_TEN}\nRRULE:FREQ=DAILY"))


@pytest.mark.parametrize(
    ("pattern", "patient"),
    [
        (r"SUMMARY:.*\((?P<patient>\d+)\)", "1001"),
        (r"ATTENDEE:mailto:p(?P<patient>\d+)@", "77"),
        (r"DESCRIPTION:.*pat=(?P<patient>\w+)", "d12"),
        (r"UID:(?P<patient>\w+)", "e"),
    ],
)
def test_the_patient_is_found_in_the_text_that_the_pattern_names(tmp_path: Path, pattern: str, patient: str) -> None:
    layout = replace(LAYOUT, patient_pattern=read_patient_pattern(pattern))
    event = f"{AT_TEN}\nATTENDEE;CN=x:mailto:p77@example.org\nDESCRIPTION:Controle\\n\\npat=d12"
    [record] = appointments(tmp_path, event.replace("\\n\\n", " "), layout=layout)
    assert record.patient.source_id == patient


def test_an_event_of_nobody_is_ignored_and_one_of_two_is_unclear(tmp_path: Path) -> None:
    nobody = replace(LAYOUT, patient_pattern=read_patient_pattern("(?P<patient>none)"))
    [block] = appointments(tmp_path, AT_TEN, layout=nobody)
    assert (block.ignored, block.patient.source_id) == (True, "")
    [unclear] = appointments(tmp_path, f"{AT_TEN}\nDESCRIPTION:ook (1002)")
    assert [(cell.field, cell.column) for cell in unclear.unread] == [("patient_id", "the patient pattern")]


def test_a_pattern_that_finds_nobody_in_many_events_refuses_the_calendar(tmp_path: Path) -> None:
    nobody = replace(LAYOUT, patient_pattern=read_patient_pattern("(?P<patient>none)"))
    events = [f"UID:{number}\n{AT_TEN}" for number in range(10)]
    with pytest.raises(InputFileError, match="the patient pattern finds nobody in 10 events"):
        rows_of(written(tmp_path, *events), nobody)


@pytest.mark.parametrize("bad", [f"{AT_TEN}\nRRULE:FREQ=HOURLY", f"{AT_TEN}\nRDATE:x"])
def test_a_series_of_nobody_may_be_as_odd_as_it_likes(tmp_path: Path, bad: str) -> None:
    nobody = replace(LAYOUT, patient_pattern=read_patient_pattern("(?P<patient>none)"))
    assert [record.ignored for record in appointments(tmp_path, bad, layout=nobody)] == [True]


def test_an_event_without_an_id_is_told_if_it_is_of_a_patient(tmp_path: Path) -> None:
    event = f"BEGIN:VEVENT\n{AT_TEN}\nSUMMARY:(1001)\nEND:VEVENT\nBEGIN:VEVENT\n{AT_TEN}\nSUMMARY:x\nEND:VEVENT"
    [error] = rows_of(written(tmp_path, around=event))
    assert isinstance(error, RowError)
    assert (error.place, error.field, error.reason) == ("line 2", "UID", "is missing")


def test_the_categories_are_the_type_of_an_appointment(tmp_path: Path) -> None:
    [record] = appointments(tmp_path, f"{AT_TEN}\nCATEGORIES:Intake,Rood")
    assert record.type == "Intake, Rood"


def test_an_id_of_a_patient_that_can_not_be_one_is_unclear(tmp_path: Path) -> None:
    layout = replace(LAYOUT, patient_pattern=read_patient_pattern("DESCRIPTION:(?P<patient>.*)"))
    [record] = appointments(tmp_path, f"{AT_TEN}\nDESCRIPTION:{'x' * 300}", layout=layout)
    assert (record.patient.source_id, [cell.field for cell in record.unread]) == ("", ["patient_id"])


def test_the_days_of_a_series_of_whole_days_are_unclear_each(tmp_path: Path) -> None:
    whole_days = "DTSTART;VALUE=DATE:20261124\nRRULE:FREQ=WEEKLY;UNTIL=20261201T000000Z\nEXDATE;VALUE=DATE:20261201"
    records = appointments(tmp_path, whole_days, "RECURRENCE-ID:20261124T000000\nDTSTART;VALUE=DATE:20261125")
    assert [(record.source_id, record.booking, len(record.unread)) for record in records] == [
        ("e/20261124", "booked", 1),
        ("e/20261201", "cancelled", 0),
    ]


def test_what_holds_for_all_that_follow_is_unclear_for_each_if_it_is_for_one(tmp_path: Path) -> None:
    records = appointments(tmp_path, WEEKLY, "RECURRENCE-ID;RANGE=THISANDFUTURE:20261201T090000Z\nDTSTART:x")
    assert [(record.source_id[2:10], len(record.unread)) for record in records] == [
        ("20261124", 0),
        ("20261208", 1),
        ("20261201", 1),
    ]


def test_a_status_has_the_meaning_that_the_user_gave_it(tmp_path: Path) -> None:
    event = f"{AT_TEN}\nSTATUS:TENTATIVE"
    [unclear] = appointments(tmp_path, event)
    assert [(cell.field, cell.word) for cell in unclear.unread] == [("status", "tentative")]
    booked = replace(LAYOUT, words={"status": {"tentative": "booked"}})
    assert [record.booking for record in appointments(tmp_path, event, layout=booked)] == ["booked"]
    ignored = replace(LAYOUT, words={"status": {"tentative": "ignore"}})
    assert [record.ignored for record in appointments(tmp_path, event, layout=ignored)] == [True]


def test_what_became_of_an_appointment_is_kept_once_it_was(tmp_path: Path) -> None:
    layout = replace(LAYOUT, words={"status": {"completed": "attended"}})
    [past] = appointments(tmp_path, "DTSTART:20261120T090000Z\nSTATUS:COMPLETED", layout=layout)
    assert (past.outcome, past.unread) == ("attended", ())
    [to_come] = appointments(tmp_path, f"{AT_TEN}\nSTATUS:COMPLETED", layout=layout)
    assert (to_come.outcome, [cell.field for cell in to_come.unread]) == (None, ["status"])


def test_what_cannot_be_used_beside_the_start_is_a_note(tmp_path: Path) -> None:
    [record] = appointments(tmp_path, f"{AT_TEN}\nDTEND:x\nLOCATION:{'x' * 300}")
    assert record.unread == ()
    assert [cell.field for cell in record.patient.unread] == ["end", "location"]


@pytest.mark.parametrize("uid", ["x" * 300, "a\x07b"])
def test_an_id_that_can_not_be_one_is_told(tmp_path: Path, uid: str) -> None:
    [error] = rows_of(written(tmp_path, f"UID:{uid}\n{AT_TEN}"))
    assert isinstance(error, RowError)
    assert error.field == "UID"


def test_the_summary_stands_in_nothing_that_is_told_or_kept(tmp_path: Path) -> None:
    named = "DESCRIPTION:Canaria\nSUMMARY:Canaria (1002)"
    events = [named, f"{named}\n{AT_TEN}", f"{named}\n{WEEKLY}\nRRULE:Canaria", f"{named}\nDTSTART:Canaria"]
    rows = [row for event in events for row in rows_of(written(tmp_path, event))]
    assert "Canaria" not in repr(rows)


def test_an_answer_to_an_invitation_is_no_appointment(tmp_path: Path) -> None:
    [error] = rows_of(written(tmp_path, AT_TEN, around="METHOD:REPLY"))
    assert isinstance(error, RowError)
    assert (error.field, error.source_id) == ("METHOD", None)


def test_the_calendars_of_a_folder_are_read_as_one(tmp_path: Path) -> None:
    written(tmp_path, f"SEQUENCE:2\n{AT_ELEVEN}", name="a.ics")
    written(tmp_path, f"SEQUENCE:1\n{AT_TEN}", name="b.ICS")
    (tmp_path / "readme.txt").write_text("no calendar", "utf-8")
    [row] = rows_of(tmp_path)
    assert (row.place, row.source_id) == ("a.ics line 2", "e")


def test_a_folder_with_a_calendar_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    written(tmp_path, AT_TEN, name="a.ics")
    (tmp_path / "b.ics").write_text("BEGIN:VCALENDAR\n", "utf-8")
    with pytest.raises(InputFileError, match=r"b\.ics: it doesn't end with END:VCALENDAR"):
        rows_of(tmp_path)


def test_a_folder_without_a_calendar_or_with_too_much_of_them_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputFileError, match="no calendar in this folder"):
        read_file(tmp_path, Kind.APPOINTMENTS, LAYOUT, format_name="ics")
    written(tmp_path, AT_TEN)
    monkeypatch.setattr(ics, "LARGEST", 50)
    with pytest.raises(InputFileError, match="larger than 0 MB together"):
        rows_of(tmp_path)


def test_a_calendar_is_known_by_its_first_line(tmp_path: Path) -> None:
    path = written(tmp_path, AT_TEN, name="download")
    assert [row.source_id for row in rows_of(path)] == ["e"]


def test_a_calendar_without_a_pattern_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, AT_TEN)
    with pytest.raises(UsageError, match=re.escape(r"--patient-pattern '\((?P<patient>\d+)\)'")):
        rows_of(path, replace(LAYOUT, patient_pattern=None))
    with pytest.raises(UsageError, match="a calendar has no patients"):
        read_file(path, Kind.PATIENTS, LAYOUT)


def test_a_library_that_is_missing_is_told_with_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    with pytest.raises(AdministratorNeeded, match=re.escape("pip install 'smsreminders[ics]'")):
        rows_of(written(tmp_path, AT_TEN))


def test_times_are_read_as_of_now(tmp_path: Path) -> None:
    later = replace(LAYOUT, now=datetime(2027, 3, 1, tzinfo=UTC))
    assert appointments(tmp_path, WEEKLY, layout=later) == []
