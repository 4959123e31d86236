"""The check-up of answers: whether patients can answer a practice, what its texts may promise, who may be refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.inbound import Mark
from smsreminders.domain.round.sending import Rejected
from smsreminders.domain.round.stopped import How
from smsreminders.domain.text.message import Wording
from smsreminders.errors import ConfigError
from smsreminders.gateways.features import ANY_SENDER
from smsreminders.jobs.keep.doctor.answers import check_failed, check_hearing, check_lifted
from smsreminders.jobs.keep.doctor.findings import Verdict
from smsreminders.jobs.round.stopping import lift, stop
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import write_transaction
from tests.accounts import only, several
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, a_patient, an_appointment, phone_of

ASKING, QUIET = Wording({"nl": "Tot {day}! Antwoord STOP om af te melden."}), Wording({"nl": "Tot {day}! {call}"})
NUMBER = "+31612345600"


@pytest.mark.parametrize(
    ("sender_id", "own_number", "hears", "wording", "verdict", "says"),
    [
        ("Linde", False, True, QUIET, Verdict.OK, "a name can't be answered"),
        ("Linde", False, True, ASKING, Verdict.WRONG, "nobody can answer"),
        (NUMBER, False, True, ASKING, Verdict.OK, "patients can answer"),
        (NUMBER, False, False, QUIET, Verdict.OK, "nobody hears what patients answer"),
        (NUMBER, False, False, ASKING, Verdict.WARNING, "but the text asks for it"),
        ("Linde", True, True, ASKING, Verdict.OK, "patients can answer"),
    ],
)
def test_whether_patients_can_answer_is_told_of_each_practice(
    bench: Bench,
    linde: Practice,
    sender_id: str,
    own_number: bool,
    hears: bool,
    wording: Wording,
    verdict: Verdict,
    says: str,
) -> None:
    takes = None if own_number else ANY_SENDER
    bench.gateway.features = replace(bench.gateway.features, sender_ids=takes, hears=hears)
    practice = replace(linde, sender_id=sender_id)
    [check] = check_hearing([practice], only(bench.in_use()), Terms(SCHEDULE, wording, RATE))
    assert (check.verdict, says in check.found, "linde" in check.found) == (verdict, True, True)


def test_a_practice_without_an_account_is_told_elsewhere(linde: Practice) -> None:
    accounts = several({"noord": ConfigError("no secret")}, {"linde": "zuid"})
    assert check_hearing([linde], accounts, Terms(SCHEDULE, QUIET, RATE)) == []


def test_numbers_that_the_desk_lifted_though_a_gateway_stopped_them_are_told(bench: Bench, linde: Practice) -> None:
    now = bench.clock.now()
    with write_transaction(bench.db):
        for patient, how in (("P1", How.REPLY), ("P2", How.REJECTED), ("P3", How.OPT_OUT)):
            stop(bench.db, [linde.id], phone_of(patient), how=how, at=now, now=now)
            lift(bench.db, linde.id, phone_of(patient), by="anna", now=now)
        again = now + timedelta(hours=1)
        stop(bench.db, [linde.id], phone_of("P3"), how=How.REJECTED, at=again, now=again)
    [check] = check_lifted(bench.db, [linde])
    assert (check.verdict, "may still refuse: 1" in check.found) == (Verdict.WARNING, True)


def test_patients_whose_number_does_not_work_are_told(bench: Bench, linde: Practice, duin: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.gateway.by_phone[phone_of("P1")] = Rejected("a landline", Mark.DEAD)
    bench.round()
    [check] = check_failed(bench.db, [linde, duin])
    assert (check.verdict, check.found) == (Verdict.WARNING, "linde: patients whose number doesn't work: 1")
    assert "--failed-numbers --practice linde" in check.advice
