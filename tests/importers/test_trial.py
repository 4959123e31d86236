"""The trial of a file: header, columns, words and times found from it; what can't be known is asked, never guessed."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.errors import InputFileError
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import Kind
from tests.importers.golden import DATA
from tests.importers.tables import APPOINTMENTS, CONSENTS, PATIENTS, layout
from tests.importers.trying import found, lines, read_by_block, source_of, tried

CASES = DATA / "cases"
AGENDA = "Afspraaknr;Patiëntnr;Datum;Tijd;Status;Naam;Mobiel;Akkoord sms\n"
ROW = "A1;1001;24-11-2026;10:30;Gepland;Jan Test;0612345671;ja\n"


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("*.csv")))
def test_the_block_reads_each_of_our_cases_as_the_trial_did(name: str, tmp_path: Path) -> None:
    [trial] = tried(CASES / name)
    assert trial.found.layout is not None
    by_trial = list(read_file(CASES / name, trial.found.kind, trial.found.layout))
    unsure = [line for line in trial.found.settings if not line.sure]
    if not unsure:
        assert read_by_block(trial, tmp_path) == by_trial
    assert (name == "F1d-consents-bad-date.csv") == bool(unsure)
    assert source_of(trial, tmp_path).path == str(CASES / name)


def test_an_ordinary_dutch_export_is_found_whole(tmp_path: Path) -> None:
    titles = "Agenda van de praktijk;;;;;;;\nGemaakt op 23-11-2026;;;;;;;\n"
    this = found(tmp_path, titles + AGENDA + ROW + "A2;1002;25-11-2026;9.40;Afgezegd;Piet Test;0612345672;nee\n")
    assert (this.kind, list(this.asks)) == (APPOINTMENTS, [])
    assert this.facts == [
        'CSV in UTF-8, ";" between the cells',
        "line 3 names the columns",
    ]
    assert lines(this.settings) == {"time_format": "%d-%m-%Y %H:%M"}
    assert lines(this.columns) == {
        "appointment_id": "Afspraaknr",
        "patient_id": "Patiëntnr",
        "start": "Datum+Tijd",
        "status": "Status",
        "patient_name": "Naam",
        "phone": "Mobiel",
        "consent": "Akkoord sms",
    }
    assert {line.key: line.why for line in this.columns} == {
        "appointment_id": "column 1",
        "patient_id": "column 2",
        "start": "columns 3 and 4",
        "status": "column 5; Gepland 1, Afgezegd 1",
        "patient_name": "column 6",
        "phone": "column 7; 2 of 2 are mobile numbers",
        "consent": "column 8; ja 1, nee 1",
    }


@pytest.mark.parametrize(
    ("header", "row", "kind"),
    [
        ("Patiëntnummer;Naam;Mobiel;Akkoord", "1;Jan;0612345671;ja", PATIENTS),
        ("patient_id;consent;at", "1;ja;2026-11-20 10:00", CONSENTS),
        ("Afspraaknr;Patiëntnr;Datum;Tijd", "1;2;2026-11-24;10:30", APPOINTMENTS),
        ("Datum;Tijd;Cliëntnummer;Naam", "2026-11-24;10:30;7;Jan", APPOINTMENTS),
    ],
)
def test_the_kind_is_found(tmp_path: Path, header: str, row: str, kind: Kind) -> None:
    assert found(tmp_path, f"{header}\n{row}\n").kind is kind


def test_a_day_that_may_be_two_is_asked_and_the_dutch_order_only_proposed(tmp_path: Path) -> None:
    this = found(tmp_path, AGENDA + ROW.replace("24-11", "03-11"))
    assert lines(this.settings, sure=False) == {"time_format": "%d-%m-%Y %H:%M"}
    [ask] = this.asks
    assert ask == (
        'no time such as "03-11-2026 10:30" has a day above 12, so it may be two days: write which, '
        'time_format = "%d-%m-%Y %H:%M" (03 Nov 2026) or time_format = "%m-%d-%Y %H:%M" (11 Mar 2026)'
    )


def test_a_declared_pattern_goes_before_what_the_file_would_prove(tmp_path: Path) -> None:
    this = found(tmp_path, AGENDA + ROW.replace("24-11", "03-11"), given=layout(time_format="%m-%d-%Y %H:%M"))
    assert lines(this.settings, sure=True) == {"time_format": "%m-%d-%Y %H:%M"}
    assert list(this.asks) == []
    [ask] = found(tmp_path, AGENDA + ROW, given=layout(time_format="%m-%d-%Y %H:%M")).asks
    assert ask == 'the pattern "%m-%d-%Y %H:%M" was declared, and "24-11-2026 10:30" is written otherwise'


@pytest.mark.parametrize("time", ["di 24 novembre 2026 10:30", "24-XI-2026 10:30"])
def test_times_that_no_pattern_reads_are_told(tmp_path: Path, time: str) -> None:
    [ask] = found(tmp_path, f"appointment_id;patient_id;start\n1;2;{time}\n").asks
    assert ask.startswith(f'no pattern reads times such as "{time}": export them as 2026-11-24 10:30')


def test_a_word_that_nobody_explained_is_asked_with_its_count(tmp_path: Path) -> None:
    rows = ROW + ROW.replace("A1", "A2").replace("Gepland", "Wachtlijst") + ROW.replace("A1", "A3").replace(";ja", ";Z")
    this = found(tmp_path, AGENDA + rows)
    assert lines(this.words["status"], sure=False) == {"Wachtlijst": ""}
    assert lines(this.words["consent"], sure=False) == {"Z": ""}
    assert [ask.partition(":")[0] for ask in this.asks] == [
        "Status has words that nobody explained, so their rows are unclear",
        "Akkoord sms has words that nobody explained, so their rows are unclear",
    ]
    explained = replace(layout(), words={"status": {"wachtlijst": "ignore"}, "consent": {"z": "no"}})
    this = found(tmp_path, AGENDA + rows, given=explained)
    assert lines(this.words["status"]) == {"Wachtlijst": "ignore"}
    assert list(this.asks) == []


def test_a_column_of_too_many_words_is_no_status(tmp_path: Path) -> None:
    rows = "".join(ROW.replace("A1", f"A{n}").replace("Gepland", f"bel Piet {n}") for n in range(30))
    [ask] = found(tmp_path, AGENDA + rows).asks
    assert ask == "Status has too many different words for a status: is it another column?"


@pytest.mark.parametrize(("yes", "no"), [("y", "n"), ("Ja", "Nee"), ("1", "0"), ("TRUE", "FALSE")])
def test_a_flag_that_an_appointment_was_cancelled_is_its_status(tmp_path: Path, yes: str, no: str) -> None:
    header = "Afspraaknr;Patiëntnr;start;Tijdig_afgezegd\n"
    this = found(tmp_path, f"{header}1;2;2026-11-24 10:30;{no}\n2;3;2026-11-24 10:40;{yes}\n")
    assert lines(this.columns)["status"] == "Tijdig_afgezegd"
    assert lines(this.words["status"]) == {no.lower(): "booked", yes.lower(): "cancelled"}
    assert list(this.asks) == []


def test_a_flag_beside_a_status_is_asked(tmp_path: Path) -> None:
    header = "Afspraaknr;Patiëntnr;start;status;Geannuleerd\n"
    [ask] = found(tmp_path, header + "1;2;2026-11-24 10:30;gepland;n\n").asks
    assert ask.startswith(
        "Geannuleerd may say that an appointment was cancelled: if so, join it with the status, as in status"
    )


def test_without_an_id_the_patient_and_the_start_are_proposed_and_asked(tmp_path: Path) -> None:
    this = found(tmp_path, "Patiëntnr;start\n1;2026-11-24 10:30\n", APPOINTMENTS)
    assert lines(this.settings, sure=False) == {"id": "patient+start"}
    assert "no column has the appointment's own number" in this.asks[0]
    assert this.layout is not None
    assert this.layout.id_of_start


def test_citizen_service_numbers_are_no_ids_and_are_not_shown(tmp_path: Path) -> None:
    numbers = ("111222333", "123456782", "111111110", "999999990", "123456708")
    rows = "".join(f"A{at};{number};2026-11-24 10:30\n" for at, number in enumerate(numbers))
    this = found(tmp_path, f"Afspraaknr;Patiëntnr;start\n{rows}")
    assert this.asks == ["Patiëntnr has citizen service numbers (BSN): export the number of your own record instead"]
    assert lines(this.columns, sure=False) == {"patient_id": "Patiëntnr"}
    assert this.layout is None  # so no row is shown
    this = found(tmp_path, f"Afspraaknr;Patient;start\n{rows}")
    assert "patient_id" not in lines(this.columns)
    assert "bsn" not in json.dumps([lines(found(tmp_path, f"Afspraaknr;BSN;start\n{rows}").columns)]).lower()


def test_a_time_of_day_goes_with_the_date_beside_it(tmp_path: Path) -> None:
    header = "id;Cliëntnummer;Datum;Start;Eind\n"
    this = found(tmp_path, header + "1;2;24-11-2026;10:30;10:50\n2;3;24-11-2026;10:50;11:10\n")
    assert (lines(this.columns)["start"], lines(this.columns)["end"]) == ("Datum+Start", "Datum+Eind")
    assert list(this.asks) == []


def test_a_weekday_before_the_date_does_no_harm(tmp_path: Path) -> None:
    this = found(tmp_path, "id;Cliëntnummer;Dag;Van\n1;2;di 03-11-2026;10:30\n2;3;wo 04-11-2026;10:50\n")
    assert (lines(this.columns)["start"], lines(this.settings)["time_format"]) == ("Dag+Van", "%d-%m-%Y %H:%M")
    assert list(this.asks) == []


def test_a_file_without_a_header_is_refused_and_one_without_known_names_is_asked(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="no line names the columns, and the first one looks like a row"):
        found(tmp_path, "1001;Jan Test;0612345671\n1002;Piet Test;0612345672\n")
    this = found(tmp_path, "een;twee\na;b\n")
    assert this.layout is None
    assert this.asks[0].startswith("no column is known as")


def test_counts_and_rows_are_those_of_an_import(tmp_path: Path) -> None:
    path = tmp_path / "agenda.csv"
    many = "".join(ROW.replace("A1", f"A{n}") for n in range(12))
    path.write_text(AGENDA + many + "A0;1001;25-11-2026;10:30;Gepland;Jan Test;0612345671;ja\n", encoding="utf-8")
    [trial] = tried(path)
    assert trial.read is not None
    assert trial.read.counts == {"read": 13, "booked": 11, "unclear": 0, "rejected": 2}
    assert [row["source_id"] for row in trial.rows()] == [f"A{n}" for n in range(1, 11)]
    assert trial.read.errors[0].reason == "the same id stands in line 14 with other content"


def test_a_name_is_shortened_on_request(tmp_path: Path) -> None:
    path = tmp_path / "agenda.csv"
    path.write_text(AGENDA + ROW.replace("Jan Test", "Jan van der Berg"), encoding="utf-8")
    [trial] = tried(path)
    assert trial.rows()[0]["patient_name"] == "Jan van der Berg"
    assert replace(trial, initials=True).rows()[0]["patient_name"] == "J. v. d. B."


def test_a_column_that_may_say_that_appointments_are_cancelled_is_asked(tmp_path: Path) -> None:
    header = "Afspraaknr;Patiëntnr;start;status;Geannuleerd op\n"
    rows = "1;2;2026-11-24 10:30;gepland;\n2;3;2026-11-24 10:40;gepland;23-11-2026\n"
    [ask] = found(tmp_path, header + rows).asks
    assert ask.startswith("Geannuleerd op has something in 1 of 2 rows: does it say that they are cancelled?")
    assert list(found(tmp_path, header + rows.replace("23-11-2026", "")).asks) == []


def test_another_column_with_more_mobile_numbers_is_asked(tmp_path: Path) -> None:
    header = "Patiëntnr;Telefoon;Tel 2\n"
    [ask] = found(tmp_path, header + "1;020-7654321;0612345671\n2;0612345672;0612345673\n").asks
    assert ask.startswith("Tel 2 has 2 mobile numbers, Telefoon has 1: if they are the patient's own, write phone")
    assert list(found(tmp_path, header + "1;0612345671;\n").asks) == []


def test_of_several_consents_that_for_sms_is_proposed(tmp_path: Path) -> None:
    content = "Patiëntnr;Akkoord;Akkoord e-mail;Akkoord SMS\n1;ja;ja;nee\n"
    assert lines(found(tmp_path, content).columns)["consent"] == "Akkoord SMS"


NAMES = st.sampled_from(
    [
        *("Afspraaknr", "Patiëntnr", "patient_id", "Datum", "Tijd", "start", "Eind", "Status", "Naam", "Mobiel", "id"),
        *("Akkoord", "Geannuleerd", "No-show", "a+b", 'a"b', "c\\d", "x\x01y", "é\u2028", "", " ", "BSN", "name", "at"),
    ]
)
CELLS = st.sampled_from(
    [
        *("", "1", "A1", "24-11-2026", "03-04-2026", "10:30", "2026-11-24 10:30", "24-11-2026 10:30", "Gepland", "ja"),
        *("n", "y", "Jan", "0612345671", "111222333", "Wachtlijst", "x" * 300, "\x00", '"', "46350.4375"),
    ]
)


BEGINNINGS = {
    "": [],
    "Afspraaknr;Patiëntnr;start": ["A1;7;24-11-2026 10:30", "A2;8;03-04-2026 9:30", "A3;9;2026-11-24 10:30", ";;"],
    "Patiëntnr;Naam;Akkoord": ["1;Jan;ja", "2;Piet;Z", "3;Kees;"],
}


@settings(max_examples=50)
@given(data=st.data(), beginning=st.sampled_from(list(BEGINNINGS)), names=st.lists(NAMES, max_size=5))
def test_of_any_table_the_trial_ends_and_its_block_reads_as_it_did(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, beginning: str, names: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = folder / "agenda.csv"
    begun = st.sampled_from(BEGINNINGS[beginning]).map(lambda row: row.split(";")) if beginning else st.just([])
    row = st.builds(list.__add__, begun, st.lists(CELLS, min_size=len(names), max_size=len(names)))
    with path.open("w", encoding="utf-8", newline="") as file:
        header = [*filter(None, beginning.split(";")), *names]
        csv.writer(file, delimiter=";").writerows([header, *data.draw(st.lists(row, max_size=4))])
    try:
        [trial] = tried(path)
    except InputFileError:
        return
    assert source_of(trial, folder).kind == trial.found.kind
    if trial.found.layout and not trial.found.asks:
        assert read_by_block(trial, folder) == list(read_file(path, trial.found.kind, trial.found.layout))


@pytest.mark.parametrize(
    ("header", "cells", "shares"),
    [
        ("Vestiging", ["Utrecht", "Houten", "Utrecht"], {"Utrecht": 2, "Houten": 1}),
        ("Locatie", ["Utrecht", "Houten", "Utrecht"], {"Utrecht": 2, "Houten": 1}),
        ("Vestiging", ["Utrecht", "Utrecht", "Utrecht"], {}),  # all of one
        ("Opmerking", ["Utrecht", "Houten", "Utrecht"], {}),
        ("Vestiging", [f"Weg {number}" for number in range(15)], {}),  # addresses
    ],
)
def test_a_column_that_may_tell_whose_each_row_is_is_named(
    tmp_path: Path, header: str, cells: list[str], shares: dict[str, int]
) -> None:
    rows = "".join(f"A{number};1;2026-11-24 10:30;{cell}\n" for number, cell in enumerate(cells))
    this = found(tmp_path, f"appointment_id;patient_id;start;{header}\n{rows}")
    assert (this.share_column, dict(this.shares)) == (header if shares else "", shares)


@pytest.mark.parametrize(
    ("start", "end"), [("Begindatum en -tijd", "Einddatum en -tijd"), ("start_time", "end_time"), ("Begin", "Einde")]
)
def test_times_under_a_usual_name_make_an_agenda(tmp_path: Path, start: str, end: str) -> None:
    rows = "".join(f"{n};{100 + n};Jan Test;06-1234567{n};24-11-2026 1{n}:00;24-11-2026 1{n}:20\n" for n in range(3))
    this = found(tmp_path, f"Afspraak ID;Patiëntnummer;Patiënt;Mobiel;{start};{end}\n{rows}")
    assert (this.kind, list(this.asks)) == (APPOINTMENTS, [])
    assert (lines(this.columns)["start"], lines(this.columns)["end"]) == (start, end)


def test_a_list_of_patients_with_times_is_asked_about(tmp_path: Path) -> None:
    rows = "".join(f"{100 + n};Jan Test;06-1234567{n};24-11-2026 1{n}:00;1-2-1970\n" for n in range(3))
    content = f"Patiëntnummer;Naam;Mobiel;Komt op;Geb.datum\n{rows}"
    ask = "Komt op has times: if the rows are appointments, try it with --kind appointments --map start=COLUMN"
    assert [ask] == list(found(tmp_path, content).asks)
    assert list(found(tmp_path, content, PATIENTS).asks) == []
    assert list(found(tmp_path, content.replace("Komt op", "Gewijzigd op")).asks) == []


@pytest.mark.parametrize(
    ("header", "cells", "times"),
    [
        ("Overleden", ["Nee", "Ja", ""], 1),
        ("Datum overlijden", ["", "", "3-11-2026"], 1),
        ("Overleden", ["nee", "nee", "nee"], 0),
        ("Opmerking", ["", "overleden", ""], 0),
    ],
)
def test_a_column_that_tells_who_has_died_is_asked_about(
    tmp_path: Path, header: str, cells: list[str], times: int
) -> None:
    rows = "".join(f"{100 + n};Jan Test;06-1234567{n};ja;{cell}\n" for n, cell in enumerate(cells))
    this = found(tmp_path, f"Patiëntnummer;Naam;Mobiel;Akkoord sms;{header}\n{rows}")
    told = f"{header} says of {times} rows that the patient has died, and nothing reads it: "
    assert [ask[: len(told)] for ask in this.asks] == ([told] if times else [])
