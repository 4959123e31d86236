"""One text for several appointments: whose share one, in which words, and that each is in just one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.consent import Consent
from smsreminders.domain.round.combining import combined
from smsreminders.domain.round.due import Due, Earlier, Rules
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import Reminder, plan_reminder
from smsreminders.domain.text.message import Wording
from smsreminders.errors import ConfigError
from tests.due import DUE, MIDNIGHT, RULES, TEMPLATES, WINDOW, changed

SEVERAL = {
    "nl": "Beste {patient}, {count} afspraken op {day} {date} om {times} ({time}) in {location}.",
    "en": "{times}",
}
FAMILY = {
    "nl": "{count} afspraken op {date}, de eerste om {time}.",
    "en": "{count} appointments on {date}, from {time}.",
}
WORDING = Wording(TEMPLATES, several=SEVERAL, family=FAMILY)
WIDE = replace(RULES, wording=WORDING, window=replace(WINDOW, ends=((1, MIDNIGHT), (3, MIDNIGHT + timedelta(days=2)))))


def due(number: int, *, patient: int = 3, after: float = 0, **values: object) -> Due:
    start = DUE.starts_at + timedelta(hours=after)
    return changed(DUE, appointment_id=number, appointment=f"A{number}", patient_id=patient, starts_at=start, **values)


def by(combine: Combine, rules: Rules = WIDE) -> Rules:
    return replace(rules, combine=combine)


def texts(dues: list[Due], rules: Rules) -> list[Reminder]:
    decided = [plan_reminder(each, rules) for each in dues]
    return combined([decision for decision in decided if isinstance(decision, Reminder)], rules)


def groups(dues: list[Due], combine: Combine) -> list[list[int]]:
    return [[cover.due.appointment_id for cover in reminder.covers] for reminder in texts(dues, by(combine))]


THREE_OF_TWO = [due(1), due(2, after=1), due(3, patient=4, after=0.5)]


@pytest.mark.parametrize(
    ("combine", "expected"),
    [(Combine.PATIENT, [[1, 2], [3]]), (Combine.PHONE, [[1, 3, 2]]), (Combine.NONE, [[1], [3], [2]])],
)
def test_what_shares_a_text_is_as_the_rules_say(combine: Combine, expected: list[list[int]]) -> None:
    assert groups(THREE_OF_TWO, combine) == expected


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"starts_at": DUE.starts_at + timedelta(days=1)}, id="another-day"),
        pytest.param({"phone": "06-87654321"}, id="another-number"),
    ],
)
@pytest.mark.parametrize("combine", Combine)
def test_another_day_or_number_has_a_text_of_its_own(combine: Combine, other: dict[str, object]) -> None:
    assert groups([due(1), changed(due(2), **other)], combine) == [[1], [2]]


def test_a_second_attempt_shares_a_text_with_what_is_new_of_its_day() -> None:
    failed = Earlier(71, Status.FAILED, 1, 1, 1, "+31600000000", "as it was", WINDOW.at - timedelta(hours=1))
    [reminder] = texts([due(1, earlier=(failed,)), due(2, after=1)], WIDE)
    assert [(cover.due.appointment_id, cover.attempt) for cover in reminder.covers] == [(1, 2), (2, 1)]


def test_only_who_gave_consent_joins() -> None:
    assert groups([due(1), due(2, patient=4, after=1, consent=Consent.NEVER_ASKED)], Combine.PHONE) == [[1]]


def test_the_text_for_several_has_all_times_and_the_first() -> None:
    [reminder] = texts([due(1), due(2, after=0.5), due(3, after=1)], WIDE)
    assert reminder.text == (
        "Beste Jan de Boer, 3 afspraken op dinsdag 24 november om 10:30, 11:00 en 11:30 (10:30) in kamer 2."
    )


def test_without_a_text_for_several_the_single_one_has_all_times() -> None:
    [reminder] = texts([due(1), due(2, after=0.5)], replace(WIDE, wording=Wording(TEMPLATES)))
    assert "om 10:30 en 11:00 een afspraak" in reminder.text


def test_a_time_and_a_place_that_two_share_are_told_once() -> None:
    several = Wording(TEMPLATES, several={"nl": "{times}, {location}"})
    [reminder] = texts([due(1), due(2, location="kamer 3"), due(3, location="")], replace(WIDE, wording=several))
    assert reminder.text == "10:30, kamer 2 en kamer 3"


@pytest.mark.parametrize(
    ("languages", "practice", "expected"),
    [
        pytest.param(("en", "en"), None, "2 appointments on 24 November, from 10:30.", id="the-one-that-all-share"),
        pytest.param(("en", "nl"), None, "2 afspraken op 24 november, de eerste om 10:30.", id="else-the-default"),
        pytest.param(("nl", None), "en", "2 appointments on 24 November, from 10:30.", id="else-the-practices"),
        pytest.param((None, None), "en", "2 appointments on 24 November, from 10:30.", id="none-of-their-own"),
    ],
)
def test_the_text_for_a_family_names_nobody(
    languages: tuple[str | None, str | None], practice: str | None, expected: str
) -> None:
    rules = by(Combine.PHONE, replace(WIDE, practice=replace(WIDE.practice, language=practice)))
    [reminder] = texts([due(n, patient=n, after=n / 2 - 0.5, language=languages[n - 1]) for n in (1, 2)], rules)
    assert reminder.text == expected


def test_the_appointments_of_one_patient_are_told_with_the_name_whatever_shares_a_text() -> None:
    [reminder] = texts([due(1), due(2, after=0.5)], by(Combine.PHONE))
    assert reminder.text.startswith("Beste Jan de Boer, 2 afspraken")


def test_without_a_text_for_a_family_it_is_said_what_to_add() -> None:
    with pytest.raises(ConfigError, match="practice tandarts: add nl_family to the texts"):
        texts([due(1), due(2, patient=4)], by(Combine.PHONE, replace(WIDE, wording=Wording(TEMPLATES))))


many = st.lists(
    st.builds(
        due,
        st.integers(1, 10**6),
        patient=st.integers(1, 3),
        after=st.integers(-1, 60),
        phone=st.sampled_from(["06-12345678", "06-87654321", "0612345678"]),
    ),
    max_size=8,
    unique_by=lambda each: each.appointment_id,
)


@given(many, st.sampled_from(Combine))
def test_each_appointment_is_in_one_text_and_the_first_starts_first(dues: list[Due], combine: Combine) -> None:
    reminders = texts(dues, by(combine))
    assert sorted(cover.due.appointment_id for r in reminders for cover in r.covers) == sorted(
        each.appointment_id for each in dues if isinstance(plan_reminder(each, WIDE), Reminder)
    )
    for reminder in reminders:
        starts = [cover.due.starts_at for cover in reminder.covers]
        assert starts == sorted(starts)
        assert len({cover.due.patient_id for cover in reminder.covers}) == 1 or combine is Combine.PHONE
        assert len({each.astimezone(WIDE.zone).date() for each in starts}) == 1


@given(many)
def test_a_patient_has_one_text_a_day_and_number(dues: list[Due]) -> None:
    told = [
        (r.due.patient_id, r.phone.e164, r.due.starts_at.astimezone(WIDE.zone).date())
        for r in texts(dues, by(Combine.PATIENT))
    ]
    assert len(told) == len(set(told))
