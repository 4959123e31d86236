"""The words of the page: each reason and each status has one in Dutch, and both languages have the same."""

from smsreminders.cli.show.page_words import DUTCH, ENGLISH, reason_word, status_word
from smsreminders.cli.show.reasons import WITHDRAWN
from smsreminders.domain.round.notifications import NO_REPORT, Status


def test_both_languages_have_the_same_words() -> None:
    assert DUTCH.keys() == ENGLISH.keys()


def test_each_reason_and_each_status_is_said_in_dutch() -> None:
    reasons = [*WITHDRAWN, NO_REPORT]
    assert [reason for reason in reasons if reason_word(reason, "nl") == reason] == []
    assert [status for status in Status if status_word(status, "nl") == status] == []


def test_another_word_of_a_gateway_stays_as_it_is_and_so_does_all_elsewhere() -> None:
    assert reason_word("21610", "nl") == "21610"
    assert (reason_word("moved", "en"), status_word("sent", "en")) == ("moved", "sent")
