"""Gammu SMSD: what became of a message by the words of its tables, and what is told of the daemon itself."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport, Open, Outgoing
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from smsreminders.gateways.gammu import STATUSES
from tests.gateways.contract import an_sms, asked_about
from tests.gateways.smsd import SCHEMA, Smsd, real_schema

LONG_AGO, FAR_OFF = datetime(2020, 1, 1, 9, tzinfo=UTC), datetime(2999, 1, 1, 9, tzinfo=UTC)
TWO_SEGMENTS = an_sms(text="x" * 200)


@pytest.fixture(params=["ours", "of the package"])
def smsd(request: pytest.FixtureRequest, tmp_path: Path) -> Smsd:
    return Smsd(tmp_path / "smsd.db", SCHEMA if request.param == "ours" else real_schema())


@pytest.fixture
def gammu(smsd: Smsd) -> Gateway:
    own = {"database": str(smsd.file)}
    return open_gateway("gammu", Options(smsd.file.with_name("smsreminders.db"), own=own))


def report_of_two(smsd: Smsd, gammu: Gateway, *fates: tuple[str, int]) -> tuple[Status | None, str]:
    gammu.send(TWO_SEGMENTS)
    smsd.sends(TWO_SEGMENTS.reference, *fates)
    [report] = gammu.lookup([asked_about(TWO_SEGMENTS)])
    return report.status, report.raw


@pytest.mark.parametrize(
    ("word", "error", "status", "raw"),
    [
        ("SendingOK", -1, Status.SENT, "SendingOK"),
        ("SendingOKNoReport", -1, Status.SENT, "SendingOKNoReport"),
        ("SendingError", -1, Status.FAILED, "SendingError"),
        ("Error", -1, Status.FAILED, "Error"),
        ("Reserved", -1, Status.SENT, "Reserved"),
        ("DeliveryPending", 0x21, Status.SENT, "DeliveryPending/33"),
        ("DeliveryUnknown", 0x10, Status.SENT, "DeliveryUnknown/16"),
        ("DeliveryOK", 0x00, Status.DELIVERED, "DeliveryOK"),
        ("DeliveryOK", -1, Status.DELIVERED, "DeliveryOK"),
        ("DeliveryOK", 0x01, Status.SENT, "DeliveryOK/1"),
        ("DeliveryOK", 0x02, Status.SENT, "DeliveryOK/2"),
        ("DeliveryFailed", 0x00, Status.FAILED, "DeliveryFailed"),
        ("DeliveryFailed", 0x41, Status.FAILED, "DeliveryFailed/65"),
        ("DeliveryFailed", 0x46, Status.EXPIRED, "DeliveryFailed/70"),
        ("Teleported 0612345678", -1, None, "Teleported •••"),
    ],
)
def test_each_word_of_the_daemon_is_read(
    word: str, error: int, status: Status | None, raw: str, smsd: Smsd, gammu: Gateway
) -> None:
    gammu.send(an_sms())
    smsd.sends(an_sms().reference, (word, error))
    [report] = gammu.lookup([asked_about(an_sms())])
    assert (report.status, report.raw) == (status, raw)


def test_each_word_that_the_tables_allow_is_known() -> None:
    allowed = re.findall(r"CHECK \(Status IN\s*\(([^)]*)\)", real_schema())
    assert {word.strip(" '\n") for words in allowed for word in words.split(",")} == set(STATUSES)


def test_one_in_the_outbox_is_sent_and_says_that_it_waits(smsd: Smsd, gammu: Gateway) -> None:
    gammu.send(an_sms())
    [row] = smsd.rows("outbox")
    assert list(gammu.lookup([asked_about(an_sms())])) == [
        DeliveryReport(an_sms().reference, Status.SENT, raw="queued at SMSD", gateway_id=str(row["ID"]))
    ]


def test_a_delivered_one_has_its_time_and_its_segments(smsd: Smsd, gammu: Gateway) -> None:
    gammu.send(TWO_SEGMENTS)
    delivered = ("DeliveryOK", 0)
    smsd.sends(TWO_SEGMENTS.reference, delivered, delivered, delivered_at="2026-11-23 09:00:12")
    [report] = gammu.lookup([asked_about(TWO_SEGMENTS)])
    assert (report.status, report.reported_at, report.segments) == (Status.DELIVERED, "2026-11-23 09:00:12", 2)


@pytest.mark.parametrize(
    ("fates", "status"),
    [
        ([("DeliveryOK", 0), ("DeliveryOK", 0)], Status.DELIVERED),
        ([("DeliveryOK", 0), ("SendingOK", -1)], Status.SENT),
        ([("DeliveryOK", 1), ("DeliveryOK", 0)], Status.SENT),
        ([("DeliveryOK", 0), ("Teleported", -1)], None),
        ([("SendingOK", -1), ("SendingError", -1)], Status.FAILED),
        ([("DeliveryFailed", 0x46), ("DeliveryOK", 0)], Status.EXPIRED),
        ([("DeliveryFailed", 0x46), ("DeliveryFailed", 0x41)], Status.FAILED),
        ([("Teleported", -1), ("DeliveryFailed", 0x41)], Status.FAILED),
    ],
)
def test_a_message_is_as_its_worst_segment(
    fates: list[tuple[str, int]], status: Status | None, smsd: Smsd, gammu: Gateway
) -> None:
    assert report_of_two(smsd, gammu, *fates)[0] == status


@pytest.mark.parametrize("word", ["DeliveryOK", "DeliveryFailed"])
def test_a_message_whose_second_segment_still_waits_is_not_final(word: str, smsd: Smsd, gammu: Gateway) -> None:
    assert report_of_two(smsd, gammu, (word, 0)) == (Status.SENT, "queued at SMSD")


def test_two_messages_with_one_reference_are_two_reports(smsd: Smsd, gammu: Gateway) -> None:
    gammu.send(an_sms())
    smsd.do(
        "insert into outbox (CreatorID, DestinationNumber, TextDecoded) "
        "select CreatorID, DestinationNumber, TextDecoded from outbox"
    )
    assert len({report.gateway_id for report in gammu.lookup([asked_about(an_sms())])}) == 2


def late(sms: Outgoing, *, begins: datetime = LONG_AGO) -> Open:
    return replace(asked_about(sms), valid_until=begins)


def test_what_still_waits_when_the_appointment_has_begun_is_withdrawn(smsd: Smsd, gammu: Gateway) -> None:
    gammu.send(TWO_SEGMENTS)
    gammu.send(an_sms(2))
    for sms in (TWO_SEGMENTS, an_sms(2)):
        smsd.stands(sms.reference, since="-16 minutes")
    reported = {
        report.reference: report for report in gammu.lookup([late(TWO_SEGMENTS), late(an_sms(2), begins=FAR_OFF)])
    }
    assert reported[TWO_SEGMENTS.reference].status is Status.EXPIRED
    assert reported[TWO_SEGMENTS.reference].gateway_id
    assert reported[an_sms(2).reference].status is Status.SENT
    assert [row["CreatorID"] for row in smsd.rows("outbox")] == [an_sms(2).reference]
    assert smsd.rows("outbox_multipart") == []
    assert list(gammu.lookup([late(TWO_SEGMENTS)])) == []


def test_what_the_daemon_may_be_sending_is_left_to_it(smsd: Smsd, gammu: Gateway) -> None:
    gammu.send(an_sms())
    smsd.stands(an_sms().reference, since="-14 minutes")
    [report] = gammu.lookup([late(an_sms())])
    assert (report.status, len(smsd.rows("outbox"))) == (Status.SENT, 1)
    smsd.stands(an_sms().reference, since="-16 minutes")
    smsd.do("update outbox set SendingTimeOut = datetime('now', 'localtime', '+60 seconds')")  # so it begins
    [report] = gammu.lookup([late(an_sms())])
    assert (report.status, len(smsd.rows("outbox"))) == (Status.SENT, 1)


def test_what_has_gone_in_part_is_left_to_go_whole(smsd: Smsd, gammu: Gateway) -> None:
    gammu.send(TWO_SEGMENTS)
    smsd.sends(TWO_SEGMENTS.reference, ("SendingOK", -1))
    smsd.stands(TWO_SEGMENTS.reference, since="-1 day")
    [report] = gammu.lookup([late(TWO_SEGMENTS)])
    assert (report.status, len(smsd.rows("outbox")), len(smsd.rows("outbox_multipart"))) == (Status.SENT, 1, 1)


def test_many_are_asked_for_at_once(smsd: Smsd, gammu: Gateway) -> None:
    for number in range(3):
        gammu.send(an_sms(number))
    smsd.sends(an_sms(1).reference, ("DeliveryOK", 0))
    asked = [asked_about(an_sms(number)) for number in range(3000)]
    assert sorted(report.reference for report in gammu.lookup(asked)) == [an_sms(n).reference for n in range(3)]


def test_no_lock_is_held_while_the_reports_are_written_down(smsd: Smsd, gammu: Gateway) -> None:
    for number in range(3):
        gammu.send(an_sms(number))
    reports = gammu.lookup([asked_about(an_sms(number)) for number in range(3)])
    next(reports)
    smsd.sends(an_sms(1).reference, ("DeliveryOK", 0))
    assert {report.status for report in reports} == {Status.SENT}


@pytest.mark.parametrize(
    ("signal", "told"), [(60, "gammu-smsd runs, signal 60 %"), (0, "gammu-smsd runs"), (-1, "gammu-smsd runs")]
)
def test_a_daemon_that_lives_is_told_with_its_signal(signal: int, told: str, smsd: Smsd, gammu: Gateway) -> None:
    smsd.gives_a_sign(ago="-4 minutes", signal=signal)
    assert gammu.account() == told


def test_a_daemon_without_a_sign_of_life_is_told_with_its_last_one(smsd: Smsd, gammu: Gateway) -> None:
    smsd.gives_a_sign(ago="-6 minutes")
    [phone] = smsd.rows("phones")
    with pytest.raises(TryAgainLater, match=f"its last sign was at {phone['UpdatedInDB']} UTC"):
        gammu.account()


def test_of_several_modems_one_that_lives_and_may_send_is_enough(smsd: Smsd, gammu: Gateway) -> None:
    smsd.gives_a_sign(ago="-6 minutes", imei="1")
    assert gammu.account() == "gammu-smsd runs, signal 60 %"


def test_a_daemon_that_never_ran_or_may_not_send_is_told(smsd: Smsd, gammu: Gateway) -> None:
    smsd.gives_a_sign(send="no")
    with pytest.raises(TryAgainLater, match="never ran with this database, or may not send"):
        gammu.account()
    smsd.do("delete from phones")
    with pytest.raises(TryAgainLater, match="never ran"):
        gammu.account()
