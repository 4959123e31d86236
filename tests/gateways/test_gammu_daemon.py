"""Gammu SMSD itself, with its dummy phone: what the gateway hands over is sent, reported and never sent twice."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Accepted, DeliveryReport, Outgoing, Unavailable
from smsreminders.domain.segments import split_segments
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway, Hears
from tests.gateways.contract import an_sms, asked_about
from tests.gateways.gammu_daemon import DUMMY, Daemon

ESCAPES = "Tandarts " * 17 + "€[]{}~ " * 10  # in two segments
SURROGATES = "ë" * 66 + "😀" + "ë" * 60


def told(gateway: Gateway, sms: Outgoing) -> DeliveryReport:
    [report] = gateway.lookup([asked_about(sms)])
    return report


def status(gateway: Gateway, sms: Outgoing) -> Status | None:
    return told(gateway, sms).status


def test_what_is_handed_over_is_sent_and_reported_as_delivered_or_failed(tmp_path: Path) -> None:
    good, bad = an_sms(1, phone="+31612345671"), an_sms(2, phone="+31612345672")
    with Daemon(tmp_path) as daemon:
        gateway = daemon.gateway()
        assert isinstance(gateway.send(good), Accepted)
        assert isinstance(gateway.send(bad), Accepted)
        daemon.until(lambda: daemon.rows("outbox") == [])
        # SendingOK: a report was asked for, although the daemon's own setting is no
        assert [(told(gateway, one).status, told(gateway, one).raw) for one in (good, bad)] == [
            (Status.SENT, "SendingOK"),
            (Status.SENT, "SendingOK"),
        ]
        daemon.reports(good.reference, "Delivered")
        daemon.until(lambda: status(gateway, good) is Status.DELIVERED)
        daemon.reports(bad.reference, "Failed")
        daemon.until(lambda: status(gateway, bad) is Status.FAILED)
        assert told(gateway, good).reported_at
        rows = daemon.rows("sentitems")
    assert [row["CreatorID"] for row in rows] == [good.reference, bad.reference]
    assert [row["TextDecoded"] for row in rows] == [good.text, bad.text]
    assert [row["RelativeValidity"] for row in rows] == [167, 167]


def test_what_a_stopped_daemon_has_waits_in_its_outbox_and_goes_once(tmp_path: Path) -> None:
    sms = an_sms()
    with Daemon(tmp_path) as daemon:
        gateway = daemon.gateway()
        daemon.stop()
        first = gateway.send(sms)
        assert isinstance(first, Accepted)
        assert told(gateway, sms) == DeliveryReport(sms.reference, Status.SENT, "queued at SMSD", first.gateway_id)
        daemon.gives_a_sign(ago="-6 minutes", imei=DUMMY)
        with pytest.raises(TryAgainLater, match="gammu-smsd doesn't run"):
            gateway.account()
        assert isinstance(gateway.send(an_sms(2)), Unavailable)
        daemon.start()
        daemon.until(lambda: daemon.rows("outbox") == [])
        assert gateway.send(sms) == first
        assert (daemon.rows("outbox"), len(daemon.rows("sentitems"))) == ([], 1)


def test_what_a_stopped_daemon_has_when_the_appointment_begins_never_goes(tmp_path: Path) -> None:
    sms, later = an_sms(1), an_sms(2)
    with Daemon(tmp_path) as daemon:
        gateway = daemon.gateway()
        daemon.stop()
        assert isinstance(gateway.send(sms), Accepted)
        daemon.stands(sms.reference, since="-16 minutes")
        [report] = gateway.lookup([replace(asked_about(sms), valid_until=datetime(2020, 1, 1, tzinfo=UTC))])
        assert report.status is Status.EXPIRED
        assert isinstance(gateway.send(later), Accepted)
        daemon.start()
        daemon.until(lambda: daemon.rows("outbox") == [])
        assert [row["CreatorID"] for row in daemon.rows("sentitems")] == [later.reference]


@pytest.mark.parametrize("text", [ESCAPES, SURROGATES], ids=["escapes", "surrogates"])
def test_two_segments_are_one_notification(text: str, tmp_path: Path) -> None:
    sms = an_sms(text=text)
    with Daemon(tmp_path) as daemon:
        gateway = daemon.gateway()
        accepted = gateway.send(sms)
        assert isinstance(accepted, Accepted)
        daemon.until(lambda: daemon.rows("outbox") == [])
        daemon.reports(sms.reference, "Delivered")  # the dummy phone gives both segments the same number
        daemon.until(lambda: status(gateway, sms) is Status.DELIVERED)
        rows, report = daemon.rows("sentitems"), told(gateway, sms)
    assert [row["TextDecoded"] for row in rows] == split_segments(text)
    assert [row["UDH"][-4:] for row in rows] == ["0201", "0202"]
    assert (report.gateway_id, report.segments) == (accepted.gateway_id, 2)


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Pacific/Kiritimati"])
def test_the_daemons_time_zone_delays_nothing_and_its_sign_of_life_is_read(zone: str, tmp_path: Path) -> None:
    with Daemon(tmp_path, zone=zone, reports="log") as daemon:
        gateway = daemon.gateway()
        assert gateway.account() == "gammu-smsd runs"
        assert isinstance(gateway.send(an_sms()), Accepted)
        daemon.until(lambda: told(gateway, an_sms()).raw == "SendingOK")


def test_what_comes_in_is_heard_with_its_parts_joined_and_its_own_time(tmp_path: Path) -> None:
    since = datetime(2020, 1, 1, tzinfo=UTC)
    with Daemon(tmp_path, zone="Etc/UTC") as daemon:
        gateway = daemon.gateway()
        assert isinstance(gateway, Hears)
        daemon.hears("+31612345678", "kan niet: é😀", at="20261123T080000")
        daemon.until(lambda: len(daemon.rows("inbox")) == 1)
        daemon.hears("+31687654321", "deel twee", header="050003A70202", place="2")
        daemon.hears("+31687654321", "deel een, ", header="050003A70201", place="1")
        daemon.until(lambda: len(daemon.rows("inbox")) == 3)
        [page] = gateway.inbox(since)
        assert [list(again) for again in gateway.inbox(since)] == [list(page)]
    assert [(sms.phone, sms.text, sms.gateway_id, sms.to) for sms in page] == [
        ("+31612345678", "kan niet: é😀", "1", ""),
        ("+31687654321", "deel een, deel twee", "2", ""),
    ]
    assert page[0].received_at <= datetime(2026, 11, 23, 8, tzinfo=UTC)
