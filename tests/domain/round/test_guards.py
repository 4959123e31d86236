"""What must hold before anything is sent: the clock, the database and the agenda are the ones of today."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.guards import (
    A_COPY,
    WHOLE,
    Age,
    AgendaAges,
    FileCheck,
    after_check,
    age_of_agenda,
    check_clock,
    check_runs,
    check_time_of_words,
    delivery_has_dropped,
    is_check_due,
    is_check_overdue,
    parts_to_check,
    reports_have_stopped,
)
from smsreminders.errors import AdministratorNeeded

NOW = datetime(2026, 10, 12, 7, tzinfo=UTC)
OLD, TOO_OLD = timedelta(hours=26), timedelta(days=3)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "last_run",
    [None, NOW - timedelta(days=40), NOW, NOW + timedelta(minutes=5)],
    ids=["first-run-ever", "forty-days-ago", "just-now", "set-back-five-minutes"],
)
def test_a_clock_that_goes_on_or_was_set_back_a_little_is_trusted(last_run: datetime | None) -> None:
    check_clock(NOW, last_run)


def test_a_clock_that_shows_a_time_before_the_last_run_stops_everything() -> None:
    message = (
        "^the clock shows 2026-10-12 07:00 UTC, but the last run was at 2026-10-12 07:05 UTC: set the clock, "
        "or if it is right, run `smsreminders reconcile --by-hand`; nothing was sent$"
    )
    with pytest.raises(AdministratorNeeded, match=message):
        check_clock(NOW, NOW + timedelta(minutes=5) + SECOND)


def test_a_clock_that_leapt_far_ahead_stops_everything() -> None:
    with pytest.raises(AdministratorNeeded, match="the last run was at 2026-09-02 06:59 UTC: set the clock, or if it"):
        check_clock(NOW, NOW - timedelta(days=40) - SECOND)


@pytest.mark.parametrize(
    ("last_run", "last_known", "doubt"),
    [
        (None, None, None),
        (None, NOW - timedelta(days=40), None),
        (NOW + timedelta(minutes=5), NOW + timedelta(minutes=5), None),
        (NOW - timedelta(days=41), NOW, None),  # files came, although no round ran
        (NOW + timedelta(minutes=5) + SECOND, None, "the last run was at 2026-10-12 07:05 UTC"),
        (NOW, NOW + timedelta(days=400), None),  # something was dated by a clock that was ahead
        (None, NOW - timedelta(days=40) - SECOND, "nothing that is known is later than 2026-09-02 06:59 UTC"),
    ],
)
def test_what_people_say_is_not_dated_by_a_clock_in_doubt(
    last_run: datetime | None, last_known: datetime | None, doubt: str | None
) -> None:
    if doubt is None:
        check_time_of_words(NOW, last_run, last_known, "nothing was recorded")
        return
    with pytest.raises(AdministratorNeeded, match=f"07:00 UTC, but {doubt}: set the clock, .*; nothing was recorded$"):
        check_time_of_words(NOW, last_run, last_known, "nothing was recorded")


@pytest.mark.parametrize(
    ("in_database", "beside_lock"),
    [
        pytest.param(0, None, id="new"),
        pytest.param(7, 7, id="alike"),
        pytest.param(8, 7, id="died-between-the-two"),
        pytest.param(0, 0, id="never-run"),
    ],
)
def test_a_database_of_the_last_run_is_trusted(in_database: int, beside_lock: int | None) -> None:
    check_runs(in_database, beside_lock)


@pytest.mark.parametrize(
    ("in_database", "beside_lock"), [(6, 7), (0, 1)], ids=["a-run-behind", "a-new-one-in-its-place"]
)
def test_a_database_put_back_from_a_backup_stops_everything(in_database: int, beside_lock: int) -> None:
    message = (
        f"the database is of run {in_database}, but run {beside_lock} was the last: .* run `smsreminders reconcile`"
    )
    with pytest.raises(AdministratorNeeded, match=message):
        check_runs(in_database, beside_lock)


@pytest.mark.parametrize("beside_lock", [None, 0, 7])
def test_a_copy_that_backup_made_stops_everything_whatever_stands_beside_it(beside_lock: int | None) -> None:
    with pytest.raises(
        AdministratorNeeded,
        match=r"^the database is a copy: it was put back from a backup; run `smsreminders reconcile`",
    ):
        check_runs(A_COPY, beside_lock)


@pytest.mark.parametrize("in_database", [1, 7])
def test_a_database_that_came_without_its_count_stops_everything(in_database: int) -> None:
    with pytest.raises(
        AdministratorNeeded,
        match=r"^the database came without the file that counts its runs, .* run `smsreminders reconcile`",
    ):
        check_runs(in_database, None)


@given(st.integers(0, 9), st.integers(0, 9))
def test_no_database_older_than_its_last_run_is_ever_used(in_database: int, beside_lock: int) -> None:
    try:
        check_runs(in_database, beside_lock)
    except AdministratorNeeded:
        assert in_database < beside_lock
    else:
        assert in_database >= beside_lock


@pytest.mark.parametrize(
    ("imported_at", "expected"),
    [
        pytest.param(None, Age.FRESH, id="kept-by-hand"),
        pytest.param(NOW, Age.FRESH, id="just-now"),
        pytest.param(NOW - OLD, Age.FRESH, id="exactly-at-the-first-bound"),
        pytest.param(NOW - OLD - SECOND, Age.OLD, id="just-over-the-first-bound"),
        pytest.param(NOW - TOO_OLD, Age.OLD, id="exactly-at-the-second-bound"),
        pytest.param(NOW - TOO_OLD - SECOND, Age.TOO_OLD, id="just-over-the-second-bound"),
    ],
)
def test_an_agenda_ages_only_after_the_whole_time(imported_at: datetime | None, expected: Age) -> None:
    assert age_of_agenda(imported_at, NOW, AgendaAges(OLD, TOO_OLD)) == expected


def test_the_words_for_an_age_are_these() -> None:
    assert list(Age) == ["fresh", "old", "too-old"]


@pytest.mark.parametrize(
    ("recent", "usual", "expected"),
    [
        pytest.param((10, 20), (20, 20), True, id="half-of-them"),
        pytest.param((17, 20), (20, 20), False, id="just-as-much-as-is-borne"),
        pytest.param((169, 200), (200, 200), True, id="a-little-more"),
        pytest.param((20, 20), (10, 20), False, id="more-than-usual"),
        pytest.param((0, 20), (0, 20), False, id="never-any"),
        pytest.param((0, 20), (20, 20), True, id="none-at-all"),
        pytest.param((0, 20), (19, 20), True, id="none-where-nearly-all-were-usual"),
        pytest.param((0, 19), (20, 20), False, id="too-few-now"),
        pytest.param((0, 20), (19, 19), False, id="too-few-before"),
        pytest.param((0, 0), (0, 0), False, id="nothing-sent"),
    ],
)
def test_a_delivery_rate_drops_only_where_it_is_clearly_lower_and_of_enough(
    recent: tuple[int, int], usual: tuple[int, int], expected: bool
) -> None:
    assert delivery_has_dropped(recent, usual) == expected


@pytest.mark.parametrize(
    ("without", "of", "expected"),
    [(0, 0, False), (0, 1, False), (1, 1, True), (1, 2, True), (1, 3, False), (50, 100, True), (49, 100, False)],
)
def test_reports_have_stopped_where_half_of_them_are_missing(without: int, of: int, expected: bool) -> None:
    assert reports_have_stopped(without, of) == expected


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_no_rate_that_is_as_good_as_usual_has_dropped(a: int, b: int, c: int, d: int) -> None:
    recent, usual = (min(a, b), max(a, b)), (min(c, d), max(c, d))
    if delivery_has_dropped(recent, usual):
        assert recent[0] * usual[1] < usual[0] * recent[1]


@pytest.mark.parametrize(
    ("last", "crashed", "due"),
    [
        pytest.param(None, False, True, id="never-checked"),
        pytest.param(NOW.replace(hour=0), False, False, id="today"),
        pytest.param(NOW.replace(hour=0), True, True, id="today-and-the-last-run-died"),
        pytest.param(NOW.replace(hour=0) - SECOND, False, True, id="yesterday"),
        pytest.param(NOW + timedelta(days=1), False, True, id="by-a-clock-that-was-ahead"),
    ],
)
def test_the_first_run_of_a_day_checks_the_file_and_so_does_one_after_a_run_that_died(
    last: datetime | None, *, crashed: bool, due: bool
) -> None:
    assert is_check_due(FileCheck(last), NOW, crashed=crashed) is due


def test_a_day_of_checks_is_one_of_utc() -> None:
    amsterdam = timezone(timedelta(hours=2))
    just_after_midnight = datetime(2026, 10, 13, 1, tzinfo=amsterdam)
    assert is_check_due(FileCheck(NOW), just_after_midnight, crashed=False) is False
    assert is_check_due(FileCheck(NOW), just_after_midnight + timedelta(hours=1), crashed=False) is True


@pytest.mark.parametrize(
    ("last", "overdue"), [(None, True), (NOW - timedelta(days=1), False), (NOW - timedelta(days=1) - SECOND, True)]
)
def test_a_file_that_no_run_has_checked_for_a_day_is_overdue(last: datetime | None, *, overdue: bool) -> None:
    assert is_check_overdue(FileCheck(last), NOW) is overdue


TABLES = ["patients", "appointments", "notifications"]


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (None, [WHOLE]),
        (WHOLE, TABLES),
        ("patients", ["appointments", "notifications"]),
        ("a table that there was", TABLES),
        ("notifications", [WHOLE]),
    ],
)
def test_a_check_looks_at_the_whole_or_goes_on_where_the_last_one_stopped(to: str | None, expected: list[str]) -> None:
    assert parts_to_check(TABLES, FileCheck(NOW, to)) == expected


YESTERDAY = NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("parts", "sound", "expected"),
    [
        pytest.param([WHOLE], 1, FileCheck(NOW, None, NOW), id="whole"),
        pytest.param([WHOLE], 0, FileCheck(NOW, WHOLE, YESTERDAY), id="too-large"),
        pytest.param(TABLES, 3, FileCheck(NOW, None, NOW), id="all-tables"),
        pytest.param(TABLES, 2, FileCheck(NOW, "appointments", YESTERDAY), id="some-tables"),
        pytest.param(TABLES, 0, FileCheck(NOW, "patients", YESTERDAY), id="a-table-that-takes-longer-alone"),
        pytest.param(TABLES[2:], 0, FileCheck(NOW, None, NOW), id="the-last-table-takes-longer-alone"),
    ],
)
def test_what_a_check_did_not_reach_is_left_to_the_next_and_the_last_part_makes_it_whole(
    parts: list[str], sound: int, expected: FileCheck
) -> None:
    assert after_check(FileCheck(YESTERDAY, None, YESTERDAY), parts, sound, NOW) == expected


@given(st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_however_little_a_day_reaches_every_table_has_its_turn(reached: list[int]) -> None:
    last, checked = FileCheck(NOW, WHOLE), list[str]()
    for sound in reached:
        if last.to is None:
            break
        parts = parts_to_check(TABLES, last)
        checked += parts[: max(min(sound, len(parts)), 1)]
        last = after_check(last, parts, min(sound, len(parts)), NOW)
    assert (checked, last.to) == (TABLES, None)


@pytest.mark.parametrize("at", [None, NOW, NOW + SECOND])
def test_a_database_that_knows_the_end_of_its_last_run_is_that_of_it(at: datetime | None) -> None:
    check_runs(7, 7, at=at, ended_at=NOW)
    check_runs(7, 7, at=at)
    check_runs(8, 7, at=NOW - SECOND, ended_at=NOW)  # a run that died between its two counts


def test_a_database_that_was_copied_while_its_last_run_went_on_stops_everything() -> None:
    with pytest.raises(AdministratorNeeded, match="went on, which ended at 2026-10-12 07:00 UTC, and was put back"):
        check_runs(7, 7, at=NOW - SECOND, ended_at=NOW)
