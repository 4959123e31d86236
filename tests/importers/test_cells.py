"""Cells: times that can't be misread, the words of a status and a consent; a reason tells nothing of a patient."""

from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import How
from smsreminders.errors import UsageError
from smsreminders.importers.cells import CellError, check_time_format, read_time
from smsreminders.importers.records import ConsentRecord
from tests.importers.tables import (
    CONSENTS,
    appointment,
    consents,
    error,
    errors,
    layout,
    line_of,
    patients,
    rows_of,
    unread_of,
)

DUTCH = "%d-%m-%Y %H:%M"


def utc(*time: int) -> datetime:
    return datetime(*time, tzinfo=UTC)  # type: ignore[misc,arg-type]


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
    ],
)
def test_an_iso_time_is_local_or_what_its_offset_says(tmp_path: Path, cell: str, at: datetime) -> None:
    assert appointment(tmp_path, {"start": cell}).starts_at == at


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
    ],
    *["03-04-2026 10:30", "3/4/2026 10:30", "24 nov 2026 10:30", "vr 3 apr 2026", "45985.4375", "2026-11-24  10:30"],
    *[
        "2026-11-24 10:30 +01:00",
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
        ("%m/%d/%Y %I:%M %p", "04/03/2026 03:00 PM", utc(2026, 4, 3, 13, 0)),
        ("%y%m%d%H%M", "2611241030", utc(2026, 11, 24, 9, 30)),
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


@pytest.mark.parametrize("cell", ["10.5", "24.00", "10.60", "10.30.00", "10.30 uur", "1030"])
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


@pytest.mark.parametrize(
    "cell",
    ["0612345678", "06-12345678", "06 12 34 56 78", "06-12-34 56 78", "0612-34-56-78", "+31612345678", "Jan de Vries"],
)
@pytest.mark.parametrize("field", ["start", "end", "status", "language", "consent"])
def test_a_reason_repeats_no_number_and_no_name(tmp_path: Path, field: str, cell: str) -> None:
    told = error(tmp_path, {field: cell})
    assert told.field == field
    assert not any(piece in told.reason for piece in ("06", "316", "34", "56", "Jan", "Vries"))


WORDS = {
    None: ["", "  "],
    Booking.BOOKED: ["booked", "geboekt", "gepland", "planned", "bevestigd", "confirmed", " Geboekt ", "GEPLAND"],
    Booking.CANCELLED: ["cancelled", "canceled", "geannuleerd", "afgezegd", "vervallen", "Cancelled"],
}


@pytest.mark.parametrize(("booking", "cell"), [(booking, word) for booking, words in WORDS.items() for word in words])
def test_a_status_is_one_of_the_known_words(tmp_path: Path, booking: Booking | None, cell: str) -> None:
    assert appointment(tmp_path, {"status": cell}).booking is booking


def test_an_unknown_status_is_told_with_how_its_meaning_is_said(tmp_path: Path) -> None:
    known = 'is no status that is known: say what it means, as in --word "status:WORD=cancelled"'
    assert error(tmp_path, {"status": "programada"}).reason == f'"programada" {known}'
    assert error(tmp_path, {"status": "no-show since Monday"}).reason == known


@pytest.mark.parametrize(
    ("cell", "says"),
    [("yes", True), ("JA", True), (" Ja ", True), ("no", False), ("Nee", False), ("", None)],
)
def test_a_consent_is_yes_no_or_nothing(tmp_path: Path, cell: str, says: bool | None) -> None:
    assert patients(tmp_path, f"patient_id;consent\n1;{cell}\n")[0].consent is says


def test_another_consent_or_language_is_told(tmp_path: Path) -> None:
    assert error(tmp_path, {"consent": "2"}).reason == "is no consent: write yes (ja) or no (nee)"
    assert error(tmp_path, {"language": "n1"}).reason.startswith("is no language: write its code, like nl or en")


@pytest.mark.parametrize(("cell", "language"), [("", ""), ("nl", "nl"), ("EN", "en"), (" Pap ", "pap")])
def test_a_language_is_a_code_in_small_letters(tmp_path: Path, cell: str, language: str) -> None:
    assert patients(tmp_path, f"patient_id;language\n1;{cell}\n")[0].language == language


@pytest.mark.parametrize(
    ("cell", "source_id"),
    [
        (" 12 ", "12"),
        ('="0012"', "0012"),
        ('"=""0012"""', "0012"),
        ('=" 12 "', "12"),
        ("é" * 255, "é" * 255),
        ("=1", "=1"),
    ],
)
def test_an_id_is_taken_out_of_its_wrappings(tmp_path: Path, cell: str, source_id: str) -> None:
    assert patients(tmp_path, f"patient_id;name\n{cell};Jan\n")[0].source_id == source_id
    assert appointment(tmp_path, {"appointment_id": cell}).source_id == source_id


@pytest.mark.parametrize("cell", ["", "  ", '=""', '=" "', "x" * 256])
@pytest.mark.parametrize(("field", "source_id"), [("patient_id", "a1"), ("appointment_id", None)])
def test_an_id_is_not_empty_and_not_longer_than_255(
    tmp_path: Path, cell: str, field: str, source_id: str | None
) -> None:
    told = error(tmp_path, {field: cell})
    assert (told.field, told.source_id) == (field, source_id)


@pytest.mark.parametrize("phone", ['="0612345678"', "06-12345678", "6,12E+08", "geen", "+31 6 12345678", "0201234567"])
def test_a_phone_is_kept_as_written(tmp_path: Path, phone: str) -> None:
    assert patients(tmp_path, f"patient_id;phone\n1;{phone}\n")[0].phone == phone


@pytest.mark.parametrize(
    ("character", "field"),
    [
        *product("\x00\x1b\x07\x7f", ["appointment_id", "patient_id", "start", "location", "patient_name", "phone"]),
        *product("\x85\t\n\r", ["appointment_id", "patient_id"]),
    ],
)
def test_control_characters_are_told(tmp_path: Path, character: str, field: str) -> None:
    told = error(tmp_path, {field: f'"Jan{character}"'})
    assert told.field == field
    assert "control character" in told.reason
    assert told.source_id == (None if field == "appointment_id" else "a1")


@pytest.mark.parametrize("line_break", ["\n", " \n", "\r\n", "\r", "\t", "\x85", "\u2028", "\n\n"])
def test_a_line_break_in_a_cell_is_a_space(tmp_path: Path, line_break: str) -> None:
    cells = {"location": "Dorpsstraat 1{}Utrecht", "patient_name": "Jan{}Test", "practitioner": "dr.{}Prins"}
    row = appointment(tmp_path, {field: f'"{cell.format(line_break)}"' for field, cell in cells.items()})
    assert (row.location, row.patient.name, row.practitioner) == ("Dorpsstraat 1 Utrecht", "Jan Test", "dr. Prins")
    assert unread_of(row) == []
    assert appointment(tmp_path, {"start": f'"2026-11-24{line_break}10:30"'}).starts_at == utc(2026, 11, 24, 9, 30)


def test_a_text_is_at_most_200_characters(tmp_path: Path) -> None:
    assert appointment(tmp_path, {"location": "x" * 200}).location == "x" * 200
    told = error(tmp_path, {"location": "x" * 201})
    assert (told.field, told.reason) == ("location", "is longer than 200 characters")


def test_a_consent_has_its_time_and_way(tmp_path: Path) -> None:
    content = "patient_id;consent;at;how\n1;ja;2026-11-20 10:00;Portal\n2;nee;;\n3;yes;1999-01-01 10:00;desk\n"
    assert consents(tmp_path, content) == [
        ConsentRecord("line 2", "1", True, utc(2026, 11, 20, 9, 0), How.PORTAL),
        ConsentRecord("line 3", "2", False, None, How.IMPORT),
        ConsentRecord("line 4", "3", True, utc(1999, 1, 1, 9, 0), How.DESK),
    ]


def test_a_wrong_row_of_consents_is_told(tmp_path: Path) -> None:
    content = (
        "patient_id;consent;at;how\n1;;;\n2;maybe;;\n3;ja;gisteren;\n4;ja;2026-10-25 02:30;\n"
        "5;ja;;fax\n6;ja;2027-01-01 10:00;\n;ja;;\n"
    )
    told = errors(rows_of(tmp_path, content, CONSENTS))
    assert [(line_of(row), row.field, row.source_id) for row in told] == [
        (2, "consent", "1"),
        (3, "consent", "2"),
        (4, "at", "3"),
        (5, "at", "4"),
        (6, "how", "5"),
        (7, "at", "6"),
        (8, "patient_id", None),
    ]
    assert told[0].reason == "is empty: a row of a list of consents says yes (ja) or no (nee)"
    assert told[4].reason.startswith("is no way to tell a consent: write desk, phone, form, portal, import")
    assert told[5].reason == "the time of the consent lies in the future"


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
