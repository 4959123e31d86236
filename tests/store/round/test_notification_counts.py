"""Counts of notifications: where they stand, and what a gateway took of them day by day."""

from collections import Counter
from datetime import timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import TAKEN, Status
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient
from smsreminders.store.round.notification_counts import count_by_status, texts_by_day
from tests.builders import NOW, a_notification, a_patient, a_practice, a_service, an_appointment


@pytest.mark.parametrize(
    ("practice_ids", "expected"), [([1, 2], [1, 2, 0]), ([1], [1, 1, 0]), ([2], [0, 1, 0]), ([], [0, 0, 0])]
)
def test_how_many_stand_where_is_counted_for_the_practices_that_are_asked_for(
    db: Database, practice_ids: list[int], expected: list[int]
) -> None:
    for code, sources in {"zuid": {"P1": Status.QUEUED, "P2": Status.SENT}, "noord": {"P1": Status.SENT}}.items():
        practice = a_practice(db, code)
        a_service(db, practice)
        for source_id, status in sources.items():
            a_notification(
                db, practice, an_appointment(db, practice, a_patient(db, practice, source_id), source_id), status
            )
    statuses = [Status.QUEUED, Status.SENT, Status.FAILED]
    assert count_by_status(db, practice_ids, statuses, rehearsed=False) == dict(zip(statuses, expected, strict=True))


@pytest.mark.parametrize("status", list(Status))
def test_what_a_gateway_took_or_rejected_is_counted_by_practice_day_and_status(
    db: Database, practice: Practice, patient: Patient, status: Status
) -> None:
    for source_id in ("A1", "A2"):
        a_notification(db, practice, an_appointment(db, practice, patient, source_id), status)
    counted = {practice.id: {NOW.date(): Counter({status: 2})}}
    expected = counted if status in TAKEN | {Status.REJECTED} else {}
    day = timedelta(days=1)
    assert texts_by_day(db, [practice.id], NOW.date(), NOW.date() + day, rehearsed=False) == expected
    assert texts_by_day(db, [practice.id], NOW.date() - day, NOW.date(), rehearsed=False) == {}
    assert texts_by_day(db, [practice.id], NOW.date() + day, NOW.date() + 2 * day, rehearsed=False) == {}
    assert texts_by_day(db, [practice.id], NOW.date(), NOW.date() + day, rehearsed=True) == {}
    assert texts_by_day(db, [practice.id + 1], NOW.date(), NOW.date() + day, rehearsed=False) == {}
