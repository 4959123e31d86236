"""The guards of an import: each at its border, with its figures; a file that is as usual raises none of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.agenda.import_figures import Compared, Dates, Gone, LastFile, Share
from smsreminders.domain.agenda.import_guards import Guard, alarms_of

NIGHT = datetime(2026, 11, 24, 1, tzinfo=UTC)
FORTNIGHT = Dates(date(2026, 11, 24), date(2026, 12, 7))
DAY_BEFORE = Dates(date(2026, 11, 23), date(2026, 12, 6))
LAST = LastFile(rows=80, known=76, dates=FORTNIGHT, written=NIGHT)
USUAL = Compared(
    last_file=LAST,
    rows=80,
    known=74,
    moved={60: 2, 1440: 3},
    to_come=74,
    owners=Share(0, 74),
    phones=Share(1, 70),
    names=Share(0, 70),
    newcomers=Share(4, 76),
    dates=FORTNIGHT,
    written=NIGHT + timedelta(days=1),
)


def guards(compared: Compared) -> list[Guard]:
    return [alarm.guard for alarm in alarms_of(compared)]


def gone(part: int, of: int) -> Gone:
    return Gone(FORTNIGHT, Share(part, of))


def test_a_file_that_is_as_usual_raises_no_alarm() -> None:
    assert alarms_of(USUAL) == []
    assert alarms_of(replace(USUAL, gone=gone(2, 74))) == []


@pytest.mark.parametrize(
    ("complete", "changes_only", "then_empty", "ever_empty", "alarm"),
    [
        (False, False, False, False, True),
        (True, False, False, True, True),
        (False, False, False, True, False),
        (True, False, True, True, False),
        (False, True, False, False, False),
    ],
)
def test_an_empty_file_after_one_with_rows_is_told_unless_it_is_usual(
    *, complete: bool, changes_only: bool, then_empty: bool, ever_empty: bool, alarm: bool
) -> None:
    last = LastFile(80, 76, then_empty=then_empty, ever_empty=ever_empty)
    empty = Compared(last, changes_only=changes_only, gone=gone(0, 0) if complete else None)
    says = ["it is empty, and the last one had 80 rows"]
    assert [alarm.says for alarm in alarms_of(empty)] == (says if alarm else [])


@pytest.mark.parametrize(
    ("part", "of", "rows", "alarm"),
    [(5, 8, 80, False), (6, 8, 80, True), (8, 40, 80, False), (9, 40, 80, True), (1, 8, 0, True), (0, 0, 0, False)],
)
def test_more_than_five_and_a_fifth_gone_is_told_and_any_from_an_empty_file(
    part: int, of: int, rows: int, *, alarm: bool
) -> None:
    found = alarms_of(replace(USUAL, last_file=LastFile(), rows=rows, gone=gone(part, of)))
    says = [f"it lacks {part} of the {of} appointments from 2026-11-24 to 2026-12-07"]
    assert [alarm.says for alarm in found] == (says if alarm else [])


@pytest.mark.parametrize(("known", "alarm"), [((30, 100), False), ((31, 100), True), ((5, 8), False), ((6, 8), True)])
def test_more_than_three_in_ten_gone_of_what_the_last_file_had_is_told_too(
    known: tuple[int, int], *, alarm: bool
) -> None:
    found = alarms_of(replace(USUAL, gone=replace(gone(3, 74), known=Share(*known))))
    says = [f"it lacks {known[0]} of the {known[1]} appointments to come that the last one had"]
    assert [each.says for each in found] == (says if alarm else [])


@pytest.mark.parametrize(
    ("days", "named"),
    [
        ({24: (2, 2), 25: (1, 9)}, ""),
        ({24: (8, 9)}, ""),
        ({26: (3, 3), 24: (4, 4)}, "2026-11-24 (4), 2026-11-26 (3)"),
        ({24: (3, 3), 25: (3, 3), 26: (3, 3)}, "2026-11-24 (3), 2026-11-25 (3), 2026-11-26 (3)"),
        (dict.fromkeys(range(24, 29), (3, 3)), "2026-11-24 (3), 2026-11-25 (3), 2026-11-26 (3) and 2 more"),
    ],
)
def test_a_day_of_which_all_of_three_or_more_are_gone_is_told(days: dict[int, tuple[int, int]], named: str) -> None:
    shares = {date(2026, 11, day): Share(*share) for day, share in days.items()}
    found = alarms_of(replace(USUAL, gone=replace(gone(0, 74), days=shares)))
    assert [(alarm.guard, alarm.says) for alarm in found] == (
        [(Guard.DAY, f"it has nothing of these days any more: {named}")] if named else []
    )


@pytest.mark.parametrize(
    ("practitioners", "told"),
    [
        ({"Jansen": Share(3, 3), "Smit": Share(1, 30)}, ["it has nothing of these practitioners any more: Jansen (3)"]),
        ({"Jansen": Share(2, 2), "Smit": Share(1, 30)}, []),
        ({"Jansen": Share(3, 4), "Smit": Share(1, 30)}, []),
        ({"Jansen": Share(5, 5)}, []),
    ],
)
def test_a_practitioner_of_several_of_whom_all_of_three_or_more_are_gone_is_told(
    practitioners: dict[str, Share], told: list[str]
) -> None:
    found = alarms_of(replace(USUAL, gone=replace(gone(0, 74), practitioners=practitioners)))
    assert [alarm.says for alarm in found] == told


@pytest.mark.parametrize(
    ("moved", "to_come", "told"),
    [
        ({60: 38}, 74, ["38 of 74 starts to come are 60 minutes later"]),
        ({60: 37}, 74, []),
        ({-120: 5}, 9, ["5 of 9 starts to come are 120 minutes earlier"]),
        ({30: 5}, 5, ["5 of 5 starts to come are 30 minutes later"]),
        ({60: 4}, 4, []),
        ({45: 74}, 74, ["74 of 74 starts to come are others"]),
        ({30: 20, 60: 20, -60: 20}, 74, ["60 of 74 starts to come are others"]),
        ({60: 38, 15: 20}, 74, ["38 of 74 starts to come are 60 minutes later"]),
        ({1440: 18, -75: 19}, 74, []),
        ({1440: 2, -75: 2}, 4, []),
    ],
)
def test_over_half_of_the_starts_to_come_that_are_others_is_told_and_by_how_much_where_that_is_one_time(
    moved: dict[int, int], to_come: int, told: list[str]
) -> None:
    found = alarms_of(replace(USUAL, moved=moved, to_come=to_come))
    assert [alarm.says for alarm in found] == told


@pytest.mark.parametrize(
    ("strangers", "steady", "alarm"),
    [
        ((41, 100), True, True),
        ((40, 100), True, False),
        ((41, 100), False, False),
        ((5, 12), True, True),
        ((4, 4), True, False),
    ],
)
def test_more_than_four_in_ten_of_patients_whom_nobody_knows_on_the_last_files_days_is_told(
    strangers: tuple[int, int], *, steady: bool, alarm: bool
) -> None:
    last = LAST if steady else replace(LAST, known=40)  # an agenda that is mostly new each time, by patients too
    found = alarms_of(replace(USUAL, last_file=last, strangers=Share(*strangers)))
    of = "appointments on days of the last file are new, of patients whom nobody knows: some may be another practice's"
    assert [each.says for each in found] == ([f"{strangers[0]} of {strangers[1]} {of}"] if alarm else [])


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("phones", "numbers of patients are others"),
        ("names", "names of patients are others"),
        ("owners", "appointments are another patient's"),
        ("turned", "patients whose consent was no say yes now"),
    ],
)
@pytest.mark.parametrize(
    ("part", "of", "alarm"), [(21, 70, False), (22, 70, True), (4, 4, False), (5, 16, True), (5, 17, False)]
)
def test_over_three_in_ten_others_of_five_or_more_are_told(
    field: str, says: str, part: int, of: int, *, alarm: bool
) -> None:
    changed = replace(USUAL, **{field: Share(part, of)})  # type: ignore[arg-type]
    assert alarms_of(changed) == ([(Guard.OTHERS, f"{part} of {of} {says}")] if alarm else [])


@pytest.mark.parametrize(
    ("rows", "known", "renamed", "newcomers", "last", "told"),
    [
        (80, 8, 37, (0, 70), LAST, Guard.NEW_IDS),
        (80, 9, 37, (0, 70), LAST, None),
        (80, 8, 36, (0, 70), LAST, Guard.STRANGE),  # the last file's ids were mostly known
        (80, 8, 0, (0, 70), LastFile(80, 40, FORTNIGHT), None),
        (80, 8, 0, (0, 70), LastFile(80, 41, FORTNIGHT), Guard.STRANGE),
        (80, 8, 0, (0, 70), LastFile(80, 80, Dates(date(2026, 12, 8), date(2026, 12, 31))), None),
        (80, 8, 0, (63, 70), LastFile(80, 0, FORTNIGHT), Guard.STRANGE),
        (80, 8, 0, (62, 70), LastFile(80, 0, FORTNIGHT), None),
        (10, 1, 0, (0, 9), LAST, Guard.STRANGE),
        (9, 0, 9, (9, 9), LAST, None),
        (80, 0, 0, (70, 70), LastFile(9, 9, FORTNIGHT), None),
        (80, 0, 0, (70, 70), LastFile(10, 10, FORTNIGHT), Guard.STRANGE),
    ],
)
def test_ids_that_are_nearly_all_new_are_told_as_renamed_ones_or_as_strange(
    rows: int, known: int, renamed: int, newcomers: tuple[int, int], last: LastFile, told: Guard | None
) -> None:
    file = replace(USUAL, last_file=last, rows=rows, known=known, renamed=renamed, newcomers=Share(*newcomers))
    assert guards(file) == ([told] if told else [])


def test_a_list_of_patients_has_no_dates_to_overlap() -> None:
    last = LastFile(80, 76)
    file = Compared(last, rows=80, known=2)
    assert guards(file) == [Guard.STRANGE]
    assert guards(replace(file, dates=FORTNIGHT)) == []


@pytest.mark.parametrize(
    ("written", "before", "alarm"),
    [
        (NIGHT - timedelta(hours=2, seconds=1), NIGHT, True),
        (NIGHT - timedelta(hours=2), NIGHT, False),
        (None, NIGHT, False),
        (NIGHT, None, False),
    ],
)
def test_a_file_that_was_written_two_hours_before_the_last_one_is_told(
    written: datetime | None, before: datetime | None, *, alarm: bool
) -> None:
    found = alarms_of(replace(USUAL, written=written, last_file=replace(LAST, written=before)))
    assert [alarm.guard for alarm in found] == ([Guard.OLDER] if alarm else [])


def test_the_bytes_of_an_earlier_file_are_told() -> None:
    found = alarms_of(replace(USUAL, same_as=NIGHT))
    assert [alarm.says for alarm in found] == ["it is the file of 2026-11-24, after which another one came"]


@pytest.mark.parametrize(
    ("dates", "known", "alarm"),
    [
        (DAY_BEFORE, 72, True),
        (DAY_BEFORE, 71, False),
        (Dates(date(2026, 11, 23), date(2026, 12, 7)), 80, True),
        (Dates(date(2026, 11, 23), date(2026, 12, 8)), 80, True),
        (Dates(date(2026, 11, 24), date(2026, 12, 6)), 80, False),
        (Dates(date(2026, 11, 10), date(2026, 11, 23)), 80, False),
        (Dates(date(2026, 11, 10), date(2026, 11, 24)), 80, True),
        (Dates(date(2026, 11, 25), date(2026, 12, 8)), 80, False),
        (None, 80, False),
    ],
)
def test_a_file_of_what_is_known_that_begins_before_the_last_one_is_told(
    dates: Dates | None, known: int, *, alarm: bool
) -> None:
    assert guards(replace(USUAL, dates=dates, known=known)) == ([Guard.OLDER] if alarm else [])
    assert guards(replace(USUAL, dates=dates, known=known, last_file=replace(LAST, dates=None))) == []


def test_rows_that_are_older_than_what_is_known_are_told_of_a_complete_file_only() -> None:
    older = replace(USUAL, overtaken=3)
    assert alarms_of(older) == []
    [alarm] = alarms_of(replace(older, gone=gone(0, 74)))
    assert alarm.says == "3 of 80 rows were written before what is known of them"


def test_of_changes_only_nothing_is_told_but_what_they_say_of_others() -> None:
    strange = replace(
        USUAL, changes_only=True, moved={60: 74}, known=0, newcomers=Share(76, 76), written=NIGHT - timedelta(days=1)
    )
    assert guards(strange) == []
    assert guards(replace(strange, phones=Share(70, 70))) == [Guard.OTHERS]


@pytest.mark.parametrize(("part", "of", "is_told"), [(5, 9, True), (4, 4, False), (5, 10, False), (40, 60, True)])
def test_over_half_that_are_cancelled_or_booked_again_is_told(part: int, of: int, *, is_told: bool) -> None:
    file = replace(USUAL, cancelled=Share(part, of), cancelled_days=3, again=Share(part, of))
    told = [
        f"{part} of {of} appointments to come are cancelled now",
        f"{part} of {of} appointments that were cancelled are booked now",
    ]
    assert [alarm.says for alarm in alarms_of(file) if alarm.guard is Guard.STATUSES] == (told if is_told else [])
    assert alarms_of(replace(file, changes_only=True)) == []
    assert len(alarms_of(replace(file, cancelled_days=2))) == is_told


def test_all_alarms_are_told_at_once() -> None:
    wrong = replace(USUAL, gone=gone(70, 74), moved={-60: 74}, phones=Share(70, 70), same_as=NIGHT)
    assert guards(wrong) == [Guard.GONE, Guard.OTHERS, Guard.SHIFTED, Guard.OLDER]


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_an_unchanged_file_raises_no_alarm(rows: int, to_come: int, patients: int) -> None:
    last = LastFile(rows, rows, FORTNIGHT, NIGHT)
    file = Compared(
        last,
        rows,
        known=rows,
        to_come=to_come,
        owners=Share(0, rows),
        phones=Share(0, patients),
        names=Share(0, patients),
        newcomers=Share(0, patients),
        gone=replace(gone(0, to_come), days={FORTNIGHT.first: Share(0, to_come)}),
        dates=FORTNIGHT,
        written=NIGHT,
    )
    assert alarms_of(file) == []


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (
            replace(USUAL, known=8, renamed=37),
            "72 of 80 ids are new, 37 of them at the patient and start of a known one",
        ),
        (
            replace(USUAL, known=8, newcomers=Share(63, 70)),
            "72 of 80 ids are new, and 63 of 70 patients: it may be another practice's",
        ),
        (
            replace(USUAL, written=NIGHT - timedelta(days=1)),
            "it was written on 2026-11-23 01:00 UTC, the last one on 2026-11-24 01:00",
        ),
        (
            replace(USUAL, dates=DAY_BEFORE),
            "it goes from 2026-11-23 to 2026-12-06, the last one from 2026-11-24 to 2026-12-07",
        ),
    ],
)
def test_an_alarm_says_its_figures(file: Compared, says: str) -> None:
    assert [alarm.says for alarm in alarms_of(file)] == [says]
