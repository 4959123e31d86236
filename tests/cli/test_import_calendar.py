"""`import` of a calendar: moves, cancellations and new bookings played through, each believed once."""

from tests.cli.running import Program

ALL = "import agenda.ics --kind appointments --json --patient-pattern '\\((?P<patient>\\d+)\\)'"
NOON = "DTSTART;TZID=Europe/Amsterdam:20261126T120000"
WEEKLY = f"{NOON}\nRRULE:FREQ=WEEKLY;COUNT=2"
SECOND = "RECURRENCE-ID:20261203T110000Z"


def write(program: Program, *events: str, name: str = "agenda.ics") -> None:
    """Write a calendar of events, each given by its lines but UID and SUMMARY."""
    own = ("" if "UID:" in event else "UID:e\nSUMMARY:Canaria (1001)\n" for event in events)
    blocks = [f"BEGIN:VEVENT\n{usual}{event}\nEND:VEVENT" for usual, event in zip(own, events, strict=True)]
    text = "\n".join(["BEGIN:VCALENDAR", *blocks, "END:VCALENDAR", ""])
    (program.home / name).write_text(text, encoding="utf-8")


def imported(program: Program, *events: str) -> dict[str, int]:
    write(program, *events)
    counts: dict[str, int] = program(ALL).json
    return {name: count for name, count in counts.items() if count and name != "read"}


def stored(program: Program) -> dict[str, tuple[str, str]]:
    rows = program("appointment list --json --from 2026-11-01").json
    return {row["id"]: (row["starts_at"][:16], row["status"]) for row in rows if row["id"].startswith("e")}


def with_patient(program: Program) -> Program:
    program.does("patient add 1001 --name Canaria --phone 06-12345671")
    program.does("consent give 1001 --how desk")
    return program


def test_moves_cancellations_and_new_bookings_are_believed_once(linde: Program) -> None:
    program = with_patient(linde)
    assert imported(program, WEEKLY) == {"added": 2}
    assert imported(program, WEEKLY) == {"unchanged": 2}
    moved = f"{SECOND}\nDTSTART:20261204T080000Z"
    for counts in ({"changed": 1, "unchanged": 1}, {"unchanged": 2}):
        assert imported(program, WEEKLY, moved) == counts
    assert stored(program)["e/20261203T110000Z"] == ("2026-12-04T09:00", "booked")
    gone = f"{WEEKLY}\nEXDATE:20261203T110000Z"
    for counts in ({"cancelled": 1, "unchanged": 1}, {"unchanged": 2}):
        assert imported(program, gone) == counts
    assert imported(program, WEEKLY) == {"changed": 1, "unchanged": 1}
    assert stored(program) == {
        "e/20261126T110000Z": ("2026-11-26T12:00", "booked"),
        "e/20261203T110000Z": ("2026-12-03T12:00", "booked"),
    }


def test_occurrences_that_a_series_no_longer_has_are_cancelled_and_come_back(linde: Program) -> None:
    program = with_patient(linde)
    ended_now = f"{NOON}\nRRULE:FREQ=WEEKLY;UNTIL=20261130T000000Z"
    thursdays = "DTSTART;TZID=Europe/Amsterdam:20261127T120000\nRRULE:FREQ=WEEKLY;COUNT=2"
    imported(program, WEEKLY)
    assert imported(program, ended_now) == {"cancelled": 1, "unchanged": 1}
    assert imported(program, WEEKLY) == {"changed": 1, "unchanged": 1}
    assert imported(program, thursdays) == {"added": 2, "cancelled": 2}
    write(program, ended_now)
    reason = "these are no longer in their series, so they were cancelled: e/20261127T110000Z, e/20261204T110000Z."
    assert program(ALL).said == [f"Note: agenda.ics: {reason}"]


def test_an_appointment_that_becomes_a_series_or_ends_to_be_one_is_not_there_twice(linde: Program) -> None:
    program = with_patient(linde)
    imported(program, NOON)
    assert imported(program, WEEKLY) == {"added": 2, "cancelled": 1}
    assert imported(program, NOON) == {"changed": 1, "cancelled": 2}
    assert [id_ for id_, (_, status) in stored(program).items() if status == "booked"] == ["e"]


def test_an_event_about_one_occurrence_cancels_no_other(linde: Program) -> None:
    program = with_patient(linde)
    imported(program, WEEKLY)
    assert imported(program, f"{SECOND}\nDTSTART:20261204T080000Z") == {"changed": 1}


def test_what_another_source_or_the_desk_has_is_not_of_the_series(linde: Program) -> None:
    program = with_patient(linde)
    program.does('appointment add e/20261203T110000Z --patient 1001 --start "2026-12-03 12:00"')
    assert imported(program, NOON) == {"added": 1}
    assert stored(program)["e/20261203T110000Z"] == ("2026-12-03T12:00", "booked")


def test_a_cancellation_by_invitation_cancels_what_was_imported(linde: Program) -> None:
    program = with_patient(linde)
    assert imported(program, NOON) == {"added": 1}
    cancel = "BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nUID:e\nSEQUENCE:1\nEND:VEVENT\nEND:VCALENDAR\n"
    (program.home / "agenda.ics").write_text(cancel, encoding="utf-8")
    assert program(ALL).json["cancelled"] == 1
    assert stored(program) == {"e": ("2026-11-26T12:00", "cancelled")}


