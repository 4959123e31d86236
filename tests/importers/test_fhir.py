"""FHIR: what Appointments and Patients of STU3 and R4 say, be they a Bundle, single resources or NDJSON."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from smsreminders.domain.appointments import Booking, Outcome
from smsreminders.errors import InputFileError, UsageError
from smsreminders.importers.formats import formats, read_file
from smsreminders.importers.records import AppointmentRecord, Layout, PatientRecord, Record, RowError
from tests.importers.golden import DATA, expected, lines_of
from tests.importers.tables import AMSTERDAM, APPOINTMENTS, CONSENTS, NOW, PATIENTS, layout

PATIENT = {"actor": {"reference": "Patient/p1"}}


def test_fhir_is_a_format() -> None:
    assert "fhir" in formats()


@pytest.mark.parametrize(
    ("file", "golden"),
    [
        ("agenda.json", "agenda.appointments.txt"),
        ("agenda.json", "agenda.patients.txt"),
        ("bulk.ndjson", "bulk.appointments.txt"),
    ],
)
def test_a_file_says_what_was_worked_out_by_hand(file: str, golden: str) -> None:
    kind = PATIENTS if golden.endswith("patients.txt") else APPOINTMENTS
    assert lines_of(DATA / "fhir" / file, kind) == expected(f"fhir/{golden}")


def rows(folder: Path, content: object, name: str = "file.json", how: Layout | None = None) -> list[Record | RowError]:
    (folder / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    kind = PATIENTS if isinstance(content, dict) and content.get("resourceType") == "Patient" else APPOINTMENTS
    return list(read_file(folder / name, kind, how or layout()))


def appointment(folder: Path, how: Layout | None = None, **keys: object) -> AppointmentRecord:
    resource = {
        "resourceType": "Appointment",
        "id": "a1",
        "status": "booked",
        "start": "2026-11-24T10:30:00+01:00",
        "participant": [PATIENT],
    }
    [row] = rows(folder, resource | keys, how=how)
    assert isinstance(row, AppointmentRecord)
    return row


def patient(folder: Path, how: Layout | None = None, **keys: object) -> PatientRecord:
    [row] = rows(folder, {"resourceType": "Patient", "id": "p1", "name": [{"text": "A. de Wit"}]} | keys, how=how)
    assert isinstance(row, PatientRecord)
    return row


@pytest.mark.parametrize("status", ["booked", "pending", "arrived", "checked-in"])
def test_a_planned_appointment_is_booked(tmp_path: Path, status: str) -> None:
    assert appointment(tmp_path, status=status).booking is Booking.BOOKED


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error"])
def test_a_cancelled_appointment_is_cancelled(tmp_path: Path, status: str) -> None:
    assert appointment(tmp_path, status=status).booking is Booking.CANCELLED


@pytest.mark.parametrize("status", ["proposed", "waitlist"])
def test_what_is_not_fixed_is_ignored_unless_it_is_mapped(tmp_path: Path, status: str) -> None:
    assert appointment(tmp_path, status=status).ignored
    mapped = Layout(AMSTERDAM, NOW, words={"status": {status: "booked"}})
    assert appointment(tmp_path, mapped, status=status).booking is Booking.BOOKED


@pytest.mark.parametrize(("status", "outcome"), [("fulfilled", Outcome.ATTENDED), ("noshow", Outcome.NO_SHOW)])
def test_an_outcome_of_the_past_is_kept_and_one_to_come_is_unclear(
    tmp_path: Path, status: str, outcome: Outcome
) -> None:
    past = appointment(tmp_path, status=status, start="2026-11-20T10:30:00+01:00")
    assert (past.booking, past.outcome, past.unread) == (None, outcome, ())
    to_come = appointment(tmp_path, status=status)
    assert (to_come.booking, [cell.field for cell in to_come.unread]) == (None, ["status"])


@pytest.mark.parametrize("status", ["", "overbooked", "BOOKED!", 7, None, ["booked"]])
def test_a_status_that_is_not_known_is_unclear(tmp_path: Path, status: object) -> None:
    row = appointment(tmp_path, status=status)
    assert (row.booking, [cell.field for cell in row.unread]) == (None, ["status"])


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("2026-11-24", "is a date without a time of day"),
        ("2026-11-24T10:30:00", "has no offset"),
        ("24-11-2026 10:30", "can't be read as an instant"),
        ("2026-11-31T10:30:00Z", "is no time that there is"),
        ("0001-01-01T00:00:00+14:00", "is no time that there is"),
        ("2062-11-24T10:30:00Z", "the year 2062 can't be meant"),
        ("2026-11-24T00:00:00+01:00", "begins at midnight"),
        ("", "is missing"),
        (None, "is missing"),
    ],
)
def test_a_start_that_is_not_sure_is_unclear(tmp_path: Path, start: object, reason: str) -> None:
    row = appointment(tmp_path, start=start)
    assert row.starts_at is None
    assert [(cell.field, cell.reason.startswith(reason)) for cell in row.unread] == [("start", True)]


def test_an_end_before_the_start_is_a_note(tmp_path: Path) -> None:
    row = appointment(tmp_path, end="2026-11-24T10:00:00+01:00")
    assert (row.ends_at, row.unread, [cell.field for cell in row.patient.unread]) == (None, (), ["end"])


@pytest.mark.parametrize(
    ("participants", "patient_id"),
    [
        ([{"actor": {"reference": "https://a.example/STU3/Patient/p7"}}], "p7"),
        ([{"actor": {"reference": "Patient/p7/_history/2"}}], "p7"),
        ([{"actor": {"type": "Patient", "identifier": {"system": "urn:x", "value": "p7"}}}], "p7"),
        ([PATIENT, {"actor": {"reference": "Patient/p1"}}, {"actor": {"display": "Room 3"}}], "p1"),
    ],
)
def test_the_patient_is_known_by_any_reference(tmp_path: Path, participants: object, patient_id: str) -> None:
    row = appointment(tmp_path, participant=participants)
    assert (row.patient.source_id, row.unread) == (patient_id, ())


@pytest.mark.parametrize(
    "participants",
    [
        [PATIENT, {"actor": {"reference": "Patient/p2"}}],
        [{"actor": {"reference": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}],
        [{"actor": {"identifier": {"system": "urn:x", "value": ""}, "type": "Patient"}}],
        [
            {
                "actor": {
                    "type": "Patient",
                    "identifier": {"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999911120"},
                }
            }
        ],
    ],
)
def test_several_patients_or_none_that_can_be_told_are_unclear(tmp_path: Path, participants: object) -> None:
    row = appointment(tmp_path, participant=participants)
    assert (row.patient.source_id, [cell.field for cell in row.unread]) == ("", ["patient_id"])


def test_a_patient_who_declined_is_unclear_unless_it_is_cancelled(tmp_path: Path) -> None:
    declined = [{**PATIENT, "status": "declined"}]
    assert [cell.field for cell in appointment(tmp_path, participant=declined).unread] == ["status"]
    assert appointment(tmp_path, participant=declined, status="cancelled").unread == ()


@pytest.mark.parametrize("participants", [[], None, [{"actor": {"display": "Room 3"}}], [7]])
def test_a_block_without_a_patient_is_ignored(tmp_path: Path, participants: object) -> None:
    assert appointment(tmp_path, participant=participants).ignored


def test_a_contained_patient_is_known_by_an_identifier(tmp_path: Path) -> None:
    inner = {
        "resourceType": "Patient",
        "id": "1",
        "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999911120"}, {"value": "600"}],
        "telecom": [{"system": "phone", "value": "0612345601"}],
    }
    place = {"resourceType": "Location", "id": "2", "name": "Kamer 4"}
    participants = [{"actor": {"reference": "#1"}}, {"actor": {"reference": "#2"}}]
    row = appointment(tmp_path, contained=[inner, place], participant=participants)
    assert (row.patient.source_id, row.patient.phone, row.location) == ("600", "0612345601", "Kamer 4")


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ({}, ""),
        ({"appointmentType": {"text": "Controle"}}, "Controle"),
        ({"appointmentType": {"coding": [{"code": "FOLLOWUP", "display": "Vervolg"}]}}, "Vervolg"),
        ({"appointmentType": {"coding": [{"code": "FOLLOWUP"}]}}, "FOLLOWUP"),
        ({"serviceType": [{"text": "Psychologie"}, {"coding": [{"display": "Intake"}]}]}, "Psychologie; Intake"),
        ({"appointmentType": {"text": "Soa"}, "serviceType": {"text": "Soa"}}, "Soa"),
        ({"appointmentType": {"text": "Soa"}, "serviceType": [{"text": "Echo"}]}, "Soa; Echo"),
        ({"appointmentType": {"text": f"Soa{chr(7)}"}}, "Soa"),
        ({"appointmentType": "Soa", "serviceType": [7, None]}, ""),
    ],
)
def test_the_type_is_that_of_the_appointment_and_of_its_services(
    tmp_path: Path, says: dict[str, Any], expected: str
) -> None:
    assert appointment(tmp_path, **says).type == expected


def test_all_practitioners_are_told_for_one_of_them_may_be_left_out(tmp_path: Path) -> None:
    names = [{"actor": {"reference": f"Practitioner/{name}", "display": name}} for name in ("Smit", "Bos", "Smit")]
    assert appointment(tmp_path, participant=[PATIENT, *names]).practitioner == "Smit; Bos"


def test_a_place_is_written_on_one_line_and_an_endless_one_is_a_note(tmp_path: Path) -> None:
    def at(display: str) -> AppointmentRecord:
        return appointment(tmp_path, participant=[PATIENT, {"actor": {"reference": "Location/1", "display": display}}])

    assert at("Poli\nOost").location == "Poli Oost"
    assert (at("x" * 201).location, [cell.field for cell in at("x" * 201).patient.unread]) == (None, ["location"])


@pytest.mark.parametrize(
    ("telecom", "phone"),
    [
        ([{"system": "phone", "use": "mobile", "value": "0123456789"}], "0123456789"),
        (
            [
                {"system": "phone", "use": "mobile", "value": "020-5550123"},
                {"system": "phone", "value": "0612345601"},
            ],
            "0612345601",
        ),
        ([{"system": "fax", "value": "0612345601"}, {"value": "tel:+31612345602"}], "tel:+31612345602"),
        (
            [{"system": "phone", "use": "work", "value": "0612345601"}, {"system": "sms", "value": "0612345602"}],
            "0612345602",
        ),
        (
            [{"system": "phone", "value": "0612345601"}, {"system": "phone", "rank": 1, "value": "0612345602"}],
            "0612345602",
        ),
        (
            [
                {"system": "phone", "value": "0612345601", "period": {"end": "2014"}},
                {"system": "phone", "value": "0612345602", "period": {"end": "2026-11-23"}},
            ],
            "0612345602",
        ),
        (
            [
                {"system": "phone", "value": "0612345601"},
                {
                    "system": "phone",
                    "_system": {"extension": [{"valueCodeableConcept": {"coding": [{"code": "MC"}]}}]},
                    "value": "0612345602",
                },
            ],
            "0612345602",
        ),
        ([], ""),
    ],
)
def test_the_number_decides_which_is_mobile(tmp_path: Path, telecom: object, phone: str) -> None:
    assert patient(tmp_path, telecom=telecom).phone == phone


def test_a_number_without_a_country_code_is_of_the_country_that_is_configured(tmp_path: Path) -> None:
    telecom = [{"system": "phone", "value": "02 555 12 12"}, {"system": "phone", "value": "0470 12 34 56"}]
    belgian = Layout(AMSTERDAM, NOW, country="BE")
    assert patient(tmp_path, belgian, telecom=telecom).phone == "0470 12 34 56"


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ([{"given": ["Johan", "Johan", "J."], "family": "Helder"}], "Johan Helder"),
        ([{"use": "usual", "text": "Jo"}, {"use": "official", "text": "Johanna van Putten"}], "Johanna van Putten"),
        ([{"use": "maiden", "text": "Bartels"}, {"use": "nickname", "text": "Jo"}], "Jo"),
        ([{"use": "official", "family": "van Putten"}, {"use": "official", "text": "P."}], "van Putten"),
        ([{"use": "old", "text": "Bartels"}], None),
        ([{"given": "Jo", "family": ["x"]}], "Jo"),
        ([{"text": "J.\tHelder"}], "J. Helder"),
        ([], None),
    ],
)
def test_the_name_is_the_official_one(tmp_path: Path, names: object, name: str | None) -> None:
    assert patient(tmp_path, name=names).name == name


def test_a_name_that_can_not_be_used_is_cut_and_noted(tmp_path: Path) -> None:
    row = patient(tmp_path, name=[{"text": "x" * 300}])
    assert (row.name, [cell.field for cell in row.unread]) == ("x" * 200, ["name"])


def test_a_patient_who_has_died_is_not_texted_any_more(tmp_path: Path) -> None:
    assert patient(tmp_path, deceasedDateTime="2026-03-28").consent is False
    assert patient(tmp_path, deceasedBoolean=True).consent is False
    assert patient(tmp_path, deceasedBoolean=False).consent is None


def test_an_appointment_tells_when_it_was_written(tmp_path: Path) -> None:
    row = appointment(tmp_path, meta={"lastUpdated": "2026-11-23T08:00:00.123+01:00"})
    assert row.as_of == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert appointment(tmp_path, meta={"lastUpdated": "yesterday"}).as_of is None


def test_what_a_cut_down_resource_lacks_says_nothing(tmp_path: Path) -> None:
    part = {"tag": [{"system": "http://hl7.org/fhir/v3/ObservationValue", "code": "SUBSETTED"}]}
    assert (patient(tmp_path).phone, patient(tmp_path, meta=part).phone) == ("", None)
    assert (appointment(tmp_path).location, appointment(tmp_path, meta=part).location) == ("", None)
    assert (appointment(tmp_path).type, appointment(tmp_path, meta=part).type) == ("", None)


def test_a_language_that_is_none_is_a_note(tmp_path: Path) -> None:
    row = patient(tmp_path, communication=[{"language": {"coding": [{"code": "Nederlands!"}]}}])
    assert (row.language, [cell.field for cell in row.unread]) == (None, ["language"])


def test_the_citizen_service_number_is_nowhere_in_a_record(tmp_path: Path) -> None:
    numbers = [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999911120"}, {"value": "600"}]
    assert "999911120" not in str(tuple(patient(tmp_path, identifier=numbers)))
    assert patient(tmp_path, id="", identifier=numbers).source_id == "600"
    assert rows(tmp_path, {"resourceType": "Patient", "identifier": numbers[:1]}) == [
        RowError("line 1", "id", "the id is empty")
    ]


def test_half_a_surrogate_and_a_control_character_are_no_id(tmp_path: Path) -> None:
    assert patient(tmp_path, name=[{"text": "A\ud800B"}]).name == "A?B"
    [row] = rows(tmp_path, {"resourceType": "Patient", "id": "p\x001"})
    assert isinstance(row, RowError)


def test_columns_and_consents_are_not_of_fhir(tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="--map"):
        read_file(tmp_path / "file.json", PATIENTS, layout({"name": "Naam"}))
    with pytest.raises(UsageError, match="--kind appointments or --kind patients"):
        read_file(tmp_path / "file.json", CONSENTS, layout())


def test_a_file_of_other_resources_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="there is no Appointment in it, but 2 Patient, 1 Location"):
        rows(tmp_path, [{"resourceType": kind, "id": "1"} for kind in ("Patient", "Location", "Patient")])
