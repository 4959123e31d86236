"""Synonyms: Dutch and English names of columns are found; what decides whom to text is named by a person."""

from pathlib import Path

import pytest

from smsreminders.errors import InputFileError
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord
from smsreminders.importers.synonyms import SYNONYMS
from smsreminders.importers.wanted import FIELDS
from tests.importers.tables import APPOINTMENTS, PATIENTS, layout, patients, rows_of, utc
from tests.importers.trying import found, lines


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


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("patient_id", "Patiëntnummer; patiëntnr.; Patiëntennummer; PATIENT ID; Cliëntnummer; client-id; Pat.nr"),
        (
            "phone",
            "Mobiel; Mobiele telefoon; mobiel nr.; GSM; Tel. mobiel; Telefoon (mobiel); 06-nummer; Mobiele nummer",
        ),
        ("phone", "Mobiele nummer; Telefoonnummer mobiel; Mobile phone; Cell phone; Telefoon; Telefoonnummer; Tel."),
        ("patient_name", "Naam; Naam patiënt; Cliëntnaam; Volledige naam; Patient name; Full name"),
        ("appointment_id", "Afspraaknummer; Afspraak-ID; Afspraaknr.; Appointment number; AppointmentID"),
        ("practitioner", "Behandelaar; Therapeut; Zorgverlener; Medewerker; Agenda; Provider"),
        ("location", "Locatie; Vestiging; Praktijklocatie; Locatienaam"),
        ("type", "Afspraaksoort; Afspraaktype; Soort afspraak; Type afspraak; Appointment type; Soort"),
        ("language", "Taal; Voertaal; Taalcode"),
    ],
)
def test_a_column_is_known_by_each_of_these_names(tmp_path: Path, field: str, names: str) -> None:
    own = {"appointment_id": "a1", "patient_id": "p1", "start": "2026-11-24 10:30"}
    for name in names.split("; "):
        cells = {key: cell for key, cell in own.items() if key != field} | {name: "nl"}
        path = tmp_path / "file.csv"
        path.write_text(f"{';'.join(cells)}\n{';'.join(cells.values())}\n", encoding="utf-8")
        assert field in read_file(path, APPOINTMENTS, layout()).fields, name


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("consent", "Akkoord; Akkoord sms; Toestemming; Toestemming SMS; SMS-toestemming; Opt-in; SMS-herinnering"),
        ("status", "Afspraakstatus; Status afspraak; Status van afspraak; Appointment status; State"),
    ],
)
def test_status_and_consent_are_only_proposed_and_never_read_by_such_a_name(
    tmp_path: Path, field: str, names: str
) -> None:
    for name in names.split("; "):
        content = f"appointment_id;patient_id;start;{name}\na1;p1;2026-11-24 10:30;nee\n"
        found_ = found(tmp_path, content)
        assert lines(found_.columns)[field] == name
        assert field not in read_file(tmp_path / "agenda.csv", APPOINTMENTS, layout()).fields


@pytest.mark.parametrize("name", ["BSN", "Burgerservicenummer", "Sofinummer", "Geboortedatum", "E-mail", "Postcode"])
def test_no_column_of_another_thing_is_ever_an_id(tmp_path: Path, name: str) -> None:
    content = f"appointment_id;{name};start\na1;111222333;2026-11-24 10:30\n"
    assert "patient_id" not in lines(found(tmp_path, content).columns)
    with pytest.raises(InputFileError, match='no column "patient_id"'):
        read_file(tmp_path / "agenda.csv", APPOINTMENTS, layout())


@pytest.mark.parametrize("kind", list(Kind))
def test_status_and_consent_are_named_by_a_person(kind: Kind) -> None:
    assert SYNONYMS[kind].keys() <= set(FIELDS[kind]) - {"status", "consent"}


def test_the_header_is_found_by_them_below_titles_and_columns_that_are_not_used_are_told(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("Cliënten van de praktijk\n\nCliëntnummer|Naam|Akkoord sms\n1|Jan|ja\n", encoding="utf-8")
    reading = read_file(path, PATIENTS, layout())
    assert list(reading) == [PatientRecord("line 4", "1", "Jan")]
    assert (reading.fields, reading.unused) == (("patient_id", "name"), ("Akkoord sms",))
