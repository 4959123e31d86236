"""`import`: good rows kept, all bad ones told in one go, a file that can't be used refused as a whole."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.running import WEDNESDAY, Program

CASES = Path(__file__).parents[1] / "data" / "cases"
ONE_BAD = """\
appointment_id,patient_id,start
B1,1001,2026-11-27 10:30
B2,1001,27-11-2026 10:30
B3,9999,2026-11-27 10:30
B4,1001,2026-11-27 11:30
"""
TOLD = [
    'smsreminders: bad.csv, line 3, start: "27-11-2026 10:30" can\'t be read as a time: write it like 2026-11-24 14:30',
    'smsreminders: bad.csv, line 4, patient_id: there is no patient "9999", and the row has no name to add one',
]


def write(program: Program, name: str, text: str) -> None:
    (program.home / name).write_text(text, encoding="utf-8")


def appointments(program: Program) -> list[str]:
    return [appointment["id"] for appointment in program("appointment list --json").json]


def test_the_counts_say_what_changed_and_the_same_file_again_changes_nothing(linde: Program) -> None:
    write(linde, "patients.csv", "patient_id,name,phone,consent\n1001,Canaria,06-12345671,ja\n")
    assert linde("import patients.csv --kind patients --json").json == {
        "read": 1,
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "cancelled": 0,
        "missing": 0,
        "ignored": 0,
        "unclear": 0,
        "rejected": 0,
        "patients_changed": 0,
        "consents_changed": 0,
    }
    before = linde("patient list --json").out
    assert linde("import patients.csv --kind patients --json").json["unchanged"] == 1
    assert linde("patient list --json").out == before


def test_off_json_the_counts_are_lines(agenda: Program) -> None:
    assert agenda("import agenda.csv --kind appointments").lines == [
        "read              11",
        "added             0",
        "changed           0",
        "unchanged         11",
        "cancelled         0",
        "missing           0",
        "ignored           0",
        "unclear           0",
        "rejected          0",
        "patients changed  0",
        "consents changed  0",
    ]


def test_a_first_file_of_patients_without_numbers_or_consent_is_told_with_the_columns_not_used(linde: Program) -> None:
    write(linde, "patients.csv", "patient_id;name;Bellen;Akkoord sms\n1001;Canaria;06-12345671;ja\n")
    note = (
        "Note: patients.csv: no column was read as phone or consent, without which nobody is texted: name the file's "
        "own with --map phone=COLUMN --map consent=COLUMN; not used: Bellen, Akkoord sms."
    )
    for expected in ([note], []):  # who imports it again was told
        ended = linde("import patients.csv --kind patients")
        assert (ended.code, ended.said) == (0, expected)
    mapped = linde('import patients.csv --kind patients --map phone=Bellen --map "consent=Akkoord sms"')
    assert (mapped.code, mapped.said) == (0, [])


def test_bad_rows_are_told_and_the_good_ones_are_kept(agenda: Program) -> None:
    write(agenda, "bad.csv", ONE_BAD)
    ended = agenda("import bad.csv --kind appointments --source other --json")
    assert ended.code == 3
    assert ended.said == TOLD
    counts = [ended.json[word] for word in ("read", "added", "unclear", "rejected")]
    assert counts == [4, 2, 1, 1]
    assert {"B1", "B4"} <= set(appointments(agenda))


def test_two_rows_with_one_id_and_different_content_are_both_rejected(agenda: Program) -> None:
    write(
        agenda,
        "twice.csv",
        "appointment_id,patient_id,start\nB1,1001,2026-11-27 10:30\nB1,1001,2026-11-27 11:30\n"
        "B2,1001,2026-11-27 10:30\nB3,1001,2026-11-27 10:30\n",
    )
    ended = agenda("import twice.csv --kind appointments --source other --json")
    assert ended.code == 3
    assert ended.said == [
        "smsreminders: twice.csv, line 2, appointment_id: the same id stands in line 3 with other content",
        "smsreminders: twice.csv, line 3, appointment_id: the same id stands in line 2 with other content",
    ]
    assert (ended.json["added"], ended.json["rejected"]) == (2, 2)


def test_a_dry_run_changes_nothing_and_says_so(agenda: Program) -> None:
    write(agenda, "bad.csv", ONE_BAD)
    before = agenda.database.read_bytes()
    ended = agenda("import bad.csv --kind appointments --source other --dry-run")
    assert ended.code == 3
    assert ended.said == TOLD
    assert ended.lines[:3] == ["dry run           nothing was imported", "read              4", "added             2"]
    assert agenda.database.read_bytes() == before


def test_a_dry_run_shows_what_was_understood_of_appointments_a_record_a_line(agenda: Program) -> None:
    write(
        agenda,
        "full.csv",
        "appointment_id,patient_id,start,end,status,location,practitioner,patient_name,phone,language,consent\n"
        "B1,2001,2026-11-27 10:30,2026-11-27 10:40,geboekt,Kamer 2,dr. Prins,R. Canaria,06-12345670,en,ja\n"
        "B2,1001,2026-11-27T10:30:00Z,,geannuleerd,,,,,,\n",
    )
    ended = agenda("import full.csv --kind appointments -n --json")
    assert ended.code == 0
    assert [json.loads(line) for line in ended.lines] == [
        {
            "source_id": "B1",
            "patient": "2001",
            "patient_name": "R. Canaria",
            "phone": "06-12345670",
            "language": "en",
            "consent": True,
            "starts_at": "2026-11-27T09:30:00+00:00",
            "ends_at": "2026-11-27T09:40:00+00:00",
            "status": "booked",
            "outcome": None,
            "location": "Kamer 2",
            "practitioner": "dr. Prins",
            "type": None,
            "place": "line 2",
        },
        {
            "source_id": "B2",
            "patient": "1001",
            "patient_name": "",
            "phone": "",
            "language": "",
            "consent": None,
            "starts_at": "2026-11-27T10:30:00+00:00",
            "ends_at": None,
            "status": "cancelled",
            "outcome": None,
            "location": "",
            "practitioner": "",
            "type": None,
            "place": "line 3",
        },
    ]


def test_a_dry_run_shows_what_was_understood_of_patients_and_consents(agenda: Program) -> None:
    write(agenda, "patients.csv", "patient_id,name,phone\n2001,R. Canaria,06-12345670\n")
    write(agenda, "consents.csv", "patient_id,consent,at,how,by,wording\n1004,ja,2026-11-20 10:00,phone,anna,v1\n")
    assert [
        json.loads(line) for line in agenda("import patients.csv --kind patients --source other --dry-run --json").lines
    ] == [
        {
            "source_id": "2001",
            "name": "R. Canaria",
            "phone": "06-12345670",
            "language": None,
            "consent": None,
            "place": "line 2",
        }
    ]
    assert [json.loads(line) for line in agenda("import consents.csv --kind consents --dry-run --json").lines] == [
        {
            "source_id": "1004",
            "consent": True,
            "at": "2026-11-20T09:00:00+00:00",
            "how": "phone",
            "by": "anna",
            "wording": "v1",
            "place": "line 2",
        }
    ]


def test_a_list_of_consents_makes_events_once(agenda: Program) -> None:
    write(agenda, "consents.csv", "patient_id,consent,at,how,by,wording\n1004,ja,2026-11-20 10:00,phone,anna,v1\n")
    assert agenda("import consents.csv --kind consents --json").json["added"] == 1
    assert agenda("import consents.csv --kind consents --json").json["unchanged"] == 1
    assert agenda("consent show 1004 --csv").lines[1:] == ["given,2026-11-20T10:00:00+01:00,phone,anna,v1"]


def test_a_name_that_no_text_says_is_told_once_without_the_name_and_is_no_bad_row(linde: Program) -> None:
    rows = [f"{number},evil{number}.com" for number in range(1001, 1008)]
    write(linde, "patients.csv", "\n".join(["patient_id,name", *rows, "2001,Bel 06-12345671", "2002,Canaria", ""]))
    ended = linde("import patients.csv --kind patients")
    assert (ended.code, ended.said) == (
        0,
        [
            (
                "Note: patients.csv: a name holds a link, so the text leaves it out: "
                "1001, 1002, 1003, 1004, 1005 and 2 more."
            ),
            "Note: patients.csv: a name holds a phone number, so the text leaves it out: 2001.",
        ],
    )
    assert linde("import patients.csv --kind patients").said == []
    assert linde("preview --patient 1001 --json").json["texts"][0]["text"].startswith("Beste patiënt, u heeft")


def test_a_withdrawal_at_the_desk_is_not_undone_by_the_same_file(agenda: Program) -> None:
    agenda.does("consent withdraw 1001")
    agenda.at(WEDNESDAY).does("import patients.csv --kind patients")
    assert agenda("patient show 1001 --json").json["consent"] == "withdrawn"


def test_other_names_of_columns_come_from_the_option_or_the_configuration(agenda: Program) -> None:
    write(agenda, "dutch.csv", "Nummer;Patiënt;Datum;Tijd\nB1;1001;27-11-2026;10:30\n")
    pattern = "--time-format '%d-%m-%Y %H:%M'"
    agenda.does(
        f"import dutch.csv --kind appointments --source other --map appointment_id=nummer --map patient_id=Patiënt "
        f"--map start=Datum+Tijd {pattern}"
    )
    assert agenda("appointment show B1 --json").json["starts_at"] == "2026-11-27T10:30:00+01:00"
    agenda.configure(
        '[import]\ntime_format = "%d-%m-%Y %H:%M"\n'
        '[import.columns]\nappointment_id = "Nummer"\npatient_id = "Patiënt"\nstart = "Datum+Tijd"\n'
    )
    assert agenda("import dutch.csv --kind appointments --source other --json").json["unchanged"] == 1
    write(agenda, "iso.csv", "appointment_id,patient_id,start\nB1,1001,2026-11-27 10:30\n")
    assert agenda("import iso.csv --kind appointments --source other --time-format iso --json").json["unchanged"] == 1


def test_of_several_files_the_counts_are_added(agenda: Program) -> None:
    write(agenda, "one.csv", "appointment_id,patient_id,start\nB1,1001,2026-11-27 10:30\n")
    write(agenda, "two.csv", "appointment_id,patient_id,start\nB2,1001,2026-11-27 10:30\n")
    result = agenda("import one.csv two.csv --kind appointments --source other --json").json
    assert (result["read"], result["added"]) == (2, 2)


@pytest.mark.parametrize("bad", ["none.csv", "half.csv"])
def test_with_one_file_that_can_not_be_used_nothing_of_the_others_is_imported(agenda: Program, bad: str) -> None:
    write(agenda, "one.csv", "appointment_id,patient_id,start\nB1,1001,2026-11-27 10:30\n")
    write(agenda, "half.csv", "appointment_id,patient_id,start\nB2,1001,x\n")
    ended = agenda(f"import one.csv {bad} --kind appointments --source other")
    assert ended.code == 65
    assert "B1" not in appointments(agenda)


def test_what_a_complete_file_lacks_is_cancelled(agenda: Program) -> None:
    write(agenda, "rest.csv", "appointment_id,patient_id,start\nA11,1001,2026-11-26 10:00\n")
    complete = "import rest.csv --kind appointments --source other --complete 2026-11-25..2026-11-26"
    before = agenda("appointment list --json").out
    ended = agenda(complete)
    assert ended.code == 65
    assert "lacks 8 of the 9 appointments from 2026-11-25 to 2026-11-26" in ended.err
    assert "import it with --source other --sure; nothing was imported" in ended.err
    assert agenda("appointment list --json").out == before
    assert agenda(f"{complete} --sure --json").json["cancelled"] == 8
    booked = [
        appointment["id"] for appointment in agenda("appointment list --json").json if appointment["status"] == "booked"
    ]
    assert booked == ["A10", "A11"]


def test_rows_belong_to_the_practice_that_is_named(two: Program) -> None:
    write(two, "patients.csv", "patient_id,name\n1001,Canaria\n")
    before = two.database.read_bytes()
    ended = two("import patients.csv --kind patients")
    assert (ended.code, ended.said) == (
        2,
        ["smsreminders: there is more than one practice: say which with --practice CODE"],
    )
    assert two.database.read_bytes() == before
    two.does("import patients.csv --kind patients --practice eik")
    assert [patient["practice"] for patient in two("patient list --json").json] == ["eik"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("column.csv", "appointment_id,patient_id,begin\nB1,1001,2026-11-27 10:30\n", 'no column "start": there are'),
        ("row.csv", "B1,1001,2026-11-27 10:30,0612345678\n", "the first line looks like a row"),
        ("empty.csv", "", "empty"),
        ("quote.csv", 'appointment_id,patient_id,start\n"B1,1001,2026-11-27 10:30\n', "is never closed"),
        (
            "half.csv",
            "appointment_id,patient_id,start\nB1,1001,x\nB2,1001,y\nB3,1001,2026-11-27 10:30\n",
            "2 of 3 rows are bad: the times are probably written in another way: say how with --time-format, or let",
        ),
        ("none.csv", None, "No such file"),
        ("folder.csv", None, "this is a folder, not a file"),
        ("agenda.pdf", None, "the format isn't known by its ending: say --format csv"),
    ],
)
def test_a_file_that_can_not_be_used_is_refused_as_a_whole(
    agenda: Program, name: str, content: str | None, message: str
) -> None:
    (agenda.home / "folder.csv").mkdir()
    shutil.copy(agenda.home / "agenda.csv", agenda.home / "agenda.pdf")
    if content is not None:
        write(agenda, name, content)
    before = agenda("appointment list --json").out, agenda("patient list --json").out
    ended = agenda(f"import {name} --kind appointments --source other")
    assert (ended.code, ended.out) == (65, "")
    assert message in ended.said[-1]
    assert (agenda("appointment list --json").out, agenda("patient list --json").out) == before


def test_a_file_with_another_ending_is_read_when_its_format_is_said(agenda: Program) -> None:
    shutil.copy(agenda.home / "agenda.csv", agenda.home / "agenda.dat")
    assert agenda("import agenda.dat --kind appointments --format csv --json").json["unchanged"] == 11


def test_a_format_that_there_is_not_is_a_usage_error(agenda: Program) -> None:
    assert agenda("import agenda.csv --kind appointments --format pdf").code == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "say with --kind what the rows are"),
        ("--kind letters", "'letters' is not one of 'appointments', 'patients', 'consents'"),
        ("--kind appointments --map start", '--map "start": write FIELD=COLUMN, like start=Begintijd'),
        ("--kind appointments --map begin=start", 'appointments have no field "begin" to map'),
        ("--kind appointments --time-format '%d-%m'", 'the time format "%d-%m" tells no date with a time of day'),
        ("--kind patients --complete 2026-11-25..2026-11-26", "--complete is for appointments"),
        ("--kind appointments --complete 2026-11-25", "write two dates, like 2026-11-24..2026-12-31"),
        ("--kind appointments --complete 2026-11-26..2026-11-25", "the first day is after the last"),
        ("--kind appointments --complete 2026-11-26..overmorgen", '"overmorgen" is no date: write it like 2026-11-24'),
        ("--kind appointments --practice eik", 'there is no practice "eik"; known are: linde'),
    ],
)
def test_what_can_not_be_is_a_usage_error_that_changes_nothing(agenda: Program, options: str, message: str) -> None:
    before = agenda.database.read_bytes()
    ended = agenda(f"import agenda.csv {options}")
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert agenda.database.read_bytes() == before


def test_a_file_of_some_megabytes_is_read_to_its_end_with_its_bad_rows(agenda: Program) -> None:
    rows = (
        f"C{number},1001,2026-12-0{number % 7 + 1} 10:30,Kamer aan de tuin of in de serre ernaast,{number}"
        for number in range(70_000)
    )
    text = "\n".join(["appointment_id,patient_id,start,location,x", *rows, "", '"C1,5",1001,tomorrow,,', "C9,1001"])
    assert len(text) > 4 << 20
    write(agenda, "large.csv", text)
    run = agenda.process("import large.csv --kind appointments --source other --json")
    assert (run.code, run.json["read"], run.json["added"], run.json["rejected"]) == (3, 70_002, 70_000, 1)
    assert [line.split(", ")[1] for line in run.said] == ["line 70003", "line 70004"]
    write(agenda, "large.csv", f'{text}\n"C7')
    refused = agenda.process("import large.csv --kind appointments --source other")
    assert (refused.code, len(refused.said)) == (65, 1)
    assert "a quote that opens at or before line 70005 is never closed" in refused.err


def test_numbers_of_satellites_are_never_texted(linde: Program) -> None:
    shutil.copy(CASES / "F13-satellite.csv", linde.home)
    linde.does("import F13-satellite.csv --kind appointments")
    assert [patient["number"] for patient in linde("patient list --json").json] == ["not-mobile"] * 3


def test_a_language_without_a_text_is_told_and_by_doctor_too(linde: Program) -> None:
    file = linde.home / "p.csv"
    file.write_text("patient_id,name,phone,language,consent\n1,A,06-12345671,tr,ja\n2,B,06-12345672,so,ja\n")
    said = " ".join(linde(f"import {file} --kind patients").err.split())
    assert "linde: 1 patient has the language so, of which there is no text: they get nl" in said
    assert "language tr" not in said
    [check] = [each for each in linde("doctor --json").json if each["check"] == "languages"]
    assert check["verdict"] == "warning"


def test_a_name_that_no_file_has_is_no_refused_export(agenda: Program) -> None:
    assert agenda("import agneda.csv --kind appointments").code == 65
    assert "refused" not in agenda("dispatch").err
