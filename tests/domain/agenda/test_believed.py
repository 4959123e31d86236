"""What is believed of a row: only its news; what can't be read holds, and is undone by no repetition."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from smsreminders.domain.agenda.believed import (
    SaidAppointment,
    Status,
    Verdict,
    believe,
    believe_consent,
    news,
    said_after,
)
from smsreminders.domain.appointments import Appointment, Booking

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LATER = START + timedelta(hours=1)
STORED = Appointment("A1", "P1", START, location="Kamer 1")
SAID = SaidAppointment("P1", START, None, Status.BOOKED, "Kamer 1")
CANCELLED = replace(STORED, booking=Booking.CANCELLED)
LACKED = "agenda.csv doesn't have it"
GONE = replace(CANCELLED, missing=LACKED)


@pytest.mark.parametrize(
    ("stored", "before", "now", "after", "verdict"),
    [
        pytest.param(CANCELLED, SAID, SAID, CANCELLED, "stays", id="the-same-again-undoes-nothing"),
        pytest.param(CANCELLED, SAID, replace(SAID, status=None), CANCELLED, "stays", id="a-missing-status"),
        pytest.param(
            GONE,
            replace(SAID, status=Status.MISSING),
            replace(SAID, status=None),
            replace(STORED, revision=2),
            "stays",
            id="there-again",
        ),
        pytest.param(
            STORED,
            SAID,
            replace(SAID, starts_at=LATER),
            replace(STORED, starts_at=LATER, revision=2),
            "ends",
            id="moved",
        ),
        pytest.param(
            STORED,
            SAID,
            replace(SAID, status=Status.CANCELLED, starts_at=None, unread={"start": "ab"}),
            CANCELLED,
            "holds",
            id="cancelled-with-a-bad-start",
        ),
        pytest.param(
            STORED,
            replace(SAID, unread={"start": "ab"}),
            replace(SAID, starts_at=None, unread={"start": "ab"}),
            STORED,
            "stays",
            id="the-same-bad-cell",
        ),
        pytest.param(STORED, replace(SAID, unread={"start": "ab"}), SAID, STORED, "ends", id="mended"),
        pytest.param(STORED, SAID, SaidAppointment(status=Status.IGNORED), STORED, "holds", id="ignored"),
        pytest.param(CANCELLED, SAID, SaidAppointment(status=Status.IGNORED), CANCELLED, "stays", id="ignored-anyway"),
        pytest.param(
            replace(STORED, ends_at=LATER),
            replace(SAID, ends_at=LATER),
            replace(SAID, starts_at=LATER, ends_at=None),
            replace(STORED, starts_at=LATER, revision=2),
            "ends",
            id="moved-without-an-end",
        ),
        pytest.param(
            replace(STORED, ends_at=LATER),
            replace(SAID, ends_at=LATER),
            replace(SAID, ends_at=None, practitioner="dr. Smit"),
            replace(STORED, ends_at=LATER, practitioner="dr. Smit"),
            "stays",
            id="an-end-that-is-not-said",
        ),
        pytest.param(
            replace(STORED, ends_at=LATER),
            replace(SAID, ends_at=LATER),
            replace(SAID, ends_at=START),
            replace(STORED, ends_at=START),
            "stays",
            id="an-end-at-the-start",
        ),
    ],
)
def test_only_news_changes_an_appointment(
    stored: Appointment, before: SaidAppointment, now: SaidAppointment, after: Appointment, verdict: str
) -> None:
    belief = believe(stored, before, now)
    assert belief.after == after
    assert belief.verdict is Verdict(verdict)


def test_what_a_field_said_is_kept_while_it_says_nothing() -> None:
    now = SaidAppointment(starts_at=LATER, unread={"status": "ab"})
    assert said_after(SAID, now) == replace(SAID, starts_at=LATER, unread={"status": "ab"})


def test_when_the_newest_word_was_written_is_kept() -> None:
    written = replace(SAID, as_of=START)
    assert said_after(written, replace(SAID, as_of=LATER)).as_of == LATER
    assert said_after(written, SAID).as_of == START


def test_news_over_the_desks_change_is_undoing_it() -> None:
    moved = replace(STORED, starts_at=LATER)
    assert believe(moved, SAID, replace(SAID, starts_at=LATER + timedelta(hours=1))).undone == ("starts_at",)
    assert believe(moved, SAID, replace(SAID, starts_at=LATER)).undone == ()


def test_a_sources_first_word_over_what_is_known_otherwise_is_undoing_it() -> None:
    assert believe(CANCELLED, SaidAppointment(), SAID).undone == ("status",)
    assert believe(replace(STORED, starts_at=LATER), SaidAppointment(), SAID).undone == ("starts_at",)
    assert believe(STORED, SaidAppointment(), SAID).undone == ()


def test_a_source_that_never_told_the_status_does_not_book_a_cancelled_appointment_again_by_itself() -> None:
    assert believe(CANCELLED, SaidAppointment(), SAID).verdict is Verdict.HOLDS
    assert believe(CANCELLED, replace(SAID, status=Status.CANCELLED), SAID).verdict is not Verdict.HOLDS
    assert believe(STORED, SaidAppointment(), SAID).verdict is not Verdict.HOLDS


@pytest.mark.parametrize(
    ("before", "says", "withdrawn", "event", "held_back"),
    [
        (None, True, False, True, False),
        (True, True, False, None, False),
        (True, True, True, None, False),
        (None, True, True, None, True),
        (False, True, True, None, True),
        (True, False, True, False, False),
        (True, None, False, None, False),
    ],
)
def test_no_yes_without_a_time_undoes_what_a_person_withdrew(
    before: bool | None, says: bool | None, *, withdrawn: bool, event: bool | None, held_back: bool
) -> None:
    belief = believe_consent(before, says, unheard=(None, None), withdrawn=withdrawn)
    assert (belief.event, belief.held_back) == (event, held_back)


@pytest.mark.parametrize(
    ("says", "unheard", "verdict"),
    [
        (None, (None, "ab"), "holds"),
        (None, ("ab", "cd"), "holds"),
        (None, ("ab", "ab"), "stays"),
        (True, ("ab", "ab"), "stays"),
        (None, ("ab", None), "stays"),
        (None, (None, None), "stays"),
        (True, ("ab", None), "ends"),
        (False, (None, None), "ends"),
    ],
)
def test_another_consent_that_cannot_be_understood_holds_until_one_is(
    says: bool | None, unheard: tuple[str | None, str | None], verdict: str
) -> None:
    assert believe_consent(None, says, unheard=unheard, withdrawn=False).verdict is Verdict(verdict)


@pytest.mark.parametrize("says", [True, False])
def test_the_same_consent_as_the_last_time_ends_nothing_that_another_word_holds(*, says: bool) -> None:
    assert believe_consent(says, says, unheard=(None, None), withdrawn=False).verdict is Verdict.STAYS
    assert believe_consent(not says, says, unheard=(None, None), withdrawn=False).verdict is Verdict.ENDS


@pytest.mark.parametrize("field", ["ends_at", "location", "practitioner", "type"])
def test_a_first_word_on_what_decides_nothing_undoes_nothing_and_a_later_one_does(field: str) -> None:
    words = {"ends_at": (LATER, LATER + timedelta(hours=1), LATER + timedelta(hours=2))}
    first, desk, second = words.get(field, ("one", "two", "three"))
    stored = replace(STORED, **{field: desk})  # type: ignore[arg-type]
    never, before, now = (replace(SAID, **{field: word}) for word in (None, first, second))  # type: ignore[arg-type]
    assert believe(stored, never, now).undone == ()
    assert believe(stored, before, now).undone == (field,)


def test_another_patient_than_the_one_that_is_known_is_undoing_it() -> None:
    assert believe(replace(STORED, patient="P2"), SaidAppointment(), SAID).undone == ("patient",)


def test_an_empty_word_is_news_only_after_one_that_was_not() -> None:
    assert news({"location": "Kamer 1"}, {"location": ""}) == {"location": ""}
    assert news({"location": None}, {"location": ""}) == {}
    assert news({"location": ""}, {"location": None}) == {}


def test_what_is_said_stays_said_where_nothing_is_said_of_a_status_that_was_not_missing() -> None:
    assert said_after(replace(SAID, status=Status.CANCELLED), replace(SAID, status=None)).status is Status.CANCELLED
    assert said_after(replace(SAID, status=Status.MISSING), replace(SAID, status=Status.CANCELLED)).status is (
        Status.CANCELLED
    )


MISSED = replace(SAID, status=Status.MISSING)
HELD = replace(STORED, missing=LACKED)


def test_an_appointment_that_was_missing_and_is_booked_again_undoes_no_ones_word() -> None:
    assert believe(GONE, MISSED, SAID).undone == ()
    assert believe(replace(GONE, starts_at=LATER), MISSED, SAID).undone == ()


def test_an_appointment_that_was_missing_and_comes_back() -> None:
    assert said_after(MISSED, replace(SAID, status=None)) == SAID


@pytest.mark.parametrize(
    ("stored", "before", "now", "after", "verdict"),
    [
        pytest.param(HELD, MISSED, SAID, STORED, "ends", id="back-as-it-was"),
        pytest.param(HELD, MISSED, replace(SAID, status=None), STORED, "stays", id="back-without-a-status"),
        pytest.param(GONE, MISSED, SAID, replace(STORED, revision=2), "ends", id="back-after-it-was-cancelled"),
        pytest.param(
            HELD,
            MISSED,
            replace(SAID, starts_at=LATER),
            replace(STORED, starts_at=LATER, revision=2),
            "ends",
            id="back-at-another-time",
        ),
        pytest.param(HELD, MISSED, replace(SAID, status=Status.CANCELLED), CANCELLED, "ends", id="back-as-cancelled"),
        pytest.param(
            HELD, MISSED, replace(SAID, status=None, unread={"status": "ab"}), STORED, "holds", id="back-and-unclear"
        ),
        pytest.param(HELD, MISSED, SaidAppointment(status=Status.IGNORED), STORED, "holds", id="back-and-ignored"),
        pytest.param(GONE, MISSED, SaidAppointment(status=Status.IGNORED), GONE, "stays", id="gone-and-ignored"),
        pytest.param(CANCELLED, MISSED, SAID, CANCELLED, "stays", id="back-after-the-desk-cancelled-it"),
        pytest.param(
            replace(STORED, starts_at=LATER),
            MISSED,
            SAID,
            replace(STORED, starts_at=LATER),
            "stays",
            id="back-after-the-desk-moved-it",
        ),
        pytest.param(HELD, SaidAppointment(), SAID, STORED, "ends", id="in-the-first-file-of-another-source"),
        pytest.param(HELD, SAID, SAID, HELD, "stays", id="in-another-file-as-before"),
        pytest.param(
            HELD,
            SAID,
            replace(SAID, practitioner="dr. Smit"),
            replace(HELD, practitioner="dr. Smit"),
            "stays",
            id="in-another-file-with-what-decides-nothing",
        ),
    ],
)
def test_what_was_missing_is_as_it_was_where_it_is_back_unless_somebody_had_their_say(
    stored: Appointment, before: SaidAppointment, now: SaidAppointment, after: Appointment, verdict: str
) -> None:
    belief = believe(stored, before, now)
    assert (belief.after, belief.verdict, belief.undone) == (after, Verdict(verdict), ())


def test_no_end_stays_before_a_start_that_the_row_tells_alone() -> None:
    stored = replace(STORED, ends_at=START + timedelta(minutes=10))
    before = replace(SAID, starts_at=LATER, ends_at=START + timedelta(minutes=10))
    now = replace(before, ends_at=START - timedelta(minutes=10))
    assert believe(stored, before, now).after == replace(stored, ends_at=None)


def test_a_cancellation_undoes_nobodys_change_where_the_source_had_told_no_status() -> None:
    silent = replace(SAID, status=None)
    says = replace(SAID, status=Status.CANCELLED)
    assert believe(STORED, silent, says).undone == ()
    assert believe(CANCELLED, silent, says).undone == ()
    assert believe(STORED, SaidAppointment(), says).undone == ("status",)  # the first word of another source
