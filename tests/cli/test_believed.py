"""What is believed of files as programs make them: the cases that once texted the wrong people, and their kin."""

import shutil
from pathlib import Path

import pytest

from tests.cli.running import Program

CASES = Path(__file__).parents[1] / "data" / "cases"
SUNDAY = "2026-11-22T02:00:00+01:00"
NIGHT = "2026-11-23T02:00:00+01:00"
MONDAY = "2026-11-23T09:00:00+01:00"
HEADER = "appointment_id,patient_id,start,status,patient_name,phone,consent"
THREE_NAMES = (
    "--map appointment_id=Nr --map start=Datum+Tijd --map patient_id=PatNr --map phone=Mobiel"
    " --map patient_name=Voornaam+Tussenvoegsel+Achternaam --time-format '%d-%m-%Y %H:%M'"
)


@pytest.fixture
def before(linde: Program) -> Program:
    """The practice after the import of the night before: A1 to A3 are booked, with consent."""
    for case in CASES.glob("*.csv"):
        shutil.copy(case, linde.home)
    linde.at(SUNDAY).does("import base.csv --kind appointments")
    return linde


def imports(program: Program, name: str, options: str = "--kind appointments", at: str = NIGHT) -> dict[str, int]:
    """Import a file that may have something to tell; the counts that aren't 0."""
    ended = program.at(at)(f"import {name} {options} --json")
    assert ended.code in {0, 3}, ended
    return {word: count for word, count in ended.json.items() if count}


def decided(program: Program, at: str = MONDAY) -> dict[str, str]:
    """What a round would do: for each appointment `send`, or the reason of its skip."""
    appointments = program.at(at)("dispatch --dry-run --json").json["appointments"]
    return {appointment["appointment"]: appointment["reason"] or appointment["outcome"] for appointment in appointments}


def write(program: Program, name: str, *rows: str, header: str = HEADER) -> str:
    (program.home / name).write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return name


A1 = "A1,P1,2026-11-24 10:30,{status},Jan Test,0612345671,{consent}"
OTHERS = (
    "A2,P2,2026-11-24 11:30,gepland,Piet Test,0622345671,ja",
    "A3,P3,2026-11-24 11:45,gepland,Kees Test,0622345672,ja",
)


def test_a_status_that_goes_on_with_who_did_it_is_cancelled(before: Program) -> None:
    assert imports(before, "F1a-status-word.csv") == {"read": 3, "cancelled": 1, "unchanged": 2}
    assert decided(before) == {"A1": "cancelled", "A2": "send", "A3": "send"}


def test_a_status_that_is_not_known_holds_the_appointment_and_says_why(before: Program) -> None:
    write(before, "new.csv", A1.format(status="Wachtkamer", consent="ja"), *OTHERS)
    ended = before.at(NIGHT)("import new.csv --kind appointments --json")
    assert (ended.code, ended.json["unclear"], ended.json["rejected"]) == (3, 1, 0)
    assert decided(before) == {"A1": "unclear", "A2": "send", "A3": "send"}
    shown = before.at(MONDAY)("notifications explain A1")
    assert "unclear" in shown.out
    assert "new.csv, line 2, status: is no status that is known" in shown.out
    assert "new.csv, line 2" in before("appointment show A1").out
    assert imports(before, "new.csv") == {"read": 3, "unchanged": 2, "unclear": 1}


@pytest.mark.parametrize("word", ["N", "nee", "0", "onwaar", "bezwaar", "ingetrokken", "Nee, per telefoon"])
def test_a_consent_that_is_taken_back_in_whatever_word_is_withdrawn(before: Program, word: str) -> None:
    write(before, "new.csv", A1.format(status="gepland", consent=f'"{word}"'), *OTHERS)
    assert imports(before, "new.csv") == {"read": 3, "unchanged": 3, "consents_changed": 1}
    assert decided(before)["A1"] == "consent-withdrawn"


def test_the_case_of_a_consent_word(before: Program) -> None:
    imports(before, "F1c-consent-word.csv")
    assert decided(before) == {"A1": "consent-withdrawn", "A2": "send", "A3": "send"}


