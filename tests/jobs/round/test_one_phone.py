"""A round to one phone: the texts of the round go there by the account, and the database stays as it is."""

import sqlite3

from smsreminders.domain.phone import PhoneNumber
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.sending import Refused, Rejected
from smsreminders.jobs.round.dispatch import dry_run
from smsreminders.jobs.round.one_phone import MOST, OnePhoneText, send_to_one_phone, texts_to_one_phone
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.practices import all_practices
from tests.accounts import only
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, WORDING, a_patient, an_appointment

OWN = PhoneNumber("+31698765432")


def to_one_phone(bench: Bench) -> list[OnePhoneText]:
    accounts = only(bench.in_use())
    terms = Terms(SCHEDULE, WORDING, RATE)
    result = dry_run(bench.db, all_practices(bench.db), accounts=accounts, terms=terms, clock=bench.clock)
    return [*send_to_one_phone(texts_to_one_phone(result.plans, OWN, clock=bench.clock), accounts)]


def dump(bench: Bench) -> list[str]:
    with sqlite3.connect(bench.path) as db:
        return [*db.iterdump()]


def booked(bench: Bench, practice: Practice, *numbers: int) -> None:
    for number in numbers:
        a_patient(bench.db, practice, f"P{number}")
        start = f"2026-11-24 {9 + number // 6:02}:{number % 6}0"
        an_appointment(bench.db, practice, f"A{number}", f"P{number}", start=start)


def test_each_text_goes_there_with_its_patients_id_and_nothing_is_written(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 2, 1)
    a_patient(bench.db, linde, "P3", consent=None)
    an_appointment(bench.db, linde, "A3", "P3")
    before = dump(bench)
    texts = to_one_phone(bench)
    assert bench.texted() == [OWN.e164, OWN.e164]
    assert [sms.text for sms in bench.gateway.journal] == [
        "Beste J. de Vries, dinsdag 24 november om 09:10 bij De Linde. [P1]",
        "Beste J. de Vries, dinsdag 24 november om 09:20 bij De Linde. [P2]",
    ]
    assert [text.status for text in texts] == ["accepted", "accepted"]
    assert dump(bench) == before


def test_the_real_round_has_other_references_and_goes_after_it_as_ever(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1)
    to_one_phone(bench)
    [rehearsed] = bench.gateway.journal
    bench.round()
    assert bench.sms().reference != rehearsed.reference
    assert bench.texted() == [OWN.e164, "+31612345601"]


def test_at_most_twenty_go(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, *range(1, MOST + 4))
    assert len(to_one_phone(bench)) == len(bench.gateway.journal) == MOST


def test_what_refuses_the_account_ends_it_and_a_rejected_text_does_not(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1, 2, 3)
    bench.gateway.in_order += [Rejected("no"), Refused("no credit")]
    assert [text.status for text in to_one_phone(bench)] == ["rejected", "refused", "not-sent"]
