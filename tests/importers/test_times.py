"""Times of a table: none can be misread, and what is none is told with how to write it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.errors import UsageError
from smsreminders.importers.cells import CellError
from smsreminders.importers.records import RowError
from smsreminders.importers.times import check_time_format, read_time
from smsreminders.jobs.agenda.troubles import known_cause
from tests.importers.tables import appointment, error, layout, rows_of, unread_of, utc

DUTCH = "%d-%m-%Y %H:%M"


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2026-11-24 10:30", utc(2026, 11, 24, 9, 30)),
        ("2026-11-24T10:30", utc(2026, 11, 24, 9, 30)),
        (" 2026-11-24 10:30:15 ", utc(2026, 11, 24, 9, 30, 15)),
        ("2026-07-27 10:30", utc(2026, 7, 27, 8, 30)),
        ("2026-07-27T10:30:00+01:00", utc(2026, 7, 27, 9, 30)),
        ("2026-11-24T10:30Z", utc(2026, 11, 24, 10, 30)),
        ("2026-11-24T10:30+0100", utc(2026, 11, 24, 9, 30)),
        ("2026-10-25T02:30+01:00", utc(2026, 10, 25, 1, 30)),
        ("2026-10-25T02:30+02:00", utc(2026, 10, 25, 0, 30)),
        ("2026-11-24 10.30", utc(2026, 11, 24, 9, 30)),
        ("2026-11-24 9:30", utc(2026, 11, 24, 8, 30)),
        ("2026-11-24T10:30+01", utc(2026, 11, 24, 9, 30)),
        ("2026-11-24T10:30:00.1Z", utc(2026, 11, 24, 10, 30)),
        ("2026-11-24 10:30:00.123456789", utc(2026, 11, 24, 9, 30)),
        ("2026-11-24 10:30 +01:00", utc(2026, 11, 24, 9, 30)),
        ("2026-11-24 09:30:00 UTC", utc(2026, 11, 24, 9, 30)),
        ("2026-11-24 00:00:00 10:30:00", utc(2026, 11, 24, 9, 30)),
        ("2026-11-24T00:00:00.000 10:30", utc(2026, 11, 24, 9, 30)),
        ("2026-11-24 1899-12-30 10:30:00", utc(2026, 11, 24, 9, 30)),
        ("2026-11-24 00:00 1899-12-30T10:30", utc(2026, 11, 24, 9, 30)),
    ],
)
def test_an_iso_time_is_local_or_what_its_offset_says(tmp_path: Path, cell: str, at: datetime) -> None:
    assert appointment(tmp_path, {"start": cell}).starts_at == at


@pytest.mark.parametrize("span", ["10:30-11:00", "10:30 - 10:45", "10.30\u201311.00", "10:30 tot 11:00", "10u30-11u00"])
def test_a_time_from_and_to_is_no_time_in_another_zone(tmp_path: Path, span: str) -> None:
    for date, pattern in (("2026-11-24", None), ("24-11-2026", DUTCH)):
        assert appointment(tmp_path, {"start": f"{date} {span}"}, pattern).starts_at == utc(2026, 11, 24, 9, 30)
        turned = "-".join(reversed(span.replace("tot", "-").split("-"))) if "-" in span else "11:00 tot 10:30"
        assert "can't be read as a time" in error(tmp_path, {"start": f"{date} {turned.strip()}"}, pattern).reason


def test_an_offset_west_of_greenwich_is_one(tmp_path: Path) -> None:
    for cell in ("2026-11-24T04:30-05:00", "2026-11-24 04:30:00-05:00", "2026-11-24 04:30:00-05"):
        assert appointment(tmp_path, {"start": cell}).starts_at == utc(2026, 11, 24, 9, 30)


NO_ISO_TIME = [
    *[
        "",
        "2026-11-24",
        "20261124T1030",
        "20261124T103000Z",
        "2026-W48-2",
        "2026-W48-2T10:30",
        "2026-328T10:30",
        "10:30",
    ],
    *[
        "2026-11-24 24:00",
        "2026-11-24 25:61",
        "2026-02-30 10:30",
        "2026-11-24 10:60",
        "2026-13-24 10:30",
        "2026-11-24 10",
        "2026-11-24 10:30 10:30",
        "2026-11-24 00:00 00:00 10:30",
    ],
    *["03-04-2026 10:30", "3/4/2026 10:30", "24 nov 2026 10:30", "vr 3 apr 2026", "45985.4375", "2026-11-24  10:30"],
    *[
        "2026-11-24 10:30 CET",
        "2026-11-24 10:30+25:00",
        "2026-11-24 10:30 AM",
        "2026-11-24t10:30",
        "2026-11-24_10:30",
    ],
    *["２０２６-11-24 10:30", "2026-11-24 10:30:00,5", "0001-01-01 00:00", "9999-12-31 23:59-23:59", "20200728121240"],
]


@pytest.mark.parametrize("cell", NO_ISO_TIME)
def test_any_other_time_is_told_with_the_expected_form(tmp_path: Path, cell: str) -> None:
    told = error(tmp_path, {"start": cell})
    assert (told.place, told.field, told.source_id) == ("line 2", "start", "a1")
    assert told.reason.endswith("can't be read as a time: write it like 2026-11-24 14:30")


@pytest.mark.parametrize(
    ("pattern", "cell", "at"),
    [
        (DUTCH, "03-04-2026 10:30", utc(2026, 4, 3, 8, 30)),
        (DUTCH, "3-4-2026 9:05", utc(2026, 4, 3, 7, 5)),
        (DUTCH, "03-04-2026 10.30", utc(2026, 4, 3, 8, 30)),
        (DUTCH, "3-4-2026 9.05", utc(2026, 4, 3, 7, 5)),
        (DUTCH, "03-04-2026 00:00:00 10:30", utc(2026, 4, 3, 8, 30)),
        (DUTCH, "03-04-2026 30-12-1899 10:30", utc(2026, 4, 3, 8, 30)),
        ("%m/%d/%Y %I:%M %p", "04/03/2026 03:00 PM", utc(2026, 4, 3, 13, 0)),
        ("%y%m%d%H%M", "2611241030", utc(2026, 11, 24, 9, 30)),
        (DUTCH, "03-04-2026 9.30 uur", utc(2026, 4, 3, 7, 30)),
        (DUTCH, "03-04-2026 9u", utc(2026, 4, 3, 7, 0)),
        (DUTCH, "03-04-2026 10H30", utc(2026, 4, 3, 8, 30)),
        (DUTCH, "03-04-2026 10.30 - 11.00 uur", utc(2026, 4, 3, 8, 30)),
        (DUTCH, "vr 03-04-2026 10:30 tot 11:00", utc(2026, 4, 3, 8, 30)),
        ("%d-%m-%y %H:%M", "3-4-'26 10:30", utc(2026, 4, 3, 8, 30)),
        ("%d %b %Y %H:%M", "3 apr. 2026 10:30", utc(2026, 4, 3, 8, 30)),
        ("%d %B %Y %H:%M", "vr 3 april 2026 10.30 u", utc(2026, 4, 3, 8, 30)),
        ("%d %B %Y %H:%M", "3 mrt 2026 10.30", utc(2026, 3, 3, 9, 30)),
        ("%d-%b-%y %I:%M %p", "3-Okt-26 3:00 PM", utc(2026, 10, 3, 13, 0)),
        ("%d/%m/%Y %Hu%M", "03/04/2026 10u30", utc(2026, 4, 3, 8, 30)),
        ("%d.%m.%Y om %H.%M uur", "24.11.2026 om 10.30 uur", utc(2026, 11, 24, 9, 30)),
        ("%Y-%m-%dT%H:%M:%S.%f%z", "2026-11-24T10:30:00.000+02:00", utc(2026, 11, 24, 8, 30)),
    ],
)
def test_a_time_is_read_by_the_pattern_of_the_layout(tmp_path: Path, pattern: str, cell: str, at: datetime) -> None:
    assert appointment(tmp_path, {"start": cell}, pattern).starts_at == at


@pytest.mark.parametrize(
    "cell", ["2026-11-24 10:30", "04-13-2026 10:30", "30-02-2026 10:30", "03-04-2026 24:00", "03-04-2026"]
)
def test_what_does_not_fit_the_pattern_is_told_with_an_example(tmp_path: Path, cell: str) -> None:
    told = error(tmp_path, {"start": cell}, DUTCH)
    assert told.reason == f'"{cell}" can\'t be read as a time: write it like 24-11-2026 14:30'


@pytest.mark.parametrize("cell", ["10.5", "24.00", "10.60", "10.30.00", "1030", "10", "24 uur", "10:30-"])
def test_what_is_no_clock_time_with_a_point_is_told(tmp_path: Path, cell: str) -> None:
    told = error(tmp_path, {"start": f"03-04-2026 {cell}"}, DUTCH)
    assert told.reason.endswith("can't be read as a time: write it like 24-11-2026 14:30")


@pytest.mark.parametrize(
    "pattern",
    [
        *["", "%", "%d-%m-%Y", "%H:%M", "%d-%m %Y %H", "%d-%m-%Y %I:%M", "%d-%m-%Y %H:%M %Q", "%d-%d-%Y %H:%M"],
        *["dd-mm-jjjj uu:mm", "%d-%m-%Y %H:%M %Z", "%G-%V %H:%M", "\x00", "\ud800"],
    ],
)
def test_a_pattern_that_loses_something_is_refused_before_the_file_is_read(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(UsageError, match="tells no date with a time of day: write it like"):
        rows_of(tmp_path, "", time_format=pattern)


@given(pattern=st.text(st.sampled_from("%dmYyHMIpSfzjUaZ -:/T"), max_size=16))
def test_a_pattern_that_is_accepted_reads_what_it_wrote(pattern: str) -> None:
    try:
        check_time_format(pattern)
    except UsageError:
        return
    at = datetime(2027, 3, 1, 13, 5, tzinfo=UTC)
    written = at.astimezone(layout().zone).strftime(pattern)
    assert read_time(written, layout(time_format=pattern)) == at


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"start": "2026-03-29 02:30"}, "start", "2026-03-29 02:30 does not exist: the clock goes forward then"),
        ({"start": "2026-10-25 02:30"}, "start", "2026-10-25 02:30 exists twice"),
        ({"end": "2026-10-25 02:30"}, "end", "add the offset, as in 2026-10-25T02:30+02:00"),
        ({"start": "0026-11-24 10:30"}, "start", "the year 26 can't be meant"),
        ({"start": "2062-11-24 10:30"}, "start", "the year 2062 can't be meant"),
        ({"end": "2026-11-24 10:00"}, "end", "the end is before the start"),
        ({"end": "11:00"}, "end", "can't be read as a time"),
    ],
)
def test_a_time_that_can_not_be_meant_is_told(tmp_path: Path, cells: dict[str, str], field: str, reason: str) -> None:
    told = error(tmp_path, cells)
    assert told.field == field
    assert reason in told.reason


def test_an_end_may_be_left_out(tmp_path: Path) -> None:
    assert appointment(tmp_path, {"end": " "}).ends_at is None
    assert appointment(tmp_path, {"end": "2026-11-24 11:00"}).ends_at == utc(2026, 11, 24, 10, 0)


@given(cell=st.text(max_size=24), pattern=st.sampled_from([None, DUTCH, "%d-%m-%Y %H:%M %z"]))
def test_any_text_is_a_time_or_told(cell: str, pattern: str | None) -> None:
    try:
        told = read_time(cell, layout(time_format=pattern)).isoformat()
    except CellError as error:
        told = str(error)
    assert told.endswith("+00:00") or "write it like" in told or "clock goes" in told


@pytest.mark.parametrize("end", ["\t", '"\n"', '" \n "'])
def test_an_end_of_blanks_is_left_out(tmp_path: Path, end: str) -> None:
    row = appointment(tmp_path, {"end": end})
    assert (row.ends_at, unread_of(row)) == (None, [])


@pytest.mark.parametrize("day", ["di", "Di.", "dinsdag", "Dinsdag,", "Tue", "TUESDAY"])
def test_a_date_may_stand_behind_its_weekday(tmp_path: Path, day: str) -> None:
    for date, pattern in (("2026-11-24", None), ("24-11-2026", "%d-%m-%Y %H:%M")):
        read = appointment(tmp_path, {"start": f"{day} {date} 10:30"}, pattern)
        assert read.starts_at == utc(2026, 11, 24, 9, 30)
        wrong = error(tmp_path, {"start": f"{day} {date.replace('24', '25')} 10:30"}, pattern)
        assert "can't be read as a time" in wrong.reason


def test_a_pattern_may_have_the_weekday_itself(tmp_path: Path) -> None:
    read = appointment(tmp_path, {"start": "Tue 24-11-2026 10:30"}, "%a %d-%m-%Y %H:%M")
    assert read.starts_at == utc(2026, 11, 24, 9, 30)


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("46350.4375", "is the number of a day in a spreadsheet"),
        ("46350,4375", "is the number of a day in a spreadsheet"),
        ("46350 0,4375", "is the number of a day in a spreadsheet"),
        ("10:30", "is a time of day without a date"),
        ("9.30", "is a time of day without a date"),
    ],
)
def test_what_lacks_a_date_or_was_saved_as_a_number_is_told_so(tmp_path: Path, cell: str, what: str) -> None:
    reason = error(tmp_path, {"start": cell}).reason
    assert reason == f"{what} and can't be read as a time: write it like 2026-11-24 14:30"
    cause = known_cause([RowError("line 2", "start", reason)])
    assert cause
    assert ("saved as numbers" in cause) == ("number" in what)
    assert ("the date stands in another column" in cause) == ("of day" in what)
