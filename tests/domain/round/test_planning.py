"""The plan of a round: what is new, the daily limit, copies, and what a text that has gone covers."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.round.due import Due, Earlier
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import MAY_BE_ON_A_PHONE, NEVER_SENT, Status, digest_of
from smsreminders.domain.round.planning import Plan, plan_reminders
from smsreminders.domain.round.reminder_text import reminder_text
from smsreminders.domain.round.reminders import Skip, SkipReason
from smsreminders.domain.segments import count_segments
from smsreminders.domain.text.message import Wording
from tests.due import DUE, NOW, RULES, TEMPLATES, WINDOW, changed

QUEUED = Earlier(70, Status.QUEUED, 1, 1, 1, "+31612345678", digest_of(reminder_text(DUE, RULES)))
THREE = [changed(DUE, appointment_id=n, patient_id=n, phone=f"06-1234567{n}") for n in range(3)]


def plan_of(*due: Due) -> Plan:
    return plan_reminders(due, RULES, daily_limit=500, sent_today=0)


@pytest.mark.parametrize(
    "earlier", [None, replace(QUEUED, status=Status.CANCELLED), replace(QUEUED, status=Status.REJECTED)]
)
def test_a_reminder_that_does_not_wait_in_the_outbox_is_new(earlier: Earlier | None) -> None:
    waits, new = changed(DUE, earlier=(QUEUED,)), changed(DUE, appointment_id=8, patient_id=8, phone="06-87654321")
    new = changed(new, earlier=(earlier,) if earlier else ())
    plan = plan_of(waits, new)
    assert ([r.due for r in plan.reminders], [r.due for r in plan.new]) == ([waits, new], [new])


@pytest.mark.parametrize(
    ("daily_limit", "sent_today", "reminders", "held_back"),
    [
        pytest.param(3, 0, 3, False, id="exactly-at-the-limit"),
        pytest.param(2, 0, 0, True, id="one-above"),
        pytest.param(1, 0, 0, True, id="two-above"),
        pytest.param(4, 0, 3, False, id="one-below"),
        pytest.param(10, 7, 3, False, id="exactly-with-what-was-sent-today"),
        pytest.param(10, 8, 0, True, id="one-above-with-what-was-sent-today"),
    ],
)
def test_above_the_daily_limit_nothing_of_the_practice_goes_out(
    daily_limit: int, sent_today: int, reminders: int, held_back: bool
) -> None:
    plan = plan_reminders(THREE, RULES, daily_limit=daily_limit, sent_today=sent_today)
    assert (len(plan.reminders), plan.held_back) == (reminders, held_back)


def test_what_is_held_back_has_its_reason_and_the_other_skips_keep_theirs() -> None:
    withdrawn = changed(DUE, appointment_id=8, consent=Consent.WITHDRAWN)
    plan = plan_reminders([DUE, withdrawn], RULES, daily_limit=0, sent_today=0)
    expected = [Skip(withdrawn, SkipReason.CONSENT_WITHDRAWN), Skip(DUE, SkipReason.LIMIT_REACHED)]
    assert plan == Plan([], expected, [], held_back=True)


def test_skipped_appointments_do_not_count_for_the_daily_limit() -> None:
    plan = plan_reminders([changed(DUE, consent=Consent.NEVER_ASKED)] * 5 + [DUE], RULES, daily_limit=1, sent_today=0)
    assert (len(plan.reminders), len(plan.skips), plan.held_back) == (1, 5, False)


def test_a_round_without_appointments_means_to_do_nothing() -> None:
    assert plan_reminders([], RULES, daily_limit=10, sent_today=10) == Plan()


COPY = changed(DUE, appointment_id=2, appointment="0A1", patient_id=9, patient="0P1")


def test_of_two_ids_for_one_number_and_moment_one_gets_the_text_for_both() -> None:
    plan = plan_of(DUE, COPY)
    assert [reminder.due for reminder in plan.reminders] == [DUE]
    assert plan.skips == [Skip(COPY, SkipReason.COVERED, DUE.appointment, is_copy=True)]


@pytest.mark.parametrize("status", sorted(MAY_BE_ON_A_PHONE | {Status.QUEUED}))
def test_a_copy_of_what_has_its_text_is_covered_by_it(status: Status) -> None:
    has_it = changed(DUE, earlier=(replace(QUEUED, status=status),))
    assert Skip(COPY, SkipReason.COVERED, DUE.appointment, is_copy=True) in plan_of(has_it, COPY).skips


@pytest.mark.parametrize("status", sorted(NEVER_SENT))
def test_what_never_left_covers_nothing(status: Status) -> None:
    never = changed(DUE, booking=Booking.CANCELLED, earlier=(replace(QUEUED, status=status),))
    assert [reminder.due for reminder in plan_of(never, COPY).reminders] == [COPY]


def test_another_name_another_number_or_another_time_is_no_copy() -> None:
    others = [
        changed(COPY, patient_name="Piet Smit"),
        changed(COPY, phone="06-87654321"),
        changed(COPY, starts_at=DUE.starts_at + timedelta(minutes=15)),
    ]
    assert [len(plan_of(DUE, other).reminders) for other in others] == [2, 2, 2]


DUES = st.builds(
    changed,
    st.just(DUE),
    appointment_id=st.integers(1, 10**6),
    phone=st.sampled_from([*["06-12345678"] * 9, "", "n.v.t.", "020-5550123", "06-12345 (moe)"]),
    language=st.sampled_from([None, "nl", "en", "fr"]),
    patient_name=st.text(max_size=20),
    starts_at=st.integers(0, 45).map(lambda hours: NOW + timedelta(hours=hours)),
    booking=st.sampled_from([*[Booking.BOOKED] * 9, Booking.CANCELLED]),
    consent=st.sampled_from([*[Consent.GIVEN] * 6, Consent.WITHDRAWN, Consent.NEVER_ASKED]),
    service_id=st.sampled_from([*[1] * 9, None]),
    earlier=st.sampled_from([*[()] * 9, *((replace(QUEUED, status=status),) for status in Status)]),
)


@given(st.lists(DUES, max_size=8), st.integers(0, 6), st.integers(0, 3))
def test_every_appointment_ends_in_one_list_and_nobody_is_texted_without_consent(
    due: list[Due], daily_limit: int, sent_today: int
) -> None:
    plan = plan_reminders(due, RULES, daily_limit=daily_limit, sent_today=sent_today)
    placed = [cover.due for reminder in plan.reminders for cover in reminder.covers] + [skip.due for skip in plan.skips]
    assert Counter(placed) == Counter(due)  # a repr hides names and numbers
    going = [cover.due for reminder in plan.reminders for cover in reminder.covers]
    assert [due for due in going if due.consent is not Consent.GIVEN or due.service_id is None] == []
    assert [due for due in going if not WINDOW.covers(due.starts_at)] == []
    assert [decided for decided in plan.reminders if decided.counted != count_segments(decided.text)] == []
    assert not plan.reminders or sent_today + len(plan.reminders) <= daily_limit


# What is added to a day whose text has gone


SENT = replace(QUEUED, status=Status.SENT, sent_at=NOW - timedelta(days=1))
HAS_ITS_TEXT = changed(DUE, earlier=(SENT,))
HALF_AN_HOUR = timedelta(minutes=30)
LATER = changed(DUE, appointment_id=8, appointment="A8", starts_at=DUE.starts_at + HALF_AN_HOUR)


def decided_on(due: Due, *others: Due, combine: Combine = Combine.PATIENT) -> SkipReason | None:
    """Why an appointment gets no reminder beside these others."""
    plan = plan_reminders([*others, due], replace(RULES, combine=combine), daily_limit=500, sent_today=0)
    return next((skip.reason for skip in plan.skips if skip.due is due), None)


def test_what_starts_after_the_time_that_was_told_is_covered() -> None:
    assert plan_of(HAS_ITS_TEXT, LATER).skips[-1] == Skip(LATER, SkipReason.COVERED, "A7")


@pytest.mark.parametrize(
    "added",
    [
        pytest.param(changed(LATER, starts_at=DUE.starts_at - HALF_AN_HOUR), id="it-starts-before"),
        pytest.param(changed(LATER, starts_at=DUE.starts_at, location="kamer 3", patient_name="Jan"), id="at-the-same"),
        pytest.param(changed(LATER, patient_id=4), id="another-patient"),
        pytest.param(changed(LATER, phone="06-87654321"), id="another-number-now"),
        pytest.param(changed(LATER, earlier=(replace(QUEUED, id=71),)), id="it-waits-already"),
    ],
)
def test_what_the_text_did_not_tell_gets_its_own(added: Due) -> None:
    assert decided_on(added, HAS_ITS_TEXT) is None


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(changed(HAS_ITS_TEXT, booking=Booking.CANCELLED), id="cancelled-since"),
        pytest.param(changed(HAS_ITS_TEXT, revision=2, consent=Consent.WITHDRAWN), id="moved-since"),
        pytest.param(
            changed(HAS_ITS_TEXT, earlier=(replace(SENT, status=Status.FAILED),), consent=Consent.WITHDRAWN),
            id="failed",
        ),
        pytest.param(
            changed(HAS_ITS_TEXT, earlier=(replace(SENT, status=Status.CANCELLED),), consent=Consent.WITHDRAWN),
            id="never-sent",
        ),
        pytest.param(changed(HAS_ITS_TEXT, earlier=(replace(SENT, occasion=3),)), id="told-at-a-farther-occasion"),
    ],
)
def test_a_text_that_does_not_stand_covers_nothing_that_is_added(told: Due) -> None:
    assert decided_on(LATER, told) is None


def test_of_a_phone_another_patients_text_covers_what_is_added() -> None:
    others = changed(LATER, patient_id=4)
    assert [decided_on(others, HAS_ITS_TEXT, combine=combine) for combine in Combine] == [None, "covered", None]


def test_where_each_has_its_own_text_nothing_covers_what_is_added() -> None:
    assert decided_on(LATER, HAS_ITS_TEXT, combine=Combine.NONE) is None


def test_a_second_attempt_goes_whatever_was_told() -> None:
    failed = changed(LATER, earlier=(replace(SENT, id=71, status=Status.FAILED, phone="+31600000000"),))
    assert decided_on(failed, HAS_ITS_TEXT) is None


def test_a_copy_is_reminded_at_the_nearer_occasion_when_the_first_of_the_two_is_gone() -> None:
    gone = changed(DUE, booking=Booking.CANCELLED, earlier=(replace(SENT, occasion=3),))
    assert decided_on(COPY, gone) is None


# What of the queue is as it is meant


def test_a_text_that_waits_for_others_too_is_made_anew() -> None:
    both = [changed(DUE, earlier=(QUEUED,)), changed(LATER, earlier=(QUEUED,))]
    assert plan_of(*both).new == []
    assert [r.due for r in plan_of(changed(both[0], consent=Consent.WITHDRAWN), both[1]).new] == [both[1]]
    assert [r.due for r in plan_of(both[0], LATER).new] == [both[0]]


def test_a_text_whose_first_appointment_is_gone_is_made_anew_for_the_rest() -> None:
    rest = changed(LATER, earlier=(replace(QUEUED, leads=False),))
    assert [r.due for r in plan_of(rest).new] == [rest]


@given(st.permutations(THREE), st.sets(st.sampled_from(range(3))), st.sampled_from(Combine))
def test_a_plan_does_not_depend_on_the_order_of_its_appointments(
    dues: list[Due], same: set[int], combine: Combine
) -> None:
    meant = [changed(each, patient_id=9, phone="06-12345678") if each.appointment_id in same else each for each in dues]
    starts = [changed(each, starts_at=each.starts_at + HALF_AN_HOUR * each.appointment_id) for each in meant]
    rules = replace(RULES, combine=combine, wording=Wording(TEMPLATES, family={"nl": "{count} op {date}, {time}"}))
    plan = plan_reminders(starts, rules, daily_limit=9, sent_today=0)
    again = plan_reminders(starts[::-1], rules, daily_limit=9, sent_today=0)
    assert plan.reminders == again.reminders
