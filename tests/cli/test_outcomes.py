"""Outcomes: what became of appointments is kept and never texts anybody; what has begun is never bad for its words."""

import json

import pytest

from tests.cli.running import Program
from tests.cli.test_believed import imports, write

SUNDAY = "2026-11-22T02:00:00+01:00"
TUESDAY = "2026-11-24T20:00:00+01:00"
A1 = "A1,P1,2026-11-24 10:30,{status},Jan Test,0612345671,ja"
A2 = "A2,P2,2026-11-26 11:30,{status},Piet Test,0622345671,ja"


@pytest.fixture
def booked(linde: Program) -> Program:
    """Two appointments that are booked, on the 24th and the 26th."""
    write(linde, "before.csv", A1.format(status="gepland"), A2.format(status="gepland"))
    assert imports(linde, "before.csv", at=SUNDAY) == {"read": 2, "added": 2}
    return linde.at(TUESDAY)


def told(program: Program, appointment: str) -> tuple[str, str | None, int]:
    shown = program(f"appointment show {appointment} --json").json
    return shown["status"], shown["outcome"], shown["revision"]


@pytest.mark.parametrize(
    ("status", "outcome"), [("afgerond", "attended"), ("Niet verschenen", "no-show"), ("NVZB", "no-show")]
)
def test_an_outcome_is_kept_and_changes_nothing_that_a_patient_must_know(
    booked: Program, status: str, outcome: str
) -> None:
    write(booked, "after.csv", A1.format(status=status), A2.format(status="gepland"))
    assert imports(booked, "after.csv", at=TUESDAY) == {"read": 2, "changed": 1, "unchanged": 1}
    assert told(booked, "A1") == ("booked", outcome, 1)
    assert imports(booked, "after.csv", at=TUESDAY) == {"read": 2, "unchanged": 2}


def test_an_outcome_of_a_cancelled_appointment_books_nothing_again(booked: Program) -> None:
    booked.does("appointment cancel A1")
    write(booked, "after.csv", A1.format(status="no-show"), A2.format(status="gepland"))
    imports(booked, "after.csv", at=TUESDAY)
    assert told(booked, "A1") == ("cancelled", "no-show", 1)


def test_a_new_appointment_may_come_with_its_outcome(booked: Program) -> None:
    write(booked, "after.csv", A1.replace("A1", "A9").format(status="voltooid"))
    assert imports(booked, "after.csv", at=TUESDAY) == {"read": 1, "added": 1}
    assert told(booked, "A9") == ("booked", "attended", 1)


def test_an_outcome_of_what_is_still_to_come_is_unclear(booked: Program) -> None:
    write(booked, "after.csv", A2.format(status="niet verschenen"), A2.replace("A2", "A3").format(status="gepland"))
    assert imports(booked, "after.csv", at=TUESDAY) == {"read": 2, "added": 1, "unclear": 1}
    assert told(booked, "A2") == ("booked", None, 1)


def test_a_move_takes_the_outcome_of_the_old_start_away(booked: Program) -> None:
    write(booked, "after.csv", A1.format(status="no-show"))
    imports(booked, "after.csv", at=TUESDAY)
    write(booked, "moved.csv", A1.replace("24 10:30", "27 10:30").format(status="gepland"))
    imports(booked, "moved.csv", at=TUESDAY)
    assert told(booked, "A1") == ("booked", None, 2)


def test_what_has_begun_is_never_bad_for_a_word_and_counts_in_no_share(booked: Program) -> None:
    past = [A1.replace("A1", f"B{n}").format(status="zzgedeclareerd") for n in range(8)]
    write(booked, "after.csv", *past, A2.format(status="gepland"))
    assert imports(booked, "after.csv", at=TUESDAY) == {"read": 9, "added": 8, "unchanged": 1}
    bad = [f"C{n},,2026-11-2{n} 10:30,gepland,Jan Test,0612345671,ja" for n in range(4)]
    write(booked, "bad.csv", *bad, A2.format(status="gepland"))
    ended = booked("import bad.csv --kind appointments --json")
    assert (ended.code, ended.json["unclear"]) == (3, 4)


