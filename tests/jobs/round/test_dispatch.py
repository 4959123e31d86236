"""A round: who is texted, once, with what; who isn't, and why; what a second round makes of it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.bill.billing import Rate
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.forecast import End
from smsreminders.domain.round.notifications import Status, Word
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.sending import Outgoing, Refused, Rejected, Uncertain
from smsreminders.errors import AdministratorNeeded, ConfigError, TryAgainLater
from smsreminders.jobs.desk.settle import settle
from smsreminders.jobs.round.dispatch import dry_run
from smsreminders.jobs.round.missed import missed
from smsreminders.jobs.round.result import DispatchResult
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import write_transaction
from smsreminders.store.practices import set_days
from smsreminders.store.round.notifications import notifications
from smsreminders.store.round.rounds import last_round
from tests.accounts import only
from tests.builders import RECEPTION, add_rate
from tests.jobs.bench import Bench
from tests.jobs.builders import (
    RATE,
    SCHEDULE,
    WORDING,
    a_cancellation,
    a_patient,
    a_practice,
    a_word,
    an_appointment,
    another_name,
    local,
    phone_of,
)

SENT, QUEUED, CANCELLED = Status.SENT, Status.QUEUED, Status.CANCELLED


def booked(bench: Bench, practice: Practice, *numbers: int, start: str = "2026-11-24 10:30") -> None:
    """Appointment A1 of patient P1, and so on."""
    for number in numbers:
        a_patient(bench.db, practice, f"P{number}")
        an_appointment(bench.db, practice, f"A{number}", f"P{number}", start=start)


def rehearsed(bench: Bench, *practices: Practice, per_second: float = 1000.0) -> DispatchResult:
    return dry_run(
        bench.db,
        practices,
        accounts=only(bench.in_use(per_second=per_second)),
        terms=Terms(SCHEDULE, WORDING, RATE),
        clock=bench.clock,
    )


def still_missed(bench: Bench, *practices: Practice) -> list[str]:
    accounts, terms = only(bench.in_use()), Terms(SCHEDULE, WORDING, RATE)
    return [one.code for one in missed(bench.db, practices, accounts=accounts, terms=terms, clock=bench.clock)]


def test_a_round_texts_each_covered_appointment_once(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1, 2)
    booked(bench, linde, 3, start="2026-11-25 10:30")
    result = bench.round()
    assert bench.texted() == [phone_of("P1"), phone_of("P2")]
    assert bench.outbox() == [("A1", 1, SENT, None), ("A2", 1, SENT, None)]
    assert (result.queued, result.sent.by_status, result.sent.stopped) == (2, {SENT: 2}, None)
    assert (result.waiting, result.uncertain, result.skipped, result.problems) == (0, 0, {}, [])
    assert (result.segments, result.cost) == ({linde.id: 2}, Decimal("0.20"))


def test_what_goes_to_the_gateway_is_what_the_patient_reads(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1)
    bench.round()
    assert bench.gateway.journal == [
        Outgoing(
            reference=bench.notification().reference,
            phone="+31612345601",
            sender_id="Linde",
            text="Beste J. de Vries, dinsdag 24 november om 10:30 bij De Linde.",
            encoding="GSM-7",
            handed_over_at=local("2026-11-23 09:00"),
            valid_until=local("2026-11-24 10:30"),
        )
    ]


def test_a_patient_reads_it_in_the_patients_language_else_in_the_practices(bench: Bench) -> None:
    english = a_practice(bench.db, "kade", language="en")
    for number, language in ((1, None), (2, "nl"), (3, "tr")):
        a_patient(bench.db, english, f"P{number}", language=language)
        an_appointment(bench.db, english, f"A{number}", f"P{number}")
    bench.round()
    in_english = "Dear J. de Vries, Tuesday 24 November at 10:30, De Kade. Call 020-5550123."
    assert [sms.text for sms in bench.gateway.journal] == [
        in_english,
        "Beste J. de Vries, dinsdag 24 november om 10:30 bij De Kade.",
        in_english,
    ]


def test_a_second_round_texts_nobody_again(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1, 2)
    bench.round()
    bench.clock.go_to(local("2026-11-23 15:00"))
    result = bench.round()
    assert len(bench.gateway.journal) == 2
    assert (result.queued, result.skipped, result.segments) == (0, {SkipReason.ALREADY_REMINDED: 2}, {})


def test_a_second_round_texts_who_booked_since_the_first(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1)
    bench.round()
    bench.clock.go_to(local("2026-11-23 15:00"))
    booked(bench, linde, 2)
    booked(bench, linde, 3, start="2026-11-23 16:45")
    bench.round()
    assert bench.texted() == [phone_of("P1"), phone_of("P2")]


def test_friday_reaches_over_the_weekend_and_saturday_takes_what_came_in_since(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1, start="2026-11-28 10:00")
    booked(bench, linde, 2, start="2026-11-30 10:00")
    booked(bench, linde, 3, start="2026-12-01 10:00")
    bench.clock.go_to(local("2026-11-27 09:00"))
    bench.round()
    booked(bench, linde, 4, start="2026-11-30 11:00")
    bench.clock.go_to(local("2026-11-28 09:00"))
    bench.round()
    assert bench.texted() == [phone_of("P1"), phone_of("P2"), phone_of("P4")]


def test_one_that_is_moved_after_its_reminder_gets_another(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1)
    bench.round()
    an_appointment(bench.db, linde, start="2026-11-24 14:15")
    bench.round()
    an_appointment(bench.db, linde, start="2026-11-24 10:30")
    bench.round()
    assert [sms.text.partition(" om ")[2][:5] for sms in bench.gateway.journal] == ["10:30", "14:15", "10:30"]
    assert bench.outbox() == [("A1", 1, SENT, None), ("A1", 2, SENT, None), ("A1", 3, SENT, None)]


def test_one_that_is_moved_out_of_reach_gets_its_reminder_when_its_day_comes(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1)
    bench.round()
    an_appointment(bench.db, linde, start="2026-11-26 10:30")
    for day in ("2026-11-23 15:00", "2026-11-24 09:00", "2026-11-25 09:00"):
        bench.clock.go_to(local(day))
        bench.round()
    assert [sms.handed_over_at for sms in bench.gateway.journal] == [
        local("2026-11-23 09:00"),
        local("2026-11-25 09:00"),
    ]


def test_one_that_is_cancelled_after_its_reminder_gets_none(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1)
    bench.round()
    a_cancellation(bench.db, linde)
    result = bench.round()
    assert (len(bench.gateway.journal), result.skipped) == (1, {SkipReason.CANCELLED: 1})
    assert bench.outbox() == [("A1", 1, SENT, None)]


def test_one_that_is_booked_again_after_a_cancellation_gets_no_second_text_of_the_same_words(
    bench: Bench, linde: Practice
) -> None:
    booked(bench, linde, 1)
    bench.round()
    an_appointment(bench.db, linde, booking=Booking.CANCELLED)
    bench.round()
    an_appointment(bench.db, linde, booking=Booking.BOOKED)
    result = bench.round()
    assert bench.outbox() == [("A1", 1, SENT, None)]
    assert result.skipped == {SkipReason.ALREADY_REMINDED: 1}


def left_in_the_queue(bench: Bench, practice: Practice, *numbers: int) -> None:
    """What a round leaves that the gateway refuses at once."""
    booked(bench, practice, *numbers)
    bench.gateway.in_order.append(Refused("no credit"))
    bench.round()
    assert {status for *_, status, _ in bench.outbox()} == {QUEUED}


def test_what_waits_goes_with_the_next_round_as_the_same_notification(bench: Bench, linde: Practice) -> None:
    left_in_the_queue(bench, linde, 1, 2)
    before = [notification.reference for notification in notifications(bench.db)]
    result = bench.round()
    assert (result.queued, result.sent.by_status) == (0, {SENT: 2})
    assert [sms.reference for sms in bench.gateway.journal[1:]] == before


def test_what_waits_and_was_moved_is_withdrawn_and_its_new_revision_texted(bench: Bench, linde: Practice) -> None:
    left_in_the_queue(bench, linde, 1)
    an_appointment(bench.db, linde, start="2026-11-24 14:15")
    bench.round()
    assert bench.outbox() == [("A1", 1, CANCELLED, "moved"), ("A1", 2, SENT, None)]
    assert bench.sms().text == "Beste J. de Vries, dinsdag 24 november om 14:15 bij De Linde."


def test_what_waits_and_was_cancelled_is_withdrawn(bench: Bench, linde: Practice) -> None:
    left_in_the_queue(bench, linde, 1, 2)
    a_cancellation(bench.db, linde, "A1")
    bench.round()
    assert bench.outbox() == [("A1", 1, CANCELLED, "cancelled"), ("A2", 1, SENT, None)]


def test_what_waits_since_an_earlier_day_and_is_too_late_is_withdrawn(bench: Bench, linde: Practice) -> None:
    left_in_the_queue(bench, linde, 1)
    booked(bench, linde, 2, start="2026-11-25 12:00")
    bench.clock.go_to(local("2026-11-25 09:00"))
    bench.round()
    assert bench.outbox() == [("A1", 1, CANCELLED, "too-late"), ("A2", 1, SENT, None)]


def test_a_consent_that_is_given_again_brings_a_withdrawn_one_back(bench: Bench, linde: Practice) -> None:
    left_in_the_queue(bench, linde, 1)
    a_word(bench.db, linde, given=False, at="2026-11-23 10:00")
    bench.round()
    assert bench.outbox() == [("A1", 1, CANCELLED, "consent-withdrawn")]
    a_word(bench.db, linde, given=True, at="2026-11-23 11:00")
    result = bench.round()
    assert (result.queued, bench.outbox()) == (1, [("A1", 1, SENT, None)])
    assert bench.sms().reference == bench.sms(0).reference


def rejected(bench: Bench, practice: Practice) -> None:
    booked(bench, practice, 1)
    bench.gateway.in_order.append(Rejected("no such number"))
    bench.round()


def test_a_rejected_one_is_not_tried_again_as_it_was(bench: Bench, linde: Practice) -> None:
    rejected(bench, linde)
    result = bench.round()
    assert (len(bench.gateway.journal), result.skipped) == (1, {SkipReason.INVALID_NUMBER: 1})
    assert bench.outbox() == [("A1", 1, Status.REJECTED, "no such number")]


def another_number(bench: Bench, practice: Practice) -> None:
    a_patient(bench.db, practice, phone="06-87654321")


def another_patient_name(bench: Bench, practice: Practice) -> None:
    a_patient(bench.db, practice, name="J. de Vries-Bakker")


def another_practice_name(bench: Bench, practice: Practice) -> None:
    another_name(bench.db, practice, "De Oude Linde")


@pytest.mark.parametrize("change", [another_number, another_patient_name, another_practice_name])
def test_a_rejected_one_is_tried_again_with_another_number_or_text(
    bench: Bench, linde: Practice, change: Callable[[Bench, Practice], None]
) -> None:
    rejected(bench, linde)
    change(bench, linde)
    result = bench.round()
    assert (result.queued, bench.outbox()) == (1, [("A1", 1, SENT, None)])
    assert (bench.sms().phone, bench.sms().text) != (bench.sms(0).phone, bench.sms(0).text)
    assert bench.sms().reference == bench.sms(0).reference


def test_an_uncertain_one_is_never_sent_again_by_itself(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1)
    bench.gateway.in_order.append(Uncertain("read time-out"))
    first, second = bench.round(), bench.round()
    assert len(bench.gateway.journal) == 1
    assert (first.uncertain, second.uncertain, second.skipped) == (1, 1, {SkipReason.ALREADY_REMINDED: 1})


@pytest.mark.parametrize(("moment", "goes"), [("08:00", True), ("19:59", True), ("07:59", False), ("20:00", False)])
def test_a_round_goes_in_the_sending_hours_only(bench: Bench, linde: Practice, moment: str, *, goes: bool) -> None:
    booked(bench, linde, 1)
    bench.clock.go_to(local(f"2026-11-23 {moment}"))
    if goes:
        bench.round()
    else:
        with pytest.raises(TryAgainLater, match=r"outside the sending hours \(08:00 to 20:00\): nothing was planned"):
            bench.round()
    assert (len(bench.outbox()), len(bench.outcomes(linde))) == ((1, 1) if goes else (0, 0))
    assert (last_round(bench.db, linde.id) is None) is not goes


def test_exactly_the_daily_limit_goes_out(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1, 2)
    result = bench.round(schedule=replace(SCHEDULE, daily_limit=2))
    assert (result.held_back, len(bench.gateway.journal)) == ([], 2)


def test_above_the_daily_limit_nothing_of_the_practice_goes_out_and_others_go_on(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    booked(bench, linde, 1, 2, 3)
    booked(bench, duin, 4, 5)
    result = bench.round(schedule=replace(SCHEDULE, daily_limit=2))
    assert bench.texted() == [phone_of("P4"), phone_of("P5")]
    assert (result.held_back, result.queued, result.waiting) == ([linde], 2, 0)
    assert result.skipped == {SkipReason.LIMIT_REACHED: 3}
    assert [bench.outcomes(linde, f"A{number}")[0].reason for number in (1, 2, 3)] == ["limit-reached"] * 3


def test_what_was_sent_earlier_today_counts_for_the_daily_limit(bench: Bench, linde: Practice) -> None:
    limited = replace(SCHEDULE, daily_limit=2)
    booked(bench, linde, 1, 2)
    bench.round(schedule=limited)
    booked(bench, linde, 3)
    assert bench.round(schedule=limited).held_back == [linde]
    bench.clock.go_to(local("2026-11-24 08:00"))
    assert bench.round(schedule=limited).held_back == []
    assert bench.texted() == [phone_of(f"P{number}") for number in (1, 2, 3)]


def test_what_waits_of_a_practice_that_is_held_back_waits_on(bench: Bench, linde: Practice) -> None:
    left_in_the_queue(bench, linde, 1)
    booked(bench, linde, 2)
    result = bench.round(schedule=replace(SCHEDULE, daily_limit=1))
    assert (result.waiting, bench.outbox()) == (1, [("A1", 1, QUEUED, "no credit")])


def test_what_makes_no_sense_any_more_is_withdrawn_even_where_the_practice_is_held_back(
    bench: Bench, linde: Practice
) -> None:
    left_in_the_queue(bench, linde, 1)
    a_cancellation(bench.db, linde, "A1")
    booked(bench, linde, 2, 3)
    result = bench.round(schedule=replace(SCHEDULE, daily_limit=1))
    assert (result.waiting, bench.outbox()) == (0, [("A1", 1, CANCELLED, "cancelled")])


def test_a_practice_whose_text_lacks_a_phone_is_a_problem_of_its_own(bench: Bench, linde: Practice) -> None:
    kade = a_practice(bench.db, "kade", phone="", language="en")
    booked(bench, kade, 1)
    booked(bench, linde, 2)
    result = bench.round()
    assert (bench.texted(), result.queued) == ([phone_of("P2")], 1)
    assert [type(problem) for problem in result.problems] == [ConfigError]
    assert [plan.rules.practice for plan in result.plans] == [linde]
    assert bench.outcomes(kade) == []


def test_what_a_dead_run_left_in_sending_is_uncertain_and_not_sent_again(bench: Bench, linde: Practice) -> None:
    class Died(BaseException):
        pass

    def die(_: Outgoing) -> None:
        raise Died

    booked(bench, linde, 1, 2)
    bench.gateway.at_send = die
    with pytest.raises(Died):
        bench.round()
    assert bench.outbox() == [("A1", 1, Status.SENDING, None), ("A2", 1, QUEUED, None)]
    bench.gateway.at_send = lambda _: None
    result = bench.round()
    died = "the run died before its result was known"
    assert bench.outbox() == [("A1", 1, Status.UNCERTAIN, died), ("A2", 1, SENT, None)]
    assert (bench.texted(), result.uncertain) == ([phone_of("P1"), phone_of("P2")], 1)


def test_every_appointment_that_a_round_looks_at_has_exactly_one_outcome(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, *range(1, 9))
    bench.round()
    booked(bench, linde, 9, 10)
    an_appointment(bench.db, linde, "A1", start="2026-11-24 11:00")
    a_cancellation(bench.db, linde, "A2")
    a_word(bench.db, linde, "P3", given=False)
    for number, phone, consent in ((11, None, None), (12, None, False), (13, "", True), (14, "06-123", True)):
        a_patient(bench.db, linde, f"P{number}", phone=phone, consent=consent)
        an_appointment(bench.db, linde, f"A{number}", f"P{number}")
    a_patient(bench.db, linde, "P15", phone="020-5550123")
    an_appointment(bench.db, linde, "A15", "P15")
    booked(bench, linde, 16, start="2026-11-23 10:45")
    booked(bench, linde, 17, start="2026-11-22 10:45")
    booked(bench, linde, 18, start="2026-11-25 10:45")
    result = bench.round()
    found = {number: bench.outcomes(linde, f"A{number}") for number in range(1, 19)}
    of_this = {
        number: [(one.revision, one.reason) for one in outcomes if one.round_id == result.round_id]
        for number, outcomes in found.items()
    }
    assert of_this == {
        1: [(2, None)],
        2: [(1, "cancelled")],
        **{number: [(1, "already-reminded")] for number in range(3, 9)},
        9: [(1, None)],
        10: [(1, None)],
        11: [(1, "no-consent")],
        12: [(1, "consent-withdrawn")],
        13: [(1, "no-number")],
        14: [(1, "invalid-number")],
        15: [(1, "not-mobile")],
        16: [(1, "too-late")],
        17: [],
        18: [],
    }


EVENING = "2026-11-23 19:59:57"  # three seconds before the sending hours end


def queue_of_two(bench: Bench, linde: Practice, duin: Practice) -> None:
    booked(bench, linde, 1, 2, 3, start="2026-11-24 10:30")
    booked(bench, duin, 4, 5, start="2026-11-24 10:40")
    booked(bench, linde, 6, start="2026-11-24 10:50")
    bench.clock.go_to(local(EVENING))


def test_who_will_wait_is_told_before_the_first_request(bench: Bench, linde: Practice, duin: Practice) -> None:
    queue_of_two(bench, linde, duin)
    told: list[tuple[Mapping[str, int], int]] = []
    bench.round(per_second=1.0, foreseen=lambda forecast: told.append((forecast.waiting, len(bench.texted()))))
    assert told == [({"duin": 2, "linde": 1}, 0)]


@pytest.mark.parametrize(
    ("per_second", "longest_run", "end"),
    [(1.0, 7200, End.SENDING_HOURS), (2.0, 1, End.LONGEST_RUN), (0.5, 7200, End.SENDING_HOURS)],
)
def test_what_was_foreseen_to_wait_does_wait(
    bench: Bench, linde: Practice, duin: Practice, per_second: float, longest_run: int, end: End
) -> None:
    queue_of_two(bench, linde, duin)
    result = bench.round(
        per_second=per_second, schedule=replace(SCHEDULE, longest_run=timedelta(seconds=longest_run, microseconds=-1))
    )
    assert result.forecast is not None
    assert (result.forecast.end, result.forecast.leaving) == (end, len(bench.texted()))
    waiting = Counter(notification.practice for notification in notifications(bench.db, statuses=[QUEUED]))
    assert (result.forecast.waiting, result.waiting) == (waiting, waiting.total())


def test_nobody_is_foreseen_to_wait_where_all_can_leave(bench: Bench, linde: Practice, duin: Practice) -> None:
    queue_of_two(bench, linde, duin)
    result = bench.round(per_second=2.0)
    assert result.forecast is not None
    assert (result.forecast.waiting, result.forecast.leaving, result.waiting) == ({}, 6, 0)


def test_a_rehearsal_foresees_what_the_round_will(bench: Bench, linde: Practice, duin: Practice) -> None:
    left_in_the_queue(bench, linde, 7)
    queue_of_two(bench, linde, duin)
    foreseen = rehearsed(bench, linde, duin, per_second=1.0).forecast
    assert foreseen is not None
    assert foreseen.waiting == {"duin": 2, "linde": 2}
    assert foreseen == bench.round(per_second=1.0).forecast


def test_what_is_held_back_is_not_foreseen_to_leave_or_wait(bench: Bench, linde: Practice, duin: Practice) -> None:
    queue_of_two(bench, linde, duin)
    result = bench.round(per_second=1.0, schedule=replace(SCHEDULE, daily_limit=3))
    assert result.forecast is not None
    assert (result.held_back, result.forecast.leaving, result.forecast.waiting) == ([linde], 2, {})


def test_without_a_service_nothing_goes_out(bench: Bench) -> None:
    bare = a_practice(bench.db, "bos", service=False)
    booked(bench, bare, 1)
    result = bench.round()
    assert (bench.gateway.journal, result.skipped) == ([], {SkipReason.NO_SERVICE: 1})


def test_the_widest_window_is_told(bench: Bench, linde: Practice, duin: Practice) -> None:
    with write_transaction(bench.db):
        set_days(bench.db, duin.id, [date(2026, 11, 24)], is_open=False)
    widest = bench.round().widest
    assert widest is not None
    assert (widest.today, widest.last) == (date(2026, 11, 23), date(2026, 11, 25))
    assert [plan.rules.window.last for plan in rehearsed(bench, linde, duin).plans] == [
        date(2026, 11, 24),
        date(2026, 11, 25),
    ]


def test_a_round_without_practices_does_nothing(bench: Bench) -> None:
    result = bench.round()
    assert (result.plans, result.widest, result.waiting, result.cost) == ([], None, 0, Decimal(0))


def test_a_round_of_one_practice_leaves_the_others_alone(bench: Bench, linde: Practice, duin: Practice) -> None:
    left_in_the_queue(bench, duin, 1)
    booked(bench, linde, 2)
    result = bench.round(linde)
    assert (bench.texted()[1:], result.waiting, bench.status("A1")) == ([phone_of("P2")], 0, QUEUED)


def test_the_cost_is_by_the_rates_of_the_day(bench: Bench, linde: Practice, duin: Practice) -> None:
    with write_transaction(bench.db):
        add_rate(bench.db, Rate(Decimal("0.12"), date(2026, 11, 23)))
        add_rate(bench.db, Rate(Decimal("0.50"), date(2026, 11, 24)))
        add_rate(bench.db, Rate(Decimal("0.095"), date(2026, 1, 1), duin.id))
    booked(bench, linde, 1)
    booked(bench, duin, 2, 3)
    assert bench.round().cost == Decimal("0.310")


def test_a_round_is_missed_until_nothing_of_it_waits(bench: Bench, linde: Practice) -> None:
    assert still_missed(bench, linde) == ["linde"]
    left_in_the_queue(bench, linde, 1)
    assert still_missed(bench, linde) == ["linde"]
    bench.round()
    assert still_missed(bench, linde) == []
    bench.clock.go_to(local("2026-11-23 23:59"))
    assert still_missed(bench, linde) == []
    bench.clock.go_to(local("2026-11-24 00:00"))
    assert still_missed(bench, linde) == ["linde"]


def test_a_round_that_finds_nothing_to_send_is_complete(bench: Bench, linde: Practice) -> None:
    bench.round()
    assert still_missed(bench, linde) == []


@pytest.mark.parametrize("outcome", [Rejected("no such number"), Uncertain("read time-out")], ids=["rejected", "lost"])
def test_what_does_not_wait_does_not_hold_a_round_open(
    bench: Bench, linde: Practice, outcome: Rejected | Uncertain
) -> None:
    booked(bench, linde, 1)
    bench.gateway.in_order.append(outcome)
    bench.round()
    assert still_missed(bench, linde) == []


def test_what_came_back_to_the_queue_after_its_round_is_missed(bench: Bench, linde: Practice, duin: Practice) -> None:
    booked(bench, linde, 1)
    bench.gateway.in_order.append(Uncertain("read time-out"))
    bench.round()
    for minute in (10, 20):
        bench.clock.go_to(local(f"2026-11-23 09:{minute}"))
        bench.poll()  # twice absent
    assert (bench.status(), still_missed(bench, linde, duin)) == (QUEUED, ["linde"])
    bench.round()
    assert (bench.status(), still_missed(bench, linde, duin)) == (SENT, [])


def test_a_persons_word_that_it_was_not_sent_is_missed(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1)
    bench.gateway.in_order.append(Uncertain("read time-out"))
    bench.round()
    settle(bench.db, str(bench.notification().id), Word.NOT_SENT, clock=bench.clock, access=RECEPTION)
    assert still_missed(bench, linde) == ["linde"]


def test_a_practice_that_is_held_back_misses_its_round(bench: Bench, linde: Practice, duin: Practice) -> None:
    booked(bench, linde, 1, 2)
    booked(bench, duin, 3)
    bench.round(schedule=replace(SCHEDULE, daily_limit=1))
    assert still_missed(bench, linde, duin) == ["linde"]
    last = last_round(bench.db, linde.id)
    assert last is not None
    assert (last.held_back, last.completed_at) == (True, None)


def test_a_practice_with_a_problem_misses_its_round(bench: Bench, linde: Practice) -> None:
    kade = a_practice(bench.db, "kade", phone="", language="en")
    booked(bench, kade, 1)
    bench.round()
    assert still_missed(bench, linde, kade) == ["kade"]


def test_of_several_practices_only_those_miss_their_round_of_which_something_waits(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    booked(bench, duin, 1, start="2026-11-24 08:00")
    booked(bench, linde, 2, start="2026-11-24 09:00")
    bench.gateway.by_phone[phone_of("P2")] = Refused("no credit")
    result = bench.round()
    [stopped] = result.stopped.values()
    assert (type(stopped.error), stopped.practices) == (AdministratorNeeded, [linde])
    assert still_missed(bench, linde, duin) == ["linde"]


def test_a_rehearsal_tells_what_a_round_would_do_and_writes_nothing(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1, 2)
    a_patient(bench.db, linde, "P3", name="Zoë Şahin van der Wallenburg")
    an_appointment(bench.db, linde, "A3", "P3")
    a_cancellation(bench.db, linde, "A2")
    with bench.elsewhere() as other, write_transaction(other):
        told = rehearsed(bench, linde)
    assert (bench.outbox(), bench.outcomes(linde), bench.gateway.journal) == ([], [], [])
    assert (told.round_id, told.queued, told.waiting, told.sent.by_status) == (None, 2, 2, {})
    done = bench.round()
    assert (told.plans, told.segments, told.cost) == (done.plans, done.segments, done.cost)
    assert (told.segments, told.cost) == ({linde.id: 3}, Decimal("0.30"))


def test_a_rehearsal_may_be_held_at_night(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1)
    bench.clock.go_to(local("2026-11-23 23:00"))
    assert rehearsed(bench, linde).queued == 1


def test_a_rehearsal_counts_what_waits_already(bench: Bench, linde: Practice) -> None:
    left_in_the_queue(bench, linde, 1)
    booked(bench, linde, 2)
    told = rehearsed(bench, linde)
    assert (told.queued, told.waiting, told.segments) == (1, 2, {linde.id: 2})
