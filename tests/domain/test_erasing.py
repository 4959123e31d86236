"""The trace of what was erased: the same again, and another for another text or in another database."""

from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.erasing import trace_of


@given(st.text(), st.text())
def test_a_trace_knows_its_text_again_and_no_other(text: str, other: str) -> None:
    assert (trace_of("salt", text) == trace_of("salt", other)) == (text == other)
    assert trace_of("salt", text) != trace_of("other", text)


def test_a_trace_does_not_hold_its_text() -> None:
    assert trace_of("salt", "+31612345678") == "7f44e727567e9e474de157db490af0f21a0cd68c8e3ad75b5e2cccc8a3b63dab"
