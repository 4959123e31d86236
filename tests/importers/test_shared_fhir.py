"""FHIR that care systems and test sets really have. They may not stand in this repository."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.errors import InputFileError
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord, RowError
from tests.importers.tables import APPOINTMENTS, PATIENTS, layout
from tests.shared_data import shared_data

VENDORS = "github.com/RIVO-Noord/zorgviewer-ig, input/examples"
FOLDERS = {
    "fhir_r4": "npm hl7.fhir.r4.examples, github.com/IHE/ITI.Scheduling, github.com/microsoft/FHIR-Converter",
    "fhir_r4_nlcore": "github.com/Nictiz/Nictiz-R4-zib2020 and others",
    "fhir_r4_nlcore_json": "github.com/Nictiz/Nictiz-R4-zib2020 and others, as JSON",
    "fhir_stu3_medmij": "github.com/Nictiz/Nictiz-testscripts",
    "fhir_stu3_medmij_json": "github.com/Nictiz/Nictiz-testscripts, as JSON",
    "fhir_stu3_vendors_nl": VENDORS,
}


def appointment(name: str, year: int = 2026) -> AppointmentRecord:
    [row] = read_file(
        shared_data(f"import/{name}", source=VENDORS), APPOINTMENTS, layout(now=datetime(year, 1, 1, tzinfo=UTC))
    )
    assert isinstance(row, AppointmentRecord)
    return row


def patient(name: str) -> PatientRecord:
    [row] = read_file(shared_data(f"import/{name}", source=VENDORS), PATIENTS, layout())
    assert isinstance(row, PatientRecord)
    return row


@pytest.mark.parametrize(
    ("name", "source_id", "starts_at", "patient_id", "location"),
    [
        (
            "fhir_stu3_vendors_nl/zorgviewer-ig__Appointment-Chipsoft.json",
            "2.16.840.1.113883.2.4.3.124.7.46240.80000006680",
            datetime(2022, 10, 12, 9, 30, tzinfo=UTC),
            "9819C39260647B5DE61609CDF1FA1C434552D65014AFDEA2EB877A576B055DF1",
            "Ziekenhuis Apotheek",
        ),
        (
            "fhir_stu3_vendors_nl/zorgviewer-ig__Appointment-CGM.json",
            "c9d4b123-8e7f-4c5d-b2a1-3f6e9d2c8b47",
            datetime(2026, 7, 15, 8, tzinfo=UTC),
            "40bbb218-2bcf-4851-a104-dfb910408587",
            "",
        ),
        (
            "fhir_stu3_medmij_json/Test__eAfspraak-Appointment-kwalificatie3.json",  # +01:00 in July
            "eAfspraak-Appointment-kwalificatie3",
            datetime(2026, 7, 5, 8, 30, tzinfo=UTC),
            "eAfspraak-Patient-kwalificatie1",
            "Test Medisch Centrum, Oost vleugel",
        ),
    ],
)
def test_planned_appointments_of_dutch_systems_are_booked(
    name: str, source_id: str, starts_at: datetime, patient_id: str, location: str
) -> None:
    row = appointment(name)
    assert (row.source_id, row.starts_at, row.patient.source_id, row.location, row.booking, row.unread) == (
        source_id,
        starts_at,
        patient_id,
        location,
        Booking.BOOKED,
        (),
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fhir_stu3_vendors_nl/zorgviewer-ig__Patient-Chipsoft.json", ("Johan XXX_Helleman_Afblijven", "+31612345678")),
        ("fhir_stu3_vendors_nl/zorgviewer-ig__Patient-CGM.json", ("Dhr. P. Patient-4", "0123456789")),
        ("fhir_stu3_vendors_nl/zorgviewer-ig__Patient-Nedap.json", ("Hannie Giezen-Bartels", "0612345679")),
        (
            "fhir_r4_nlcore/MedMij-R4-DentalCare__Patient-DentalCare-Patient-Jansen.json",
            ("Anita Jansen", "+31612345678"),
        ),
        ("fhir_r4/hl7r4__Patient-f001.json", ("Pieter van de Heuvel", "0648352638")),
        ("fhir_r4/hl7r4__Patient-newborn.json", (None, "")),
    ],
)
def test_patients_have_the_name_and_number_that_a_person_would_choose(
    name: str, expected: tuple[str | None, str]
) -> None:
    row = patient(name)
    assert (row.name, row.phone) == expected


@pytest.mark.parametrize(
    ("event", "booking"),
    [
        (12, Booking.BOOKED),
        (13, Booking.BOOKED),
        (14, Booking.BOOKED),
        (15, Booking.CANCELLED),
        (17, Booking.CANCELLED),
    ],
)
def test_a_bundle_that_was_made_of_an_hl7_message_has_its_appointment(event: int, booking: Booking) -> None:
    row = appointment(f"fhir_r4/FHIR-Converter__SIU-S{event}-01-expected.json", 2021)
    assert (row.booking, row.starts_at) == (booking, datetime(2021, 9, 24, 7, 15, tzinfo=UTC))
    assert (row.patient.name, row.patient.consent) == ("stanley Josh", False)  # who has died


def read_or_refused(path: Path) -> Iterator[str]:
    for kind in (Kind.APPOINTMENTS, Kind.PATIENTS):
        try:
            rows = list(read_file(path, kind, layout()))
        except InputFileError as error:
            yield "refused" if str(path) in str(error) else str(error)
        else:
            yield "bad" if any(isinstance(row, RowError) for row in rows) else "read"


@pytest.mark.parametrize(("folder", "source"), FOLDERS.items())
def test_every_file_is_read_or_refused_with_a_reason(folder: str, source: str) -> None:
    for path in sorted(shared_data(f"import/{folder}", source=source).iterdir()):
        assert set(read_or_refused(path)) <= {"read", "refused"}, path
