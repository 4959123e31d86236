"""A text that asks for an answer is of a sender that can be answered: a practice without one is kept back."""

from dataclasses import replace

from smsreminders.domain.practices import Practice
from smsreminders.domain.text.message import Wording
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, own_rules

ASKING = own_rules(wording=Wording({"nl": "Tot {day}! Antwoord STOP om af te melden."}))


def test_a_practice_whose_name_cannot_be_answered_sends_no_text_that_asks_for_it(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    for practice in (linde, duin):
        a_patient(bench.db, practice)
        an_appointment(bench.db, practice)
    [problem] = bench.round(own={"linde": ASKING}).problems
    assert 'the text nl says "ANTWOORD STOP", but nobody can answer "Linde", the sender ID of linde' in str(problem)
    assert [sms.sender_id for sms in bench.gateway.journal] == ["Duin"]


def test_a_gateway_that_shows_a_number_of_its_own_can_be_answered(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.gateway.features = replace(bench.gateway.features, sender_ids=None)
    assert bench.round(own={"linde": ASKING}).problems == []
    assert len(bench.texted()) == 1