def test_half_of_what_is_to_come_is_too_much_however_much_has_been(booked: Program) -> None:
    past = [A1.replace("A1", f"B{n}").format(status="afgerond") for n in range(8)]
    to_come = [A2.replace("A2", f"C{n}").format(status="zzwachten") for n in range(2)]
    write(booked, "after.csv", *past, *to_come, A2.format(status="gepland"))
    ended = booked("import after.csv --kind appointments")
    assert ended.code == 65
    assert "2 of 3 rows are bad" in ended.err


def test_each_unknown_word_is_told_once_with_its_count_and_the_setting_to_add(booked: Program) -> None:
    words = ["zzwachten", "zzoptie", "zzwachten"]
    rows = [A2.replace("A2", f"C{n}").format(status=word) for n, word in enumerate(words)]
    good = [A2.replace("A2", f"D{n}").format(status="gepland") for n in range(4)]
    write(booked, "after.csv", *rows, *good)
    said = booked("import after.csv --kind appointments").said
    known = "is no status that is known: say what it means, as in --word"
    assert [line.removeprefix("smsreminders: after.csv, ") for line in said if "is no status" in line] == [
        f'2 rows (line 2, line 4), status: "zzwachten" {known} "status:zzwachten=cancelled"',
        f'line 3, status: "zzoptie" {known} "status:zzoptie=cancelled"',
    ]


def test_a_word_of_the_files_own_may_mean_an_outcome(booked: Program) -> None:
    write(booked, "after.csv", A1.format(status="wegebleven"))
    options = "--kind appointments --word status:wegebleven=no-show"
    assert imports(booked, "after.csv", options, at=TUESDAY) == {"read": 1, "changed": 1}
    assert told(booked, "A1") == ("booked", "no-show", 1)


def test_the_desk_keeps_an_outcome_once_an_appointment_has_started(booked: Program) -> None:
    kept = booked("appointment outcome A1 no-show")
    assert kept.said == ["Kept as no-show: appointment A1 of patient P1 (Jan Test): 2026-11-24 10:30."]
    assert booked("appointment outcome A1 attended").said == [
        "Kept as attended: appointment A1 of patient P1 (Jan Test): 2026-11-24 10:30."
    ]
    assert told(booked, "A1") == ("booked", "attended", 1)
    refused = booked("appointment outcome A2 attended")
    assert (refused.code, "is still to come" in refused.err) == (2, True)
    assert booked("appointment outcome A1 perhaps").code == 2
    assert booked("appointment outcome A7 attended").code == 2


def test_a_dry_run_shows_the_outcome(booked: Program) -> None:
    write(booked, "after.csv", A1.format(status="afgerond"))
    ended = booked("import after.csv --kind appointments --dry-run --json")
    assert [(record["status"], record["outcome"]) for record in map(json.loads, ended.lines)] == [
        ("booked", "attended")
    ]


def test_an_id_that_lost_its_zeros_is_told_with_the_one_that_it_may_be(linde: Program) -> None:
    write(linde, "patients.csv", "007,Jan Test", header="patient_id,name")
    imports(linde, "patients.csv", "--kind patients")
    rows = ["A1,7,2026-11-26 11:30", "A2,007,2026-11-26 11:45", "A3,007,2026-11-26 12:00"]
    write(linde, "agenda.csv", *rows, header="appointment_id,patient_id,start")
    told = linde.at(TUESDAY)("import agenda.csv --kind appointments")
    assert told.code == 3
    assert 'there is no patient "7", and the row has no name to add one; there is "007": a spreadsheet may' in told.err


def test_a_file_that_lost_its_patients_is_refused(linde: Program) -> None:
    rows = [f"A{n},P{n},2026-11-26 11:30,gepland,Piet Test,0622345671,ja" for n in range(12)]
    write(linde, "before.csv", *rows)
    imports(linde, "before.csv", at=SUNDAY)
    write(linde, "blocks.csv", *(row.replace(f",P{n},", ",,") for n, row in enumerate(rows)))
    ended = linde.at(TUESDAY)("import blocks.csv --kind appointments")
    assert ended.code == 65
    assert "patient_id empty in most rows" in ended.err
