"""The figures of a day beside those of the same weekday before, of the practices that are asked for."""

from datetime import timedelta

import pytest

from smsreminders.domain.keep.health import Arrival
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.jobs.keep.figures import Figures, figures_of, troubles_of
from smsreminders.store import patients
from tests import builders
from tests.builders import a_notification
from tests.jobs.bench import Bench
from tests.jobs.builders import ZONE, a_patient, an_appointment, local


def figures(bench: Bench, *practices: Practice) -> Figures:
    return figures_of(bench.db, practices, zone=ZONE, rehearsal=False, now=bench.clock.now())


def texts(bench: Bench, practice: Practice, count: int, status: Status, *, days_ago: int = 0) -> None:
    """Send texts of a practice some days ago, which came to this status."""
    a_patient(bench.db, practice)
    patient = patients.patient_by_id(bench.db, practice.id, "P1")
    at = bench.clock.now() - timedelta(days=days_ago)
    for number in range(count):
        id_ = builders.an_appointment(bench.db, practice, patient, f"{at:%m-%d}-{status}-{number}")
        a_notification(bench.db, practice, id_, status, now=at)


def found(bench: Bench, *practices: Practice) -> list[str]:
    return [trouble.found for trouble in troubles_of(figures(bench, *practices), completed=[])]


def test_a_day_without_anything_has_no_trouble(bench: Bench, linde: Practice) -> None:
    empty = figures(bench, linde)
    assert (empty.sent, empty.rejected, empty.skipped, empty.usually_sent) == (0, 0, {}, None)
    assert (empty.recent, empty.usual, troubles_of(empty, completed=[linde.id])) == (Arrival(), Arrival(), [])


def test_one_practice_whose_texts_fail_is_told_among_others_whose_arrive(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    texts(bench, linde, 3, Status.FAILED)
    texts(bench, duin, 30, Status.DELIVERED)
    assert found(bench, linde, duin) == ["linde: 0 of today's 3 texts whose fate is known arrived"]
    assert found(bench, duin) == []


def test_practices_of_few_texts_that_all_fail_are_told_together(bench: Bench, linde: Practice, duin: Practice) -> None:
    for practice in (linde, duin):
        texts(bench, practice, 2, Status.FAILED)
    assert found(bench, linde, duin) == ["0 of today's 4 texts whose fate is known arrived"]


def test_what_failed_yesterday_is_told_of_the_week(bench: Bench, linde: Practice) -> None:
    texts(bench, linde, 3, Status.FAILED, days_ago=1)
    assert found(bench, linde) == ["0 of the last week's 3 texts whose fate is known arrived"]


def test_rejected_ones_are_told_on_their_day_only(bench: Bench, linde: Practice) -> None:
    texts(bench, linde, 2, Status.REJECTED)
    texts(bench, linde, 1, Status.REJECTED, days_ago=1)
    assert (figures(bench, linde).rejected, figures(bench, linde).sent) == (2, 0)
    assert found(bench, linde) == ["2 of today were rejected by the gateway"]


def a_full_morning(bench: Bench, practice: Practice, day: str, next_day: str, *, consent: int, without: int) -> None:
    """A round at nine, after which so many appointments of the next day are reminded, and so many without consent."""
    bench.clock.go_to(local(f"{day} 09:00"))
    for number in range(consent + without):
        patient = f"P{number}" if number < consent else f"P{number + 50}"
        a_patient(bench.db, practice, patient, consent=number < consent)
        an_appointment(bench.db, practice, f"{next_day}-{number}", patient, start=f"{next_day} 10:{number:02}")
    bench.round(practice)


def test_a_morning_is_compared_with_those_of_its_weekday(bench: Bench, linde: Practice) -> None:
    for day, next_day in (("16", "17"), ("17", "18"), ("23", "24")):
        a_full_morning(bench, linde, f"2026-11-{day}", f"2026-11-{next_day}", consent=12, without=2)
    a_full_morning(bench, linde, "2026-11-24", "2026-11-25", consent=5, without=0)
    today = figures(bench, linde)
    assert (today.sent, today.usually_sent, today.skipped) == (5, 12, {})
    few = "linde: 5 texts went out today, on this weekday usually 12"
    assert [trouble.found for trouble in troubles_of(today, completed=[linde.id])] == [few]
    assert troubles_of(today, completed=[]) == []  # what waits may still go out


def test_where_many_were_skipped_it_is_not_told_too_that_few_went_out(bench: Bench, linde: Practice) -> None:
    a_full_morning(bench, linde, "2026-11-17", "2026-11-18", consent=12, without=0)
    bench.clock.go_to(local("2026-11-23 09:00"))
    bench.round(linde)
    a_full_morning(bench, linde, "2026-11-24", "2026-11-25", consent=1, without=11)
    assert [trouble.about for trouble in troubles_of(figures(bench, linde), completed=[linde.id])] == ["skipped"]


def test_a_second_round_of_the_day_changes_nothing_of_how_the_morning_went(bench: Bench, linde: Practice) -> None:
    a_full_morning(bench, linde, "2026-11-24", "2026-11-25", consent=4, without=3)
    before = figures(bench, linde)
    bench.clock.go_to(local("2026-11-24 15:00"))
    bench.round(linde)
    after = figures(bench, linde)
    assert (before.skipped, before.sent) == (after.skipped, after.sent) == ({SkipReason.CONSENT_WITHDRAWN: 3}, 4)
    assert found(bench, linde) == []


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param(["2026-12-24"], [], id="its-days-were-covered-the-day-before"),
        pytest.param([], ["linde: 0 texts went out today, on this weekday usually 12"], id="nobody-covered-its-days"),
    ],
)
def test_a_holiday_is_no_morning_with_too_few_where_its_days_were_covered_before(
    bench: Bench, linde: Practice, before: list[str], expected: list[str]
) -> None:
    for friday in ("2026-12-11", "2026-12-18"):
        bench.clock.go_to(local(f"{friday} 09:00"))
        bench.round(linde)
        texts(bench, linde, 12, Status.DELIVERED)
    for day in (*before, "2026-12-25"):
        bench.clock.go_to(local(f"{day} 09:00"))
        bench.round(linde)
    assert [each.found for each in troubles_of(figures(bench, linde), completed=[linde.id])] == expected