@pytest.mark.parametrize(("status", "start"), [("Wachtkamer", "2026-11-24 10:30"), ("gepland", "morgen"), ("x", "")])
def test_a_withdrawal_counts_though_another_cell_is_bad(before: Program, status: str, start: str) -> None:
    write(before, "new.csv", f"A1,P1,{start},{status},Jan Test,0612345671,nee", *OTHERS)
    imports(before, "new.csv")
    assert before("patient show P1 --json").json["consent"] == "withdrawn"


@pytest.mark.parametrize(
    "start", ["morgen", "24-11-2026 10:30", "", "2026-11-24", "2026-11-24 00:00", "2062-11-24 10:30"]
)
def test_a_cancellation_counts_though_the_start_is_bad(before: Program, start: str) -> None:
    write(before, "new.csv", f"A1,P1,{start},geannuleerd,Jan Test,0612345671,ja", *OTHERS)
    imports(before, "new.csv")
    assert decided(before)["A1"] == "cancelled"


@pytest.mark.parametrize(
    "start", ["morgen", "26-11-2026 10:30", "", "2026-11-26", "2026-11-26 00:00", "2062-11-26 10:30"]
)
def test_a_move_that_can_not_be_read_holds_the_appointment(before: Program, start: str) -> None:
    write(before, "new.csv", f"A1,P1,{start},gepland,Jan Test,0612345671,ja", *OTHERS)
    assert imports(before, "new.csv")["unclear"] == 1
    assert decided(before)["A1"] == "unclear"


def test_a_withdrawal_with_a_date_that_can_not_be_read_counts_and_is_told(before: Program) -> None:
    ended = before.at(NIGHT)("import F1d-consents-bad-date.csv --kind consents --json")
    assert (ended.code, ended.json["unclear"], ended.json["added"]) == (3, 1, 2)
    assert "line 2, at" in ended.err
    assert decided(before) == {"A1": "consent-withdrawn", "A2": "send", "A3": "send"}


def test_a_yes_with_a_date_that_can_not_be_read_is_unclear(before: Program) -> None:
    rows = ["P1,ja,22-11-2026 17:00", "P2,ja,2026-11-20 10:00", "P3,ja,2026-11-20 10:00"]
    write(before, "new.csv", *rows, header="patient_id,consent,at")
    imports(before, "new.csv", "--kind consents")
    assert decided(before) == {"A1": "unclear", "A2": "send", "A3": "send"}
    before.at(MONDAY).does("consent give P1 --how phone")
    assert decided(before)["A1"] == "send"
    imports(before, "new.csv", "--kind consents", at=MONDAY)
    assert decided(before)["A1"] == "send"


def test_a_line_break_in_a_place_is_a_space_and_the_move_is_kept(before: Program) -> None:
    assert imports(before, "F1f-moved-bad-location.csv") == {"read": 3, "changed": 1, "unchanged": 2}
    shown = before("appointment show A1 --json").json
    assert (shown["starts_at"], shown["location"]) == ("2026-11-26T10:30:00+01:00", "Dorpsstraat 1 Utrecht")
    assert decided(before) == {"A2": "send", "A3": "send"}


def test_a_file_that_lost_its_column_of_statuses_is_refused_and_told_until_a_good_one_came(before: Program) -> None:
    imports(before, "F2-cancelled.csv")
    refused = before.at(NIGHT)("import F2a-status-column-renamed.csv --kind appointments")
    assert refused.code == 65
    assert 'no column status any more, which the files of "by hand" had' in refused.said[-1]
    assert decided(before) == {"A1": "cancelled", "A2": "send", "A3": "send"}
    for command in ("dispatch --dry-run", "check"):
        ended = before.at(MONDAY)(command)
        assert (ended.out + ended.err).count("F2a-status-column-renamed.csv: no column status any more") == 1
    assert "F2a-status-column-renamed.csv" in before.at(MONDAY)("doctor").out
    imports(before, "F2a-status-column-renamed.csv", "--kind appointments --map status=Afspraakstatus")
    assert decided(before) == {"A1": "cancelled", "A2": "send", "A3": "send"}
    assert "no column" not in before.at(MONDAY)("dispatch --dry-run").err


