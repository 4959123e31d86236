"""The notifications of ours that a gateway's invoice is compared with: what it took in the month, and the others."""

from datetime import date

import pytest

from smsreminders.domain.bill.billing import Period
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import AccountName
from smsreminders.store.bill.matching import other_ones, taken_in
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient
from smsreminders.store.round.notifications import notification_by_id
from tests.builders import GATEWAY, a_notification, an_appointment

NOVEMBER = Period(2026, 11)
ACCOUNT = AccountName(GATEWAY)
TAKEN = {Status.SENT, Status.DELIVERED, Status.FAILED, Status.EXPIRED}


@pytest.mark.parametrize("status", Status)
def test_only_what_the_gateway_took_is_compared_whatever_became_of_it(
    db: Database, practice: Practice, patient: Patient, status: Status
) -> None:
    id_ = a_notification(db, practice, an_appointment(db, practice, patient), status)
    expected = [id_] if status in TAKEN else []
    assert [own.id for own in taken_in(db, NOVEMBER, ACCOUNT)] == expected
    reference = notification_by_id(db, str(id_)).reference
    others = other_ones(db, NOVEMBER, ACCOUNT, [reference], [])
    assert [(own.id, own.expected) for own in others] == ([] if expected else [(id_, False)])


def test_a_month_has_the_notifications_that_were_sent_on_its_local_dates(
    db: Database, practice: Practice, patient: Patient
) -> None:
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)]
    ids = [
        a_notification(db, practice, an_appointment(db, practice, patient, f"A{day}"), Status.SENT, today=day)
        for day in days
    ]
    assert sorted(own.id for own in taken_in(db, NOVEMBER, ACCOUNT)) == ids[1:3]


@pytest.mark.parametrize("other", [("spryng", ""), (GATEWAY, "noord")], ids=str)
def test_notifications_of_other_accounts_are_left_out_and_so_are_their_ids(
    db: Database, practice: Practice, patient: Patient, other: tuple[str, str]
) -> None:
    for number, (gateway, account) in enumerate([(GATEWAY, ""), other]):
        appointment = an_appointment(db, practice, patient, f"A{number}")
        a_notification(db, practice, appointment, Status.SENT, gateway=gateway, account=account, gateway_id="g1")
    assert [own.id for own in taken_in(db, NOVEMBER, ACCOUNT)] == [1]
    assert [own.id for own in other_ones(db, NOVEMBER.previous, ACCOUNT, [], ["g1"])] == [1]
    second = notification_by_id(db, "2").reference
    assert [own.id for own in other_ones(db, NOVEMBER, ACCOUNT, [second], ["g1"])] == [2]
