"""The rounds that were: what each planned and skipped, and what became of what it sent."""

from datetime import date, timedelta

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.store.round.past_rounds import Outcome, count_rounds, one_round, outcomes_of_round, past_rounds
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, local
from tests.jobs.conftest import bench, duin, linde

__all__ = ["bench", "duin", "linde"]


def two_rounds(bench: Bench, linde: Practice) -> None:
    """On Monday one text, delivered, and one without consent; on Tuesday one more, and what came on Monday is told."""
    a_patient(bench.db, linde)
    a_patient(bench.db, linde, "P2", consent=None)
    an_appointment(bench.db, linde, "A1")
    an_appointment(bench.db, linde, "A2", "P2")
    bench.round()
    bench.gateway.reports = [DeliveryReport(bench.sms().reference, Status.DELIVERED, "delivered")]
    bench.poll()
    an_appointment(bench.db, linde, "A3", start="2026-11-25 10:00")
    bench.clock.go_to(local("2026-11-24 09:00"))
    bench.round()


def test_each_round_has_its_own_texts(bench: Bench, linde: Practice) -> None:
    two_rounds(bench, linde)
    first, second = past_rounds(bench.db, [linde.id])
    assert (first.id, first.practice, first.first, first.last) == (1, "linde", date(2026, 11, 23), date(2026, 11, 24))
    assert (first.planned, first.sent, first.delivered, first.skipped) == (1, 1, 1, {"no-consent": 1})
    assert (second.planned, second.sent, second.delivered) == (1, 1, 0)
    assert second.skipped == {"already-reminded": 1, "no-consent": 1}
    assert (first.held_back, first.completed_at) == (False, local("2026-11-23 09:00"))


def test_the_newest_are_listed_and_all_are_counted(bench: Bench, linde: Practice, duin: Practice) -> None:
    two_rounds(bench, linde)
    assert [past.id for past in past_rounds(bench.db, [linde.id], limit=1)] == [2]
    assert count_rounds(bench.db, [linde.id, duin.id]) == 4
    assert [past.practice for past in one_round(bench.db, 2)] == ["duin", "linde"]
    assert one_round(bench.db, 3) == []


def test_a_second_round_of_a_day_counts_only_what_it_sent(bench: Bench, linde: Practice) -> None:
    two_rounds(bench, linde)
    bench.clock.go_to(local("2026-11-24 09:00") + timedelta(hours=2))
    bench.round()
    assert [past.sent for past in past_rounds(bench.db, [linde.id])] == [1, 1, 0]


def test_a_round_has_each_appointment_with_its_outcome(bench: Bench, linde: Practice) -> None:
    two_rounds(bench, linde)
    start = local("2026-11-24 10:30")
    assert [*outcomes_of_round(bench.db, 1)] == [
        Outcome("linde", "A1", "P1", start, 1, None),
        Outcome("linde", "A2", "P2", start, 1, "no-consent"),
    ]
