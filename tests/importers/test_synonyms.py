"""Synonyms: Dutch and English names of columns are found; what decides whom to text is named by a person."""

from pathlib import Path

import pytest

from smsreminders.errors import InputFileError
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord
from smsreminders.importers.synonyms import SYNONYMS
from smsreminders.importers.wanted import FIELDS
from tests.importers.tables import APPOINTMENTS, PATIENTS, layout, patients, rows_of, utc


@pytest.mark.parametrize(
    "header",
    [
        "Afspraaknummer;Patiëntnummer;Datum;Tijd;Eindtijd;Naam;Mobiel;Behandelaar;Vestiging",
        "AFSPRAAK-ID;Cliënt nr.;Afspraakdatum;Starttijd;Eindtijd;Naam cliënt;Tel. mobiel;Therapeut;Locatie",
        "appointment number;patient id;Date;Start time;End time;Patient name;Mobile phone;Provider;location",
    ],
)
def test_an_agenda_is_read_by_the_names_that_programs_give_its_columns(tmp_path: Path, header: str) -> None:
    cells = "7;0042;2026-11-24;9:30;9:50;Jan Test;0612345671;dr. Prins;Utrecht"
    [row] = rows_of(tmp_path, f"{header}\n{cells}\n", APPOINTMENTS)
    assert row == AppointmentRecord(
        "line 2",
        "7",
        PatientRecord("", "0042", "Jan Test", "0612345671"),
        utc(2026, 11, 24, 8, 30),
        utc(2026, 11, 24, 8, 50),
        None,
        "Utrecht",
        "dr. Prins",
    )


@pytest.mark.parametrize("name", ["Afspraaksoort", "Soort afspraak", "Type afspraak", "Appointment type", "Soort"])
def test_the_type_of_an_appointment_is_found(tmp_path: Path, name: str) -> None:
    content = f"Afspraaknr;Patiëntnr;Datum;Tijd;{name}\n7;1;2026-11-24;9:30;Intake\n"
    [row] = rows_of(tmp_path, content, APPOINTMENTS)
    assert isinstance(row, AppointmentRecord)
    assert row.type == "Intake"


def test_a_name_is_joined_of_its_parts(tmp_path: Path) -> None:
    content = "Patiëntnr;Voorletters;Tussenvoegsel;Achternaam;Taal\n1;J.;van der;Berg;en\n2;P.;;Vries;\n"
    assert patients(tmp_path, content) == [
        PatientRecord("line 2", "1", "J. van der Berg", None, "en"),
        PatientRecord("line 3", "2", "P. Vries", None, ""),
    ]


def test_of_several_numbers_the_mobile_counts(tmp_path: Path) -> None:
    content = "Patiëntnr;Telefoon;Mobiel\n1;020-7654321;0612345671\n"
    assert patients(tmp_path, content) == [PatientRecord("line 2", "1", None, "0612345671")]


def test_what_a_person_names_counts_alone_and_is_nothing_else(tmp_path: Path) -> None:
    content = "Patiëntnr;Mobiel;Telefoon;Naam\n1;0612345671;0612345672;Jan\n"
    assert patients(tmp_path, content, {"phone": "Telefoon"}) == [PatientRecord("line 2", "1", "Jan", "0612345672")]
    assert patients(tmp_path, content, {"name": "Mobiel"})[0].phone == "0612345672"


def test_a_name_that_stands_there_twice_is_none(tmp_path: Path) -> None:
    assert patients(tmp_path, "Patiëntnr;Mobiel;Mobiel\n1;06;07\n") == [PatientRecord("line 2", "1")]


def test_our_own_name_counts_before_others(tmp_path: Path) -> None:
    assert patients(tmp_path, "patient_id;Mobiel;phone\n1;06;07\n") == [PatientRecord("line 2", "1", None, "07")]


def test_a_date_alone_is_no_start(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match='no column "start": there are Afspraaknr, Patiëntnr, Datum;'):
        rows_of(tmp_path, "Afspraaknr;Patiëntnr;Datum\n1;2;2026-11-24\n", APPOINTMENTS)


@pytest.mark.parametrize("kind", list(Kind))
def test_status_and_consent_are_named_by_a_person(kind: Kind) -> None:
    assert SYNONYMS[kind].keys() <= set(FIELDS[kind]) - {"status", "consent"}


def test_the_header_is_found_by_them_below_titles_and_columns_that_are_not_used_are_told(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("Cliënten van de praktijk\n\nCliëntnummer|Naam|Akkoord sms\n1|Jan|ja\n", encoding="utf-8")
    reading = read_file(path, PATIENTS, layout())
    assert list(reading) == [PatientRecord("line 4", "1", "Jan")]
    assert (reading.fields, reading.unused) == (("patient_id", "name"), ("Akkoord sms",))
