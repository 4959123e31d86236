"""The trace of what was erased: the same again, and another for another text or in another database."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.appointments import Appointment, Booking, revised
from smsreminders.domain.keep.erasing import before_erasing, trace_of

TOLD = Appointment("A1", "P1", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), location="Kamer 2")
WENT = replace(TOLD, patient="erased-1", location="", booking=Booking.CANCELLED, revision=3)


@given(st.text(), st.text())
def test_a_trace_knows_its_text_again_and_no_other(text: str, other: str) -> None:
    assert (trace_of("salt", text) == trace_of("salt", other)) == (text == other)
    assert trace_of("salt", text) != trace_of("other", text)


def test_a_trace_does_not_hold_its_text() -> None:
    assert trace_of("salt", "+31612345678") == "7f44e727567e9e474de157db490af0f21a0cd68c8e3ad75b5e2cccc8a3b63dab"


@pytest.mark.parametrize(("same", "revision"), [(True, 3), (False, 4)])
def test_what_comes_back_as_it_was_is_the_same_revision(*, same: bool, revision: int) -> None:
    assert revised(before_erasing(WENT, TOLD, same=same), TOLD) == replace(TOLD, revision=revision)


def test_what_comes_back_cancelled_is_no_news() -> None:
    cancelled = replace(TOLD, booking=Booking.CANCELLED)
    assert revised(before_erasing(WENT, cancelled, same=True), cancelled).revision == WENT.revision
