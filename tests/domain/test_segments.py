"""Encoding, units and segments: agreed examples, and the laws of packing on texts built to sit on boundaries."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.domain.alphabet import GSM7_BASIC, GSM7_EXTENSION
from smsreminders.domain.segments import (
    EmptyText,
    Segmentation,
    count_segments,
    encoding_of,
    outside_gsm7,
    split_segments,
)

PUBLIC = (Path(__file__).parents[1] / "data" / "segments-public.jsonl").read_text(encoding="utf-8").splitlines()
WIDTH = {"GSM-7": (160, 153), "UCS-2": (70, 67)}  # what a single segment holds, and each of several

# Runs of one character whose lengths lie about the limits make boundaries likely; so does a change of parity.
LENGTHS = st.sampled_from([1, 1, 2, 3, 33, 34, 66, 67, 68, 69, 70, 71, 76, 77, 80, 81, 134, 152, 153, 154, 160, 161])
RUNS = st.tuples(st.sampled_from("ab\r\né€[\fë’😀📅"), LENGTHS).map(lambda run: run[0] * run[1])
TEXTS = st.lists(RUNS, min_size=1, max_size=6).map("".join) | st.text("aé€ë😀", min_size=1, max_size=400)


def units(text: str, encoding: str) -> int:
    if encoding == "UCS-2":
        return len(text.encode("utf-16-le")) // 2
    return sum(2 if c in GSM7_EXTENSION else 1 for c in text)


def fewest_segments(text: str, encoding: str) -> int:
    """By dynamic programming: each way to cut the text between characters is tried."""
    single, each = WIDTH[encoding]
    if units(text, encoding) <= single:
        return 1
    ends = [0]
    for character in text:
        ends.append(ends[-1] + units(character, encoding))
    fewest = [0]
    for end in range(1, len(ends)):
        start, best = end - 1, len(text)
        while start >= 0 and ends[end] - ends[start] <= each:
            best = min(best, fewest[start] + 1)
            start -= 1
        fewest.append(best)
    return fewest[-1]


@pytest.mark.parametrize("line", PUBLIC, ids=[f"line-{number}" for number in range(1, len(PUBLIC) + 1)])
def test_a_text_is_counted_as_independent_implementations_count_it(line: str) -> None:
    case = json.loads(line)
    assert count_segments(case["text"]) == Segmentation(case["encoding"], case["units"], case["segments"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a" * 154, Segmentation("GSM-7", 154, 1), id="154-letters"),
        pytest.param("ë" * 68, Segmentation("UCS-2", 68, 1), id="68-e-diaeresis"),
        pytest.param("\ud800", Segmentation("UCS-2", 1, 1), id="half-of-a-pair"),
        pytest.param("a" * 160, Segmentation("GSM-7", 160, 1), id="160-letters"),
        pytest.param("a" * 161, Segmentation("GSM-7", 161, 2), id="161-letters"),
        pytest.param("a" * 306, Segmentation("GSM-7", 306, 2), id="306-letters"),
        pytest.param("a" * 307, Segmentation("GSM-7", 307, 3), id="307-letters"),
        pytest.param("ë" * 70, Segmentation("UCS-2", 70, 1), id="70-e-diaeresis"),
        pytest.param("ë" * 71, Segmentation("UCS-2", 71, 2), id="71-e-diaeresis"),
        pytest.param("ë" * 134, Segmentation("UCS-2", 134, 2), id="134-e-diaeresis"),
        pytest.param("ë" * 135, Segmentation("UCS-2", 135, 3), id="135-e-diaeresis"),
        pytest.param("€" * 80, Segmentation("GSM-7", 160, 1), id="80-euros"),
        pytest.param("€" * 81, Segmentation("GSM-7", 162, 2), id="81-euros"),
        pytest.param("]" * 153, Segmentation("GSM-7", 306, 3), id="153-brackets-take-three-not-two"),
        pytest.param("]" * 459, Segmentation("GSM-7", 918, 7), id="459-brackets-take-seven-not-six"),
        pytest.param("ë" * 66 + "😀" + "ë" * 66, Segmentation("UCS-2", 134, 3), id="an-emoji-over-the-boundary"),
        pytest.param("😀" * 35, Segmentation("UCS-2", 70, 1), id="35-emoji"),
        pytest.param("€ë", Segmentation("UCS-2", 2, 1), id="an-extension-character-costs-one-in-ucs2"),
        pytest.param("\r\n", Segmentation("GSM-7", 2, 1), id="crlf-is-two"),
    ],
)
def test_a_text_on_a_boundary_is_counted_by_the_standard(text: str, expected: Segmentation) -> None:
    assert count_segments(text) == expected


@pytest.mark.parametrize("text", ["a" * 154, "a" * 160, "€" * 80, "ë" * 68, "😀" * 35])
def test_what_fits_in_one_segment_is_not_split(text: str) -> None:
    assert split_segments(text) == [text]


def test_one_patient_with_a_diaeresis_makes_three_segments_of_one() -> None:
    text = "patient" + "." * 143
    counts = [count_segments(spelt).segments for spelt in (text, text.replace("patient", "patiënt"))]
    assert counts == [1, 3]


@given(TEXTS)
def test_the_segments_joined_are_the_text_again(text: str) -> None:
    assert "".join(split_segments(text)) == text


@given(TEXTS)
def test_no_segment_holds_more_than_fits_so_no_pair_is_split(text: str) -> None:
    counted, segments = count_segments(text), split_segments(text)
    room = WIDTH[counted.encoding][0 if counted.segments == 1 else 1]
    assert [s for s in segments if not 0 < units(s, counted.encoding) <= room] == []


@given(TEXTS)
def test_counting_agrees_with_splitting(text: str) -> None:
    assert count_segments(text).segments == len(split_segments(text))


@given(TEXTS)
def test_the_units_are_septets_or_utf16_code_units(text: str) -> None:
    counted = count_segments(text)
    assert counted.units == units(text, counted.encoding)


@settings(max_examples=60)
@given(TEXTS)
def test_no_other_way_of_cutting_takes_fewer_segments(text: str) -> None:
    counted = count_segments(text)
    assert counted.segments == fewest_segments(text, counted.encoding)


def test_exactly_the_characters_of_the_tables_are_gsm7() -> None:
    single = {character for character in map(chr, range(0x11000)) if encoding_of(character) == "GSM-7"}
    assert single == GSM7_BASIC | GSM7_EXTENSION


@given(st.text(min_size=1))
def test_one_foreign_character_makes_the_whole_text_ucs2(text: str) -> None:
    expected = "GSM-7" if set(text) <= GSM7_BASIC | GSM7_EXTENSION else "UCS-2"
    assert encoding_of(text) == expected


@pytest.mark.parametrize("function", [count_segments, split_segments, encoding_of])
def test_an_empty_text_is_an_error(function: Callable[[str], object]) -> None:
    with pytest.raises(EmptyText, match="nothing to send"):
        function("")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("één café voor €5", []), ("Zoë’s patiënt, Zoë", ["ë", "’"]), ("a\tb😀", ["\t", "😀"]), ("", [])],
    ids=["none", "each-once-in-order", "tab-and-emoji", "empty"],
)
def test_the_characters_that_make_a_text_ucs2_are_named_once(text: str, expected: list[str]) -> None:
    assert outside_gsm7(text) == expected


def test_an_empty_text_is_refused_in_these_words() -> None:
    with pytest.raises(EmptyText) as raised:
        encoding_of("")
    assert str(raised.value) == "the text is empty: there is nothing to send"
