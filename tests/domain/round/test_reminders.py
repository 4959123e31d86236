"""Whether an appointment gets a reminder and which one: every reason why not, which goes first, occasions, attempts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.phone import PhoneNumber
from smsreminders.domain.round.due import Due, Earlier, Rules
from smsreminders.domain.round.notifications import MAY_BE_ON_A_PHONE, Status, digest_of, reference_of
from smsreminders.domain.round.reminders import (
    Cover,
    Reminder,
    Skip,
    SkipReason,
    next_attempt,
    plan_reminder,
    reference_of_reminder,
)
from smsreminders.domain.round.workdays import Region
from smsreminders.domain.segments import count_segments
from smsreminders.domain.text.judged import Matter
from smsreminders.domain.text.message import Wording
from tests.due import DUE, MIDNIGHT, NOW, PRACTICE, RULES, WINDOW, changed

TEXT = "Beste Jan de Boer, u heeft dinsdag 24 november om 10:30 een afspraak bij Tandarts Jansen. Bel 020-5550123."
WORDS = digest_of(TEXT)
QUEUED = Earlier(70, Status.QUEUED, 1, 1, 1, "+31612345678", WORDS)
SENT = replace(QUEUED, status=Status.SENT, sent_at=NOW - timedelta(days=1))
REJECTED = replace(QUEUED, status=Status.REJECTED)

# What stands in the way, in the order in which it is told: the first that holds is the reason.
OBSTACLES: list[tuple[SkipReason, dict[str, object]]] = [
    (SkipReason.CANCELLED, {"booking": Booking.CANCELLED}),
    (SkipReason.ALREADY_REMINDED, {"earlier": (SENT,)}),
    (SkipReason.MISSING, {"missing": "agenda.csv doesn't have it"}),
    (SkipReason.UNCLEAR, {"unclear": "the status is unknown"}),
    (SkipReason.NO_SERVICE, {"service_id": None}),
    (SkipReason.NO_CONSENT, {"consent": Consent.NEVER_ASKED}),
    (SkipReason.INVALID_NUMBER, {"phone": "06-1234567"}),
    (SkipReason.STOPPED, {"stopped_since": NOW}),
    (SkipReason.PERHAPS_STOPPED, {"perhaps_stopped": True}),
    (SkipReason.DEAD_NUMBER, {"dead_since": NOW}),
    (SkipReason.TOO_LATE, {"starts_at": NOW + timedelta(hours=2)}),  # last: nobody can mend it
]


REMINDER = Reminder((Cover(DUE, 1, 1, WORDS),), PhoneNumber("+31612345678"), TEXT, count_segments(TEXT))


def skipped(due: Due) -> SkipReason | None:
    decided = plan_reminder(due, RULES)
    return decided.reason if isinstance(decided, Skip) else None


def test_an_appointment_with_all_in_order_gets_its_reminder() -> None:
    assert plan_reminder(DUE, RULES) == REMINDER


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"booking": Booking.CANCELLED}, SkipReason.CANCELLED, id="cancelled"),
        pytest.param({"starts_at": WINDOW.opens}, SkipReason.TOO_LATE, id="at-the-minimum-notice"),
        pytest.param({"starts_at": WINDOW.closes}, SkipReason.TOO_LATE, id="beyond-the-round"),
        pytest.param({"unclear": "the status is unknown"}, SkipReason.UNCLEAR, id="unclear"),
        pytest.param({"missing": "agenda.csv doesn't have it"}, SkipReason.MISSING, id="missing"),
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


@pytest.mark.parametrize(("reason", "changes"), OBSTACLES)
def test_each_obstacle_alone_keeps_the_reminder_from_going_out(reason: SkipReason, changes: dict[str, object]) -> None:
    assert skipped(changed(DUE, **changes)) == reason


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
    more = "too-late unclear missing limit-reached excluded stopped perhaps-stopped dead-number confirmed unfit-text"
    assert list(SkipReason) == [*words.split(), *more.split(), "covered"]


@pytest.mark.parametrize("status", Status)
def test_only_what_never_left_may_go_out_at_the_same_revision(status: Status) -> None:
    earlier = replace(SENT, status=status, words="other words")
    may_go = status in {Status.QUEUED, Status.CANCELLED, Status.REJECTED}
    assert skipped(changed(DUE, earlier=(earlier,))) == (None if may_go else SkipReason.ALREADY_REMINDED)


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        pytest.param(REJECTED, SkipReason.INVALID_NUMBER, id="the-same-number-and-text"),
        pytest.param(replace(REJECTED, phone="+31687654321"), None, id="the-number-was-mended"),
        pytest.param(replace(REJECTED, words=digest_of("Beste Jan")), None, id="the-text-was-mended"),
        pytest.param(replace(REJECTED, status=Status.CANCELLED), None, id="cancelled-the-same"),
        pytest.param(QUEUED, None, id="queued-the-same"),
    ],
)
def test_what_was_rejected_is_not_offered_again_as_it_was(earlier: Earlier, expected: SkipReason | None) -> None:
    assert skipped(changed(DUE, earlier=(earlier,))) == expected


@pytest.mark.parametrize("value", [DUE, QUEUED, REMINDER])
def test_nothing_of_a_patient_stands_in_a_repr(value: object) -> None:
    assert not [secret for secret in ("Jan de Boer", "12345678", "Beste") if secret in repr(value)]


@pytest.mark.parametrize("status", sorted(MAY_BE_ON_A_PHONE))
def test_the_words_that_went_last_to_this_number_dont_go_again(status: Status) -> None:
    again = changed(DUE, revision=3, earlier=(replace(SENT, status=status),))
    assert plan_reminder(again, RULES) == Skip(again, SkipReason.ALREADY_REMINDED)


@pytest.mark.parametrize(
    ("phone", "text"), [("+31687654321", TEXT), ("+31612345678", TEXT.replace("10:30", "11:30"))], ids=["phone", "text"]
)
def test_other_words_or_another_number_go(phone: str, text: str) -> None:
    other = replace(SENT, phone=phone, words=digest_of(text))
    assert skipped(changed(DUE, revision=3, earlier=(other,))) is None


# Several reminders of one appointment


FAR = replace(
    RULES,
    window=replace(WINDOW, ends=((1, MIDNIGHT), (3, MIDNIGHT + timedelta(days=2)), (5, MIDNIGHT + timedelta(days=6)))),
)
DAYS_AWAY = {days: changed(DUE, starts_at=DUE.starts_at + timedelta(days=days)) for days in range(8)}
A_DAY_AGO = NOW - timedelta(days=1)


def occasion_of(due: Due) -> tuple[int, int] | SkipReason:
    """The occasion and attempt of the reminder that an appointment gets, of 5, 3 and 1 working days, or why none."""
    decided = plan_reminder(due, FAR)
    return decided.reason if isinstance(decided, Skip) else (decided.first.occasion, decided.first.attempt)


def reminded(due: Due, occasion: int, **values: object) -> Due:
    return changed(due, earlier=(*due.earlier, replace(SENT, occasion=occasion, **values)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days_away", "occasion"),
    [(0, 1), (1, 3), (2, 3), (3, 5), (6, 5), (7, SkipReason.TOO_LATE)],
)
def test_of_several_that_are_due_the_nearest_alone_goes(days_away: int, occasion: int | SkipReason) -> None:
    assert occasion_of(DAYS_AWAY[days_away]) == (occasion if isinstance(occasion, SkipReason) else (occasion, 1))


@pytest.mark.parametrize(
    ("went_at", "expected"),
    [(5, (3, 1)), (4, (3, 1)), (3, SkipReason.ALREADY_REMINDED), (1, SkipReason.ALREADY_REMINDED)],
)
def test_after_the_same_or_a_nearer_one_none_goes(went_at: int, expected: tuple[int, int] | SkipReason) -> None:
    assert occasion_of(reminded(DAYS_AWAY[2], went_at, sent_at=A_DAY_AGO)) == expected


@pytest.mark.parametrize(
    ("ago", "goes"), [(timedelta(hours=20), True), (timedelta(hours=20) - timedelta(seconds=1), False)]
)
def test_none_goes_within_twenty_hours_of_another(ago: timedelta, *, goes: bool) -> None:
    expected = (1, 1) if goes else SkipReason.ALREADY_REMINDED
    assert occasion_of(reminded(DUE, 3, sent_at=NOW - ago)) == expected


def test_another_revision_has_its_reminders_anew() -> None:
    other_words = {"words": digest_of("Beste Jan"), "sent_at": NOW - timedelta(minutes=1)}
    assert occasion_of(changed(reminded(DUE, 1, **other_words), revision=2)) == (1, 1)


def test_moved_and_moved_back_the_nearer_reminder_still_goes() -> None:
    moved_back = changed(reminded(DUE, 3, sent_at=A_DAY_AGO), revision=3)
    assert occasion_of(moved_back) == (1, 1)
    assert occasion_of(changed(moved_back, starts_at=DUE.starts_at + timedelta(days=1))) == (3, 1)


def test_the_words_that_went_before_others_go_again() -> None:
    there = reminded(DUE, 1, sent_at=A_DAY_AGO)
    back = changed(reminded(there, 1, words=digest_of("Beste Jan"), revision=2, sent_at=NOW), revision=3)
    assert occasion_of(back) == (1, 1)


# A second attempt


FAILED = changed(reminded(DUE, 1, status=Status.FAILED), phone="06-87654321")


def test_what_failed_goes_a_second_time_to_another_number() -> None:
    assert occasion_of(FAILED) == (1, 2)


@pytest.mark.parametrize(
    "due",
    [
        pytest.param(changed(FAILED, phone="06-12345678"), id="the-same-number"),
        pytest.param(
            reminded(changed(DUE, phone="06-87654321"), 1, status=Status.FAILED, phone=""), id="whose-number-was-erased"
        ),
        pytest.param(reminded(changed(DUE, phone="06-87654321"), 1, status=Status.EXPIRED), id="expired"),
        pytest.param(reminded(changed(DUE, phone="06-87654321"), 1, status=Status.UNCERTAIN), id="uncertain"),
        pytest.param(reminded(FAILED, 1, attempt=2), id="the-second-went"),
        pytest.param(
            reminded(FAILED, 1, attempt=2, status=Status.FAILED, phone="+31600000000"), id="the-second-failed"
        ),
        pytest.param(
            reminded(changed(DAYS_AWAY[2], phone="06-87654321"), 1, status=Status.FAILED), id="a-nearer-one-failed"
        ),
    ],
)
def test_nothing_else_goes_a_second_time(due: Due) -> None:
    assert occasion_of(due) == SkipReason.ALREADY_REMINDED


def test_the_next_occasion_after_a_failed_one_is_a_first_attempt() -> None:
    assert occasion_of(reminded(DUE, 3, status=Status.FAILED, sent_at=A_DAY_AGO)) == (1, 1)


def test_the_second_attempt_waits_for_no_twenty_hours() -> None:
    assert occasion_of(changed(reminded(DUE, 1, status=Status.FAILED, sent_at=NOW), phone="06-87654321")) == (1, 2)


@given(st.lists(st.tuples(st.sampled_from([1, 3, 5]), st.sampled_from(sorted(MAY_BE_ON_A_PHONE))), max_size=4))
def test_the_choice_of_an_attempt_is_never_one_that_was_made(went: list[tuple[int, Status]]) -> None:
    made: list[Earlier] = []
    for occasion, status in went:
        attempt = next_attempt(made, occasion, NOW)
        if attempt is not None:
            made.append(replace(SENT, occasion=occasion, attempt=attempt, status=status))
    assert len({(each.occasion, each.attempt) for each in made}) == len(made)
    assert [each.occasion for each in made] == sorted((each.occasion for each in made), reverse=True)


@pytest.mark.parametrize("rehearsed", [False, True])
def test_the_id_at_a_gateway_is_of_the_first_appointment_that_is_covered(*, rehearsed: bool) -> None:
    first, second = REMINDER.covers[0], replace(REMINDER.covers[0], due=changed(DUE, appointment="A8"))
    shared = replace(REMINDER, covers=(replace(first, occasion=3, attempt=2), second))
    expected = reference_of("inst", PRACTICE.key, "A7", 1, occasion=3, attempt=2, rehearsed=rehearsed)
    assert reference_of_reminder("inst", PRACTICE, shared, rehearsed=rehearsed) == expected


THREE_AND_ONE = replace(WINDOW, ends=((1, MIDNIGHT), (3, MIDNIGHT + timedelta(days=2))))
SPARING = replace(RULES, window=THREE_AND_ONE, unless_confirmed=frozenset({1}))
OF_THREE = replace(SENT, occasion=3)


@pytest.mark.parametrize(
    ("changes", "rules", "expected"),
    [
        pytest.param({"confirmed": True}, SPARING, SkipReason.CONFIRMED, id="confirmed"),
        pytest.param({}, SPARING, None, id="not-confirmed"),
        pytest.param({"confirmed": True}, replace(SPARING, unless_confirmed=frozenset()), None, id="spares-none"),
        pytest.param(
            {"confirmed": True, "consent": Consent.WITHDRAWN}, SPARING, SkipReason.CONSENT_WITHDRAWN, id="and-withdrawn"
        ),
    ],
)
def test_a_later_reminder_is_left_out_for_who_has_confirmed_where_remind_says_so(
    changes: dict[str, object], rules: Rules, expected: SkipReason | None
) -> None:
    decided = plan_reminder(changed(DUE, earlier=(OF_THREE,), **changes), rules)
    assert (decided.reason if isinstance(decided, Skip) else None) is expected


def test_another_reminder_than_those_that_spare_the_confirmed_goes_out() -> None:
    far = changed(DUE, starts_at=MIDNIGHT + timedelta(days=1), confirmed=True)
    assert isinstance(plan_reminder(far, SPARING), Reminder)


def test_an_appointment_whose_place_may_not_stand_in_a_text_is_skipped_and_it_is_said_what_it_has() -> None:
    rules = replace(RULES, wording=Wording({"nl": "Kom {day} om {time} naar {location}."}))
    due = changed(DUE, location="Kamer 3, BSN 123456782")
    assert plan_reminder(due, rules) == Skip(due, SkipReason.UNFIT_TEXT, unfit=Matter.BSN)
    assert isinstance(plan_reminder(due, RULES), Reminder)
