"""A source of complete files over three nights: what is missing is told in each place, and a person has their word."""

import pytest

from tests.cli.running import Program
from tests.cli.test_import_sources import AGENDA, export

NIGHTS = [f"2026-11-{day}T03:00:00+01:00" for day in (22, 23, 24)]
EXPORTED = [night.replace("T03", "T02") for night in NIGHTS]
MONDAY = "2026-11-23T09:00:00+01:00"
LACKED = "agenda.csv, imported on 2026-11-23, doesn't have it"


def row(number: int) -> str:
    return f"A{number};100{number};J. Vries;2026-11-24;10:3{number};gepland;Utrecht\n"


@pytest.fixture
def program(two: Program) -> Program:
    """A practice whose agenda lacked A2 and A5 on its second night."""
    two.configure(AGENDA + 'complete = "14d"\n')
    two.config.chmod(0o600)
    for night, exported, rows in zip(NIGHTS, EXPORTED, [[1, 2, 3, 5], [1, 3]], strict=False):
        export(two, *map(row, rows), at=exported)
        two.at(night).does("--quiet import --all")
    return two


def test_what_is_missing_is_told_everywhere_and_cancelled_by_the_next_file(program: Program) -> None:
    explained = program.at(MONDAY)("notifications explain A2 --practice linde").out
    assert f"doesn't have the appointment ({LACKED}). What to do: nothing if it is cancelled in the" in explained
    assert "run `smsreminders appointment confirm A2 --practice linde`" in explained
    dispatched = program.at(MONDAY)("dispatch --dry-run --practice linde --json").json
    assert [a["reason"] for a in dispatched["appointments"] if a["appointment"] == "A2"] == ["missing"]
    assert program.at(MONDAY)("check --practice linde --json").json["missing"] == 2
    assert program("appointment show A2 --practice linde --json").json["missing"] == LACKED
    program.does("appointment confirm A5 --practice linde")
    export(program, row(1), row(3), row(4), at=EXPORTED[2])
    ended = program.at(NIGHTS[2])("import --all")
    assert "1 cancelled" in ended.out
    assert ended.said == ["Note: agenda.csv is complete and lacks these, which were cancelled: A2."]
    shown = [program(f"appointment show {id_} --practice linde --json").json for id_ in ("A2", "A5")]
    assert [each["status"] for each in shown] == ["cancelled", "booked"]
