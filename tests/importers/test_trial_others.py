"""The trial of calendars, FHIR, HL7 and spreadsheets: what is printed reads the file as the trial did."""

from pathlib import Path

import pytest

from smsreminders.cli.show.trial import block_of
from smsreminders.domain.agenda.patient_patterns import EXAMPLE
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import Kind
from tests.importers.golden import DATA
from tests.importers.trying import lines, read_by_block, tried

APPOINTMENTS, PATIENTS = Kind.APPOINTMENTS, Kind.PATIENTS


@pytest.mark.parametrize(
    ("name", "kinds", "settings"),
    [
        ("calendars/practice.ics", [APPOINTMENTS], {"patient_pattern": EXAMPLE}),
        ("hl7/day.hl7", [APPOINTMENTS], {}),
        ("fhir/agenda.json", [APPOINTMENTS, PATIENTS], {}),
        ("fhir/bulk.ndjson", [APPOINTMENTS, PATIENTS], {}),
        ("tables/agenda.xls", [APPOINTMENTS], {}),
        ("tables/agenda.ods", [APPOINTMENTS], {}),
    ],
)
def test_the_block_reads_a_file_of_any_format_as_the_trial_did(
    name: str, kinds: list[Kind], settings: dict[str, str], tmp_path: Path
) -> None:
    trials = tried(DATA / name)
    assert [trial.found.kind for trial in trials] == kinds
    for trial in trials:
        assert (lines(trial.found.settings), trial.asks) == (settings, [])
        assert trial.found.layout is not None
        assert read_by_block(trial, tmp_path) == list(read_file(DATA / name, trial.found.kind, trial.found.layout))


def test_columns_of_a_spreadsheet_that_have_a_date_themselves_are_not_joined_with_one() -> None:
    [trial] = tried(DATA / "tables" / "agenda.xls")
    assert (lines(trial.found.columns)["start"], lines(trial.found.columns)["end"]) == ("Datum+Tijd", "Eind")


def calendar(folder: Path, *summaries: str) -> Path:
    path = folder / "agenda.ics"
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTART:20261124T093000Z\r\nSUMMARY:{summary}\r\nEND:VEVENT\r\n"
        for number, summary in enumerate(summaries)
    )
    path.write_text(f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n", encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("summary", "pattern"),
    [
        ("J. Jansen (1001)", EXAMPLE),
        ("Jansen #1001", r"SUMMARY:.*#(?P<patient>\d+)"),
        ("Jansen\\, patiëntnr. 1001\\, intake", r"(?i:pati[eë]nt(?:nummer|nr)?|cli[eë]nt(?:nummer|nr)?|pat\.?nr)"),
        ("Jansen 1001", r"SUMMARY:.*\s(?P<patient>\d+)$"),
    ],
)
def test_the_pattern_that_finds_the_patients_of_a_calendar_is_found(tmp_path: Path, summary: str, pattern: str) -> None:
    [trial] = tried(calendar(tmp_path, summary, "Pauze"))
    assert lines(trial.found.settings, sure=True)["patient_pattern"].startswith(pattern)
    assert [row["patient"] for row in trial.rows() if row["patient"]] == ["1001"]


def test_a_calendar_in_which_nobody_is_found_is_asked_and_its_events_are_shown(tmp_path: Path) -> None:
    [trial] = tried(calendar(tmp_path, "Jansen", "De Vries"))
    assert trial.asks[0].startswith("no event tells whose it is")
    assert lines(trial.found.settings, sure=False) == {"patient_pattern": EXAMPLE}
    assert [row["patient"] for row in trial.rows()] == ["?", "?"]


def test_an_id_in_few_events_is_only_proposed(tmp_path: Path) -> None:
    [trial] = tried(calendar(tmp_path, "Jansen (1001)", "De Vries", "Bakker", "Smit"))
    assert lines(trial.found.settings, sure=False) == {"patient_pattern": EXAMPLE}
    assert trial.asks == ["an id was found in 1 of 4 events only: is it the patient's? Then write patient_pattern so"]


def test_messages_that_tell_changes_are_never_called_complete() -> None:
    [trial] = tried(DATA / "hl7" / "day.hl7")
    assert "complete" not in "".join(block_of(trial))
