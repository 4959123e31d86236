"""What fits on a line: the weightiest columns, and a text cut after a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from smsreminders.cli.show.fit import GAP, Need, cut, fit, need, padded

NEEDS = st.lists(
    st.tuples(st.integers(0, 99), st.integers(1, 60), st.integers(0, 60)).map(
        lambda three: Need(three[0], three[1] + three[2], three[1])
    )
)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (100, {0: 5, 1: 40, 2: 9}),
        (58, {0: 5, 1: 40, 2: 9}),
        (50, {0: 5, 1: 32, 2: 9}),
        (42, {0: 5, 1: 24, 2: 9}),
        (41, {0: 5, 2: 9}),
        (16, {0: 5, 2: 9}),
        (15, {2: 9}),
        (8, {0: 5}),
        (4, {}),
    ],
)
def test_light_columns_give_way_first_and_a_text_takes_what_room_is_left(width: int, expected: dict[int, int]) -> None:
    assert fit([Need(50, 5, 5), Need(10, 40, 24), Need(90, 9, 9)], width) == expected


@given(NEEDS, st.integers(0, 200))
def test_no_line_is_wider_than_the_terminal(needs: list[Need], width: int) -> None:
    widths = fit(needs, width)
    assert not widths or sum(widths.values()) + GAP * (len(widths) - 1) <= width
    assert [place for place, room in widths.items() if not needs[place].least <= room <= needs[place].full] == []


@given(NEEDS)
def test_a_wide_terminal_shows_all_in_reading_order(needs: list[Need]) -> None:
    width = sum(need.full + GAP for need in needs)
    assert fit(needs, width) == {place: one.full for place, one in enumerate(needs)}
    assert list(fit(needs, width)) == list(range(len(needs)))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("Beste mevrouw Jansen", 20, "Beste mevrouw Jansen"),
        ("Beste mevrouw Jansen", 19, "Beste mevrouw…"),
        ("Beste mevrouw Jansen", 14, "Beste mevrouw…"),
        ("Beste mevrouw Jansen", 13, "Beste…"),
        ("Beste", 4, "…"),
        ("漢字 漢字", 8, "漢字…"),
    ],
)
def test_a_text_is_cut_after_a_word(text: str, width: int, expected: str) -> None:
    assert cut(text, width) == expected


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_cut_text_fits_and_has_whole_words_only(text: str, width: int) -> None:
    words = " ".join(text.split())
    shown = cut(words, width)
    assert cell_len(shown) <= width
    kept = shown.removesuffix("…").split() if shown != words else words.split()
    assert kept == words.split()[: len(kept)]


def test_a_column_is_as_wide_as_its_widest_cell_or_its_title() -> None:
    assert need("status", ["sent", "delivered"], weight=3) == Need(3, 9, 9)
    assert need("segments", ["1"], weight=3) == Need(3, 8, 8)
    assert need("text", ["x" * 100], weight=3, may_be_cut=True) == Need(3, 100, 18)
    assert need("text", ["x"], may_be_cut=True) == Need(0, 4, 4)


def test_numbers_stand_at_the_right_side() -> None:
    assert (padded("漢", 4), padded("7", 3, right=True)) == ("漢  ", "  7")
