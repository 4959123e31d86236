"""A week of nights: what exports and people do wrong costs its own source a night, and is told in the morning."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.running import Program

HEADER = "Afspraaknummer;Patiëntnr;Naam;Datum;Tijd;Status\n"
SOURCES = """\
[[sources]]
name = "linde"
practice = "linde"
path = "~/export/linde*.csv"
complete = "14d"
columns = { start = "Datum+Tijd", status = "Status" }
[[sources]]
name = "eik"
practice = "eik"
path = "~/export/eik.csv"
columns = { start = "Datum+Tijd", status = "Status" }
"""


def agenda(first: int, count: int = 20) -> str:
    """The rows of a practice: five appointments a day from Monday 30 November on."""
    rows = []
    for number in range(first, first + count):
        day = datetime(2026, 11, 30) + timedelta(days=(number - first) // 5)  # noqa: DTZ001  # as an export writes it
        rows.append(f"A{number};P{number};P. Canaria;{day:%Y-%m-%d};1{number % 5}:30;gepland\n")
    return HEADER + "".join(rows)


def export(program: Program, name: str, content: str, at: str) -> Path:
    path = program.home / "export" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    moment = datetime.fromisoformat(f"2026-11-{at}:00+01:00").timestamp()
    os.utime(path, (moment, moment))
    return path


def night(program: Program, at: str) -> dict[str, tuple[str, int]]:
    """What cron's line does then: the outcome and exit code of each source."""
    ended = program.at(f"2026-11-{at}:00+01:00")("import --all --json")
    outcomes = {part["source"]: (part["outcome"], part["exit_code"]) for part in ended.json}
    assert ended.code == max((code for _, code in outcomes.values()), key=[0, 3, 75, 65, 78].index)
    return outcomes


def told(program: Program, at: str) -> list[str]:
    """What the check of the morning says of sources and their files."""
    lines = program.at(f"2026-11-{at}:00+01:00")("check").lines
    return [line for line in lines if "source" in line or "the last file" in line]


@pytest.fixture
def program(two: Program) -> Program:
    two.configure(SOURCES)
    export(two, "linde.csv", agenda(100), "23T02:00")
    export(two, "eik.csv", agenda(500), "23T02:00")
    assert night(two, "23T06:10") == {"linde": ("imported", 0), "eik": ("imported", 0)}
    return two


def test_a_dead_export_does_nothing_and_is_told_after_a_day_and_a_half(program: Program) -> None:
    export(program, "eik.csv", agenda(500), "24T02:00")  # the same rows, written anew
    assert night(program, "24T06:10") == {"linde": ("as-it-was", 0), "eik": ("as-it-was", 0)}
    assert told(program, "24T10:15") == []
    (line,) = told(program, "24T15:15")
    assert line.startswith(
        'the source "linde" doesn\'t come any more: the newest is linde.csv of 2026-11-23 02:00: look'
    )


def test_a_file_that_is_not_whole_at_six_is_imported_at_seven(program: Program) -> None:
    whole = agenda(100, 21)
    export(program, "linde-24.csv", whole[:-20], "24T06:09")
    assert night(program, "24T06:10")["linde"] == ("later", 75)
    export(program, "linde-24.csv", whole, "24T06:11")
    assert night(program, "24T07:10")["linde"] == ("imported", 0)
    assert night(program, "24T08:10") == {"linde": ("as-it-was", 0), "eik": ("as-it-was", 0)}


def test_a_wrong_file_is_refused_and_told_until_a_right_one_comes(program: Program) -> None:
    export(program, "linde.csv", agenda(500), "24T02:00")  # the other practice's
    export(program, "eik.csv", agenda(500, 21), "24T02:00")
    assert night(program, "24T06:10") == {"linde": ("failed", 65), "eik": ("imported", 0)}
    assert told(program, "24T10:15")[0].startswith('the last file of appointments from "linde" of linde was refused on')
    export(program, "linde.csv", agenda(100, 21), "25T02:00")
    assert night(program, "25T06:10")["linde"] == ("imported", 0)
    assert told(program, "25T10:15") == []


def test_a_file_under_another_name_or_in_its_place_a_folder_is_told_at_once(program: Program) -> None:
    (program.home / "export" / "eik.csv").rename(program.home / "export" / "eik-24.csv")
    assert night(program, "24T06:10")["eik"] == ("later", 75)
    assert told(program, "24T10:15")[0].startswith('the source "eik": no file matches')
    (program.home / "export" / "eik.csv").mkdir()
    assert night(program, "24T06:10")["eik"] == ("failed", 78)
    assert "eik.csv is a folder: write which of its files" in told(program, "24T10:15")[0]


def test_a_practice_that_gets_another_code_is_told_and_nothing_of_it_is_lost(program: Program) -> None:
    program.does("practice rename linde lindehof")
    assert night(program, "24T06:10") == {"linde": ("failed", 78), "eik": ("as-it-was", 0)}
    assert 'whose is the source "linde"? there is no practice "linde"' in told(program, "24T10:15")[0]
    program.configure(SOURCES.replace('practice = "linde"', 'practice = "lindehof"'))
    assert night(program, "24T07:10") == {"linde": ("as-it-was", 0), "eik": ("as-it-was", 0)}
