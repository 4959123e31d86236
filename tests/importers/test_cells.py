"""Cells: the words of a status and a consent; a reason tells nothing of a patient."""

from itertools import product
from pathlib import Path

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import How
from smsreminders.importers.records import ConsentRecord
from tests.importers.tables import (
    CONSENTS,
    appointment,
    consents,
    error,
    errors,
    line_of,
    patients,
    rows_of,
    unread_of,
    utc,
)


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
    assert error(tmp_path, {"status": "Wachtlijst"}).reason == f'"Wachtlijst" {known}'
    assert error(tmp_path, {"status": "no-show since Monday"}).reason == f"{known} (import --try shows the word)"


@pytest.mark.parametrize(
    ("cell", "says"),
    [("yes", True), ("JA", True), (" Ja ", True), ("no", False), ("Nee", False), ("", None)],
)
def test_a_consent_is_yes_no_or_nothing(tmp_path: Path, cell: str, says: bool | None) -> None:
    assert patients(tmp_path, f"patient_id;consent\n1;{cell}\n")[0].consent is says


def test_another_consent_or_language_is_told(tmp_path: Path) -> None:
    known = 'is no consent: write yes (ja) or no (nee), or say what it means, as in --word "consent:WORD=no"'
    assert error(tmp_path, {"consent": "2"}).reason == f'"2" {known}'
    assert error(tmp_path, {"consent": "Jansen"}).reason == f"{known} (import --try shows the word)"
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


@pytest.mark.parametrize(
    ("cell", "field", "source_id"),
    [
        *((cell, "patient_id", "a1") for cell in ('=""', '=" "', "x" * 256)),
        *((cell, "appointment_id", None) for cell in ("", "  ", '=""', '=" "', "x" * 256)),
    ],
)
def test_an_id_is_not_empty_and_not_longer_than_255(
    tmp_path: Path, cell: str, field: str, source_id: str | None
) -> None:
    told = error(tmp_path, {field: cell})
    assert (told.field, told.source_id) == (field, source_id)


@pytest.mark.parametrize("cell", ["8,78E+14", "8.78E+14", "1,2E+05", "8.78123456789012E+17"])
@pytest.mark.parametrize("field", ["patient_id", "appointment_id"])
def test_an_id_that_a_spreadsheet_rounded_is_told(tmp_path: Path, field: str, cell: str) -> None:
    told = error(tmp_path, {field: cell})
    assert (told.field, told.source_id) == (field, "a1" if field == "patient_id" else None)
    assert told.reason.startswith("is a number that a spreadsheet rounded: let the column be text")


@pytest.mark.parametrize("cell", ["8E14", "1E+5", "E+12", "A8,78E+14"])
def test_an_id_that_only_looks_like_a_rounded_number_is_one(tmp_path: Path, cell: str) -> None:
    assert appointment(tmp_path, {"patient_id": cell}).patient.source_id == cell


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


@pytest.mark.parametrize(("field", "kept"), [("type", "Psychologie"), ("practitioner", "B. Bos")])
def test_a_word_by_which_a_practice_may_leave_out_is_cut_to_what_can_be_used(
    tmp_path: Path, field: str, kept: str
) -> None:
    row = appointment(tmp_path, {field: f'"{kept}\x07"'})
    assert getattr(row, field) == kept
