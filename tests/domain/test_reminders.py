"""Who gets which reminder and who is skipped: every reason, which goes first, and the daily limit."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.due import Due, Earlier
from smsreminders.domain.notifications import MAY_BE_ON_A_PHONE, NEVER_SENT, Status
from smsreminders.domain.phone import PhoneNumber
from smsreminders.domain.reminders import Plan, Reminder, Skip, SkipReason, plan_again, plan_reminder, plan_reminders
from smsreminders.domain.segments import count_segments
from smsreminders.domain.workdays import Region
from tests.due import DUE, NOW, RULES, WINDOW, changed

TEXT = "Beste Jan de Boer, u heeft dinsdag 24 november om 10:30 een afspraak bij Tandarts Jansen. Bel 020-5550123."
QUEUED = Earlier(70, Status.QUEUED, "+31612345678", TEXT)
REJECTED = replace(QUEUED, status=Status.REJECTED)

# What stands in the way, in the order in which it is told: the first that holds is the reason.
OBSTACLES: list[tuple[SkipReason, dict[str, object]]] = [
    (SkipReason.CANCELLED, {"booking": Booking.CANCELLED}),
    (SkipReason.ALREADY_REMINDED, {"earlier": replace(QUEUED, status=Status.SENT)}),
    (SkipReason.UNCLEAR, {"unclear": "the status is unknown"}),
    (SkipReason.NO_SERVICE, {"service_id": None}),
    (SkipReason.NO_CONSENT, {"consent": Consent.NEVER_ASKED}),
    (SkipReason.INVALID_NUMBER, {"phone": "06-1234567"}),
    (SkipReason.TOO_LATE, {"starts_at": NOW + timedelta(hours=2)}),  # last: nobody can mend it
]


def skipped(due: Due) -> SkipReason | None:
    decided = plan_reminder(due, RULES)
    return decided.reason if isinstance(decided, Skip) else None


def test_an_appointment_with_all_in_order_gets_its_reminder() -> None:
    assert plan_reminder(DUE, RULES) == Reminder(DUE, PhoneNumber("+31612345678"), TEXT, count_segments(TEXT))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"booking": Booking.CANCELLED}, SkipReason.CANCELLED, id="cancelled"),
        pytest.param({"starts_at": WINDOW.opens}, SkipReason.TOO_LATE, id="at-the-minimum-notice"),
        pytest.param({"starts_at": WINDOW.closes}, SkipReason.TOO_LATE, id="beyond-the-round"),
        pytest.param({"unclear": "the status is unknown"}, SkipReason.UNCLEAR, id="unclear"),
        pytest.param({"service_id": None}, SkipReason.NO_SERVICE, id="no-service"),
        pytest.param({"consent": Consent.NEVER_ASKED}, SkipReason.NO_CONSENT, id="never-asked"),
        pytest.param({"consent": Consent.WITHDRAWN}, SkipReason.CONSENT_WITHDRAWN, id="withdrawn"),
        pytest.param({"phone": ""}, SkipReason.NO_NUMBER, id="no-number"),
        pytest.param({"phone": " "}, SkipReason.NO_NUMBER, id="blank-number"),
        pytest.param({"phone": "n.v.t."}, SkipReason.INVALID_NUMBER, id="no-number-in-the-cell"),
        pytest.param({"phone": "06-1234567"}, SkipReason.INVALID_NUMBER, id="a-digit-short"),
        pytest.param({"phone": "06-12345678/06-87654321"}, SkipReason.INVALID_NUMBER, id="two-numbers"),
        pytest.param({"phone": "020-5550123"}, SkipReason.NOT_MOBILE, id="landline"),
    ],
)
def test_what_is_missing_is_the_reason(changes: dict[str, object], expected: SkipReason) -> None:
    due = changed(DUE, **changes)
    assert plan_reminder(due, RULES) == Skip(due, expected)


@given(st.sets(st.integers(0, len(OBSTACLES) - 1), min_size=1))
def test_of_several_reasons_the_first_in_the_order_is_told(present: set[int]) -> None:
    changes = {key: value for index in present for key, value in OBSTACLES[index][1].items()}
    assert skipped(changed(DUE, **changes)) == OBSTACLES[min(present)][0]


@pytest.mark.parametrize(
    ("phone", "countries", "expected"),
    [
        ("06-12345678", set(), None),
        ("06-12345678", {"NL", "BE"}, None),
        ("+90 532 123 45 67", set(), None),
        ("+90 532 123 45 67", {"NL", "BE"}, SkipReason.NOT_MOBILE),
        ("06-12345678", {"BE"}, SkipReason.NOT_MOBILE),
        ("+8816 2345 6789", set(), SkipReason.NOT_MOBILE),
    ],
)
def test_only_mobiles_of_the_configured_countries_are_texted(
    phone: str, countries: set[str], expected: SkipReason | None
) -> None:
    decided = plan_reminder(changed(DUE, phone=phone), replace(RULES, region=Region(texted=frozenset(countries))))
    assert (decided.reason if isinstance(decided, Skip) else None) == expected


def test_a_withdrawn_consent_is_told_before_a_wrong_number() -> None:
    assert skipped(changed(DUE, consent=Consent.WITHDRAWN, phone="")) == SkipReason.CONSENT_WITHDRAWN


def test_the_words_for_reasons_are_these() -> None:
    words = "no-service no-consent consent-withdrawn no-number invalid-number not-mobile cancelled already-reminded"
    assert list(SkipReason) == [*words.split(), "too-late", "unclear", "limit-reached", "excluded", "covered"]


@pytest.mark.parametrize("status", Status)
def test_only_what_never_left_may_go_out_at_the_same_revision(status: Status) -> None:
    earlier = Earlier(70, status, "+31687654321", "another text")
    may_go = status in {Status.QUEUED, Status.CANCELLED, Status.REJECTED}
    assert skipped(changed(DUE, earlier=earlier)) == (None if may_go else SkipReason.ALREADY_REMINDED)


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        pytest.param(REJECTED, SkipReason.INVALID_NUMBER, id="the-same-number-and-text"),
        pytest.param(replace(REJECTED, phone="+31687654321"), None, id="the-number-was-mended"),
        pytest.param(replace(REJECTED, text="Beste Jan"), None, id="the-text-was-mended"),
        pytest.param(replace(REJECTED, status=Status.CANCELLED), None, id="cancelled-the-same"),
        pytest.param(QUEUED, None, id="queued-the-same"),
    ],
)
def test_what_was_rejected_is_not_offered_again_as_it_was(earlier: Earlier, expected: SkipReason | None) -> None:
    assert skipped(changed(DUE, earlier=earlier)) == expected


@pytest.mark.parametrize("earlier", [None, replace(QUEUED, status=Status.CANCELLED), replace(REJECTED, text="")])
def test_a_reminder_that_does_not_wait_in_the_outbox_is_new(earlier: Earlier | None) -> None:
    plan = plan_reminders([changed(DUE, earlier=e) for e in (QUEUED, earlier)], RULES, daily_limit=2, sent_today=0)
    assert [decided.due.earlier for decided in plan.new] == [earlier]


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
    plan = plan_reminders([DUE, DUE, DUE], RULES, daily_limit=daily_limit, sent_today=sent_today)
    assert (len(plan.reminders), plan.held_back) == (reminders, held_back)


def test_what_is_held_back_has_its_reason_and_the_other_skips_keep_theirs() -> None:
    withdrawn = changed(DUE, appointment_id=8, consent=Consent.WITHDRAWN)
    plan = plan_reminders([DUE, withdrawn], RULES, daily_limit=0, sent_today=0)
    expected = [Skip(withdrawn, SkipReason.CONSENT_WITHDRAWN), Skip(DUE, SkipReason.LIMIT_REACHED)]
    assert plan == Plan([], expected, held_back=True)


def test_skipped_appointments_do_not_count_for_the_daily_limit() -> None:
    plan = plan_reminders([changed(DUE, consent=Consent.NEVER_ASKED)] * 5 + [DUE], RULES, daily_limit=1, sent_today=0)
    assert (len(plan.reminders), len(plan.skips), plan.held_back) == (1, 5, False)


def test_a_round_without_appointments_means_to_do_nothing() -> None:
    assert plan_reminders([], RULES, daily_limit=10, sent_today=10) == Plan()


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
    earlier=st.sampled_from([*[None] * 9, *(replace(QUEUED, status=status) for status in Status)]),
)


@settings(deadline=None)
@given(st.lists(DUES, max_size=8), st.integers(0, 6), st.integers(0, 3))
def test_every_appointment_ends_in_one_list_and_nobody_is_texted_without_consent(
    due: list[Due], daily_limit: int, sent_today: int
) -> None:
    plan = plan_reminders(due, RULES, daily_limit=daily_limit, sent_today=sent_today)
    placed = [decided.due for decided in plan.reminders] + [decided.due for decided in plan.skips]
    assert Counter(placed) == Counter(due)  # a repr hides names and numbers
    assert [
        decided
        for decided in plan.reminders
        if decided.due.consent is not Consent.GIVEN or decided.due.service_id is None
    ] == []
    assert [decided for decided in plan.reminders if not WINDOW.covers(decided.due.starts_at)] == []
    assert [decided for decided in plan.reminders if decided.counted != count_segments(decided.text)] == []
    assert not plan.reminders or sent_today + len(plan.reminders) <= daily_limit


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"revision": 2}, "moved", id="moved"),
        pytest.param({"revision": 2, "booking": Booking.CANCELLED}, "moved", id="moved-and-cancelled"),
        pytest.param({"booking": Booking.CANCELLED}, "cancelled", id="cancelled"),
        pytest.param({"consent": Consent.WITHDRAWN}, "consent-withdrawn", id="withdrawn-since"),
        pytest.param({"starts_at": WINDOW.opens}, "too-late", id="too-late-by-now"),
        pytest.param({"service_id": None}, "no-service", id="service-disabled-since"),
        pytest.param({"phone": ""}, "no-number", id="number-taken-away"),
    ],
)
def test_what_is_queued_is_withdrawn_if_it_may_not_go_out_any_more(changes: dict[str, object], expected: str) -> None:
    assert plan_again(changed(DUE, earlier=QUEUED, **changes), 1, RULES) == expected


def test_what_is_queued_goes_out_with_the_number_and_the_text_of_this_moment() -> None:
    due = changed(DUE, earlier=QUEUED, phone="06-87654321", patient_name="Piet")
    text = TEXT.replace("Jan de Boer", "Piet")
    assert plan_again(due, 1, RULES) == Reminder(due, PhoneNumber("+31687654321"), text, count_segments(text))


@pytest.mark.parametrize("value", [DUE, QUEUED, Reminder(DUE, PhoneNumber("+31612345678"), TEXT, count_segments(TEXT))])
def test_nothing_of_a_patient_stands_in_a_repr(value: object) -> None:
    assert not [secret for secret in ("Jan de Boer", "12345678", "Beste") if secret in repr(value)]


@pytest.mark.parametrize("status", sorted(MAY_BE_ON_A_PHONE))
def test_the_words_that_went_last_to_this_number_dont_go_again(status: Status) -> None:
    again = changed(DUE, revision=3, last_sent=Earlier(70, status, "+31612345678", TEXT))
    assert plan_reminder(again, RULES) == Skip(again, SkipReason.ALREADY_REMINDED)


@pytest.mark.parametrize(
    ("phone", "text"), [("+31687654321", TEXT), ("+31612345678", TEXT.replace("10:30", "11:30"))], ids=["phone", "text"]
)
def test_other_words_or_another_number_go(phone: str, text: str) -> None:
    assert skipped(changed(DUE, last_sent=Earlier(70, Status.SENT, phone, text))) is None


def plan_of(*due: Due) -> Plan:
    return plan_reminders(due, RULES, daily_limit=500, sent_today=0)


COPY = changed(DUE, appointment_id=2, appointment="0A1", patient_id=9, patient="0P1")


def test_of_two_ids_for_one_number_and_moment_one_gets_the_text_for_both() -> None:
    plan = plan_of(DUE, COPY)
    assert [reminder.due for reminder in plan.reminders] == [DUE]
    assert plan.skips == [Skip(COPY, SkipReason.COVERED, DUE.appointment)]


@pytest.mark.parametrize("status", sorted(MAY_BE_ON_A_PHONE | {Status.QUEUED}))
def test_a_copy_of_what_has_its_text_is_covered_by_it(status: Status) -> None:
    has_it = changed(DUE, earlier=Earlier(70, status, "+31612345678", TEXT))
    assert Skip(COPY, SkipReason.COVERED, DUE.appointment) in plan_of(has_it, COPY).skips


@pytest.mark.parametrize("status", sorted(NEVER_SENT))
def test_what_never_left_covers_nothing(status: Status) -> None:
    never = changed(DUE, booking=Booking.CANCELLED, earlier=Earlier(70, status, "+31612345678", TEXT))
    assert [reminder.due for reminder in plan_of(never, COPY).reminders] == [COPY]


def test_another_name_another_number_or_another_time_is_no_copy() -> None:
    others = [
        changed(COPY, patient_name="Piet Smit"),
        changed(COPY, phone="06-87654321"),
        changed(COPY, starts_at=DUE.starts_at + timedelta(minutes=15)),
    ]
    assert [len(plan_of(DUE, other).reminders) for other in others] == [2, 2, 2]
