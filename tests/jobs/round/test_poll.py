"""What became of what was sent: delivery reports in any order and of any kind, and what there is no report of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status, Word
from smsreminders.domain.round.sending import Accepted, DeliveryReport, Open, Outgoing, Uncertain
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.features import NOT_SAID
from smsreminders.jobs.desk.settle import settle
from smsreminders.store.round.notifications import events_of
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, local

SENT, DELIVERED, FAILED, EXPIRED = Status.SENT, Status.DELIVERED, Status.FAILED, Status.EXPIRED
UNCERTAIN = Status.UNCERTAIN
RAW = {SENT: "buffered", DELIVERED: "delivrd", FAILED: "undeliv", EXPIRED: "expired"}
LOST = Uncertain("read time-out")


def texted(bench: Bench, practice: Practice, count: int = 1) -> list[Outgoing]:
    """What a round on Monday at 09:00 sent for A1, A2, ..., which the gateway called g1, g2, ..."""
    for number in range(1, count + 1):
        a_patient(bench.db, practice, f"P{number}")
        an_appointment(bench.db, practice, f"A{number}", f"P{number}")
    bench.round()
    return list(bench.gateway.journal)


def told(sms: Outgoing, status: Status | None, raw: str = "", gateway_id: str | None = None) -> DeliveryReport:
    """What the gateway says of a request."""
    return DeliveryReport(sms.reference, status, raw or (RAW[status] if status else "odd"), gateway_id)


def later(bench: Bench, since: timedelta) -> None:
    """So long after the round of Monday 09:00."""
    bench.clock.go_to(local("2026-11-23 09:00") + since)


def troubles(bench: Bench) -> list[str]:
    """What a poll says of the accounts that could not be asked."""
    return [str(trouble) for trouble in bench.poll().troubles.values()]


def test_the_gateway_is_asked_for_what_is_sent_or_uncertain_by_its_id_or_our_reference(
    bench: Bench, linde: Practice
) -> None:
    bench.gateway.in_order.extend([Accepted("g1"), Accepted(), LOST, Accepted("g4")])
    first, second, third, fourth = texted(bench, linde, 4)
    bench.gateway.reports = [told(fourth, DELIVERED)]
    bench.poll()
    result = bench.poll()
    sent_at = local("2026-11-23 09:00")
    everything = [
        Open(first.reference, "g1", first.phone, sent_at, first.text, first.valid_until),
        Open(second.reference, None, second.phone, sent_at, second.text, second.valid_until),
        Open(third.reference, None, third.phone, sent_at, third.text, third.valid_until),
        Open(fourth.reference, "g4", fourth.phone, sent_at, fourth.text, fourth.valid_until),
    ]
    assert bench.gateway.asked == [everything, everything[:3]]
    assert (result.asked, result.open, result.uncertain, result.changed) == (3, 2, 1, {})


@pytest.mark.parametrize("status", [DELIVERED, FAILED, EXPIRED])
def test_a_report_becomes_the_status_with_the_gateways_word(bench: Bench, linde: Practice, status: Status) -> None:
    (sms,) = texted(bench, linde)
    bench.clock.go_to(local("2026-11-23 09:15"))
    report = DeliveryReport(sms.reference, status, "word 7", "g1", reported_at="2026-11-23 9:01", segments=2)
    bench.gateway.reports = [report]
    found = bench.poll()
    assert (found.asked, found.changed, found.open, found.unknown_words) == (1, {status: 1}, 0, {})
    notification = bench.notification()
    delivered_at = bench.clock.now() if status is DELIVERED else None
    assert (notification.status, notification.delivered_at, notification.gateway_segments) == (status, delivered_at, 2)
    assert notification.reason == (None if status is DELIVERED else "word 7")
    last = events_of(bench.db, notification.id)[-1]
    assert (last.status, last.detail, last.reported_at) == (status, "word 7", "2026-11-23 9:01")


def test_a_report_of_sent_changes_nothing(bench: Bench, linde: Practice) -> None:
    (sms,) = texted(bench, linde)
    bench.gateway.reports = [told(sms, SENT, gateway_id="g1")]
    assert (bench.poll().changed, bench.poll().open, len(bench.life())) == ({}, 1, 3)


def test_what_has_a_final_report_is_not_asked_for_again(bench: Bench, linde: Practice) -> None:
    for sms, status in zip(texted(bench, linde, 2), (DELIVERED, EXPIRED), strict=True):
        bench.gateway.reports = [*bench.gateway.reports, told(sms, status)]
    bench.poll()
    assert bench.poll().asked == 0


@pytest.mark.parametrize(
    ("since", "expected"),
    [(timedelta(hours=1), DELIVERED), (timedelta(hours=72, seconds=-1), DELIVERED), (timedelta(hours=72), FAILED)],
    ids=str,
)
def test_a_gateway_may_correct_for_72_hours_that_a_text_failed(
    bench: Bench, linde: Practice, since: timedelta, expected: Status
) -> None:
    (sms,) = texted(bench, linde)
    bench.gateway.reports = [told(sms, FAILED)]
    bench.poll()
    later(bench, since)
    bench.gateway.reports = [told(sms, DELIVERED)]
    result = bench.poll()
    assert (bench.status(), result.asked) == (expected, 1 if expected is DELIVERED else 0)


def test_what_a_person_took_back_is_not_asked_for(bench: Bench, linde: Practice) -> None:
    (sms,) = texted(bench, linde)
    bench.gateway.reports = [told(sms, DELIVERED)]
    bench.poll()
    settle(bench.db, "1", Word.NOT_DELIVERED, clock=bench.clock, access=RECEPTION)
    assert bench.poll().asked == 0


def test_a_word_that_we_do_not_know_is_told_at_each_poll_and_kept_once(bench: Bench, linde: Practice) -> None:
    first, second = texted(bench, linde, 2)
    bench.gateway.reports = [told(first, None, "limbo"), told(second, None, "limbo")]
    assert [bench.poll().unknown_words for _ in range(3)] == [{"limbo": 2}] * 3
    assert bench.life()[2:] == [(SENT, None), (SENT, "unknown word of the gateway: limbo")]
    assert bench.poll().open == 2


def test_another_word_that_we_do_not_know_is_kept_too(bench: Bench, linde: Practice) -> None:
    (sms,) = texted(bench, linde)
    for word in ("limbo", "adrift", "adrift"):
        bench.gateway.reports = [told(sms, None, word)]
        bench.poll()
    assert [detail for _, detail in bench.life()[3:]] == [
        "unknown word of the gateway: limbo",
        "unknown word of the gateway: adrift",
    ]


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([DELIVERED, FAILED], DELIVERED),
        ([DELIVERED, EXPIRED], DELIVERED),
        ([FAILED, DELIVERED], DELIVERED),
        ([EXPIRED, DELIVERED], DELIVERED),
        ([FAILED, EXPIRED], FAILED),
        ([EXPIRED, FAILED], EXPIRED),
        ([DELIVERED, SENT], DELIVERED),
        ([SENT, None, FAILED], FAILED),
    ],
    ids=lambda reports: "-".join(str(report) for report in reports) if isinstance(reports, list) else None,
)
def test_delivered_outranks_the_rest_and_otherwise_the_first_final_report_stays(
    bench: Bench, linde: Practice, reports: list[Status | None], expected: Status
) -> None:
    (sms,) = texted(bench, linde)
    bench.gateway.reports = [told(sms, status) for status in reports]
    bench.poll()
    assert bench.status() == expected


def test_a_delivery_is_known_since_its_first_report(bench: Bench, linde: Practice) -> None:
    (sms,) = texted(bench, linde)
    later(bench, timedelta(hours=1))
    bench.gateway.reports = [told(sms, DELIVERED), told(sms, DELIVERED)]
    assert bench.poll().changed == {DELIVERED: 1}
    later(bench, timedelta(hours=2))
    bench.poll()
    assert bench.notification().delivered_at == local("2026-11-23 10:00")


def test_without_a_report_it_stays_sent_up_to_the_time_to_give_up_and_expires_after_it(
    bench: Bench, linde: Practice
) -> None:
    texted(bench, linde)
    later(bench, timedelta(hours=72))
    assert (bench.poll().changed, bench.status()) == ({}, SENT)
    later(bench, timedelta(hours=72, seconds=1))
    result = bench.poll()
    assert (result.changed, result.open, bench.outbox()) == ({EXPIRED: 1}, 0, [("A1", 1, EXPIRED, "no-report")])


def test_who_gives_up_earlier_has_it_expired_earlier(bench: Bench, linde: Practice) -> None:
    texted(bench, linde)
    later(bench, timedelta(hours=25))
    bench.poll(give_up_after=timedelta(hours=24))
    assert bench.status() == EXPIRED


def test_a_report_that_comes_in_time_goes_before_giving_up(bench: Bench, linde: Practice) -> None:
    (sms,) = texted(bench, linde)
    later(bench, timedelta(days=9))
    bench.gateway.reports = [told(sms, DELIVERED)]
    assert (bench.poll().changed, bench.status()) == ({DELIVERED: 1}, DELIVERED)


def test_an_uncertain_one_is_never_given_up(bench: Bench, linde: Practice) -> None:
    bench.gateway.in_order.append(LOST)
    texted(bench, linde)
    later(bench, timedelta(days=300))
    result = bench.poll()
    assert (result.asked, result.uncertain, bench.status()) == (1, 1, UNCERTAIN)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (timedelta(days=4), DELIVERED),
        (timedelta(days=35, seconds=-1), DELIVERED),
        (timedelta(days=35), EXPIRED),
        (timedelta(days=40), EXPIRED),
    ],
    ids=str,
)
def test_what_expired_by_inference_is_asked_for_until_35_days_after_sending(
    bench: Bench, linde: Practice, since: timedelta, expected: Status
) -> None:
    (sms,) = texted(bench, linde)
    later(bench, timedelta(hours=73))
    bench.poll()
    later(bench, since)
    bench.gateway.reports = [told(sms, DELIVERED)]
    result = bench.poll()
    assert (bench.status(), result.asked) == (expected, 1 if expected is DELIVERED else 0)


@pytest.mark.parametrize(("since", "expected"), [(timedelta(hours=46, minutes=-1), 1), (timedelta(hours=46), 0)])
def test_what_expired_by_inference_is_asked_for_only_as_long_as_the_gateway_keeps_it(
    bench: Bench, linde: Practice, since: timedelta, expected: int
) -> None:
    bench.gateway.features = replace(bench.gateway.features, kept=timedelta(hours=46))
    texted(bench, linde)
    later(bench, timedelta(hours=25))
    bench.poll(give_up_after=timedelta(hours=24))
    later(bench, since)
    assert (bench.poll().asked, bench.status()) == (expected, EXPIRED)


def test_where_a_gateway_does_not_say_how_long_it_keeps_them_it_is_asked_all_the_same(
    bench: Bench, linde: Practice
) -> None:
    bench.gateway.features = replace(bench.gateway.features, kept=NOT_SAID)
    texted(bench, linde)
    later(bench, timedelta(hours=73))
    bench.poll()
    later(bench, timedelta(days=34))
    assert bench.poll().asked == 1


def test_what_expired_by_a_report_is_not_asked_for(bench: Bench, linde: Practice) -> None:
    (sms,) = texted(bench, linde)
    bench.gateway.reports = [told(sms, EXPIRED)]
    bench.poll()
    assert bench.poll().asked == 0


def test_what_expired_by_inference_and_is_told_to_have_failed_stays_expired(bench: Bench, linde: Practice) -> None:
    (sms,) = texted(bench, linde)
    later(bench, timedelta(hours=73))
    bench.poll()
    bench.gateway.reports = [told(sms, FAILED)]
    assert (bench.poll().changed, bench.outbox()) == ({}, [("A1", 1, EXPIRED, "no-report")])


@pytest.mark.parametrize(
    ("status", "expected"), [(SENT, SENT), (DELIVERED, DELIVERED), (FAILED, FAILED), (EXPIRED, EXPIRED)]
)
def test_an_uncertain_one_that_the_gateway_knows_is_no_longer_uncertain(
    bench: Bench, linde: Practice, status: Status, expected: Status
) -> None:
    bench.gateway.in_order.append(LOST)
    (sms,) = texted(bench, linde)
    bench.gateway.reports = [told(sms, status, gateway_id="g1")]
    result = bench.poll()
    assert (result.changed, result.uncertain, bench.status()) == ({expected: 1}, 0, expected)
    assert (bench.notification().gateway_id, bench.notification().sent_at) == ("g1", local("2026-11-23 09:00"))


def test_an_old_uncertain_one_that_expired_keeps_the_gateways_word(bench: Bench, linde: Practice) -> None:
    bench.gateway.in_order.append(LOST)
    (sms,) = texted(bench, linde)
    bench.clock.go_to(local("2026-11-30 09:00"))
    bench.gateway.reports = [told(sms, EXPIRED, gateway_id="g1")]
    assert (bench.poll().changed, bench.outbox()) == ({EXPIRED: 1}, [("A1", 1, EXPIRED, "expired")])


def test_an_uncertain_one_that_the_gateway_does_not_know_stays_uncertain(bench: Bench, linde: Practice) -> None:
    bench.gateway.in_order.append(LOST)
    texted(bench, linde)
    assert (bench.poll().uncertain, bench.outbox()) == (1, [("A1", 1, UNCERTAIN, "read time-out")])


def test_what_a_dead_run_left_in_sending_is_asked_for_as_uncertain(bench: Bench, linde: Practice) -> None:
    class Died(BaseException):
        pass

    def die(_: Outgoing) -> None:
        raise Died

    bench.gateway.at_send = die
    with pytest.raises(Died):
        texted(bench, linde)
    bench.gateway.reports = [told(bench.sms(), SENT, gateway_id="g1")]
    assert (bench.poll().asked, bench.status()) == (1, SENT)


def test_a_report_of_what_nobody_asked_for_is_ignored(bench: Bench, linde: Practice) -> None:
    first, second = texted(bench, linde, 2)
    bench.gateway.reports = [told(first, DELIVERED)]
    bench.poll()
    stranger = DeliveryReport("0" * 32, FAILED, "undeliv", "g9")
    bench.gateway.reports = [stranger, told(first, FAILED), told(second, DELIVERED)]
    assert bench.poll().changed == {DELIVERED: 1}
    assert [status for *_, status, _ in bench.outbox()] == [DELIVERED, DELIVERED]


def test_a_second_id_for_one_reference_is_told_once_and_changes_nothing(bench: Bench, linde: Practice) -> None:
    (sms,) = texted(bench, linde)
    bench.gateway.reports = [told(sms, SENT, gateway_id="g1"), told(sms, FAILED, gateway_id="g2")]
    assert [bench.poll().changed for _ in range(3)] == [{}] * 3
    assert bench.life()[3:] == [(SENT, "the gateway knows it also as g2")]
    assert bench.notification().gateway_id == "g1"


def test_the_report_of_the_known_id_counts_whatever_is_said_of_another(bench: Bench, linde: Practice) -> None:
    (sms,) = texted(bench, linde)
    bench.gateway.reports = [told(sms, FAILED, gateway_id="g2"), told(sms, DELIVERED, gateway_id="g1")]
    assert (bench.poll().changed, bench.status()) == ({DELIVERED: 1}, DELIVERED)


def test_of_two_ids_for_an_uncertain_one_the_first_is_kept(bench: Bench, linde: Practice) -> None:
    bench.gateway.in_order.append(LOST)
    (sms,) = texted(bench, linde)
    bench.gateway.reports = [told(sms, SENT, gateway_id="g1"), told(sms, DELIVERED, gateway_id="g2")]
    assert (bench.poll().changed, bench.notification().gateway_id) == ({SENT: 1}, "g1")


def test_an_id_that_another_notification_has_is_not_adopted(bench: Bench, linde: Practice) -> None:
    bench.gateway.in_order.extend([Accepted("g1"), Accepted("g1")])
    _, second = texted(bench, linde, 2)
    bench.gateway.reports = [told(second, DELIVERED, gateway_id="g1")]
    result = bench.poll()
    assert (result.changed, result.uncertain, bench.status("A2")) == ({}, 1, UNCERTAIN)
    assert bench.life("A2")[-1] == (UNCERTAIN, "the gateway knows it also as g1")


def test_a_gateway_that_cannot_be_asked_changes_nothing(bench: Bench, linde: Practice) -> None:
    texted(bench, linde)
    later(bench, timedelta(hours=73))
    bench.gateway.reports = [TryAgainLater("down")]
    assert troubles(bench) == ["down"]
    assert bench.status() == SENT


@pytest.mark.parametrize("many", [0, 600])
def test_what_a_gateway_told_before_it_broke_off_is_kept(bench: Bench, linde: Practice, many: int) -> None:
    first, second = texted(bench, linde, 2)
    strangers = [DeliveryReport("0" * 32, DELIVERED, "delivrd")] * many
    bench.gateway.reports = [told(first, DELIVERED), *strangers, TryAgainLater("down"), told(second, DELIVERED)]
    assert troubles(bench) == ["down"]
    assert [status for *_, status, _ in bench.outbox()] == [DELIVERED, SENT]


def test_a_gateway_that_refuses_the_account_is_for_an_administrator(bench: Bench, linde: Practice) -> None:
    texted(bench, linde)
    bench.gateway.reports = [AdministratorNeeded("the key is wrong")]
    assert troubles(bench) == ["the key is wrong"]


def test_what_a_person_settled_as_sent_is_asked_for_and_may_be_given_up(bench: Bench, linde: Practice) -> None:
    bench.gateway.in_order.append(LOST)
    texted(bench, linde)
    settle(bench.db, str(bench.notification().id), Word.SENT, clock=bench.clock, access=RECEPTION)
    later(bench, timedelta(hours=73))
    result = bench.poll()
    assert (result.asked, result.changed, bench.status()) == (1, {EXPIRED: 1}, EXPIRED)


def test_only_the_practices_that_are_meant_are_asked_for(bench: Bench, linde: Practice, duin: Practice) -> None:
    a_patient(bench.db, duin, "P2")
    an_appointment(bench.db, duin, "A2", "P2")
    texted(bench, linde)
    result = bench.poll(duin)
    assert [[one.phone for one in asked] for asked in bench.gateway.asked] == [["+31612345602"]]
    assert (result.asked, result.open) == (1, 1)


def test_what_another_gateway_took_is_not_asked_for_and_told(bench: Bench, linde: Practice) -> None:
    texted(bench, linde)
    result = bench.poll(gateway="another")
    assert (result.asked, list(map(str, result.troubles))) == (0, ["scripted"])
    assert "went by scripted, and [gateway] is another now" in str(*result.troubles.values())


def test_what_was_rehearsed_is_not_missed_once_another_gateway_sends(bench: Bench, linde: Practice) -> None:
    bench.gateway.features = replace(bench.gateway.features, sends_nothing=True)
    texted(bench, linde)
    result = bench.poll(gateway="another")
    assert (result.asked, result.troubles) == (0, {})


def test_what_another_gateway_took_is_given_up_all_the_same(bench: Bench, linde: Practice) -> None:
    texted(bench, linde)
    later(bench, timedelta(hours=72))
    assert (bench.poll(gateway="another").open, bench.status()) == (1, SENT)
    later(bench, timedelta(hours=73))
    result = bench.poll(gateway="another")
    assert (result.changed, result.open, bench.outbox()) == ({EXPIRED: 1}, 0, [("A1", 1, EXPIRED, "no-report")])


@pytest.mark.usefixtures("linde")
def test_without_anything_open_the_report_is_empty(bench: Bench) -> None:
    result = bench.poll()
    assert (result.asked, result.changed, result.open, result.uncertain) == (0, {}, 0, 0)
