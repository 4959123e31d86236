"""What a practice leaves out: skipped by the plan, withdrawn at the claim, told by each round; never a new revision."""

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.exclusions import Exclusions
from smsreminders.domain.round.sending import Outgoing, Unavailable
from smsreminders.store.appointments import appointment_by_id
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, a_practice, an_appointment, local, own_rules, phone_of

CLINIC = {"linde": own_rules(exclusions=Exclusions(("Psychologie",), ("B. de Bos",)))}


def booked(bench: Bench, practice: Practice) -> None:
    """A1 is of a type that is left out, A2 with a practitioner who is, A3 neither."""
    for number, kind, practitioner in ((1, "psychologie", ""), (2, "Controle", "b. de bos"), (3, "Controle", "")):
        a_patient(bench.db, practice, f"P{number}")
        an_appointment(bench.db, practice, f"A{number}", f"P{number}", kind=kind, practitioner=practitioner)


def test_nobody_is_texted_about_what_the_practice_leaves_out(bench: Bench, linde: Practice) -> None:
    booked(bench, linde)
    result = bench.round(own=CLINIC)
    assert (bench.texted(), result.skipped) == ([phone_of("P3")], {"excluded": 2})
    assert [outcome.reason for outcome in bench.outcomes(linde, "A1")] == ["excluded"]


@pytest.mark.usefixtures("linde")
def test_another_practice_leaves_out_nothing(bench: Bench) -> None:
    bos = a_practice(bench.db, "bos")
    booked(bench, bos)
    assert bench.round(own=CLINIC).skipped == {}
    assert len(bench.texted()) == 3


def test_what_is_left_out_after_the_plan_is_withdrawn_at_its_claim(bench: Bench, linde: Practice) -> None:
    booked(bench, linde)

    def at_the_first_text(_: Outgoing) -> None:
        if len(bench.gateway.journal) == 1:
            with bench.elsewhere() as other:
                an_appointment(other, linde, "A2", "P2", kind="Psychologie")

    an_appointment(bench.db, linde, "A1", "P1", start="2026-11-24 09:00")
    an_appointment(bench.db, linde, "A2", "P2", start="2026-11-24 10:30")
    bench.gateway.at_send = at_the_first_text
    bench.round(own=CLINIC)
    assert (bench.status("A2"), bench.notification("A2").reason) == ("cancelled", "excluded")
    assert bench.texted() == [phone_of("P1"), phone_of("P3")]


def test_what_waits_and_is_left_out_by_the_next_round_is_withdrawn(bench: Bench, linde: Practice) -> None:
    booked(bench, linde)
    bench.gateway.otherwise = Unavailable("down")
    bench.round()
    bench.gateway.otherwise = None
    bench.round(own=CLINIC)
    assert [(appointment, status) for appointment, _, status, _ in bench.outbox()] == [
        ("A1", "cancelled"),
        ("A2", "cancelled"),
        ("A3", "sent"),
    ]


def test_another_type_or_practitioner_is_no_news_for_the_patient(bench: Bench, linde: Practice) -> None:
    booked(bench, linde)
    bench.round()
    an_appointment(bench.db, linde, "A3", "P3", kind="Psychologie", practitioner="B. de Bos")
    _, stored = appointment_by_id(bench.db, linde.id, "A3")
    assert (stored.type, stored.practitioner, stored.revision) == ("Psychologie", "B. de Bos", 1)
    bench.clock.go_to(local("2026-11-23 15:00"))
    assert bench.round(own=CLINIC).sent.by_status == {}


def two_of_a_day(bench: Bench, practice: Practice, *, kind: str) -> None:
    """Two appointments of one patient on one day, the second of this type."""
    a_patient(bench.db, practice)
    an_appointment(bench.db, practice, "A1", start="2026-11-24 10:30", kind="Controle")
    an_appointment(bench.db, practice, "A2", start="2026-11-24 11:00", kind=kind)


def test_a_text_for_several_is_silent_about_what_is_left_out(bench: Bench, linde: Practice) -> None:
    two_of_a_day(bench, linde, kind="Psychologie")
    result = bench.round(own=CLINIC)
    assert ("10:30" in bench.sms().text, "11:00" in bench.sms().text) == (True, False)
    assert (len(bench.texted()), result.skipped) == (1, {"excluded": 1})


def test_what_is_left_out_after_the_plan_is_taken_out_of_a_text_for_several(bench: Bench, linde: Practice) -> None:
    two_of_a_day(bench, linde, kind="Controle")
    bench.gateway.otherwise = Unavailable("down")
    bench.round(own=CLINIC)
    an_appointment(bench.db, linde, "A2", start="2026-11-24 11:00", kind="Psychologie")
    bench.gateway.otherwise = None
    bench.round(own=CLINIC)
    assert ("10:30" in bench.sms().text, "11:00" in bench.sms().text) == (True, False)
