"""An appointment's revision counts what the patient must know; times that can't be meant are refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.appointments import Appointment, Booking, Outcome, cancelled, check_times, moved, revised
from smsreminders.errors import UsageError

NOW = datetime(2026, 10, 12, 7, tzinfo=UTC)
STORED = Appointment(
    source_id="A1",
    patient="P1",
    starts_at=NOW,
    ends_at=NOW + timedelta(minutes=10),
    location="Kamer 2",
    practitioner="De Boer",
    revision=3,
)
CANCELLED = replace(STORED, booking=Booking.CANCELLED)


@pytest.mark.parametrize(
    ("stored", "record", "expected"),
    [
        pytest.param(STORED, STORED, 3, id="the-same-again"),
        pytest.param(STORED, replace(STORED, ends_at=None), 3, id="another-end"),
        pytest.param(STORED, replace(STORED, practitioner="Jansen"), 3, id="another-practitioner"),
        pytest.param(STORED, CANCELLED, 3, id="cancelled"),
        pytest.param(STORED, replace(STORED, outcome=Outcome.NO_SHOW), 3, id="an-outcome"),
        pytest.param(CANCELLED, CANCELLED, 3, id="cancelled-again"),
        pytest.param(STORED, replace(STORED, starts_at=NOW + timedelta(minutes=1)), 4, id="another-start"),
        pytest.param(STORED, replace(STORED, location="Kamer 3"), 4, id="another-place"),
        pytest.param(STORED, replace(STORED, patient="P2"), 4, id="another-patient"),
        pytest.param(CANCELLED, STORED, 4, id="booked-again"),
        pytest.param(CANCELLED, replace(STORED, patient="P2", location=""), 4, id="booked-again-and-moved-counts-once"),
        pytest.param(CANCELLED, replace(CANCELLED, location="Kamer 3"), 4, id="moved-while-cancelled"),
    ],
)
def test_only_what_the_patient_must_know_is_a_new_revision(
    stored: Appointment, record: Appointment, expected: int
) -> None:
    assert revised(stored, record).revision == expected


@given(
    st.sampled_from(Booking), st.sampled_from(["Kamer 2", "Kamer 3"]), st.sampled_from(["P1", "P2"]), st.integers(1, 9)
)
def test_what_is_told_is_kept_but_for_the_revision(
    booking: Booking, location: str, patient: str, revision: int
) -> None:
    record = replace(STORED, booking=booking, location=location, patient=patient, revision=revision)
    assert replace(revised(STORED, record), revision=revision) == record


@pytest.mark.parametrize(
    ("stored", "ends_at", "revision"),
    [
        pytest.param(STORED, STORED.ends_at, 4, id="booked"),
        pytest.param(replace(STORED, ends_at=None), None, 4, id="without-an-end"),
        pytest.param(CANCELLED, STORED.ends_at, 4, id="cancelled-before"),
    ],
)
def test_a_move_keeps_the_length_and_books_the_appointment(
    stored: Appointment, ends_at: datetime | None, revision: int
) -> None:
    day = timedelta(days=1)
    expected = replace(STORED, starts_at=STORED.starts_at + day, ends_at=ends_at and ends_at + day, revision=revision)
    assert moved(stored, STORED.starts_at + day) == expected


def test_a_move_to_the_same_start_changes_nothing() -> None:
    assert moved(STORED, STORED.starts_at) == STORED


def test_a_cancellation_changes_nothing_else() -> None:
    assert cancelled(STORED) == CANCELLED


def test_the_same_start_written_in_another_zone_is_no_change() -> None:
    record = replace(STORED, starts_at=datetime.fromisoformat("2026-10-12T09:00+02:00"))
    assert revised(STORED, record).revision == STORED.revision


def test_a_new_appointment_is_booked_and_has_revision_1() -> None:
    new = Appointment("A1", "P1", NOW)
    assert (new.booking, new.revision) == (Booking.BOOKED, 1)


def test_the_words_for_a_booking_are_these() -> None:
    assert list(Booking) == ["booked", "cancelled"]


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        pytest.param(NOW, None, id="without-an-end"),
        pytest.param(NOW, NOW, id="ends-as-it-starts"),
        pytest.param(NOW, NOW + timedelta(minutes=10), id="ends-ten-minutes-later"),
        pytest.param(NOW - timedelta(days=20 * 366, seconds=-1), None, id="twenty-years-ago"),
        pytest.param(NOW + timedelta(days=5 * 366, seconds=-1), None, id="five-years-ahead"),
    ],
)
def test_a_start_that_can_be_meant_is_taken(starts_at: datetime, ends_at: datetime | None) -> None:
    check_times(starts_at, ends_at, NOW)


@pytest.mark.parametrize("year", [26, 1926, 2006, 2062, 2126])
def test_a_year_that_cannot_be_meant_is_refused(year: int) -> None:
    with pytest.raises(UsageError, match=f"^the year {year} can't be meant$"):
        check_times(NOW.replace(year=year, month=1, day=1) if year < 2026 else NOW.replace(year=year), None, NOW)


@pytest.mark.parametrize("distance", [timedelta(days=-20 * 366), timedelta(days=5 * 366)])
def test_a_start_exactly_at_a_bound_is_refused(distance: timedelta) -> None:
    with pytest.raises(UsageError, match="can't be meant"):
        check_times(NOW + distance, None, NOW)


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^the end is before the start$"):
        check_times(NOW, NOW - timedelta(seconds=1), NOW)


def test_an_appointment_needs_neither_a_place_nor_a_practitioner() -> None:
    bare = Appointment("A1", "P1", NOW)
    assert (bare.location, bare.practitioner) == ("", "")