def test_another_source_that_goes_over_what_the_desk_cancelled_and_moved_says_so(before: Program) -> None:
    before.at(SUNDAY).does("appointment cancel A1")
    before.at(SUNDAY).does("appointment move A3 --start '2026-11-24 15:00'")
    ended = before.at(NIGHT)("import base.csv --kind appointments --source nightly")
    note = "Note: base.csv goes over what was changed here since its last import: A1 (status), A3 (start)."
    assert note in ended.said
    explained = before.at(MONDAY)("notifications explain A1 --json").json
    assert (explained["now"], explained["unclear"]) == (
        "unclear",
        "it was cancelled here, and a source that never told its status says that it is booked",
    )


def test_a_refused_file_is_told_too_where_its_agenda_is_too_old_for_a_round(before: Program) -> None:
    before.at(NIGHT)("import F2a-status-column-renamed.csv --kind appointments")
    ended = before.at("2026-12-28T09:00:00+01:00")("dispatch")
    assert (ended.code, "has brought nothing new since" in ended.err) == (78, True)
    assert ended.err.count("F2a-status-column-renamed.csv: no column status any more") == 1


def test_a_file_that_lost_its_column_of_consents_is_refused_unless_somebody_is_sure(before: Program) -> None:
    imports(before, "F3-usual-day.csv", "--kind appointments --source export")
    refused = before.at(NIGHT)("import F3-consent-column-renamed.csv --kind appointments --source export")
    assert (refused.code, "no column consent any more" in refused.err) == (65, True)
    sure = imports(before, "F3-consent-column-renamed.csv", "--kind appointments --source export --sure")
    assert sure["added"] == 30


def test_a_column_that_is_suddenly_empty_refuses_the_file(before: Program) -> None:
    rows = [f"B{n},Q{n},2026-11-24 10:{n:02},gepland,Test {n},06223456{n:02},{{}}" for n in range(10, 30)]
    write(before, "full.csv", *(row.format("ja") for row in rows))
    write(before, "empty.csv", *(row.format("" if n < 11 else "ja") for n, row in enumerate(rows)))
    write(before, "half.csv", *(row.format("" if n < 10 else "ja") for n, row in enumerate(rows)))
    imports(before, "full.csv", "--kind appointments --sure")  # all of them of patients that nobody knows
    refused = before.at(NIGHT)("import empty.csv --kind appointments")
    assert (refused.code, "consent empty in most rows" in refused.err) == (65, True)
    assert imports(before, "half.csv")["unchanged"] == 20


def test_a_column_of_flags_is_read_with_the_meanings_of_its_words(linde: Program) -> None:
    shutil.copy(CASES / "F5-flag-column.csv", linde.home)
    mapped = {
        "appointment_id": "Afspraak_ID",
        "patient_id": "Client_ID",
        "patient_name": "Client_naam",
        "phone": "Telefoon",
        "consent": "Akkoord",
        "start": "Datum+Starttijd",
        "status": "Soort+Tijdig_afgezegd",
    }
    options = " ".join(f"--map {field}={column}" for field, column in mapped.items())
    words = "--word 'status:sessie n=booked' --word 'status:Sessie y=cancelled' --word 'status:Blok n=ignore'"
    result = imports(
        linde, "F5-flag-column.csv", f"--kind appointments {options} {words} --time-format '%d-%m-%Y %H:%M'"
    )
    assert result == {"read": 3, "added": 2, "ignored": 1}
    assert decided(linde) == {"A0": "send", "A1": "cancelled"}


@pytest.mark.parametrize(
    ("case", "added", "options"),
    [
        ("F8-long-id.csv", 2, ""),
        ("F9-mssql-times.csv", 2, ""),
        (
            "F15-three-name-columns.csv",
            1,
            THREE_NAMES,
        ),
        ("F16-sep-line.csv", 1, ""),
    ],
)
def test_files_as_programs_make_them_are_read(linde: Program, case: str, added: int, options: str) -> None:
    shutil.copy(CASES / case, linde.home)
    assert imports(linde, case, f"--kind appointments {options}") == {"read": added, "added": added}


