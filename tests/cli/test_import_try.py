"""`import --try`: the block on stdout, the talk on stderr, nothing written, no database and no configuration needed."""

import json
import shutil
import tomllib
from pathlib import Path

from tests.cli.running import Program
from tests.importers.golden import DATA

AGENDA = """\
Afsprakenlijst;;;;;;;
Afspraaknr;Patiëntnr;Datum;Tijd;Status;Naam;Mobiel;Akkoord
A1;1001;24-11-2026;10:30;Gepland;Jan Canaria;0612345671;ja
A2;1002;25-11-2026;10.40;Geannuleerd door patiënt;Piet Canaria;0612345672;nee
;;;;;;;
Totaal;2;;;;;;
"""
BLOCK = """\
[[sources]]
name = "agenda"
kind = "appointments"
path = "{home}/agenda_*.csv"  # the newest file of these
# practice = "CODE"  # where there is more than one
# complete = "14d"  # only if the file has every appointment from now on for so long
time_format = "%d-%m-%Y %H:%M"  # proved by "24-11-2026 10:30": no other pattern reads all times
[sources.columns]
appointment_id = "Afspraaknr"  # column 1
patient_id = "Patiëntnr"  # column 2
start = "Datum+Tijd"  # columns 3 and 4
status = "Status"  # column 5; Gepland 1, Geannuleerd door patiënt 1
patient_name = "Naam"  # column 6
phone = "Mobiel"  # column 7; 2 of 2 are mobile numbers
consent = "Akkoord"  # column 8; ja 1, nee 1
"""


def write(program: Program, text: str, name: str = "agenda_2026-11-24.csv") -> None:
    (program.home / name).write_text(text, encoding="utf-8")


def test_the_block_is_on_stdout_and_the_talk_on_stderr(program: Program) -> None:
    write(program, AGENDA)
    ended = program("import --try agenda_2026-11-24.csv --initials")
    assert (ended.code, ended.out) == (0, BLOCK.format(home=program.home))
    assert ended.said == [
        'agenda_2026-11-24.csv: appointments; CSV in UTF-8, ";" between the cells; line 2 names the columns.',
        "place   id  patient  name   phone          start            status     consent",
        "line 3  A1  1001     J. C.  0612 ••• ••71  di 24 nov 10:30  booked     yes",
        "line 4  A2  1002     P. C.  0612 ••• ••72  wo 25 nov 10:40  cancelled  no",
        "Counted: 4 read, 1 booked, 1 cancelled, 0 unclear, 0 rejected, 1 above the header, 1 totals.",
        "Nothing was written. Paste the block into the configuration, then `smsreminders import --all --dry-run`.",
    ]
    assert [path.name for path in program.home.iterdir()] == ["agenda_2026-11-24.csv"]


def test_it_says_whole_names_unless_they_are_to_be_shortened_and_nothing_when_quiet(program: Program) -> None:
    write(program, AGENDA)
    assert "Piet Canaria" in program("import --try agenda_2026-11-24.csv").err
    ended = program("import --quiet --try agenda_2026-11-24.csv")
    assert (ended.out, ended.err) == (BLOCK.format(home=program.home), "")


def test_what_a_person_must_say_is_told_and_the_exit_code_is_3(program: Program) -> None:
    write(program, AGENDA.replace("24-11", "03-11").replace("25-11", "04-11").replace("Gepland", "Wachtlijst"))
    ended = program("import --quiet --initials --try agenda_2026-11-24.csv")
    assert ended.code == 3
    assert '# time_format = "%d-%m-%Y %H:%M"  # not proved' in ended.lines
    assert '# Wachtlijst = ""  # 1 row; booked, cancelled, attended, no-show or ignore?' in ended.lines
    assert [
        line.rpartition(": ")[0].split(" or ")[0] for line in ended.said if "Wachtlijst" in line or "%d" in line
    ] != []
    [source] = tomllib.loads(ended.out)["sources"]
    assert "time_format" not in source


def test_as_json_it_is_the_same_for_a_program(program: Program) -> None:
    write(program, AGENDA)
    [trial] = program("import --json --initials --try agenda_2026-11-24.csv").json
    assert trial["block"] == BLOCK.format(home=program.home)
    assert [row["source_id"] for row in trial["rows"]] == ["A1", "A2"]
    assert (trial["kind"], trial["asks"], trial["errors"]) == ("appointments", [], [])
    assert trial["counts"]["read"] == 4
    assert json.dumps(trial["settings"]) == json.dumps(
        [
            {
                "key": "time_format",
                "value": "%d-%m-%Y %H:%M",
                "why": 'proved by "24-11-2026 10:30": no other pattern reads all times',
                "sure": True,
            }
        ]
    )


def test_a_file_that_can_not_be_used_is_refused(program: Program, tmp_path: Path) -> None:
    (tmp_path / "agenda.csv").write_bytes(b"")
    assert program("import --try agenda.csv").code == 65
    assert program("import --try nowhere.csv").code == 65
    assert program("import --try").code == 2


def test_the_configuration_counts_where_there_is_one(linde: Program) -> None:
    write(linde, AGENDA.replace("24-11", "11-24").replace("25-11", "11-25").replace("Naam", "Wie"))
    linde.configure('[import]\ntime_format = "%m-%d-%Y %H:%M"\n[import.columns]\npatient_name = "Wie"\n')
    ended = linde("import --initials --practice linde --try agenda_2026-11-24.csv")
    assert ended.code == 0
    assert 'practice = "linde"' in ended.lines
    assert 'time_format = "%m-%d-%Y %H:%M"  # declared' in ended.lines
    assert 'patient_name = "Wie"  # column 6' in ended.lines


def test_a_kind_must_be_said_without_it(linde: Program) -> None:
    write(linde, AGENDA)
    ended = linde("import agenda_2026-11-24.csv")
    assert ended.code == 2
    assert "say with --kind what the rows are" in ended.err


def test_the_block_that_is_pasted_imports_what_was_shown(linde: Program) -> None:
    write(linde, AGENDA)
    ended = linde("import --initials --try agenda_2026-11-24.csv")
    shown = linde("import --json --initials --try agenda_2026-11-24.csv").json[0]["rows"]
    linde.configure(linde.config.read_text(encoding="utf-8") + ended.out)
    [imported] = linde("import --all --json").json
    assert (imported["read"], imported["added"], imported["exit_code"]) == (4, 2, 0)
    listed = linde("appointment list --json").json
    assert [row["id"] for row in listed] == [row["source_id"] for row in shown]
    assert [(row["patient"], row["status"]) for row in shown] == [("1001", "booked"), ("1002", "cancelled")]
    assert [patient["consent"] for patient in linde("patient list --json").json] == ["given", "withdrawn"]


def test_of_a_folder_of_messages_the_block_has_the_folder_and_its_format(program: Program) -> None:
    folder = program.home / "in"
    folder.mkdir()
    shutil.copy(DATA / "hl7" / "day.hl7", folder)
    ended = program("import --quiet --try in")
    assert ended.lines == [
        "[[sources]]",
        'name = "in"',
        'kind = "appointments"',
        f'path = "{folder}"  # the folder',
        'format = "hl7"',
        "# move = true  # only if its files are ours: those that were read go to done/, bad ones to bad/",
        '# practice = "CODE"  # where there is more than one',
    ]
    assert [file.name for file in folder.iterdir()] == ["day.hl7"]
