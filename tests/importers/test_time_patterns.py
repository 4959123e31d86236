"""Time patterns: proved by a day above 12 and by every row, never guessed; a contradiction proves nothing."""

from datetime import datetime
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.importers.time_patterns import PATTERNS, find_pattern
from smsreminders.importers.times import check_time_format

DMY, MDY, YMD = "%d-%m-%Y %H:%M", "%m-%d-%Y %H:%M", "%Y-%m-%d %H:%M"
RIVALS = [
    DMY,
    MDY,
    "%d-%m-%y %H:%M",
    "%m-%d-%y %H:%M",
    "%y-%m-%d %H:%M",
    "%d-%m-%Y %I:%M %p",
    "%d%m%Y %H:%M",
    "%m%d%Y %H:%M",
]
LOCAL = st.datetimes(datetime(2000, 1, 1), datetime(2067, 12, 31))  # noqa: DTZ001 - as a file has them
MOMENTS = LOCAL.map(lambda moment: moment.replace(microsecond=0))


@pytest.mark.parametrize(
    ("cells", "patterns"),
    [
        (["03-04-2026 10:30", "24-11-2026 9:30"], [DMY]),
        (["04-24-2026 10:30", "04-03-2026 10:30"], [MDY]),
        (["03-04-2026 10:30", "", "04-05-2026 11:00"], [DMY, MDY]),  # no day above 12: nobody can know
        (["24-11-2026 10.30"], [DMY]),
        (["24/11/2026 10:30:00"], ["%d/%m/%Y %H:%M:%S"]),
        (["11/24/2026 9:30 AM"], ["%m/%d/%Y %I:%M %p"]),
        (["24.11.2026 10u30", "25.11.2026 9 uur"], ["%d.%m.%Y %H:%M"]),
        (["24-11-2026 9:30 - 10:00", "25-11-2026 9.30 uur"], [DMY]),
        (["24-11-'26 10:30", "3-4-'26 9:30", "31-12-'26 9:30"], ["%d-%m-%y %H:%M"]),
        (["25-nov-26 10:30"], ["%d-%b-%y %H:%M"]),  # with its month by name a day is known
        (["Apr 3, 2026 9:30 AM"], ["%b %d, %Y %I:%M %p"]),
        (["2026/11/03 10:30"], ["%Y/%m/%d %H:%M"]),
        (["24-11-26 10:30"], ["%d-%m-%y %H:%M", "%y-%m-%d %H:%M"]),  # or the 26th of November 2024
        (["20112026 10:30"], ["%d%m%Y %H:%M"]),
        (["di 24 nov 2026 10:30", "ma 3 mei 2027 9u30", "do 1 okt. 2026 9.30 u"], ["%d %b %Y %H:%M"]),
        (["di 03-11-2026 10:30"], [DMY]),  # the weekday tells: the eleventh of March is a Wednesday
        (["Tuesday, 24-11-2026 10:30", "wo. 25-11-2026 10:30"], [DMY]),
        (["ma 24-11-2026 10:30"], []),  # that is a Tuesday
    ],
)
def test_a_pattern_is_one_that_reads_every_time(cells: list[str], patterns: list[str]) -> None:
    written = find_pattern(cells)
    assert list(written.patterns) == patterns
    assert written.proved == (patterns[0] if len(patterns) == 1 else None)
    assert not written.is_iso


@pytest.mark.parametrize("cell", ["2026-11-24 10:30", "2026-11-03T10:30:00Z", "2026-11-24 9:30", "2026-11-24 10.30"])
def test_iso_needs_no_pattern(cell: str) -> None:
    written = find_pattern([cell, "", cell])
    assert (written.is_iso, written.patterns, written.times) == (True, (), 2)


def test_the_time_that_proves_it_is_told() -> None:
    cells = ["03-04-2026 10:30", "04-05-2026 10:30", "24-11-2026 10:30", "25-11-2026 10:30"]
    assert find_pattern(cells).example == "24-11-2026 10:30"
    assert find_pattern(cells[:2]).example == "03-04-2026 10:30"


def test_the_first_time_that_is_written_otherwise_is_told() -> None:
    written = find_pattern(["24-11-2026 10:30", "2026-11-24 10:30", "25-11-2026 10:30"])
    assert (written.proved, written.patterns, written.other, written.times) == (None, (DMY,), "2026-11-24 10:30", 1)


@pytest.mark.parametrize("strange", ["n.t.b.", "25-11-2026", "25-11-2026 24:00", "9:30"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_time_that_nothing_reads_hinders_no_proof(strange: str, at: int) -> None:
    cells = ["24-11-2026 10:30", "25-11-2026 10:30"]
    written = find_pattern([*cells[:at], strange, *cells[at:]])
    assert (written.proved, written.other, written.times) == (DMY, "", 2)


@pytest.mark.parametrize("cells", [["n.t.b."], ["n.t.b.", "24-11-2026 10:30"], ["24-11-2026 10:30", "9:30", "9:30"]])
def test_where_most_times_are_strange_nothing_is_proved(cells: list[str]) -> None:
    written = find_pattern(cells)
    assert (written.proved, written.other in cells, written.is_iso) == (None, True, False)


def test_a_column_of_other_things_is_given_up_early() -> None:
    cells = ["24-11-2026 10:30", *(f"consult {number}" for number in range(10_000))]
    assert find_pattern(cells).other == "consult 200"


def test_no_times_prove_nothing() -> None:
    written = find_pattern(["", ""])
    assert (written.is_iso, written.patterns, written.proved) == (False, (), None)


def test_of_a_spreadsheet_only_texts_need_a_pattern() -> None:
    cells = ["2026-11-24 10:30", "46350.4375", "25-11-2026 10:30"]
    assert find_pattern(cells, spreadsheet=True).proved == DMY
    assert find_pattern(cells[:2], spreadsheet=True).is_iso
    assert find_pattern(cells).proved is None


def test_each_pattern_tells_a_date_with_a_time_of_day() -> None:
    for pattern in PATTERNS:
        check_time_format(pattern)


@settings(max_examples=60)
@given(st.sampled_from(RIVALS), st.lists(MOMENTS, min_size=1, max_size=8))
def test_a_column_of_one_pattern_is_never_proved_to_be_another(pattern: str, moments: list[datetime]) -> None:
    written = find_pattern([moment.strftime(pattern) for moment in moments], patterns=RIVALS)
    assert pattern in written.patterns
    assert written.proved in (None, pattern)


@settings(max_examples=40)
@given(st.sampled_from([(DMY, MDY), (MDY, DMY)]), st.lists(MOMENTS, min_size=2, max_size=5))
def test_rows_that_contradict_each_other_prove_nothing(orders: tuple[str, str], moments: list[datetime]) -> None:
    late = [moment.replace(day=13 + moment.day % 16) for moment in moments]
    cells = [moment.strftime(order) for order, moment in zip(cycle(orders), late * 2, strict=False)]
    assert find_pattern(cells, patterns=RIVALS).proved is None
