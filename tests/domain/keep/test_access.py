"""The chain of the access log: whatever is done to a line, or to the lines, is found."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.keep.access import (
    START,
    Broken,
    Head,
    Line,
    Mark,
    Verb,
    chained,
    find_broken,
    find_other_end,
    purged_to,
    read_head,
)

TEXT = st.text(max_size=5)


def log(words: Sequence[str], base: Mark = START) -> list[Line]:
    """A log of these words, chained from a base."""
    lines, previous = [], base.hash
    for number, word in enumerate(words, base.number + 1):
        line = Line(number, "2026-11-24T08:00:00Z", "receptie", word, "patient show", "looked", 1, "[1]", "")
        lines.append(chained(line, previous))
        previous = lines[-1].hash
    return lines


def head_of(lines: Sequence[Line]) -> Head:
    return Head(mark_of(lines[-1])) if lines else Head()


def mark_of(line: Line) -> Mark:
    return Mark(line.number, line.hash)


def found(lines: Sequence[Line], head: Head, base: Mark = START) -> int | None:
    """The number of the line that is found."""
    broken = find_broken(lines, head, base)
    return broken.number if broken else None


LOGS = st.lists(TEXT, min_size=1, max_size=6).map(log)


@given(st.lists(TEXT, max_size=6).map(log))
def test_a_log_that_nobody_touched_is_sound(lines: list[Line]) -> None:
    assert find_broken(lines, head_of(lines)) is None


@given(LOGS, st.data())
def test_a_change_of_any_field_of_any_line_is_found(lines: list[Line], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    name = data.draw(st.sampled_from([field.name for field in fields(Line)]))
    changed = list(lines)
    changed[at] = Line(**asdict(lines[at]) | {name: data.draw(st.one_of(TEXT, st.integers(), st.none()))})
    if changed != lines:
        assert found(changed, head_of(lines)) is not None


@given(LOGS, st.data())
def test_a_removed_line_is_found_by_its_number(lines: list[Line], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    assert found(lines[:at] + lines[at + 1 :], head_of(lines)) == at + 1


@given(LOGS, st.data())
def test_lines_removed_and_numbered_anew_are_found(lines: list[Line], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    rest = [replace(line, number=number) for number, line in enumerate(lines[:at] + lines[at + 1 :], 1)]
    assert found(rest, head_of(lines)) == at + 1


@given(LOGS, TEXT, st.data())
def test_a_line_that_was_put_in_is_found(lines: list[Line], word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    put_in = replace(lines[at], by=word + "!")
    after = [replace(line, number=line.number + 1) for line in lines[at:]]
    assert found([*lines[:at], chained(put_in, lines[at - 1].hash if at else START.hash), *after], head_of(lines)) in {
        at + 1,
        at + 2,
    }


@given(LOGS, st.data())
def test_two_lines_that_were_swapped_are_found(lines: list[Line], data: st.DataObject) -> None:
    one, other = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, len(lines) - 1))
    swapped = list(lines)
    swapped[one] = replace(lines[other], number=one + 1)
    swapped[other] = replace(lines[one], number=other + 1)
    if swapped != lines:
        assert found(swapped, head_of(lines)) is not None


@given(LOGS, st.data())
def test_a_log_cut_off_at_its_end_is_found(lines: list[Line], data: st.DataObject) -> None:
    left = data.draw(st.integers(0, len(lines) - 1))
    expected = f"line {left + 1} is missing, as are those after it up to {len(lines)}"
    assert find_broken(lines[:left], head_of(lines)) == Broken(left + 1, expected)


@given(LOGS, TEXT)
def test_a_line_chained_on_by_another_program_is_found(lines: list[Line], word: str) -> None:
    longer = [*lines, chained(replace(lines[-1], number=len(lines) + 1, by=word), lines[-1].hash)]
    expected = f"line {len(lines) + 1} was added, and not by this program: {len(lines)} lines are known"
    assert find_broken(longer, head_of(lines)) == Broken(len(lines) + 1, expected)


@given(st.lists(TEXT, min_size=1, max_size=6))
def test_a_log_written_anew_from_its_first_line_is_found(words: list[str]) -> None:
    anew = log([words[0] + "!", *words[1:]])
    assert find_broken(anew, head_of(log(words))) == Broken(
        len(words), f"line {len(words)} isn't the one that was written"
    )


def test_a_line_under_way_may_be_there_or_not() -> None:
    lines = log(["anna", "bo"])
    head = Head(mark_of(lines[0]), coming=mark_of(lines[1]))
    assert [found(lines[:count], head) for count in (1, 2, 0)] == [None, None, 1]


def test_a_cut_stays_known_however_the_log_goes_on() -> None:
    lines = log(["anna", "bo", "cas"])
    head = head_of(lines)
    again = log(["anna", "dirk", "els", "fred"])
    for count in (1, 2, 3):
        head = head.before(mark_of(again[count - 1]), mark_of(again[count]))
        head = replace(head, last=mark_of(again[count]), coming=None)
        assert head.lost == mark_of(lines[2])
    expected = "the log was once at line 3 and went on otherwise: lines were cut off or put back"
    assert find_broken(again, head) == Broken(3, expected)


def test_a_log_goes_on_from_a_line_that_was_under_way() -> None:
    first, second, third = map(mark_of, log(["anna", "bo", "cas"]))
    assert Head(first, coming=second).before(second, third) == Head(second, coming=third)
    assert Head(first, coming=second).before(first, second) == Head(first, coming=second)


@pytest.mark.parametrize(
    ("verb", "note", "expected"),
    [
        (Verb.PURGED, "right", None),
        (Verb.LOOKED, "right", 2),
        (Verb.PURGED, "lines up to 1 x", 2),
    ],
)
def test_what_is_missing_at_the_start_must_have_been_purged(verb: Verb, note: str, expected: int | None) -> None:
    base = mark_of(log(["anna", "bo"])[1])
    note = purged_to(base) if note == "right" else note
    [line] = log(["cas"], base)
    told = chained(replace(line, verb=verb.value, note=note), base.hash)
    assert found([told], head_of([told]), base) == expected


def test_a_purged_log_is_held_to_its_lines_too() -> None:
    base = mark_of(log(["anna", "bo"])[1])
    assert found([], Head(base), base) == 2
    assert found(log(["cas", "dirk"], base)[1:], Head(base), base) == 3


MARKS = st.builds(Mark, st.integers(0, 10**9), st.text("0123456789abcdef", min_size=64, max_size=64))


@given(st.builds(Head, MARKS, st.none() | MARKS, st.none() | MARKS))
def test_a_head_is_read_as_it_was_written(head: Head) -> None:
    assert read_head(f"{head}\n") == head


@pytest.mark.parametrize("text", ["", "12", "12 abc", "x"])
def test_a_head_that_cannot_be_read_is_none(text: str) -> None:
    assert read_head(text) is None


def test_a_log_whose_head_is_gone_is_told_once_it_has_lines() -> None:
    gone = "the file beside the database that says how far the log has come isn't there, or can't be read"
    assert find_broken([], None) is None
    assert find_broken(log(["anna", "bo"]), None) == Broken(2, gone)


@given(LOGS, st.lists(TEXT, min_size=1, max_size=6), st.data())
def test_the_end_alone_shows_a_log_that_was_cut_off_or_went_on_otherwise(
    lines: list[Line], words: list[str], data: st.DataObject
) -> None:
    left = data.draw(st.integers(0, len(lines)))
    longer = log(words, mark_of(lines[left - 1]) if left else START)
    whole, other = lines == lines[:left] + longer, mark_of(longer[-1])
    assert find_other_end(mark_of(lines[-1]), head_of(lines)) is None
    assert (find_other_end(other, head_of(lines)) is None) == whole
    assert (find_other_end(other, replace(head_of(lines), lost=START)) is None) is False


def test_of_lines_that_it_has_not_seen_it_says_what_is_sure() -> None:
    lines, others = log(["anna", "bo", "cas"]), log(["anna", "dirk", "els"])
    head = Head(mark_of(lines[1]))
    assert [find_other_end(mark_of(line), head) for line in (lines[0], others[1], lines[2], others[2])] == [
        Broken(2, "line 2 is missing, as are those after it up to 2"),
        Broken(2, "line 2 isn't the one that was written"),
        Broken(3, "line 3 was added, and not by this program: 2 lines are known"),
        Broken(3, "line 3 was added, and not by this program: 2 lines are known"),
    ]


def test_a_head_that_died_before_its_file_was_cut_short_is_the_one_that_was_written() -> None:
    longer, shorter = str(Head(Mark(1, "a" * 64), Mark(2, "b" * 64))), str(Head(Mark(2, "b" * 64)))
    left = f"{shorter}\n{longer[len(shorter) + 1 :]}\n"
    assert read_head(left) == Head(Mark(2, "b" * 64))
