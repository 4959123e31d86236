"""The words of the call list: each reason that there can be has some, in both languages, short enough for a line."""

from smsreminders.cli.show.call_words import DUTCH, ENGLISH, call_words, next_steps
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.unreached import ANSWERED, NEXT_ROUND, NO_PLAN, WANTS_TO_CANCEL

NO_CALL = {SkipReason.CANCELLED, SkipReason.ALREADY_REMINDED, SkipReason.CONFIRMED}
NO_CALL_STATUS = {Status.DELIVERED, Status.CANCELLED}


def test_each_reason_has_words_in_both_languages() -> None:
    reasons = {*(set(SkipReason) - NO_CALL), *(set(Status) - NO_CALL_STATUS), NEXT_ROUND, NO_PLAN}
    reasons |= {ANSWERED, WANTS_TO_CANCEL}
    assert set(DUTCH) == set(ENGLISH) == reasons


def test_they_are_short_enough_to_stand_in_one_line() -> None:
    assert [w for words in (*DUTCH.values(), *ENGLISH.values()) for w in words if len(w) > 32] == []


def test_a_practice_reads_dutch_and_others_english() -> None:
    assert call_words("no-number", "nl").do == "zoek een nummer"
    assert call_words("no-number", "de").do == "find a number"


def test_what_to_do_is_said_of_each_reason_once() -> None:
    assert list(next_steps(["failed", "no-number", "failed"], "nl")) == [
        "de sms kwam niet aan: bel, verbeter het nummer",
        "geen telefoonnummer: zoek een nummer",
    ]
