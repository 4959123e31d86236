"""The run of a source: the newest whole file once, for each practice by itself, and in clear words why not."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.errors import AdministratorNeeded, ConfigError, SmsremindersError, TryAgainLater
from smsreminders.jobs.agenda.import_files import BadFile
from smsreminders.jobs.agenda.orders import PartResult, SourceOrder
from smsreminders.jobs.agenda.sources import run_source
from smsreminders.jobs.agenda.tally import Change
from smsreminders.store.agenda.imports import refusals
from smsreminders.store.agenda.sources import SourceKey, came
from smsreminders.store.appointments import appointments_between
from smsreminders.store.database import write_transaction
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, a_practice
from tests.jobs.exports import HOUR, WhileWriting, agenda, exported, order, row, run, run_one, written

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
TEXTS = {"Utrecht": "linde", "Zeist": "duin"}


def known(bench: Bench, practice: Practice) -> dict[str, str]:
    return {found.source_id: found.booking.value for _, found in appointments_between(bench.db, practice.id)}


def came_at(bench: Bench, practice: Practice, name: str = "agenda") -> object:
    return came(bench.db, SourceKey(practice, name, "appointments"))


def added(part: PartResult) -> int | None:
    return part.result.changes[Change.ADDED] if part.result else None


def error_of(bench: Bench, asked: SourceOrder) -> SmsremindersError:
    with pytest.raises(SmsremindersError) as raised:
        run(bench, asked)
    return raised.value


def test_the_newest_file_is_imported(bench: Bench, linde: Practice) -> None:
    exported(bench, agenda(row(9)), name="agenda-old.csv", ago=DAY)
    newest = exported(bench, name="agenda-new.csv")
    part = run_one(bench, order(bench))
    assert (part.practice, part.file, added(part)) == ("linde", str(newest), 3)
    assert known(bench, linde) == {"A1": "booked", "A2": "booked", "A3": "booked"}
    assert came_at(bench, linde) == bench.clock.now() - HOUR


def test_the_same_file_again_does_nothing_but_counts_as_a_sign_that_the_source_came(
    bench: Bench, linde: Practice
) -> None:
    exported(bench)
    run(bench, order(bench))
    exported(bench, ago=timedelta())
    bench.clock.go_to(bench.clock.now() + HOUR)
    before = bench.db.conn.total_changes
    assert run_one(bench, order(bench)).is_as_it_was
    assert came_at(bench, linde) == bench.clock.now() - HOUR
    after = bench.db.conn.total_changes
    assert after - before <= 2  # that it came, and no row
    assert run_one(bench, order(bench)).is_as_it_was
    assert bench.db.conn.total_changes == after


@pytest.mark.parametrize(
    "change",
    [
        {"columns": {"location": "Locatie"}},
        {"words": {"status": {"x": "cancelled"}}},
        {"midnight": True},
        {"time_format": None, "usual": {"location": "Locatie"}},
    ],
)
def test_the_same_file_by_other_settings_is_imported(bench: Bench, linde: Practice, change: dict[str, object]) -> None:
    exported(bench)
    first = order(bench)
    run(bench, first)
    other = replace(first, layout=replace(first.layout, **change))  # type: ignore[arg-type]
    assert run_one(bench, other).result
    assert run_one(bench, other).is_as_it_was
    assert known(bench, linde)


def test_a_file_of_which_something_was_not_understood_is_imported_again(bench: Bench, linde: Practice) -> None:
    exported(bench, agenda(row(1), row(2), "A3;P3;J. Vries;;morgen;\n"))
    assert [run_one(bench, order(bench)).result is None for _ in range(2)] == [False, False]
    assert len(known(bench, linde)) == 2


def test_an_older_file_that_comes_back_is_imported_again(bench: Bench, linde: Practice) -> None:
    first, other = agenda(row(1), row(2)), agenda(row(1, "2026-11-25 11:30"), row(2))
    for content in (first, other, first):
        exported(bench, content)
        assert run_one(bench, order(bench)).result
    assert len(known(bench, linde)) == 2


def test_a_file_is_imported_again_where_another_was_imported_as_its_source_s(bench: Bench, linde: Practice) -> None:
    exported(bench)
    run(bench, order(bench))
    exported(bench, agenda(row(1), row(2), row(3), row(4)), name="by-hand.csv")
    run(bench, order(bench, pattern="by-hand.csv"))
    assert run_one(bench, order(bench)).result
    assert len(known(bench, linde)) == 4


def test_after_a_file_was_refused_the_one_before_it_is_good_news_again(bench: Bench, linde: Practice) -> None:
    for content in (agenda(), agenda(row(1, "morgen")), agenda()):
        exported(bench, content)
        refused = run_one(bench, order(bench)).error is not None
        assert [bool(refusals(bench.db, linde.id)), refused] == [content != agenda()] * 2
    assert run_one(bench, order(bench)).is_as_it_was


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "the file is empty"),
        ("Een;andere;export\n1;2;3\n", 'no column "appointment_id"'),
        ("BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", "not a table but a calendar"),
        ("PK\x03\x04 a spreadsheet under the name of a CSV", "not a text file but an Excel"),
    ],
)
def test_a_file_of_which_no_row_can_be_read_stays_told_until_a_good_one_comes(
    bench: Bench, linde: Practice, content: str, says: str
) -> None:
    exported(bench)
    run(bench, order(bench))
    written(bench.path.parent / "agenda.csv", content, bench.clock.now())
    bench.clock.go_to(bench.clock.now() + HOUR)
    assert run_one(bench, order(bench, dry_run=True)).error
    assert refusals(bench.db, linde.id) == []
    assert run_one(bench, order(bench)).error
    (refusal,) = refusals(bench.db, linde.id)
    assert says in refusal.reason
    assert refusal.source == "agenda"
    exported(bench, agenda(row(1), row(2), row(3), row(4)), ago=timedelta(minutes=20))
    run(bench, order(bench))
    assert refusals(bench.db, linde.id) == []


def test_a_dry_run_changes_nothing(bench: Bench, linde: Practice) -> None:
    exported(bench)
    for _ in range(2):
        assert added(run_one(bench, order(bench, dry_run=True))) == 3
    assert (known(bench, linde), came_at(bench, linde)) == ({}, None)


def test_a_file_that_is_being_written_is_left_for_later(bench: Bench, linde: Practice) -> None:
    file = exported(bench, ago=SECOND)
    bench.clock = WhileWriting(bench.clock.now(), file, row(4))
    error = error_of(bench, order(bench))
    assert (type(error), str(error)) == (
        TryAgainLater,
        f"{file} is still being written: it is imported the next time",
    )
    assert known(bench, linde) == {}


@pytest.mark.parametrize("ago", [SECOND, -HOUR])
def test_a_young_file_that_stays_as_it_is_is_imported_after_a_look(
    bench: Bench, linde: Practice, ago: timedelta
) -> None:
    exported(bench, ago=ago)
    assert added(run_one(bench, order(bench))) == 3
    assert bench.clock.elapsed() == 2
    assert len(known(bench, linde)) == 3


@pytest.mark.parametrize(
    ("name", "content", "lack"),
    [
        ("agenda.csv", agenda()[:-1], "its last line has no end"),
        ("agenda.ics", "BEGIN:VCALENDAR\r\n", "it has no END:VCALENDAR"),
        ("agenda.json", '{"resourceType": "Bundle",', "its JSON is cut off"),
        ("agenda.xlsx", "PK\x03\x04", "the end of the spreadsheet is missing"),
    ],
)
def test_a_file_without_its_end_is_left_for_later_while_it_is_young(
    bench: Bench, linde: Practice, name: str, content: str, lack: str
) -> None:
    file = exported(bench, content, name=name, ago=timedelta(minutes=9))
    error = error_of(bench, order(bench))
    assert (type(error), str(error)) == (
        TryAgainLater,
        f"{file}: {lack}, so it may still be being written: it is imported the next time",
    )
    assert known(bench, linde) == {}


def test_a_table_without_an_end_that_has_lain_there_is_imported(bench: Bench, linde: Practice) -> None:
    exported(bench, agenda()[:-1], ago=timedelta(minutes=10))
    assert added(run_one(bench, order(bench))) == 3
    assert len(known(bench, linde)) == 3


def test_each_practice_of_a_file_is_an_import_of_its_own(bench: Bench, linde: Practice, duin: Practice) -> None:
    exported(bench, agenda(row(1), row(2, place="Zeist"), row(3, place="zeist ")))
    asked = order(bench, column="Locatie", texts=TEXTS)
    assert [(part.practice, added(part)) for part in run(bench, asked)] == [("linde", 1), ("duin", 2)]
    assert (set(known(bench, linde)), set(known(bench, duin))) == ({"A1"}, {"A2", "A3"})
    assert [part.is_as_it_was for part in run(bench, asked)] == [True, True]


def test_a_practice_whose_part_is_refused_does_not_hinder_another(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    bad = [row(number, "morgen") for number in (2, 3, 4)]
    exported(bench, agenda(*bad, row(1, place="Zeist")))
    first, second = run(bench, order(bench, column="Locatie", texts=TEXTS))
    assert isinstance(first.error, BadFile)
    assert "3 of 3 rows are bad" in str(first.error)
    assert (added(second), known(bench, linde), set(known(bench, duin))) == (1, {}, {"A1"})


def test_rows_of_no_practice_are_left_out_and_told_once(bench: Bench, linde: Practice, duin: Practice) -> None:
    exported(bench, agenda(row(1), row(2, place="Houten"), row(3, place="Zeist"), row(4, place="Houten")))
    asked = order(bench, column="Locatie", texts=TEXTS)
    assert [part.strangers for part in run(bench, asked)] == [{"Houten": 2}, {}]
    on_purpose = order(bench, column="Locatie", texts=TEXTS | {"Houten": ""})
    assert [(part.strangers, added(part)) for part in run(bench, on_purpose)] == [({}, 0), ({}, 0)]
    assert (len(known(bench, linde)), len(known(bench, duin))) == (1, 1)


def test_a_practice_that_there_is_not_is_told_and_the_others_are_imported(bench: Bench, linde: Practice) -> None:
    exported(bench, agenda(row(1), row(2, place="Zeist")))
    part, lost = run(bench, order(bench, column="Locatie", texts=TEXTS))
    assert added(part) == 1
    assert isinstance(lost.error, ConfigError)
    assert 'whose is the source "agenda"? there is no practice "duin"' in str(lost.error)
    assert len(known(bench, linde)) == 1


def test_only_one_practice_may_be_asked_for(bench: Bench, linde: Practice, duin: Practice) -> None:
    exported(bench, agenda(row(1), row(2, place="Zeist")))
    assert [part.practice for part in run(bench, order(bench, column="Locatie", texts=TEXTS, only="duin"))] == ["duin"]
    assert (len(known(bench, linde)), len(known(bench, duin))) == (0, 1)


@pytest.mark.parametrize(
    ("codes", "more", "says"),
    [
        ([], {}, "there is no practice yet: write practice"),
        (["linde", "duin"], {}, 'there are several practices: write practice = "CODE" in its [[sources]]'),
        (["linde"], {"practice": "lind"}, 'there is no practice "lind"'),
        (["linde"], {"format_name": "cvs"}, 'the source "agenda": there is no format "cvs"; did you mean'),
        (["linde"], {"column": "Lokatie", "texts": {"Utrecht": "linde"}}, 'did you mean "Locatie"?'),
        (["linde"], {"pattern": "agend.csv"}, "no file matches"),
        (["linde"], {"pattern": "none/agenda.csv"}, "No such file or directory: look at the path"),
    ],
)
def test_what_is_wrong_with_a_source_is_told(bench: Bench, codes: list[str], more: dict[str, Any], says: str) -> None:
    for code in codes:
        a_practice(bench.db, code)
    exported(bench)
    try:
        told = str(run_one(bench, order(bench, **more)).error)
    except (TryAgainLater, AdministratorNeeded) as error:
        told = str(error)
    assert says in told


def test_what_a_complete_file_lacks_is_missing_and_cancelled_with_the_second_one(bench: Bench, linde: Practice) -> None:
    asked = order(bench, complete=timedelta(days=14))
    numbers = range(1, 9)
    all_but_one = agenda(*(row(number) for number in numbers[1:]))
    counts = []
    for content in (agenda(*map(row, numbers)), all_but_one, all_but_one, all_but_one + row(20)):
        exported(bench, content)
        result = run_one(bench, asked).result
        counts.append(result and (list(result.missing), list(result.gone)))
        bench.clock.go_to(bench.clock.now() + timedelta(hours=12))
    assert counts == [([], []), (["A1"], []), None, ([], ["A1"])]
    assert known(bench, linde)["A1"] == "cancelled"


def test_a_complete_file_with_rows_that_may_be_anybody_s_lacks_nothing(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    asked = order(bench, complete=timedelta(days=14), column="Locatie", texts=TEXTS)
    other = row(3, place="Zeist")
    for content in (agenda(row(1), row(2), other), agenda(row(1, place="Houten"), row(2), other)):
        exported(bench, content)
        parts = run(bench, asked)
    missing = [list(part.result.missing) for part in parts if part.result]
    assert (missing, len(known(bench, linde)), len(known(bench, duin))) == ([[], []], 2, 1)
    exported(bench, agenda(row(2), other))  # of each practice by itself
    assert [part.result and list(part.result.missing) for part in run(bench, asked)] == [["A1"], []]


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:weekly
SUMMARY:P1
DTSTART:20261124T093000Z
RRULE:FREQ=WEEKLY;COUNT=4
END:VEVENT
BEGIN:VEVENT
UID:once
SUMMARY:P1
DTSTART:20261125T093000Z
END:VEVENT
END:VCALENDAR
"""


