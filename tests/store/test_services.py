"""The online services of a practice, and what is assigned to them."""

import pytest

from smsreminders.domain.practices import REMINDERS_BY_SMS, Service, ServiceType
from smsreminders.errors import UsageError
from smsreminders.store.database import Database
from smsreminders.store.services import add_service, assign, enable_service, services_of, unassign
from tests.builders import a_practice, a_service


def test_a_new_service_is_enabled_and_has_nothing_assigned(db: Database) -> None:
    practice = a_practice(db)
    add_service(db, practice.id, "Notificaties", ServiceType.NOTIFICATIONS)
    assert services_of(db, practice.id) == [Service(1, "Notificaties", ServiceType.NOTIFICATIONS, enabled=True)]


def test_services_are_in_the_order_of_their_names(db: Database) -> None:
    practice = a_practice(db)
    for name in ("Recall", "Agenda", "Notificaties"):
        a_service(db, practice, name)
    assert [service.name for service in services_of(db, practice.id)] == ["Agenda", "Notificaties", "Recall"]


def test_a_name_is_taken_once_in_a_practice(db: Database) -> None:
    practice = a_practice(db)
    a_service(db, practice)
    with pytest.raises(UsageError) as raised:
        a_service(db, practice)
    assert str(raised.value) == 'the practice has a service "Notificaties" already'


def test_another_practice_may_use_the_same_name(db: Database) -> None:
    one, other = a_practice(db, "zuid"), a_practice(db, "noord")
    services = [a_service(db, one), a_service(db, other, assigned=False)]
    assert [services_of(db, one.id), services_of(db, other.id)] == [[services[0]], [services[1]]]


def test_an_assigned_pair_is_there_once_however_often_it_is_assigned(db: Database) -> None:
    practice = a_practice(db)
    service = a_service(db, practice, assigned=False)
    for _ in range(2):
        assign(db, service.id, *REMINDERS_BY_SMS)
    assert [service.assigned for service in services_of(db, practice.id)] == [(REMINDERS_BY_SMS,)]


def test_a_pair_that_is_taken_away_is_taken_from_that_service_only(db: Database) -> None:
    practice = a_practice(db)
    first, second = a_service(db, practice, "A"), a_service(db, practice, "B", enabled=False)
    for _ in range(2):
        unassign(db, first.id, *REMINDERS_BY_SMS)
    assert [service.assigned for service in services_of(db, practice.id)] == [(), (REMINDERS_BY_SMS,)]
    assert second.assigned == (REMINDERS_BY_SMS,)


def test_a_service_is_disabled_and_enabled_again_with_what_is_assigned(db: Database) -> None:
    practice = a_practice(db)
    service = a_service(db, practice)
    enable_service(db, service.id, enabled=False)
    assert [found.enabled for found in services_of(db, practice.id)] == [False]
    enable_service(db, service.id, enabled=True)
    assert services_of(db, practice.id) == [service]
