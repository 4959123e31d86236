"""The texts before anything is sent: of the next appointment or a made-up one, their cost, and what lengthens them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.bill.billing import Rate
from smsreminders.domain.bill.yearly import Year
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.segments import Segmentation
from smsreminders.domain.text.message import Wording
from smsreminders.errors import ConfigError, UsageError
from smsreminders.jobs.preview import Preview, PreviewResult, preview
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import write_transaction
from tests.accounts import only
from tests.builders import add_rate
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, WORDING, a_patient, a_practice, an_appointment, local


def previewed(
    bench: Bench, *practices: Practice, patient: str | None = None, wording: Wording = WORDING
) -> PreviewResult:
    return preview(
        bench.db,
        practices,
        patient=patient,
        accounts=only(bench.in_use()),
        terms=Terms(SCHEDULE, wording, RATE),
        clock=bench.clock,
    )


def texts(report: PreviewResult) -> list[str]:
    return [one.text for one in report.previews]


def test_a_patient_sees_the_text_of_the_next_booked_appointment(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, "A1", start="2026-11-23 08:00")
    an_appointment(bench.db, linde, "A2", start="2026-11-30 08:00", booking=Booking.CANCELLED)
    an_appointment(bench.db, linde, "A3", start="2026-12-07 08:15")
    an_appointment(bench.db, linde, "A4", start="2026-12-14 08:00")
    text = "Beste J. de Vries, maandag 7 december om 08:15 bij De Linde."
    expected = Preview("linde", "P1", text, Segmentation("GSM-7", len(text), 1), Decimal("0.10"), [], [])
    assert previewed(bench, linde, patient="P1").previews == [expected]


def test_without_an_appointment_it_is_one_of_tomorrow(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, language="en")
    expected = ["Dear J. de Vries, Tuesday 24 November at 10:30, De Linde. Call 020-5550123."]
    assert texts(previewed(bench, linde, patient="P1")) == expected


def test_tomorrow_is_at_half_past_ten_even_when_the_clock_goes_forward_that_night(
    bench: Bench, linde: Practice
) -> None:
    a_patient(bench.db, linde)
    bench.clock.go_to(local("2027-03-27 23:00"))
    assert texts(previewed(bench, linde)) == ["Beste J. de Vries, zondag 28 maart om 10:30 bij De Linde."]


def test_all_patients_of_the_practices_are_previewed(bench: Bench, linde: Practice, duin: Practice) -> None:
    for practice, patients in ((linde, ("P2", "P1")), (duin, ("P3",))):
        for source_id in patients:
            a_patient(bench.db, practice, source_id, consent=None)
    report = previewed(bench, linde, duin)
    assert [(one.practice, one.patient) for one in report.previews] == [
        ("linde", "P1"),
        ("linde", "P2"),
        ("duin", "P3"),
    ]


def test_a_practice_without_patients_sees_an_example(bench: Bench, linde: Practice) -> None:
    report = previewed(bench, linde)
    assert texts(report) == ["Beste J. de Vries, dinsdag 24 november om 10:30 bij De Linde."]
    assert [one.patient for one in report.previews] == ["example"]


def test_the_longer_texts_are_told_with_the_characters_that_lengthen_them(bench: Bench, linde: Practice) -> None:
    for number, name in enumerate(("Jan", "Zoë", "Zoë Ştefănescu" + " van der Berg" * 2), 1):
        a_patient(bench.db, linde, f"P{number}", name=name)
    lang = replace(linde, id=a_practice(bench.db, "lang").id, code="lang", name="De Lange Laan" * 9)
    report = previewed(bench, linde, lang)
    assert [(one.patient, one.counted.encoding, one.counted.segments) for one in report.previews] == [
        ("P1", "GSM-7", 1),
        ("P2", "UCS-2", 1),
        ("P3", "UCS-2", 2),
        ("example", "GSM-7", 2),
    ]
    assert [one.patient for one in report.longer] == ["P3", "example"]
    assert report.characters == {"ë": 1, "Ş": 1, "ă": 1}
    assert [one.cost for one in report.previews] == [Decimal(cost) for cost in ("0.10", "0.10", "0.20", "0.20")]


def test_the_placeholders_that_leave_a_hole_are_told_with_the_number_of_texts(bench: Bench, linde: Practice) -> None:
    wording = Wording({"nl": "Tot {time}, {location}."})
    for number, location in enumerate(("kamer 2", "", ""), 1):
        a_patient(bench.db, linde, f"P{number}")
        an_appointment(bench.db, linde, f"A{number}", f"P{number}", location=location)
    a_patient(bench.db, linde, "P4")  # without an appointment: the text of a made-up one
    report = previewed(bench, linde, wording=wording)
    assert [one.empty for one in report.previews] == [[], ["location"], ["location"], []]
    assert report.empty == {"location": 2}


def test_the_cost_is_by_the_rate_of_today_and_the_practices_own(bench: Bench, linde: Practice, duin: Practice) -> None:
    with write_transaction(bench.db):
        add_rate(bench.db, Rate(Decimal("0.11"), date(2026, 11, 23)))
        add_rate(bench.db, Rate(Decimal("0.50"), date(2026, 11, 24)))
        add_rate(bench.db, Rate(Decimal("0.095"), date(2026, 1, 1), duin.id))
    assert [one.cost for one in previewed(bench, linde, duin).previews] == [Decimal("0.11"), Decimal("0.095")]


def test_a_patient_is_previewed_where_that_patient_is_known(bench: Bench, linde: Practice, duin: Practice) -> None:
    a_patient(bench.db, duin, "P1")
    a_patient(bench.db, linde, "P2")
    assert [one.practice for one in previewed(bench, linde, duin, patient="P1").previews] == ["duin"]


def test_an_unknown_patient_is_refused(bench: Bench, linde: Practice) -> None:
    with pytest.raises(UsageError, match='there is no patient "P9"'):
        previewed(bench, linde, patient="P9")


def test_a_text_that_wants_what_the_practice_does_not_have_is_told(bench: Bench) -> None:
    kade = a_practice(bench.db, "kade", phone="", language="en")
    with pytest.raises(ConfigError, match=r"the text has \{phone\}, but practice kade has none"):
        previewed(bench, kade)


def test_a_year_is_that_of_the_last_years_appointments_of_who_consents(bench: Bench, linde: Practice) -> None:
    for patient, consent in (("P1", True), ("P2", False)):
        a_patient(bench.db, linde, patient, consent=consent)
    for number, (patient, start) in enumerate(
        [
            ("P1", "2025-11-22 10:00"),  # too long ago
            ("P1", "2026-03-02 10:00"),
            ("P1", "2026-03-02 11:00"),  # shares the text of that day
            ("P1", "2026-03-03 10:00"),
            ("P2", "2026-03-03 10:00"),  # would get none
            ("P1", "2026-12-01 10:00"),  # still to come
        ]
    ):
        an_appointment(bench.db, linde, f"A{number}", patient, start=start)
    assert previewed(bench, linde).year == Year(2, 2, Decimal("0.20"))
    each = replace(SCHEDULE, combine=Combine.NONE, remind=(3, 1))
    terms = Terms(each, WORDING, RATE)
    accounts = only(bench.in_use())
    assert preview(bench.db, [linde], patient=None, accounts=accounts, terms=terms, clock=bench.clock).year.texts == 6


def test_a_text_that_asks_for_an_answer_which_nobody_can_give_is_refused(bench: Bench, linde: Practice) -> None:
    with pytest.raises(ConfigError, match=r'the text nl says "ANTWOORD STOP", but nobody can answer "Linde"'):
        previewed(bench, linde, wording=Wording({"nl": "Tot {day}! Antwoord STOP om af te melden."}))
