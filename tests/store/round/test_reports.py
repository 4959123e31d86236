"""Delivery reports: which notifications a gateway is asked for, and what is kept of its answers."""

from datetime import datetime, timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import NO_REPORT, Status
from smsreminders.domain.round.sending import AccountName, DeliveryReport, Open
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient
from smsreminders.store.round.notifications import notification_by_id
from smsreminders.store.round.reports import Asked, Known, has_reported, known_of, not_final, note_report, still_sent
from tests.builders import NOW, a_notification, a_patient, a_practice, a_service, an_appointment

SECOND = timedelta(seconds=1)
SANDBOX = AccountName("sandbox")
LONG_AGO = NOW - timedelta(days=35)


@pytest.fixture
def sent(db: Database, practice: Practice, patient: Patient) -> int:
    return a_notification(db, practice, an_appointment(db, practice, patient), Status.SENT)


def asked_ids(db: Database, practice: Practice, gateway: str = "sandbox") -> list[int]:
    by_account = not_final(db, [practice.id], LONG_AGO, failed_since=NOW)
    return [asked.id for asked in by_account.get(AccountName(gateway), [])]


def gateways_word(db: Database, id_: int) -> tuple[str | None, int | None]:
    found = notification_by_id(db, str(id_))
    return found.gateway_id, found.gateway_segments


def noted(db: Database, id_: int, report: DeliveryReport) -> Known | None:
    """What is known after a report."""
    return note_report(db, id_, known_of(db, [id_])[id_], report)


def report(gateway_id: str | None = None, segments: int | None = None) -> DeliveryReport:
    return DeliveryReport("reference", Status.DELIVERED, "delivered", gateway_id=gateway_id, segments=segments)


@pytest.mark.parametrize("status", list(Status))
def test_what_is_sent_or_uncertain_is_asked_for(
    db: Database, practice: Practice, patient: Patient, status: Status
) -> None:
    id_ = a_notification(db, practice, an_appointment(db, practice, patient), status)
    assert asked_ids(db, practice) == ([id_] if status in {Status.SENT, Status.UNCERTAIN} else [])


@pytest.mark.parametrize("gateway_id", ["g1", None])
def test_a_gateway_gets_all_that_it_may_find_a_notification_by(
    db: Database, practice: Practice, patient: Patient, gateway_id: str | None
) -> None:
    appointment = an_appointment(db, practice, patient)
    id_ = a_notification(db, practice, appointment, Status.SENT, phone="+31687654321", gateway_id=gateway_id)
    its = notification_by_id(db, str(id_))
    asked_by = Open(its.reference, gateway_id, "+31687654321", NOW, "Tot morgen.", its.starts_at)
    asked = Asked(id_, Status.SENT, asked_by, None)
    assert not_final(db, [practice.id], LONG_AGO, failed_since=NOW) == {SANDBOX: [asked]}


@pytest.mark.parametrize(
    ("detail", "sent_at", "expected"),
    [
        (NO_REPORT, LONG_AGO + SECOND, True),
        (NO_REPORT, LONG_AGO, False),
        ("expired at the gateway", NOW, False),
        (None, NOW, False),
    ],
)
def test_what_expired_is_asked_for_if_that_was_our_own_word_and_not_too_long_ago(
    db: Database, practice: Practice, patient: Patient, detail: str | None, sent_at: datetime, expected: bool
) -> None:
    appointment = an_appointment(db, practice, patient)
    a_notification(db, practice, appointment, Status.EXPIRED, now=sent_at, detail=detail)
    assert bool(asked_ids(db, practice)) is expected


def test_a_gateway_is_asked_only_for_what_it_was_given(db: Database, practice: Practice, patient: Patient) -> None:
    ids = {
        gateway: a_notification(
            db, practice, an_appointment(db, practice, patient, gateway), Status.SENT, gateway=gateway
        )
        for gateway in ("sandbox", "spryng")
    }
    assert [asked_ids(db, practice, gateway) for gateway in ("sandbox", "spryng", "cm")] == [
        [ids["sandbox"]],
        [ids["spryng"]],
        [],
    ]


def test_what_is_asked_comes_in_the_order_of_sending(db: Database, practice: Practice, patient: Patient) -> None:
    ids = [
        a_notification(db, practice, an_appointment(db, practice, patient, f"A{n}"), status, now=NOW + n * SECOND)
        for n, status in ((2, Status.SENT), (1, Status.UNCERTAIN), (0, Status.SENT), (3, Status.SENT))
    ]
    assert asked_ids(db, practice) == [ids[2], ids[1], ids[0], ids[3]]


