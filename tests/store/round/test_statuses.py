"""A notification's status in the database: only ever the next one, only from what it is, each with its event."""

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient
from smsreminders.store.round.notifications import Event, Notification, events_of, notification_by_id
from smsreminders.store.round.reports import known_of
from smsreminders.store.round.statuses import add_word, adopt_gateway_id, move
from tests.builders import NOW, TOMORROW, a_notification, an_appointment

MAY_FOLLOW = {
    "queued": {"sending", "cancelled"},
    "sending": {"sent", "queued", "rejected", "uncertain"},
    "sent": {"delivered", "failed", "expired"},
    "delivered": {"failed"},
    "failed": {"delivered"},
    "expired": {"delivered"},
    "rejected": {"queued"},
    "uncertain": {"sent", "delivered", "failed", "expired", "queued"},
    "cancelled": {"queued"},
}
ALLOWED = [(Status(old), new) for old in Status for new in Status if new in MAY_FOLLOW[old]]
FORBIDDEN = [(Status(old), new) for old in Status for new in Status if new not in MAY_FOLLOW[old]]


@pytest.fixture
def appointment(db: Database, practice: Practice, patient: Patient) -> int:
    return an_appointment(db, practice, patient)


def shown(db: Database, id_: int) -> Notification:
    return notification_by_id(db, str(id_))


def sent_on(db: Database, id_: int) -> str | None:
    day: str | None = db.execute("select sent_on from notifications where id = ?", [id_]).fetchone()[0]
    return day


def test_the_table_names_every_pair_once() -> None:
    assert len(ALLOWED) + len(FORBIDDEN) == 81


@pytest.mark.parametrize(("old", "new"), ALLOWED)
def test_a_status_is_followed_by_what_may_follow_with_one_event(
    db: Database, practice: Practice, appointment: int, old: Status, new: Status
) -> None:
    id_ = a_notification(db, practice, appointment, old)
    if new is Status.SENDING:
        db.execute("update notifications set sent_at = created_at, sent_on = '2026-11-23' where id = ?", [id_])
    before = events_of(db, id_)
    move(db, id_, old, new, now=TOMORROW, detail="waarom", reported_at="24-11 10:30")
    assert shown(db, id_).status == new
    assert events_of(db, id_) == [*before, Event(TOMORROW, new, "waarom", "24-11 10:30")]


@pytest.mark.parametrize(("old", "new"), FORBIDDEN)
def test_a_status_is_not_followed_by_anything_else(
    db: Database, practice: Practice, appointment: int, old: Status, new: Status
) -> None:
    id_ = a_notification(db, practice, appointment, old)
    before, events = shown(db, id_), events_of(db, id_)
    with pytest.raises(RuntimeError) as raised:
        move(db, id_, old, new, now=TOMORROW)
    assert str(raised.value) == f"notification {id_}: {new} may not follow {old}"
    assert (shown(db, id_), events_of(db, id_)) == (before, events)


@pytest.mark.parametrize(("old", "new"), ALLOWED)
def test_a_status_that_changed_meanwhile_is_left_as_it_is(
    db: Database, practice: Practice, appointment: int, old: Status, new: Status
) -> None:
    actual = Status.CANCELLED if old is not Status.CANCELLED else Status.SENT
    id_ = a_notification(db, practice, appointment, actual)
    before, events = shown(db, id_), events_of(db, id_)
    with pytest.raises(RuntimeError) as raised:
        move(db, id_, old, new, now=TOMORROW)
    assert str(raised.value) == f"notification {id_} is not {old} any more"
    assert (shown(db, id_), events_of(db, id_)) == (before, events)


def test_a_notification_that_is_not_there_does_not_change(db: Database) -> None:
    with pytest.raises(RuntimeError, match="notification 99 is not queued any more"):
        move(db, 99, Status.QUEUED, Status.CANCELLED, now=NOW)


@pytest.mark.parametrize("old", [Status.SENDING, Status.UNCERTAIN, Status.REJECTED])
def test_a_notification_that_is_queued_again_is_as_if_never_claimed(
    db: Database, practice: Practice, appointment: int, old: Status
) -> None:
    id_ = a_notification(db, practice, appointment, old)
    assert (shown(db, id_).sent_at, sent_on(db, id_), shown(db, id_).gateway) == (NOW, "2026-11-23", "sandbox")
    move(db, id_, old, Status.QUEUED, now=TOMORROW)
    assert (shown(db, id_).sent_at, sent_on(db, id_), shown(db, id_).gateway) == (None, None, None)