def invitation(program: Program, event: str, written: str, method: str = "REQUEST") -> str:
    """Import an invitation that was written at this time of day; the starts and statuses after it."""
    event = f"METHOD:{method}\nBEGIN:VEVENT\nUID:e\nSUMMARY:(1001)\nDTSTAMP:20261120T{written}00Z\n{event}\nEND:VEVENT"
    (program.home / "agenda.ics").write_text(f"BEGIN:VCALENDAR\n{event}\nEND:VCALENDAR\n", encoding="utf-8")
    assert program(ALL).code == 0
    return " ".join(f"{start[8:]} {status}" for start, status in stored(program).values())


def test_an_older_invitation_never_goes_over_a_newer_one(linde: Program) -> None:
    program = with_patient(linde)
    moved = NOON.replace("T12", "T15")
    assert invitation(program, NOON, "0900") == "26T12:00 booked"
    assert invitation(program, moved, "1100") == "26T15:00 booked"
    assert invitation(program, NOON, "1000") == "26T15:00 booked"
    assert invitation(program, "SEQUENCE:2", "1200", "CANCEL") == "26T15:00 cancelled"
    assert invitation(program, moved, "1100") == "26T15:00 cancelled"


def test_an_older_invitation_takes_nothing_out_of_a_newer_series(linde: Program) -> None:
    program = with_patient(linde)
    assert invitation(program, WEEKLY, "1000") == "26T12:00 booked 03T12:00 booked"
    shorter = WEEKLY.replace("COUNT=2", "COUNT=1")
    assert invitation(program, shorter, "0900") == "26T12:00 booked 03T12:00 booked"
    assert invitation(program, shorter, "1100") == "26T12:00 booked 03T12:00 cancelled"


def test_a_cut_calendar_cancels_nothing_however_complete_it_is_said_to_be(linde: Program) -> None:
    program = with_patient(linde)
    imported(program, WEEKLY)
    file = program.home / "agenda.ics"
    file.write_bytes(file.read_bytes()[:-40])
    ended = program(f"{ALL} --complete 2026-11-24..2026-12-31 --sure")
    assert (ended.code, ended.said) == (
        65,
        ["smsreminders: agenda.ics: it doesn't end with END:VCALENDAR: it is cut off or still being written"],
    )
    assert {status for _, status in stored(program).values()} == {"booked"}


def test_a_whole_day_of_a_patient_is_told_and_gets_no_reminder(linde: Program) -> None:
    program = with_patient(linde)
    imported(program, NOON)
    write(program, "DTSTART;VALUE=DATE:20261126", f"UID:f\nSUMMARY:(1001)\n{NOON}")
    ended = program(ALL)
    assert (ended.code, ended.said) == (
        3,
        ["smsreminders: agenda.ics, line 2, DTSTART: is a whole day: no reminder can say at what time; give it one"],
    )
    assert program("appointment show e --json").json["unclear"] is not None


def test_a_patient_who_is_not_known_is_told_with_the_id(linde: Program) -> None:
    with_patient(linde)
    write(linde, NOON, f"UID:f\nSUMMARY:Canaria (999)\n{NOON}")
    ended = linde(ALL)
    reason = 'agenda.ics, line 7, patient_id: there is no patient "999", and the row has no name to add one'
    assert (ended.code, ended.said) == (3, [f"smsreminders: {reason}"])


def test_a_folder_and_the_pattern_of_the_configuration_are_used(linde: Program) -> None:
    program = with_patient(linde)
    program.configure("[import]\npatient_pattern = '\\((?P<patient>\\d+)\\)'\n")
    (program.home / "agenda").mkdir()
    write(program, NOON, name="agenda/a.ics")
    assert program("import agenda --kind appointments --json").json["added"] == 1


def test_a_dry_run_shows_what_a_calendar_says_without_the_summary(linde: Program) -> None:
    program = with_patient(linde)
    write(program, f"{NOON}\nDTEND;TZID=Europe/Amsterdam:20261126T123000\nLOCATION:Hoofdstraat 1")
    assert program(f"{ALL} --dry-run").json == {
        "source_id": "e",
        "patient": "1001",
        "patient_name": None,
        "phone": None,
        "language": None,
        "consent": None,
        "starts_at": "2026-11-26T11:00:00+00:00",
        "ends_at": "2026-11-26T11:30:00+00:00",
        "status": "booked",
        "location": "Hoofdstraat 1",
        "practitioner": None,
        "type": "",
        "outcome": None,
        "place": "line 2",
    }


def test_a_pattern_that_names_nobody_is_a_wrong_use(linde: Program) -> None:
    write(linde, NOON)
    assert linde("import agenda.ics --kind appointments").code == 2
    ended = linde("import agenda.ics --kind appointments --patient-pattern x")
    assert (ended.code, "has no group (?P<patient>...)" in ended.err) == (2, True)