def test_only_the_practices_that_are_asked_for_count(db: Database, practice: Practice, sent: int) -> None:
    other = a_practice(db, "noord")
    a_service(db, other)
    theirs = a_notification(db, other, an_appointment(db, other, a_patient(db, other)), Status.SENT)
    assert (asked_ids(db, practice), asked_ids(db, other)) == ([sent], [theirs])
    assert not_final(db, [], LONG_AGO, failed_since=NOW) == {}
    assert [still_sent(db, ids) for ids in ([other.id], [])] == [[(theirs, NOW, SANDBOX)], []]


def test_notifications_without_a_report_are_those_of_every_gateway(
    db: Database, practice: Practice, patient: Patient
) -> None:
    ids = {
        status: a_notification(db, practice, an_appointment(db, practice, patient, status), status) for status in Status
    }
    later = a_notification(
        db, practice, an_appointment(db, practice, patient, "B"), Status.SENT, gateway="spryng", now=NOW - SECOND
    )
    assert still_sent(db, [practice.id]) == [
        (later, NOW - SECOND, AccountName("spryng")),
        (ids[Status.SENT], NOW, SANDBOX),
    ]


@pytest.mark.parametrize(
    ("status", "gateway", "days", "expected"),
    [
        pytest.param(Status.DELIVERED, "cm", 0, True, id="delivered"),
        pytest.param(Status.FAILED, "cm", 35, True, id="failed-five-weeks-ago"),
        pytest.param(Status.DELIVERED, "cm", 36, False, id="longer-ago"),
        pytest.param(Status.SENT, "cm", 0, False, id="no-report"),
        pytest.param(Status.DELIVERED, "spryng", 0, False, id="by-another-account"),
    ],
)
def test_an_account_has_reported_where_it_told_of_another_one_of_the_practice_lately(
    db: Database, practice: Practice, patient: Patient, status: Status, gateway: str, days: int, *, expected: bool
) -> None:
    uncertain = a_notification(
        db, practice, an_appointment(db, practice, patient, "A1"), Status.UNCERTAIN, gateway="cm"
    )
    before = NOW - timedelta(days=days)
    a_notification(db, practice, an_appointment(db, practice, patient, "A2"), status, gateway=gateway, now=before)
    assert has_reported(db, uncertain) is expected


# What is kept of a report


def test_a_report_tells_the_gateways_id_and_count(db: Database, sent: int) -> None:
    assert noted(db, sent, report("g1", 2)) == Known(Status.SENT, "g1", 2)
    assert gateways_word(db, sent) == ("g1", 2)


def test_a_report_that_says_no_more_takes_nothing_back(db: Database, sent: int) -> None:
    noted(db, sent, report("g1", 2))
    assert noted(db, sent, report()) == Known(Status.SENT, "g1", 2)
    assert gateways_word(db, sent) == ("g1", 2)


def test_a_report_said_again_changes_nothing(db: Database, sent: int) -> None:
    first, second = (noted(db, sent, report("g1", 2)) for _ in range(2))
    assert first == second
    assert gateways_word(db, sent) == ("g1", 2)


def test_a_report_under_another_id_than_we_know_is_of_something_else(db: Database, sent: int) -> None:
    noted(db, sent, report("g1", 1))
    assert noted(db, sent, report("g2", 9)) is None
    assert gateways_word(db, sent) == ("g1", 1)


def test_a_report_under_the_id_of_another_notification_is_of_something_else(
    db: Database, practice: Practice, patient: Patient, sent: int
) -> None:
    a_notification(db, practice, an_appointment(db, practice, patient, "A2"), Status.SENT, gateway_id="g1")
    assert noted(db, sent, report("g1", 9)) is None
    assert gateways_word(db, sent) == (None, None)


def test_what_is_known_of_several_is_read_at_once(db: Database, practice: Practice, patient: Patient) -> None:
    ids = [a_notification(db, practice, an_appointment(db, practice, patient, status), status) for status in Status]
    assert known_of(db, ids) == {id_: Known(status) for id_, status in zip(ids, Status, strict=True)}
    assert known_of(db, []) == {}
