"""CSV of lists: what a spreadsheet would run is guarded wherever it splits, numbers stay numbers, all comes back."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.cli.show.dutch import HEADINGS
from smsreminders.cli.show.sheet import csv_text, dutch_csv_text, guarded
from tests.cli.lists import lists
from tests.cli.running import Program

CASE = Path(__file__).parents[2] / "data" / "cases" / "F7-formula.csv"
SIGNS = ("=", "+", "-", "@", "\t", "\r")
TEXTS = st.text(st.sampled_from('ab =+-@,;\t\r\n"1') | st.characters(codec="utf-8"), max_size=20)


def cells(text: str) -> list[str]:
    """Every cell that a program may make of a CSV: by each separator, with quotes understood and without.

    Who takes a closing quote for an opening one has the end of our row in its cell, which is no sign of the data.
    """
    found = []
    for separator in (",", ";", "\t"):
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)
            found += [cell.lstrip('"').removeprefix("\r\n") for row in rows for cell in row]
    return found


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_no_cell_begins_with_a_formula_sign_wherever_it_is_split(texts: list[str]) -> None:
    row = {str(index): text for index, text in enumerate(texts)}
    for text in (csv_text([row], list(row)), dutch_csv_text([row], list(row))):
        assert [cell for cell in cells(text) if cell.startswith(SIGNS)] == []


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="=+-@\t\r'"), max_size=20), min_size=1))
def test_what_holds_no_sign_comes_back_as_it_was(texts: list[str]) -> None:
    row = {str(index): text for index, text in enumerate(texts)}
    ours = csv_text([row], list(row))
    assert list(csv.reader(io.StringIO(ours, newline="")))[1] == texts or texts == [""]
    dutch = dutch_csv_text([row], list(row)).removeprefix("\ufeff")
    assert list(csv.reader(io.StringIO(dutch, newline=""), delimiter=";"))[1] == texts or texts == [""]


@given(TEXTS)
def test_a_guard_adds_apostrophes_and_nothing_else(text: str) -> None:
    assert guarded(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize(
    ("value", "ours", "dutch"),
    [
        (-5, "-5", "-5"),
        (Decimal("-0.10"), "-0.10", "-0,10"),
        (Decimal("1E+3"), "1000", "1000"),
        (None, "", ""),
        ("-5", "'-5", "'-5"),
        ("Jan;=1+1", "Jan;'=1+1", "Jan;'=1+1"),
        ('Jan;"=1', "Jan;'\"=1", "Jan;'\"=1"),
        ("=1", "'=1", "'=1"),
    ],
)
def test_numbers_stay_numbers_and_text_is_guarded(value: object, ours: str, dutch: str) -> None:
    assert next(csv.reader(csv_text([{"x": value}], ["x"]).splitlines()[1:]), [""]) == ([ours] if ours else [""])
    line = dutch_csv_text([{"x": value}], ["x"]).split("\r\n")[1]
    assert next(csv.reader([line], delimiter=";")) == [dutch]


def test_csv_for_a_dutch_excel_has_its_signs_and_months_that_stay_months() -> None:
    row = {"period": "2026-11", "name": "Zoë; x", "rate": Decimal("0.10")}
    assert dutch_csv_text([row], list(row)) == '\ufeffperiode;naam;tarief\r\n202611;"Zoë; x";0,10\r\n'


@pytest.mark.parametrize("option", ["--csv", "--csv-nl"])
@pytest.mark.parametrize("command", ["patient list", "consent list", "appointment list", "notifications list"])
def test_a_formula_in_a_name_or_an_id_is_run_by_no_spreadsheet(linde: Program, command: str, option: str) -> None:
    linde.does(f"import {CASE} --kind appointments")
    linde.at("2026-11-23T09:00:00+01:00").does("dispatch")
    text = linde.does(f"{command} {option}")
    assert text.count("\n") == 3
    assert [cell for cell in cells(text.removeprefix("\ufeff")) if cell.startswith(SIGNS)] == []


ID_OF = {"consent show": "1001", "rounds show": "1"}


@pytest.mark.parametrize("command", lists())
def test_every_list_has_dutch_headings(agenda: Program, command: str) -> None:
    agenda.does("dispatch")
    words = f"{command} {ID_OF[command]}" if command in ID_OF else command
    ours, dutch = (agenda.does(f"{words} {option}").splitlines()[0] for option in ("--csv", "--csv-nl"))
    assert dutch == "\ufeff" + ";".join(HEADINGS[key] for key in ours.split(","))
