"""Consent: the last event counts, nobody consents in the future, and a file's column says only what changed in it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.consent import (
    Consent,
    ConsentEvent,
    How,
    check_time,
    in_force,
    read_consent,
    standing_withdrawal,
)
from smsreminders.errors import UsageError

NOW = datetime(2026, 10, 12, 7, tzinfo=UTC)
EARLIER = NOW - timedelta(days=1)
GIVEN = ConsentEvent(given=True, at=NOW, how=How.DESK)
WITHDRAWN = ConsentEvent(given=False, at=NOW, how=How.PHONE)
GIVEN_EARLIER = ConsentEvent(given=True, at=EARLIER, how=How.FORM)
WITHDRAWN_EARLIER = ConsentEvent(given=False, at=EARLIER, how=How.PORTAL)
EVENTS = st.lists(
    st.builds(
        ConsentEvent,
        given=st.booleans(),
        at=st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours)),
        how=st.sampled_from(How),
    )
)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([], None, id="never-asked"),
        pytest.param([GIVEN], GIVEN, id="given"),
        pytest.param([GIVEN_EARLIER, WITHDRAWN], WITHDRAWN, id="withdrawn-later"),
        pytest.param([WITHDRAWN_EARLIER, GIVEN], GIVEN, id="given-again"),
        pytest.param([WITHDRAWN, GIVEN_EARLIER], WITHDRAWN, id="an-old-form-recorded-after-the-withdrawal"),
        pytest.param([GIVEN, WITHDRAWN], WITHDRAWN, id="same-time-recorded-last-withdrawn"),
        pytest.param([WITHDRAWN, GIVEN], GIVEN, id="same-time-recorded-last-given"),
    ],
)
def test_the_latest_event_counts(events: list[ConsentEvent], expected: ConsentEvent | None) -> None:
    assert in_force(iter(events)) == expected


@given(EVENTS.filter(bool))
def test_nothing_was_said_after_what_is_in_force(events: list[ConsentEvent]) -> None:
    last = max(event.at for event in events)
    assert in_force(events) is [event for event in events if event.at == last][-1]


def test_a_consent_needs_neither_a_recorder_nor_a_wording() -> None:
    assert (GIVEN.by, GIVEN.wording) == ("", "")


def test_the_words_for_how_it_was_told_are_these() -> None:
    assert list(How) == ["desk", "phone", "form", "portal", "import"]


@pytest.mark.parametrize("ahead", [timedelta(days=-400), timedelta(0), timedelta(minutes=5)])
def test_a_consent_of_up_to_now_is_taken_though_clocks_differ_a_little(ahead: timedelta) -> None:
    check_time(NOW + ahead, NOW)


@pytest.mark.parametrize("ahead", [timedelta(minutes=5, seconds=1), timedelta(days=365)])
def test_nobody_consents_in_the_future(ahead: timedelta) -> None:
    with pytest.raises(UsageError) as raised:
        check_time(NOW + ahead, NOW)
    assert str(raised.value) == "the time of the consent lies in the future"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        *[(cell, True) for cell in ("yes", "ja", "Ja", "JA", " ja ", "YES\n", "J", "y", "1", "waar", "Akkoord")],
        *[(cell, False) for cell in ("no", "nee", "Nee", "NO", " nee", "N", "0", "onwaar", "FALSE", "bezwaar")],
        *[(cell, False) for cell in ("ingetrokken", "niet akkoord", "geen toestemming", "nee (per post)", "Nee, 3x")],
        *[(cell, True) for cell in ("true", "toestemming", "toegestaan", "gegeven", "permit", "opt-in")],
        *[
            (cell, False)
            for cell in (
                "geweigerd",
                "afgewezen",
                "withdrawn",
                "deny",
                "opt-out",
                "geen akkoord",
                "niet toegestaan",
                "no, never",
            )
        ],
        *[(cell, None) for cell in ("", "  ", "\t")],
    ],
)
def test_a_cell_says_yes_no_or_nothing(cell: str, expected: bool | None) -> None:
    assert read_consent(cell) is expected


@pytest.mark.parametrize("cell", ["x", "2", "ja nee", "misschien", "n.v.t.", "n/a", "niet bekend", "ja, later", "neen"])
def test_a_consent_is_never_guessed(cell: str) -> None:
    with pytest.raises(UsageError, match=f'^"{cell}" is not a consent: write yes or no, or leave it empty$'):
        read_consent(cell)


def test_a_refusal_repeats_no_more_than_the_beginning_of_a_cell() -> None:
    with pytest.raises(UsageError, match=f'^"{"z" * 20}" is not'):
        read_consent("z" * 500)


@pytest.mark.parametrize(
    ("words", "stands"),
    [
        ([], None),
        ([(False, How.DESK)], 0),
        ([(False, How.IMPORT)], None),
        ([(True, How.IMPORT), (False, How.PORTAL)], 1),
        ([(False, How.PHONE), (False, How.IMPORT)], 0),
        ([(False, How.FORM), (False, How.DESK)], 1),
        ([(False, How.DESK), (True, How.DESK)], None),
        ([(False, How.DESK), (True, How.IMPORT), (False, How.IMPORT)], None),
    ],
)
def test_a_withdrawal_by_a_person_stands_until_a_yes_came_after_it(
    words: list[tuple[bool, How]], stands: int | None
) -> None:
    events = [ConsentEvent(given, NOW + timedelta(hours=n), how) for n, (given, how) in enumerate(words)]
    assert standing_withdrawal(events) == (None if stands is None else events[stands])


@pytest.mark.parametrize(
    ("given", "expected"), [(True, Consent.GIVEN), (False, Consent.WITHDRAWN), (None, Consent.NEVER_ASKED)]
)
def test_a_word_gives_or_withdraws_and_without_one_nobody_was_asked(given: bool | None, expected: Consent) -> None:
    assert Consent.of(given) is expected


def test_the_words_for_a_consent_are_these() -> None:
    assert list(Consent) == ["given", "withdrawn", "never asked"]
