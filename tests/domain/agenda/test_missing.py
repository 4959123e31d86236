"""What a complete file lacks: missing first, cancelled by the second file, and left to who had their say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from smsreminders.domain.agenda.believed import Status
from smsreminders.domain.agenda.missing import Absent, Fate, end_of_window, fate_by_hand, fate_of

ZONE = ZoneInfo("Europe/Amsterdam")
TOLD = Absent(
    1, "A1", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), told=True, said=Status.BOOKED, is_missing=False, lacked_by=""
)
NIGHT = datetime(2026, 11, 22, 1, tzinfo=UTC)
MISSING = replace(TOLD, said=Status.MISSING, is_missing=True, lacked_by="first", lacked_at=NIGHT)
OVERRULED = replace(MISSING, is_missing=False)


@pytest.mark.parametrize(
    ("absent", "content", "fate"),
    [
        pytest.param(TOLD, "first", "missing", id="for-the-first-time"),
        pytest.param(replace(TOLD, said=None), "first", "missing", id="of-a-source-without-a-status"),
        pytest.param(replace(TOLD, is_missing=True), "first", "missing", id="also-from-this-source"),
        pytest.param(replace(TOLD, told=False, said=None), "first", "stays", id="never-told-by-this-source"),
        pytest.param(replace(TOLD, said=Status.CANCELLED), "first", "stays", id="booked-again-at-the-desk"),
        pytest.param(replace(TOLD, said=Status.IGNORED), "first", "stays", id="ignored-before"),
        pytest.param(MISSING, "first", "stays", id="the-same-file-again"),
        pytest.param(MISSING, "second", "cancelled", id="the-second-file"),
        pytest.param(OVERRULED, "second", "stays", id="somebody-had-their-say"),
    ],
)
def test_what_is_lacked_for_the_first_time_is_missing_and_the_second_file_cancels_it(
    absent: Absent, content: str, fate: str
) -> None:
    assert fate_of(absent, content, NIGHT + timedelta(days=1)) is Fate(fate)


@pytest.mark.parametrize(("later", "fate"), [("11:59", "stays"), ("12:00", "cancelled")])
def test_a_second_file_that_comes_before_anybody_could_look_cancels_nothing(later: str, fate: str) -> None:
    hours, minutes = map(int, later.split(":"))
    assert fate_of(MISSING, "second", NIGHT + timedelta(hours=hours, minutes=minutes)) is Fate(fate)


@pytest.mark.parametrize(
    ("absent", "fate"),
    [
        (TOLD, Fate.CANCELLED),
        (replace(TOLD, told=False, said=None), Fate.CANCELLED),
        (MISSING, Fate.CANCELLED),
        (OVERRULED, Fate.STAYS),
    ],
)
def test_a_persons_word_that_a_file_is_complete_cancels_at_once_but_undoes_no_other_word(
    absent: Absent, fate: Fate
) -> None:
    assert fate_by_hand(absent) is fate


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (datetime(2026, 11, 23, 1, tzinfo=UTC), datetime(2026, 12, 7, 1, tzinfo=UTC)),
        (datetime(2026, 10, 20, 0, tzinfo=UTC), datetime(2026, 11, 3, 1, tzinfo=UTC)),  # 02:00 there, both times
        (datetime(2027, 3, 20, 1, tzinfo=UTC), datetime(2027, 4, 3, 0, tzinfo=UTC)),
    ],
)
def test_a_window_of_days_ends_at_the_same_time_of_day_whatever_the_clock_did(now: datetime, end: datetime) -> None:
    assert end_of_window(now, timedelta(days=14), ZONE) == end
