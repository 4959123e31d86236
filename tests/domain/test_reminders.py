"""Who gets which reminder and who is skipped: every reason, which goes first, the daily limit and the text."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.due import Due, Earlier, Rules
from smsreminders.domain.message import Wording
from smsreminders.domain.notifications import MAY_BE_ON_A_PHONE, NEVER_SENT, Status
from smsreminders.domain.phone import PhoneNumber
from smsreminders.domain.practices import Practice
from smsreminders.domain.reminder_text import holes, reminder_text
from smsreminders.domain.reminders import Plan, Reminder, Skip, SkipReason, plan_again, plan_reminder, plan_reminders
from smsreminders.domain.segments import count_segments
from smsreminders.domain.window import Window
from smsreminders.domain.workdays import Region
from smsreminders.errors import ConfigError

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 24, 23, tzinfo=UTC)
WINDOW = Window(NOW + timedelta(hours=2), MIDNIGHT, date(2026, 11, 23), date(2026, 11, 24))
TEMPLATES = {
    "nl": "Beste {patient}, u heeft {day} {date} om {time} een afspraak bij {practice}. Bel {phone}.",
    "en": "Dear {patient}, your appointment at {practice} is on {day} {date} at {time}. Call {phone}.",
}
PRACTICE = Practice(1, "tandarts", "Tandarts Jansen", "Tandarts", phone="020-5550123")
RULES = Rules(PRACTICE, Wording(TEMPLATES), WINDOW, ZoneInfo("Europe/Amsterdam"), Region())
DUE = Due(
    appointment_id=7,
    appointment="A7",
    patient_id=3,
    patient="P3",
    patient_name="Jan de Boer",
    phone="06-12345678",
    language=None,
    starts_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    location="kamer 2",
    booking=Booking.BOOKED,
    revision=1,
    consent=Consent.GIVEN,
    service_id=1,
)
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


def changed(due: Due, **values: object) -> Due:
    return replace(due, **values)  # type: ignore[arg-type]


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
    assert list(SkipReason) == [*words.split(), "too-late", "unclear", "limit-reached", "covered"]


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


@pytest.mark.parametrize(
    ("patient", "practice", "default", "beginning"),
    [
        pytest.param("en", "nl", "nl", "Dear", id="the-patients-language"),
        pytest.param(None, "en", "nl", "Dear", id="the-practices-language"),
        pytest.param(None, None, "en", "Dear", id="the-default"),
        pytest.param("nl", "en", "en", "Beste", id="the-patients-before-all"),
        pytest.param("fr", "en", "nl", "Dear", id="no-template-in-the-patients"),
    ],
)
def test_the_text_is_in_the_language_of_the_patient(
    patient: str | None, practice: str | None, default: str, beginning: str
) -> None:
    rules = replace(RULES, practice=replace(PRACTICE, language=practice), wording=Wording(TEMPLATES, default))
    assert reminder_text(changed(DUE, language=patient), rules).split()[0] == beginning


def test_the_whole_text_is_in_one_language() -> None:
    text = "Dear Jan de Boer, your appointment at Tandarts Jansen is on Tuesday 24 November at 10:30. Call 020-5550123."
    assert reminder_text(changed(DUE, language="en"), RULES) == text


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [("2026-10-24T22:30+00:00", "zondag 25 oktober 00:30"), ("2026-10-25T23:30+00:00", "maandag 26 oktober 00:30")],
    ids=["summer-time", "winter-time"],
)
def test_the_day_and_the_time_are_those_of_the_local_clock(starts_at: str, expected: str) -> None:
    rules = replace(RULES, wording=Wording({"nl": "{day} {date} {time}"}))
    assert reminder_text(changed(DUE, starts_at=datetime.fromisoformat(starts_at)), rules) == expected


def test_a_place_is_told_where_the_template_has_it() -> None:
    rules = replace(RULES, wording=Wording({"nl": "{patient}, {location}"}))
    assert reminder_text(DUE, rules) == "Jan de Boer, kamer 2"


def test_a_template_that_wants_a_missing_phone_is_an_error_that_names_the_command() -> None:
    rules = replace(RULES, practice=replace(PRACTICE, phone=""))
    with pytest.raises(
        ConfigError,
        match=r"^the text has {phone}, but practice tandarts has none: "
        r"run `smsreminders practice edit tandarts --phone NUMBER`$",
    ):
        plan_reminders([DUE], rules, daily_limit=10, sent_today=0)


def test_a_missing_phone_is_no_error_where_the_template_does_not_want_it() -> None:
    rules = replace(RULES, practice=replace(PRACTICE, phone=""), wording=Wording({"nl": "Tot {day}, {patient}!"}))
    assert reminder_text(DUE, rules) == "Tot dinsdag, Jan de Boer!"


@pytest.mark.parametrize(
    ("plain_letters", "name", "expected"),
    [(False, "Zoë" + "e" * 35, "Zoë"), (True, "Zoë" + "e" * 35, "Zoe"), (True, "Zoë", "Zoë")],
    ids=["not-asked-for", "saves-a-segment", "saves-nothing"],
)
def test_accents_go_only_if_configured_and_if_it_saves(plain_letters: bool, name: str, expected: str) -> None:
    rules = replace(RULES, wording=Wording({"nl": "{patient}" + "." * 40}, plain_letters=plain_letters))
    assert reminder_text(changed(DUE, patient_name=name), rules)[:3] == expected


@pytest.mark.parametrize(
    ("language", "name", "expected"),
    [
        ("nl", "Win: evil.com", "Beste patiënt, u heeft"),
        ("nl", "111222333", "Beste patiënt, u heeft"),
        ("nl", "bel 06-12345678", "Beste patiënt, u heeft"),
        ("nl", "x" * 41, "Beste patiënt, u heeft"),
        ("en", "www.evil.example", "Dear patient, your appointment"),
        ("en", "Zoë de Boer", "Dear Zoë de Boer, your appointment"),
    ],
)
def test_a_name_that_may_not_stand_in_a_text_gives_way_to_an_address(language: str, name: str, expected: str) -> None:
    assert reminder_text(changed(DUE, language=language, patient_name=name), RULES).startswith(expected)


def test_a_placeholder_for_which_an_appointment_has_nothing_is_known() -> None:
    rules = replace(RULES, wording=Wording({"nl": "Tot {time}, {location}"}))
    found = [holes(changed(DUE, location=location), rules) for location in ("kamer 2", "", " ")]
    assert found == [[], ["location"], ["location"]]


def test_a_name_cannot_hide_a_placeholder_a_line_or_a_turn_of_direction() -> None:
    rules = replace(RULES, wording=Wording({"nl": "Beste {patient}!"}))
    due = changed(DUE, patient_name="\u202e{phone}\r\nde\u00a0Boer’s")
    assert reminder_text(due, rules) == "Beste {phone} de Boer's!"


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
