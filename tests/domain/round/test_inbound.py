"""What a gateway tells of phones: nothing of it shows a number or a text by itself."""

from datetime import UTC, datetime

import pytest

from smsreminders.domain.round.inbound import Mark, OptedOut, Received

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(Received("G1", "+31612345678", "+3197010240000", "Jan komt niet", NOW), id="received"),
        pytest.param(OptedOut("+31612345678", NOW), id="opted out"),
    ],
)
def test_neither_number_nor_text_stands_in_a_repr(value: object) -> None:
    assert not [secret for secret in ("12345678", "Jan") if secret in repr(value)]


def test_when_a_number_opted_out_may_be_unknown() -> None:
    assert OptedOut("+31612345678").since is None


def test_the_words_of_a_mark_are_those_that_are_kept() -> None:
    assert {mark.name: mark.value for mark in Mark} == {"OPTED_OUT": "opted-out", "DEAD": "dead"}
