"""Records that tell when they were written: the newest word counts, in whatever order and files they come."""

from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsreminders.domain.appointments import Booking
from smsreminders.domain.practices import Practice
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord, Unread
from smsreminders.jobs.agenda.tally import Change
from smsreminders.store.appointments import appointments_between
from smsreminders.store.patients import all_patients
from tests.jobs.bench import Bench
from tests.jobs.builders import a_practice, local

CODES = count()
MORNING = local("2026-11-23 08:00")


def written(minute: int | None, start: str = "10:30", **said: object) -> AppointmentRecord:
    """What the record wrote of A1 at a minute of this morning."""
    patient = PatientRecord("", "P1", "J. de Vries", f"06-123456{minute or 0:02}")
    as_of = None if minute is None else MORNING + timedelta(minutes=minute)
    row = AppointmentRecord(f"message {minute}", "A1", patient, local(f"2026-11-24 {start}"), as_of=as_of)
    return row._replace(**said)  # type: ignore[arg-type]


def imported(bench: Bench, practice: Practice, *rows: AppointmentRecord) -> dict[Change, int]:
    (result,) = bench.imports(practice, Kind.APPOINTMENTS, rows, sure=True)
    counts = {change: count for change, count in result.changes.items() if count}
    return counts | ({Change.MISSING: result.unclear + result.rejected} if result.errors else {})


def stored(bench: Bench, practice: Practice) -> tuple[object, ...]:
    [(_, one)] = appointments_between(bench.db, practice.id, None, None)
    [patient] = all_patients(bench.db, practice.id)
    return one.starts_at, one.booking, patient.phone[-2:], one.unclear


def test_an_older_record_changes_nothing_and_is_counted_as_ignored(bench: Bench, linde: Practice) -> None:
    moved = written(5, "14:00")
    assert imported(bench, linde, moved) == {Change.ADDED: 1}
    assert imported(bench, linde, written(3, booking=Booking.CANCELLED)) == {Change.IGNORED: 1}
    assert stored(bench, linde) == (local("2026-11-24 14:00"), Booking.BOOKED, "05", None)
    assert imported(bench, linde, moved) == {Change.UNCHANGED: 1}


def test_of_several_records_in_a_file_the_newest_counts(bench: Bench, linde: Practice) -> None:
    assert imported(bench, linde, written(5, "14:00"), written(3), written(4, "11:00")) == {Change.ADDED: 1}
    assert stored(bench, linde) == (local("2026-11-24 14:00"), Booking.BOOKED, "05", None)


def test_of_one_moment_the_last_in_the_file_counts(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, written(5), written(5, "14:00"))
    assert stored(bench, linde)[0] == local("2026-11-24 14:00")


def test_a_late_record_between_two_that_say_the_same_changes_nothing(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, written(1))
    assert imported(bench, linde, written(9)) == {Change.UNCHANGED: 1}
    assert imported(bench, linde, written(5, "14:00")) == {Change.IGNORED: 1}
    assert stored(bench, linde)[0] == local("2026-11-24 10:30")


def test_an_older_record_that_is_not_understood_holds_nothing(bench: Bench, linde: Practice) -> None:
    unread = written(3, starts_at=None, unread=(Unread("start", "SCH-11", "is missing", "ab"),))
    assert imported(bench, linde, unread, written(5)) == {Change.ADDED: 1}
    assert imported(bench, linde, unread) == {Change.IGNORED: 1}
    assert stored(bench, linde)[3] is None


def test_a_record_that_does_not_tell_when_contradicts_one_that_does(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, written(5))
    imported(bench, linde, written(6), written(6, source_id="A2"), written(None, "14:00"), *twenty(7))
    assert next(one.unclear is not None for _, one in appointments_between(bench.db, linde.id, None, None))


def twenty(minute: int) -> list[AppointmentRecord]:
    return [written(minute, source_id=f"B{number}") for number in range(20)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(
        st.tuples(st.sampled_from(["10:30", "11:00", "14:00"]), st.sampled_from(Booking)), min_size=1, max_size=5
    ),
    order=st.randoms(use_true_random=False),
    cut=st.integers(0, 5),
)
def test_the_newest_word_stands_in_whatever_order_and_files_records_come(
    bench: Bench, told: list[tuple[str, Booking]], order: object, cut: int
) -> None:
    practice = a_practice(bench.db, f"p{next(CODES)}", service=False)
    rows = [written(minute, start, booking=booking) for minute, (start, booking) in enumerate(told, 1)]
    newest = rows[-1]
    order.shuffle(rows)  # type: ignore[attr-defined]
    for file in (rows[:cut], rows[cut:], rows):
        imported(bench, practice, *file)
    expected = newest.starts_at, newest.booking, (newest.patient.phone or "")[-2:], None
    assert stored(bench, practice) == expected
