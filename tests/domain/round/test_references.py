"""Our id for a reminder, the same whenever it is made; and what it proves that a gateway doesn't know it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smsreminders.domain.round.notifications import Absence, absence, reference_of

PARTS = ("0123456789abcdef" * 2, "linde", "A1", 1)
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
SETTLE = timedelta(minutes=10)
KEPT = timedelta(days=2)
SECOND = timedelta(seconds=1)

# what a part can hold: a name and a code are ours, an id is of one line
names = st.text("0123456789abcdef", min_size=32, max_size=32)
codes = st.text("abz019-", min_size=1, max_size=40)
ids = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=64)
parts = st.tuples(names, codes, ids, st.integers(1, 10**6))


def test_a_reference_is_this_for_ever() -> None:
    assert reference_of(*PARTS) == "2afe06665272e0fef47fd157e9a123c2"


@given(parts)
def test_a_reference_is_32_small_hexadecimal_digits_and_always_the_same(of: tuple[str, str, str, int]) -> None:
    reference = reference_of(*of)
    assert re.fullmatch("[0-9a-f]{32}", reference)
    assert reference_of(*of) == reference


@given(parts, parts)
def test_another_part_is_another_reference(one: tuple[str, str, str, int], other: tuple[str, str, str, int]) -> None:
    assume(one != other)
    assert reference_of(*one) != reference_of(*other)


@pytest.mark.parametrize(
    "other",
    [
        ("f" * 32, "linde", "A1", 1),
        (PARTS[0], "duin", "A1", 1),
        (PARTS[0], "linde", "A2", 1),
        (PARTS[0], "linde", "A1", 2),
        (PARTS[0], "lindeA1", "", 1),
        (PARTS[0], "linde", "A11", 1),
        (PARTS[0], "linde", "A", 11),
    ],
)
def test_each_part_counts_for_itself(other: tuple[str, str, str, int]) -> None:
    assert reference_of(*other) != reference_of(*PARTS)


@pytest.mark.parametrize("which", [{"occasion": 2}, {"attempt": 2}, {"occasion": 3, "attempt": 2}, {"rehearsed": True}])
def test_another_reminder_of_the_appointment_has_another_reference(which: dict[str, int]) -> None:
    assert reference_of(*PARTS, **which) != reference_of(*PARTS)  # type: ignore[arg-type]


def test_a_reference_tells_nothing_of_its_parts() -> None:
    assert [str(part) in reference_of(*PARTS) for part in PARTS[:3]] == [False] * 3


@pytest.mark.parametrize(
    ("first_absent_after", "now_after", "expected"),
    [
        pytest.param(None, timedelta(), "nothing", id="at-once"),
        pytest.param(None, SETTLE - SECOND, "nothing", id="just-before"),
        pytest.param(None, SETTLE, "once", id="the-first-that-counts"),
        pytest.param(None, KEPT - SECOND, "once", id="the-first-however-late"),
        pytest.param(None, KEPT, "nothing", id="the-first-when-it-forgot"),
        pytest.param(SETTLE, SETTLE, "once", id="again-at-once"),
        pytest.param(SETTLE, 2 * SETTLE - SECOND, "once", id="again-too-soon"),
        pytest.param(SETTLE, 2 * SETTLE, "proved", id="twice"),
        pytest.param(timedelta(days=1), KEPT - SECOND, "proved", id="twice-much-later"),
        pytest.param(timedelta(days=1), KEPT, "nothing", id="twice-when-it-forgot"),
        pytest.param(SETTLE, -SECOND, "nothing", id="a-clock-that-was-set-back"),
    ],
)
def test_two_answers_prove_an_absence(
    first_absent_after: timedelta | None, now_after: timedelta, expected: str
) -> None:
    first = None if first_absent_after is None else AT + first_absent_after
    assert absence(AT, first, AT + now_after, settle_time=SETTLE, kept=KEPT) == expected


@given(
    st.timedeltas(timedelta(), timedelta(days=40)),
    st.none() | st.timedeltas(timedelta(), timedelta(days=40)),
    st.timedeltas(timedelta(), timedelta(days=1)),
)
def test_nothing_is_proved_within_twice_the_settle_time_or_after_the_gateway_forgot(
    now: timedelta, first: timedelta | None, settle: timedelta
) -> None:
    assume(first is None or first >= settle)  # no earlier absence is noted
    meaning = absence(AT, None if first is None else AT + first, AT + now, settle_time=settle, kept=KEPT)
    assert meaning is not Absence.PROVED or 2 * settle <= now < KEPT


def test_the_words_for_an_absence_are_these() -> None:
    assert list(Absence) == ["nothing", "once", "proved"]