def test_lines_above_the_header_are_ignored_and_counted(linde: Program) -> None:
    shutil.copy(CASES / "F16-title-rows.csv", linde.home)
    assert imports(linde, "F16-title-rows.csv", "--kind appointments") == {"read": 3, "added": 1, "ignored": 2}


def test_a_name_of_three_columns_is_one(linde: Program) -> None:
    test_files_as_programs_make_them_are_read(
        linde,
        "F15-three-name-columns.csv",
        1,
        THREE_NAMES,
    )
    assert linde("patient show 7 --json").json["name"] == "Jan van der Berg"


def test_letters_of_an_old_mac_are_never_read_as_others(linde: Program) -> None:
    shutil.copy(CASES / "F11-mac-excel.csv", linde.home)
    ended = linde("import F11-mac-excel.csv --kind appointments")
    assert (ended.code, [patient["name"] for patient in linde("patient list --json").json]) == (0, ["Zoë Müller"])


# What the desk said stands


def test_the_same_file_undoes_nothing_of_what_the_desk_changed(before: Program) -> None:
    desk = before.at("2026-11-22T10:00:00+01:00")
    desk.does("appointment cancel A1")
    desk.does("appointment move A2 --start '2026-11-24 15:00'")
    desk.does("patient edit P3 --phone 06-22345699")
    assert imports(before, "base.csv") == {"read": 3, "unchanged": 3}
    assert decided(before) == {"A1": "cancelled", "A2": "send", "A3": "send"}
    assert before("appointment show A2 --json").json["starts_at"] == "2026-11-24T15:00:00+01:00"
    assert before("patient show P3 --json --show-numbers").json["phone"].endswith("99")


def test_news_goes_over_what_the_desk_changed_and_says_so(before: Program) -> None:
    before.at("2026-11-22T10:00:00+01:00").does("appointment move A1 --start '2026-11-24 15:00'")
    write(before, "new.csv", "A1,P1,2026-11-24 16:00,gepland,Jan Test,0612345671,ja", *OTHERS)
    ended = before.at(NIGHT)("import new.csv --kind appointments")
    assert "Note: new.csv goes over what was changed here since its last import: A1 (start)." in ended.said


def test_no_file_without_times_undoes_a_withdrawal_at_the_desk(before: Program) -> None:
    before.at("2026-11-22T10:00:00+01:00").does("consent withdraw P1")
    write(before, "people.csv", "P1,Jan Test,ja", header="patient_id,name,consent")
    write(before, "consents.csv", "P1,ja", header="patient_id,consent")
    write(before, "timed.csv", "P1,ja,2026-11-22 18:00", header="patient_id,consent,at")
    for name, kind in (("people.csv", "patients"), ("consents.csv", "consents")):
        ended = before.at(NIGHT)(f"import {name} --kind {kind}")
        assert "held back" in ended.err
        assert decided(before)["A1"] == "consent-withdrawn"
    imports(before, "base.csv", "--kind appointments --source other")
    assert decided(before)["A1"] == "consent-withdrawn"
    imports(before, "timed.csv", "--kind consents --sure")
    assert decided(before)["A1"] == "send"


def test_a_person_s_word_stands_though_the_same_bad_row_comes_again(before: Program) -> None:
    write(before, "new.csv", A1.format(status="Wachtkamer", consent="ja"), *OTHERS)
    imports(before, "new.csv")
    confirmed = before.at(MONDAY)("appointment confirm A1")
    assert (confirmed.code, decided(before)["A1"]) == (0, "send")
    imports(before, "new.csv", at=MONDAY)
    assert decided(before)["A1"] == "send"
    write(before, "other.csv", A1.format(status="Spreekkamer", consent="ja"), *OTHERS)
    imports(before, "other.csv", at=MONDAY)
    assert decided(before)["A1"] == "unclear"
    imports(before, "base.csv", "--kind appointments --sure", at=MONDAY)
    assert decided(before)["A1"] == "send"


def test_a_missing_status_never_books_again(before: Program) -> None:
    imports(before, "F2-cancelled.csv")
    write(before, "new.csv", A1.format(status="", consent="ja"), *OTHERS)
    imports(before, "new.csv")
    assert decided(before)["A1"] == "cancelled"


