"""Stopped numbers: which replies stop a phone and which don't, and which stop stands after all that was said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.stopped import How, StopEvent, is_start, is_stop, standing

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
STOP = StopEvent(stopped=True, at=NOW, how=How.REPLY)
START = StopEvent(stopped=False, at=LATER, how=How.REPLY)
LIFTED = StopEvent(stopped=False, at=NOW, how=How.DESK, by="anna")
ON_LIST = StopEvent(stopped=True, at=NOW, how=How.OPT_OUT)
REJECTED = StopEvent(stopped=True, at=LATER, how=How.REJECTED)
AT_DESK = StopEvent(stopped=True, at=NOW, how=How.DESK, by="anna")
WORDS = "STOP STOPPEN AFMELDEN UITSCHRIJVEN STOPALL UNSUBSCRIBE ARRET ABMELDEN STOPP".split()  # noqa: SIM905
EVENTS = st.lists(
    st.one_of(
        st.builds(
            StopEvent, st.just(True), st.integers(0, 3).map(lambda h: NOW + timedelta(hours=h)), st.sampled_from(How)
        ),
        st.builds(
            StopEvent,
            st.just(False),
            st.integers(0, 3).map(lambda h: NOW + timedelta(hours=h)),
            st.sampled_from([How.REPLY, How.DESK]),
        ),
    ),
    max_size=6,
)


def test_the_words_for_how_are_these_and_nobody_need_have_recorded_it() -> None:
    assert list(How) == ["reply", "opt-out", "rejected", "desk"]
    assert STOP.by == ""


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("written", ["{}", " {}\n", "{}!", "'{}'", "“{}”.", "... {} ...", "\u200b{}\u00a0"])
def test_a_word_of_the_list_stops_with_blanks_and_punctuation_around_it(word: str, written: str) -> None:
    answers = [written.format(word), written.format(word.lower()), written.format(word.capitalize())]
    assert [is_stop(answer) for answer in answers] == [True, True, True]


@pytest.mark.parametrize("text", ["Arrêt", "ARRE\u0302T", "ＳＴＯＰ", "stóp", "ſtop"])
def test_accents_and_widths_do_not_count(text: str) -> None:
    assert is_stop(text)


@pytest.mark.parametrize("text", ["STOP 👍", "Stop 😡", "🛑 STOP", "stop ✋🏽", "STOP ❌!", "♥️stop", "+STOP"])
def test_a_sign_that_is_no_letter_and_no_digit_does_not_count(text: str) -> None:
    assert is_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "?!",
            "stop afspraak 3 december",
            "Ik wil stoppen",
            "niet stoppen",
            "stop stop",
            "s t o p",
            "S.T.O.P",
        ),
        *(
            "stop2",
            "2stop",
            "stopcontact",
            "nonstop",
            "bushalte stop",
            "stopж",
            "жstop",
            "STOPPЕN",
            "stopte",
        ),
        *("START", "JA", "NEE", "Antwoord STOP om af te melden", "STOP\nMvg, Jan", "arret svp", "afmelden graag", "ok"),
    ],
)
def test_nothing_else_stops(text: str) -> None:
    assert not is_stop(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("start", True), (" Start! ", True), ("start maar", False), ("stop", False)]
)
def test_start_is_read_in_the_same_way(text: str, expected: bool) -> None:
    assert is_start(text) is expected


@given(st.text(), st.sampled_from(WORDS), st.sampled_from("a7жé中"), st.text())
def test_no_letter_and_no_digit_around_the_word_goes_unseen(before: str, word: str, letter: str, after: str) -> None:
    assert not is_stop(f"{word}{after}{letter}")
    assert not is_stop(f"{letter}{before}{word}")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([], None, id="nothing-said"),
        pytest.param([STOP], STOP, id="stop"),
        pytest.param([STOP, START], None, id="start-lifts-stop"),
        pytest.param([STOP, replace(START, at=NOW)], None, id="within-a-second"),
        pytest.param([STOP, START, STOP], STOP, id="what-is-recorded-later-stands"),
        pytest.param([START, STOP], STOP, id="a-start-lifts-nothing-that-comes-after-it"),
        pytest.param([REJECTED, STOP, START], REJECTED, id="start-lifts-no-word-of-a-gateway"),
        pytest.param([ON_LIST, START], ON_LIST, id="start-lifts-no-opt-out"),
        pytest.param([AT_DESK, START], AT_DESK, id="start-lifts-no-word-of-the-desk"),
        pytest.param([STOP, ON_LIST, REJECTED, AT_DESK, LIFTED], None, id="the-desk-lifts-all-that-it-knows"),
        pytest.param([REJECTED, LIFTED], None, id="the-desk-lifts-whatever-another-clock-says"),
        pytest.param([STOP, LIFTED, REJECTED], REJECTED, id="the-gateway-refuses-again"),
        pytest.param([REJECTED, STOP], STOP, id="since-the-earliest-that-stands"),
        pytest.param(
            [StopEvent(stopped=True, at=LATER + timedelta(hours=1), how=How.REPLY), START],
            StopEvent(stopped=True, at=LATER + timedelta(hours=1), how=How.REPLY),
            id="a-start-that-was-said-before-the-stop",
        ),
    ],
)
def test_the_stop_in_force(events: list[StopEvent], expected: StopEvent | None) -> None:
    assert standing(iter(events)) == expected


@given(EVENTS, st.sampled_from(How))
def test_after_a_stop_was_recorded_the_number_is_stopped(events: list[StopEvent], how: How) -> None:
    assert standing([*events, StopEvent(stopped=True, at=NOW, how=how)]) is not None


@given(EVENTS)
def test_the_desk_can_always_lift(events: list[StopEvent]) -> None:
    assert standing([*events, LIFTED]) is None


@given(EVENTS)
def test_no_start_lifts_what_a_gateway_or_the_desk_stopped(events: list[StopEvent]) -> None:
    others = [event for event in events if event.how is not How.REPLY]
    assert standing(others) is None or standing(events) is not None