def test_delivered_is_known_from_its_first_report_even_after_a_persons_word(
    db: Database, practice: Practice, appointment: int
) -> None:
    id_ = a_notification(db, practice, appointment, Status.DELIVERED, now=NOW)
    assert known_of(db, [id_])[id_].taken_back is False
    move(db, id_, Status.DELIVERED, Status.FAILED, now=TOMORROW)
    assert known_of(db, [id_])[id_].taken_back is True
    move(db, id_, Status.FAILED, Status.DELIVERED, now=TOMORROW)
    assert shown(db, id_).delivered_at == NOW


def test_what_failed_by_a_report_was_not_taken_back(db: Database, practice: Practice, appointment: int) -> None:
    id_ = a_notification(db, practice, appointment, Status.FAILED)
    assert known_of(db, [id_])[id_].taken_back is False


@pytest.mark.parametrize("old", [Status.SENT, Status.UNCERTAIN, Status.FAILED, Status.EXPIRED])
def test_delivered_at_is_the_first_time_that_delivered_was_known(
    db: Database, practice: Practice, appointment: int, old: Status
) -> None:
    id_ = a_notification(db, practice, appointment, old, now=NOW)
    assert shown(db, id_).delivered_at is None
    move(db, id_, old, Status.DELIVERED, now=TOMORROW)
    assert (shown(db, id_).sent_at, shown(db, id_).delivered_at) == (NOW, TOMORROW)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("queued", "cancelled", "waarom"),
        ("sending", "queued", "waarom"),
        ("sending", "rejected", "waarom"),
        ("sending", "uncertain", "waarom"),
        ("sending", "sent", None),
        ("sent", "failed", "waarom"),
        ("sent", "expired", "waarom"),
        ("sent", "delivered", None),
        ("failed", "delivered", None),
        ("uncertain", "sent", None),
        ("delivered", "failed", "waarom"),
    ],
)
def test_the_reason_is_shown_of_what_did_not_arrive(
    db: Database, practice: Practice, appointment: int, old: str, new: str, expected: str | None
) -> None:
    id_ = a_notification(db, practice, appointment, Status(old), detail="van eerder")
    move(db, id_, Status(old), Status(new), now=TOMORROW, detail="waarom")
    assert shown(db, id_).reason == expected


def test_events_stand_in_the_order_in_which_they_were_written(
    db: Database, practice: Practice, appointment: int
) -> None:
    id_ = a_notification(db, practice, appointment, Status.FAILED, now=TOMORROW)
    move(db, id_, Status.FAILED, Status.DELIVERED, now=NOW)  # the clock went back
    assert [event.status for event in events_of(db, id_)] == ["queued", "sending", "sent", "failed", "delivered"]


def test_a_word_of_the_gateway_is_kept_and_changes_nothing(db: Database, practice: Practice, appointment: int) -> None:
    id_ = a_notification(db, practice, appointment, Status.SENT)
    before = shown(db, id_)
    add_word(db, id_, Status.SENT, "teleported", now=TOMORROW)
    assert shown(db, id_) == before
    assert events_of(db, id_)[-1] == Event(TOMORROW, Status.SENT, "teleported", None)


def test_a_word_said_again_and_again_is_kept_once(db: Database, practice: Practice, appointment: int) -> None:
    id_ = a_notification(db, practice, appointment, Status.SENT)
    for word in ("buffered", "buffered", "teleported", "buffered", "buffered"):
        add_word(db, id_, Status.SENT, word, now=NOW)
    assert [event.detail for event in events_of(db, id_)][3:] == ["buffered", "teleported"]


def test_an_id_of_the_gateway_is_kept(db: Database, practice: Practice, appointment: int) -> None:
    id_ = a_notification(db, practice, appointment, Status.SENT)
    assert [adopt_gateway_id(db, id_, "g1"), adopt_gateway_id(db, id_, "g1")] == [True, True]
    assert shown(db, id_).gateway_id == "g1"


@pytest.mark.parametrize(
    ("gateway", "account", "expected"), [("sandbox", "", False), ("spryng", "", True), ("sandbox", "noord", True)]
)
def test_an_id_is_not_taken_from_another_notification_of_the_same_account(
    db: Database, practice: Practice, patient: Patient, appointment: int, gateway: str, account: str, expected: bool
) -> None:
    a_notification(db, practice, appointment, Status.SENT, gateway="sandbox", gateway_id="g1")
    second = an_appointment(db, practice, patient, "A2")
    other = a_notification(db, practice, second, Status.SENT, gateway=gateway, account=account)
    assert adopt_gateway_id(db, other, "g1") is expected
    assert shown(db, other).gateway_id == ("g1" if expected else None)