def test_of_two_rows_of_one_id_a_no_and_a_cancellation_in_both_count_else_it_is_unclear(before: Program) -> None:
    rows = [
        A1.format(status="geannuleerd", consent="ja"),
        A1.format(status="afgezegd", consent="ja").replace("10:30", "10:45"),
        "A2,P2,2026-11-24 11:30,gepland,Piet Test,0622345671,ja",
        "A2,P2,2026-11-24 12:30,gepland,Piet Test,0622345671,ja",
        "A3,P3,2026-11-24 11:45,gepland,Kees Test,0622345672,ja",
        "A3,P3,2026-11-24 11:45,gepland,Kees Test,0622345672,nee",
        *(f"B{n},P4,2026-11-24 1{n}:00,gepland,Els,0622345673,ja" for n in range(8)),
    ]
    write(before, "new.csv", *rows)
    result = imports(before, "new.csv", "--kind appointments --sure")  # most are of a patient that nobody knows
    assert (result["rejected"], result["added"]) == (6, 8)
    reasons = decided(before)
    assert [reasons[id_] for id_ in ("A1", "A2", "A3")] == ["cancelled", "unclear", "unclear"]
    assert before("patient show P3 --json").json["consent"] == "withdrawn"


def test_what_a_complete_file_cancels_is_named_and_comes_back_with_the_file(before: Program) -> None:
    write(before, "rest.csv", *OTHERS)
    ended = before.at(NIGHT)("import rest.csv --kind appointments --complete 2026-11-23..2026-11-27")
    assert "Note: rest.csv is complete and lacks these, which were cancelled: A1." in ended.said
    assert decided(before)["A1"] == "cancelled"
    imports(before, "base.csv", "--kind appointments --sure")
    assert decided(before)["A1"] == "send"


def test_changed_names_numbers_and_consents_are_counted(before: Program) -> None:
    rows = [
        "A1,P1,2026-11-24 10:30,gepland,Jan Anders,0612345671,ja",
        "A2,P2,2026-11-24 11:30,gepland,Piet Test,0622345679,nee",
        OTHERS[1],
    ]
    write(before, "new.csv", *rows)
    assert imports(before, "new.csv") == {"read": 3, "unchanged": 3, "patients_changed": 2, "consents_changed": 1}


def test_errors_of_one_kind_are_told_together_with_their_likely_cause(before: Program) -> None:
    rows = [f"B{n},P1,{n}-11-2026 10:30,gepland,Jan Test,0612345671,ja" for n in range(20, 28)]
    good = [f"C{n},P1,2026-11-{n} 10:30,gepland,Jan Test,0612345671,ja" for n in range(20, 29)]
    write(before, "new.csv", *rows, *good)
    said = before.at(NIGHT)("import new.csv --kind appointments").said
    assert said[0].startswith(
        "smsreminders: new.csv, 8 rows (line 2, line 3, line 4, line 5, line 6 and 3 more), start: "
    )
    assert '"20-11-2026 10:30", "21-11-2026 10:30", "22-11-2026 10:30" and 5 more' in said[0]
    assert any("--time-format" in line for line in said)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("status", "write FIELD:WORD=MEANING"),
        ("status:x=geboekt", '"geboekt" is no meaning of a status'),
        ("phone:x=y", 'there are no words for "phone"'),
        ("language:Nederlands=brabants", "is no language"),
    ],
)
def test_a_word_without_a_meaning_is_a_usage_error(before: Program, word: str, message: str) -> None:
    ended = before(f"import base.csv --kind appointments --word '{word}'")
    assert (ended.code, message in ended.err) == (2, True)


def test_who_may_have_got_the_id_of_somebody_else_is_told_and_not_texted(before: Program) -> None:
    row = "A1,P1,2026-11-24 10:30,gepland,Wilhelmina Oosterhout,06-12345698,ja"
    (before.home / "reused.csv").write_text(f"{HEADER}\n{row}\n", "utf-8")
    ended = before.at(NIGHT)("import reused.csv --kind appointments")
    assert (ended.code, "isn't texted: P1;" in ended.err) == (3, True)
    assert decided(before)["A1"] == "unclear"
