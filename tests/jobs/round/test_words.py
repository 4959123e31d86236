"""Texts are judged before a round: with what may not stand in any nothing of the practice goes out."""

from dataclasses import replace

import pytest

from smsreminders.cli.show.columns import View
from smsreminders.cli.show.conclusion import conclusion_of_appointment
from smsreminders.domain.practices import Practice
from smsreminders.domain.text.message import Wording
from smsreminders.jobs.explain import explain
from smsreminders.jobs.keep.doctor.findings import Verdict
from smsreminders.jobs.keep.doctor.texts import judged_texts
from smsreminders.jobs.round.dispatch import dry_run
from smsreminders.jobs.round.terms import Terms
from tests.accounts import only
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, WORDING, ZONE, a_patient, an_appointment, own_rules, phone_of

LINK, SHORT = Wording({"nl": "Zie www.linde.nl, {day} {time}."}), Wording({"nl": "Zie bit.ly/linde, {day} {time}."})


def test_a_practice_whose_text_is_refused_sends_nothing_and_the_others_do(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    for practice in (linde, duin):
        a_patient(bench.db, practice)
        an_appointment(bench.db, practice)
    result = bench.round(own={"linde": own_rules(wording=SHORT)})
    assert [str(problem).partition(" (")[0] for problem in result.problems] == [
        "linde: a shortened link, of which nobody sees where it leads, in nl"
    ]
    assert [sms.sender_id for sms in bench.gateway.journal] == ["Duin"]


@pytest.mark.parametrize(
    ("wording", "told"),
    [
        (WORDING, []),
        (LINK, ["linde: a link, as others send in your name too, in nl (www.linde.nl)"]),
        (replace(LINK, accept=frozenset({"link"})), []),
    ],
)
def test_a_warning_is_told_by_the_dry_run_and_by_doctor_and_keeps_nothing_back(
    bench: Bench, linde: Practice, wording: Wording, told: list[str]
) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    terms = Terms(SCHEDULE, wording, RATE)
    dry = dry_run(bench.db, [linde], accounts=only(bench.in_use()), terms=terms, clock=bench.clock)
    matters = ["linde: look at its texts (link): `smsreminders preview`"] if told else []
    assert (dry.warnings, dry.waiting) == (matters, 1)
    checks = [*judged_texts(bench.db, linde, terms, clock=bench.clock)]
    assert [(check.verdict, check.found) for check in checks] == [(Verdict.WARNING, each) for each in told]


PLACE = Wording({"nl": "Kom {day} om {time} naar {location}."})


def test_an_appointment_whose_place_has_a_citizen_number_is_not_texted_and_the_others_are(
    bench: Bench, linde: Practice
) -> None:
    for number, place in enumerate(("Kamer 3", "Kamer 4, BSN 123456782", "Poli Oncologie"), start=1):
        a_patient(bench.db, linde, f"P{number}")
        an_appointment(bench.db, linde, f"A{number}", f"P{number}", location=place)
    terms = Terms(SCHEDULE, PLACE, RATE)
    dry = dry_run(bench.db, [linde], accounts=only(bench.in_use()), terms=terms, clock=bench.clock)
    told = "linde: 1 text names a place with a word that tells others what somebody comes for (Oncologie): change the"
    assert [warning.startswith(told) for warning in dry.warnings] == [True]
    bench.round(own={"linde": own_rules(wording=PLACE)})
    assert bench.texted() == [phone_of("P1"), phone_of("P3")]
    assert bench.outcomes(linde, "A2")[-1].reason == "unfit-text"
    explained = explain(bench.db, linde, "A2", terms=terms, rehearsal=False, clock=bench.clock)
    assert "a citizen service number" in conclusion_of_appointment(explained, View(ZONE))
    an_appointment(bench.db, linde, "A2", "P2", location="Kamer 4")
    bench.round(own={"linde": own_rules(wording=PLACE)})
    assert bench.texted()[-1] == phone_of("P2")