def test_a_calendar_is_complete_to_its_horizon(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    layout = replace(order(bench).layout, patient_pattern=re.compile("(?P<patient>P1)"))
    asked = order(bench, complete=timedelta(days=60), layout=replace(layout, horizon=timedelta(days=60)))
    exported(bench, CALENDAR, name="agenda.ics")
    run(bench, asked)
    assert len(known(bench, linde)) == 5
    start = CALENDAR.rindex("BEGIN:VEVENT")
    exported(bench, CALENDAR[:start] + "END:VCALENDAR\r\n", name="agenda.ics")
    (part,) = run(bench, replace(asked, layout=replace(layout, horizon=timedelta(days=10))))
    assert part.result
    assert part.result.missing == ["once"]


def test_an_occurrence_that_its_series_has_no_more_is_cancelled_and_not_also_missing(
    bench: Bench, linde: Practice
) -> None:
    a_patient(bench.db, linde)
    layout = replace(order(bench).layout, patient_pattern=re.compile("(?P<patient>P1)"))
    asked = order(bench, complete=timedelta(days=40), layout=layout)
    for content in (CALENDAR, CALENDAR.replace("COUNT=4", "COUNT=3")):
        exported(bench, content, name="agenda.ics")
        (part,) = run(bench, asked)
    assert part.result
    assert (part.result.missing, part.result.changes[Change.CANCELLED]) == ([], 1)


def test_another_process_that_writes_is_waited_for_or_told(bench: Bench, linde: Practice) -> None:
    exported(bench)
    bench.db.execute("pragma busy_timeout = 1")
    with bench.elsewhere() as other, write_transaction(other), pytest.raises(Exception, match="locked"):
        list(run_source(bench.db, order(bench), clock=bench.clock))
    assert known(bench, linde) == {}


def test_a_file_is_told_by_its_path(bench: Bench, linde: Practice) -> None:
    file = exported(bench, "naam;tijd\nx;y\n")
    error = run_one(bench, order(bench)).error
    assert str(error).startswith(f"{file}: no column ")
    assert known(bench, linde) == {}
