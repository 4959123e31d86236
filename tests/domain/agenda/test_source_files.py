"""Files of a source: the newest counts, an unfinished one not, and one that waits over a day and a half is overdue."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.agenda.source_files import (
    FoundFile,
    is_overdue,
    is_unfinished,
    may_change,
    may_get_its_end,
    newest,
)

ZONE = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def found(name: str = "a.csv", ago: timedelta = timedelta(), *, is_folder: bool = False) -> FoundFile:
    seconds = int((NOON - ago).timestamp() * 1_000_000)
    return FoundFile(Path(name), 10, seconds * 1000, is_folder, touched_ns=0)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def is_a_weekday(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("agenda.csv", False),
        ("agenda.csv.tmp", True),
        ("agenda.PART", True),
        ("agenda.csv.filepart", True),
        ("agenda.csv.crdownload", True),
        ("~$agenda.xlsx", True),
        (".~lock.agenda.ods#", True),
        (".agenda.csv.Xy12", True),  # rsync
        ("agenda.csv~", True),
        ("parts.csv", False),
        ("tmp.csv", False),
    ],
)
def test_a_name_tells_that_a_file_is_not_finished(name: str, *, expected: bool) -> None:
    assert is_unfinished(name) == expected


@pytest.mark.parametrize("ending", ["tmp", "temp", "part", "partial", "filepart", "crdownload", "lock", "swp"])
def test_an_ending_that_says_so_stands_behind_a_dot(ending: str) -> None:
    assert [is_unfinished(f"agenda{before}{ending}") for before in (".", "")] == [True, False]


def test_the_file_that_was_changed_last_is_the_newest_and_the_name_settles_ties() -> None:
    hour = timedelta(hours=1)
    assert newest([found("b.csv", hour), found("a.csv"), found("c.csv", 2 * hour)]) == found("a.csv")
    assert newest([found("agenda-24.csv"), found("agenda-23.csv")]) == found("agenda-24.csv")
    assert newest([found("done", is_folder=True), found("a.csv", hour)]) == found("a.csv", hour)


@given(st.permutations([found("a", timedelta(1)), found("b"), found("c"), found("d", is_folder=True)]))
def test_the_newest_is_the_same_in_whatever_order_they_were_found(files: list[FoundFile]) -> None:
    assert newest(files) == found("c")


@pytest.mark.parametrize(
    ("seconds", "may_yet_change", "end_may_come"),
    [
        (0, True, True),
        (1.999999, True, True),
        (2, False, True),
        (599, False, True),
        (600, False, False),
        (-30, True, True),  # the clock of another machine is ahead
        (-86_400, True, False),
    ],
)
def test_a_young_file_may_still_change_and_get_its_end(
    seconds: float, *, may_yet_change: bool, end_may_come: bool
) -> None:
    file = found(ago=timedelta(seconds=seconds))
    assert (may_change(file, NOON), may_get_its_end(file, NOON)) == (may_yet_change, end_may_come)


@pytest.mark.parametrize(
    ("seconds", "may_yet_change", "end_may_come"),
    [(0, True, True), (2, False, True), (600, False, False), (-1, False, False)],
)
def test_a_copy_that_keeps_an_old_time_is_as_young_as_it_was_made_here(
    seconds: float, *, may_yet_change: bool, end_may_come: bool
) -> None:
    old = found(ago=timedelta(days=1))
    copy = old._replace(touched_ns=found(ago=timedelta(seconds=seconds)).changed_ns)
    assert (may_change(copy, NOON), may_get_its_end(copy, NOON)) == (may_yet_change, end_may_come)


@pytest.mark.parametrize(
    ("came", "overdue_from"),
    [
        ("2026-11-24 02:00", "2026-11-25 14:00"),  # a Tuesday
        ("2026-11-27 02:00", "2026-11-30 14:00"),  # Friday: the weekend doesn't count
        ("2026-11-28 02:00", "2026-12-01 12:00"),  # nor does the rest of the Saturday on which it came
        ("2026-11-23 12:00", "2026-11-25 00:00"),  # at the end of a day
        ("2026-10-23 22:00", "2026-10-27 10:00"),  # over a change of the clock
    ],
)
def test_a_file_is_overdue_after_the_hours_of_open_days(came: str, overdue_from: str) -> None:
    moments = [at(overdue_from), at(overdue_from) + timedelta(microseconds=1)]
    answers = [is_overdue(at(came), now, after=timedelta(hours=36), is_open=is_a_weekday, zone=ZONE) for now in moments]
    assert answers == [False, True]


def test_what_is_of_a_time_to_come_is_not_overdue_and_nothing_is_while_all_days_are_closed() -> None:
    after = timedelta(hours=36)
    assert not is_overdue(NOON + timedelta(days=9), NOON, after=after, is_open=is_a_weekday, zone=ZONE)
    assert not is_overdue(NOON - timedelta(days=9), NOON, after=after, is_open=lambda _: False, zone=ZONE)
