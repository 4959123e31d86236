"""`appointment`: added, moved, cancelled, shown."""

import pytest

from tests.cli.running import Program

ADD = "appointment add B1 --patient 1001 --start '2026-11-27 10:30'"


def shown(program: Program, appointment: str = "B1") -> dict[str, object]:
    details: dict[str, object] = program(f"appointment show {appointment} --json").json
    return details


def test_an_appointment_is_shown_as_it_was_added(agenda: Program) -> None:
    agenda.does(f"{ADD} --end '2026-11-27 10:45' --location 'Kamer 2' --with 'dr. Prins' --type Intake")
    assert shown(agenda) == {
        "id": "B1",
        "patient": "1001",
        "starts_at": "2026-11-27T10:30:00+01:00",
        "ends_at": "2026-11-27T10:45:00+01:00",
        "status": "booked",
        "revision": 1,
        "location": "Kamer 2",
        "practitioner": "dr. Prins",
        "type": "Intake",
        "unclear": None,
        "outcome": None,
        "missing": None,
    }
    assert "starts at     2026-11-27T10:30:00+01:00" in agenda("appointment show B1").lines


def test_a_move_takes_its_length_along_and_is_a_new_revision(agenda: Program) -> None:
    agenda.does(f"{ADD} --end '2026-11-27 10:45'")
    agenda.does("appointment move B1 --start 2026-11-28T09:00:00+01:00")
    appointment = shown(agenda)
    assert (appointment["starts_at"], appointment["ends_at"], appointment["revision"]) == (
        "2026-11-28T09:00:00+01:00",
        "2026-11-28T09:15:00+01:00",
        2,
    )


def test_a_cancellation_is_no_new_revision_and_a_move_books_it_again(agenda: Program) -> None:
    agenda.does(ADD)
    agenda.does("appointment cancel B1")
    assert (shown(agenda)["status"], shown(agenda)["revision"]) == ("cancelled", 1)
    agenda.does("appointment move B1 --start '2026-11-27 10:30'")
    assert (shown(agenda)["status"], shown(agenda)["revision"]) == ("booked", 2)


def test_what_was_changed_is_said_in_one_line_with_whose_it_is(agenda: Program) -> None:
    whose = "appointment B1 of patient 1001 (J. Canaria)"
    assert agenda(ADD).said == [f"Added {whose}: 2026-11-27 10:30."]
    moved = agenda("appointment move B1 --start 2026-11-28T09:00:00+01:00")
    assert (moved.out, moved.said) == ("", [f"Moved {whose}: 2026-11-28 09:00."])
    assert agenda("appointment cancel B1").said == [f"Cancelled {whose}: 2026-11-28 09:00."]
    assert agenda("appointment cancel B1").said == [f"Cancelled already: {whose}: 2026-11-28 09:00."]
    assert agenda("appointment move B1 --start '2026-11-23 09:00'").said == [
        f"Moved {whose}: 2026-11-23 09:00.",
        "Note: that is in the past, so nobody is reminded of it.",
    ]


@pytest.mark.parametrize(
    ("start", "note"),
    [
        ("2026-11-24 08:59", "Note: that is in the past, so nobody is reminded of it."),
        ("2026-11-24 11:00", "Note: that is too soon for a reminder: call the patient."),
        ("2026-11-24 11:01", None),
    ],
)
def test_an_appointment_that_no_reminder_can_be_of_any_more_is_told(
    agenda: Program, start: str, note: str | None
) -> None:
    _, *notes = agenda(f"appointment add B2 --patient 1001 --start '{start}'").said
    assert notes == ([note] if note else [])


def test_the_list_goes_by_the_start_and_both_days_are_included(agenda: Program) -> None:
    days = "appointment list --from 2026-11-24 --to 2026-11-25 --csv"
    assert agenda(days).lines[:3] == [
        "practice,id,patient,starts_at,ends_at,status,revision,location,practitioner,type,unclear,outcome,missing",
        "linde,A10,1001,2026-11-24T10:00:00+01:00,,booked,1,,,,,,",
        "linde,A1,1001,2026-11-25T10:30:00+01:00,2026-11-25T10:40:00+01:00,booked,1,Kamer 1,dr. Prins,,,,",
    ]
    assert len(agenda(days).lines) == 11
    assert [row["id"] for row in agenda("appointment list --from 2026-11-26 --json").json] == ["A11"]
    assert agenda("appointment list --to 2026-11-24").lines == [
        "linde\tA10\t1001\t2026-11-24T10:00:00+01:00\t\tbooked\t1\t\t\t\t\t\t",
    ]


@pytest.mark.parametrize("appointment", ["", " "])
def test_an_appointment_without_an_id_is_refused(agenda: Program, appointment: str) -> None:
    assert agenda(f"appointment add '{appointment}' --patient 1001 --start '2026-11-27 10:30'").code == 2


def test_with_more_practices_an_appointment_belongs_to_the_one_that_is_named(two: Program) -> None:
    for practice in ("linde", "eik"):
        two.does(f"patient add 1001 --name Canaria --practice {practice}")
    assert two(ADD).code == 2
    two.does(f"{ADD} --practice eik")
    assert [row["practice"] for row in two("appointment list --json").json] == ["eik"]
    assert two("appointment list --practice linde --json").json == []
    assert two("appointment show B1 --practice linde").code == 2


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("add B1 --start '2026-11-27 10:30'", "Missing option '--patient'"),
        ("add B1 --patient 1001", "Missing option '--start'"),
        ("add B1 --patient 7 --start '2026-11-27 10:30'", 'there is no patient "7"'),
        ("add B1 --patient 1001 --start 2026-11-27", 'has no time of day: write it like "2026-11-24 10:30"'),
        ("add B1 --patient 1001 --start '27-13-2026 10:30'", 'is no time: write it like "2026-11-24 10:30"'),
        ("add B1 --patient 1001 --start '2027-03-28 02:30'", "2027-03-28 02:30 does not exist: the clock goes forward"),
        ("add B1 --patient 1001 --start '2027-10-31 02:30'", "add the offset, as in 2027-10-31T02:30+02:00"),
        ("add B1 --patient 1001 --start '2062-11-27 10:30'", "the year 2062 can't be meant"),
        ("add B1 --patient 1001 --start '2026-11-27 10:30' --end '2026-11-27 10:00'", "the end is before the start"),
        ("add A1 --patient 1001 --start '2026-11-27 10:30'", 'there is an appointment "A1" already; move or cancel'),
        ("move A1", "Missing option '--start'"),
        ("move A1 --start '2062-11-27 10:30'", "the year 2062 can't be meant"),
        ("move B1 --start '2026-11-27 10:30'", 'there is no appointment "B1"; `smsreminders appointment list` shows'),
        ("cancel B1", 'there is no appointment "B1"'),
        ("show B1", 'there is no appointment "B1"'),
        ("list --from 24-13-2026", '"24-13-2026" is no date: write it like 2026-11-24'),
        ("list --to overmorgen", '"overmorgen" is no date: write it like 2026-11-24'),
    ],
)
def test_what_can_not_be_is_a_usage_error_that_changes_nothing(agenda: Program, command: str, message: str) -> None:
    before = agenda.database.read_bytes()
    ended = agenda(f"appointment {command}")
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert agenda.database.read_bytes() == before


def test_the_list_may_be_of_one_patient(agenda: Program) -> None:
    listed = agenda("appointment list --patient 1001 --from 2026-11-25 --json").json
    assert [appointment["id"] for appointment in listed] == ["A1", "A9", "A11"]
    assert agenda("appointment list --patient nobody --json").json == []
