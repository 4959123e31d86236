"""A table of several practices: each reads its own rows, and rows of nobody are counted."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.errors import InputFileError, UsageError
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import LeftOut, Reading, RowError, Share, Trouble
from tests.importers.tables import APPOINTMENTS, layout, line_of

UTRECHT = Share("Locatie", frozenset({"utrecht", "utrecht oost"}), frozenset({"zeist"}))
HEADER = "Locatie;appointment_id;patient_id;start\n"


def read(folder: Path, content: str, share: Share = UTRECHT, name: str = "agenda.csv") -> Reading:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return read_file(path, APPOINTMENTS, replace(layout(), share=share))


def row(place: str, number: int) -> str:
    return f"{place};A{number};P{number};2026-11-24 10:3{number}\n"


def test_a_practice_reads_its_own_rows_whatever_the_letters_and_blanks(tmp_path: Path) -> None:
    places = ["Utrecht", "Zeist", "UTRECHT ", "Utrecht  Oost", "zeist"]
    reading = read(tmp_path, HEADER + "".join(map(row, places, range(1, 6))))
    assert [line_of(record) for record in reading] == [2, 4, 5]
    assert reading.strangers == {}


def test_rows_of_no_practice_are_counted_by_their_text(tmp_path: Path) -> None:
    places = ["Utrecht", "Houten", "", "Houten", "houten"]
    content = HEADER + "".join(map(row, places, range(1, 6)))
    assert len(list(read(tmp_path, content))) == 1
    reading = read(tmp_path, content, replace(UTRECHT, complete=True))
    _, doubt = reading
    assert reading.strangers == {"Houten": 2, "": 1, "houten": 1}
    reason = "4 of its rows are of no practice that is known, so they may be of this one"
    assert doubt == RowError("the end of the file", "Locatie", reason, trouble=Trouble.PARTIAL)


@settings(max_examples=50)
@given(places=st.lists(st.sampled_from(["Utrecht", "utrecht oost", "Zeist ", "Houten", "", "De Bilt"]), max_size=9))
def test_each_row_is_read_for_one_practice_or_counted_as_nobody_s(
    tmp_path_factory: pytest.TempPathFactory, places: list[str]
) -> None:
    content = HEADER + "".join(f"{place};A{number};P1;2026-11-24 10:30\n" for number, place in enumerate(places))
    zeist = Share("Locatie", UTRECHT.others, UTRECHT.texts)
    lines, strangers = [], []
    for share in (UTRECHT, zeist):
        reading = read(tmp_path_factory.getbasetemp(), content, share)
        lines += [line_of(record) for record in reading]
        strangers.append(sum(reading.strangers.values()))
    assert len(set(lines)) == len(lines)
    assert strangers == [len(places) - len(lines)] * 2


def test_a_line_that_is_no_record_is_no_stranger(tmp_path: Path) -> None:
    reading = read(tmp_path, f"{HEADER}{row('Utrecht', 1)}Totaal;1;;\nHouten;;;\n")
    assert len(list(reading)) == 1
    assert reading.strangers == {}


def test_a_row_that_can_not_be_cut_into_cells_may_be_of_each_practice(tmp_path: Path) -> None:
    content = f'{HEADER}Zeist;A1;P1\n"Zeist;A2;P2;2026-11-24 10:30\n{row("Utrecht", 3)}'
    for share in (UTRECHT, Share("Locatie", frozenset({"zeist"}), UTRECHT.texts)):
        bad = [record for record in read(tmp_path, content, share) if isinstance(record, RowError)]
        assert [line_of(error) for error in bad] == [2, 3]


def test_a_file_without_the_column_is_refused(tmp_path: Path) -> None:
    reason = r'no column "Lokatie", which tells whose each row is: did you mean "Locatie"\?'
    with pytest.raises(InputFileError, match=reason):
        read(tmp_path, HEADER + row("Utrecht", 1), replace(UTRECHT, column="Lokatie"))


def test_what_is_no_table_has_no_such_column(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="only a table has a column that tells whose each row is"):
        read(tmp_path, "BEGIN:VCALENDAR\nEND:VCALENDAR\n", name="agenda.ics")


def test_what_stands_above_the_header_is_left_out_of_each_share(tmp_path: Path) -> None:
    reading = read(tmp_path, f"Agenda;;;\n{HEADER}{row('Utrecht', 1)}")
    assert len(list(reading)) == 1
    assert reading.left_out[LeftOut.ABOVE] == 1
