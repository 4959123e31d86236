"""What the figures of a day say: too few sent, too many skipped, too few arrived; and what to do about it."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.keep.health import (
    Arrival,
    Morning,
    Trouble,
    arrives_badly,
    arrives_worse,
    sent_too_few,
    skipped_too_many,
    too_few_arrive,
    usually_sent,
    were_rejected,
    without_service,
)
from smsreminders.domain.practices import REMINDERS_BY_SMS, Service, ServiceType
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason

NO_CONSENT, NO_NUMBER = SkipReason.NO_CONSENT, SkipReason.NO_NUMBER


def a_morning(sent: int = 0, new_days: int = 1, **outcomes: int) -> Morning:
    """A morning with so many reminders and skips, by reason: `no_consent=3`."""
    by_reason: dict[SkipReason | None, int] = {None: sent}
    by_reason |= {SkipReason(name.replace("_", "-")): count for name, count in outcomes.items()}
    return Morning(new_days, by_reason, sent)


@pytest.mark.parametrize(
    ("today", "weeks", "expected"),
    [
        pytest.param((9, 1), [], False, id="no-history"),
        pytest.param((9, 1), [(20, 1)], True, id="less-than-half"),
        pytest.param((10, 1), [(20, 1)], False, id="half"),
        pytest.param((25, 1), [(20, 1)], False, id="more-than-usual"),
        pytest.param((0, 1), [(9, 1)], False, id="never-many"),
        pytest.param((0, 1), [(10, 1)], True, id="ten-are-enough"),
        pytest.param((9, 1), [(0, 1), (20, 1), (20, 1), (20, 1)], True, id="one-bad-week-is-no-usual-one"),
        pytest.param((9, 1), [(8, 1), (9, 1), (20, 1), (20, 1)], False, id="two-of-four-were-like-it"),
        pytest.param((0, 0), [(60, 3)], False, id="a-holiday-whose-days-were-covered-before"),
        pytest.param((9, 1), [(60, 3), (20, 1)], True, id="only-days-of-the-same-kind-count"),
    ],
)
def test_less_than_half_of_what_usually_goes_out_is_told(
    today: tuple[int, int], weeks: list[tuple[int, int]], expected: bool
) -> None:
    finding = sent_too_few("linde", a_morning(*today), [a_morning(*week) for week in weeks])
    assert (finding is not None) == expected


def test_too_few_are_told_with_what_to_do() -> None:
    assert str(sent_too_few("linde", a_morning(9), [a_morning(20)])) == (
        "linde: 9 texts went out today, on this weekday usually 20: look whether the agenda is complete, and tell "
        "closed days with `smsreminders practice days linde`"
    )


def test_what_is_usual_is_known_from_mornings_of_the_same_kind_only() -> None:
    assert usually_sent(a_morning(1), [a_morning(5, 3), a_morning(7), a_morning(9), a_morning(11)]) == 9
    assert usually_sent(a_morning(1, 0), [a_morning(5)]) is None


@pytest.mark.parametrize(
    ("today", "weeks", "expected"),
    [
        pytest.param(a_morning(0, no_consent=30), [], [NO_CONSENT], id="all-and-no-history"),
        pytest.param(a_morning(3, no_consent=3), [], [], id="half"),
        pytest.param(a_morning(2, no_consent=3), [], [NO_CONSENT], id="more-than-half"),
        pytest.param(a_morning(0, no_consent=2), [], [], id="too-few-to-say-so"),
        pytest.param(a_morning(0, no_consent=3, no_number=3), [], [], id="no-reason-is-that-of-most"),
        pytest.param(a_morning(0, cancelled=9, too_late=9), [], [], id="what-nobody-can-mend"),
        pytest.param(a_morning(1, no_consent=3, cancelled=9), [], [NO_CONSENT], id="cancelled-ones-count-for-nothing"),
        pytest.param(a_morning(0, no_consent=3, already_reminded=4), [], [], id="reminded-before-is-reminded"),
        pytest.param(a_morning(0, already_reminded=9), [], [], id="all-reminded-before"),
        pytest.param(a_morning(2, no_consent=3), [a_morning(2, no_consent=3)] * 4, [], id="so-for-four-weeks"),
        pytest.param(a_morning(2, no_consent=3), [a_morning(2, no_consent=3)] * 3, [NO_CONSENT], id="for-three-weeks"),
        pytest.param(
            a_morning(2, no_consent=3),
            [a_morning(3, no_consent=3), *[a_morning(2, no_consent=3)] * 3],
            [NO_CONSENT],
            id="not-so-in-one-week",
        ),
        pytest.param(a_morning(2, no_consent=3), [a_morning(2, no_consent=3)] * 5, [], id="so-for-five-weeks"),
        pytest.param(a_morning(1, no_consent=3), [a_morning(1)] * 4, [NO_CONSENT], id="never-in-four-weeks"),
        pytest.param(a_morning(7, no_number=3), [a_morning(10)], [NO_NUMBER], id="clearly-more-than-usual"),
        pytest.param(a_morning(9, no_number=3), [a_morning(10)] * 4, [], id="a-quarter-more-than-none"),
        pytest.param(a_morning(6, no_number=4), [a_morning(9, no_number=1)] * 4, [NO_NUMBER], id="than-in-four-weeks"),
        pytest.param(a_morning(7, no_number=3), [a_morning(9, no_number=1)] * 4, [], id="a-little-more-than-usual"),
        pytest.param(a_morning(6, no_number=3), [a_morning(10)], [], id="too-few-for-a-comparison"),
        pytest.param(a_morning(7, no_number=3), [a_morning(9)], [], id="too-few-before-for-a-comparison"),
        pytest.param(a_morning(6, no_number=4, no_consent=4), [a_morning(20)], [NO_CONSENT, NO_NUMBER], id="two"),
    ],
)
def test_a_reason_is_told_that_most_were_skipped_for_or_clearly_more_than_usual(
    today: Morning, weeks: list[Morning], expected: list[SkipReason]
) -> None:
    finding = skipped_too_many("linde", today, weeks)
    assert [trouble.found.rsplit(": ", 1)[1] for trouble in finding] == expected


@pytest.mark.parametrize("reason", [reason for reason in SkipReason if a_morning(**{reason: 3}).looked_at])
def test_each_reason_that_is_told_says_what_to_do(reason: SkipReason) -> None:
    for trouble in skipped_too_many("linde", a_morning(**{reason: 3}), []):
        assert trouble.found == f"linde: 3 of 3 appointments were skipped in the last round of today: {reason}"
        assert re.match(r"(look (at|what|whether) |if so many |`smsreminders )", trouble.advice)
        assert "{" not in trouble.advice


@pytest.mark.parametrize(
    ("taken", "known", "delivered", "expected"),
    [
        (9, 9, 0, True),
        (3, 3, 0, True),
        (2, 2, 0, False),
        (9, 9, 1, False),
        (10, 10, 5, True),
        (10, 10, 6, False),
        (10, 10, 7, False),
        (100, 100, 59, True),
        (100, 100, 60, False),
        (6, 3, 0, True),
        (7, 3, 0, False),  # of most of them nothing is known yet
        (30, 14, 0, False),
        (0, 0, 0, False),
    ],
)
def test_so_few_arrive_that_it_needs_no_comparison(taken: int, known: int, delivered: int, expected: bool) -> None:
    assert too_few_arrive(Arrival(taken, known, delivered)) == expected


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_where_more_arrive_it_is_never_worse(a: int, b: int, c: int) -> None:
    delivered, known, taken = sorted((a, b, c))
    if delivered < known and too_few_arrive(Arrival(taken, known, delivered + 1)):
        assert too_few_arrive(Arrival(taken, known, delivered))


def test_too_few_that_arrive_are_told_of_today_else_of_the_week_and_of_whom() -> None:
    bad, good = Arrival(9, 9, 0), Arrival(9, 9, 9)
    assert arrives_badly(good, good) is None
    assert [trouble and trouble.found for trouble in (arrives_badly(bad, bad), arrives_badly(good, bad, "linde"))] == [
        "0 of today's 9 texts whose fate is known arrived",
        "linde: 0 of the last week's 9 texts whose fate is known arrived",
    ]


def test_fewer_than_usual_are_told_with_both_shares() -> None:
    finding = arrives_worse(Arrival(20, 20, 16), Arrival(40, 40, 40), " on this weekday")
    assert finding is not None
    assert finding.found == "fewer texts arrive than usual on this weekday: 80 %, usually 100 %"
    in_all = arrives_worse(Arrival(20, 20, 16), Arrival(40, 40, 40))
    assert in_all is not None
    assert in_all.found == "fewer texts arrive than usual: 80 %, usually 100 %"
    assert arrives_worse(Arrival(20, 20, 17), Arrival(40, 40, 40)) is None


def test_an_arrival_counts_what_a_gateway_took() -> None:
    texts = Counter(dict.fromkeys(Status, 1))
    assert Arrival.of(texts) == Arrival(taken=4, known=3, delivered=1)
    assert (Arrival.of(texts).share, Arrival().share) == ("33 %", "-")
    assert Arrival() == Arrival(taken=0, known=0, delivered=0)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, None), (1, "1 of today was rejected by the gateway"), (2, "2 of today were rejected by the gateway")],
)
def test_each_rejected_one_is_told(count: int, expected: str | None) -> None:
    finding = were_rejected(count)
    assert (finding.found if finding else None) == expected


def a_service(name: str = "Notificaties", *, enabled: bool = True, assigned: bool = True) -> Service:
    return Service(1, name, ServiceType.NOTIFICATIONS, enabled, (REMINDERS_BY_SMS,) if assigned else ())


PAIR = "--practice linde --channel sms --notification-type appointment-reminder"


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        ([a_service()], None),
        ([a_service(enabled=False), a_service()], None),
        ([], f"service add --name Notificaties {PAIR}"),
        ([a_service("Berichten", assigned=False)], f"service assign Berichten {PAIR}"),
        ([a_service("Onze sms", enabled=False)], "service enable 'Onze sms' --practice linde"),
    ],
)
def test_a_practice_without_a_service_is_told_the_command_that_mends_it(
    services: list[Service], expected: str | None
) -> None:
    finding = without_service("linde", services, 4)
    assert (finding.advice if finding else None) == (f"run `smsreminders {expected}`" if expected else None)


@pytest.mark.parametrize(
    ("coming", "said"), [(0, ": nothing goes out"), (4, ", and 4 appointments in the coming week")]
)
def test_a_practice_without_a_service_is_told_how_many_appointments_come(coming: int, said: str) -> None:
    finding = without_service("linde", [], coming)
    assert finding is not None
    assert finding.found == f"linde has no enabled service for reminders by SMS{said}"


def test_each_trouble_has_the_name_by_which_doctor_calls_it_and_what_to_do() -> None:
    bad, good = Arrival(20, 20, 0), Arrival(40, 40, 40)
    troubles = [
        sent_too_few("linde", a_morning(9), [a_morning(20)]),
        *skipped_too_many("linde", a_morning(no_consent=3), []),
        arrives_badly(bad, good),
        arrives_worse(bad, good),
        were_rejected(1),
        without_service("linde", [], 0),
    ]
    names = ["sent", "skipped", "delivered", "delivered", "rejected", "service"]
    assert [trouble and trouble.about for trouble in troubles] == names
    assert [trouble and trouble.advice.split(" `smsreminders ")[0] for trouble in troubles[2:5]] == ["see"] * 3


def test_a_trouble_is_one_line() -> None:
    assert [str(Trouble("sent", "few")), str(Trouble("sent", "few", "look"))] == ["few", "few: look"]
