"""The services of a practice: added, assigned, enabled; never two enabled ones with the same pair."""

import pytest

from smsreminders.domain.practices import REMINDERS_BY_SMS, Pair, Practice, ServiceType
from smsreminders.errors import UsageError
from smsreminders.jobs.desk.service import add_service, assign, enable, unassign
from smsreminders.store.services import services_of
from tests.jobs.bench import Bench
from tests.jobs.builders import SERVICE


def added(bench: Bench, practice: Practice, name: str, pair: Pair | None = None) -> None:
    add_service(bench.db, practice, name, ServiceType.NOTIFICATIONS, pair)


def found(bench: Bench, practice: Practice) -> dict[str, tuple[bool, int]]:
    """By name: whether it is enabled, and how many pairs it has."""
    return {service.name: (service.enabled, len(service.assigned)) for service in services_of(bench.db, practice.id)}


def test_a_service_is_added_with_or_without_a_pair(bench: Bench, linde: Practice, duin: Practice) -> None:
    added(bench, linde, "Avondpost")
    assert found(bench, linde) == {"Avondpost": (True, 0), SERVICE: (True, 1)}
    assert found(bench, duin) == {SERVICE: (True, 1)}


def test_two_services_of_a_practice_have_different_names(bench: Bench, linde: Practice) -> None:
    with pytest.raises(UsageError, match='the practice has a service "Notificaties" already'):
        added(bench, linde, SERVICE)


def test_a_service_with_a_pair_that_is_taken_is_not_added_at_all(bench: Bench, linde: Practice) -> None:
    with pytest.raises(UsageError, match='assigned to the enabled service "Notificaties" already'):
        added(bench, linde, "Avondpost", REMINDERS_BY_SMS)
    assert found(bench, linde) == {SERVICE: (True, 1)}


def test_a_pair_that_is_taken_cannot_be_assigned(bench: Bench, linde: Practice) -> None:
    added(bench, linde, "Avondpost")
    with pytest.raises(UsageError, match='assigned to the enabled service "Notificaties" already'):
        assign(bench.db, linde, "Avondpost", REMINDERS_BY_SMS)
    assert found(bench, linde) == {"Avondpost": (True, 0), SERVICE: (True, 1)}


def test_a_pair_that_was_taken_away_can_be_assigned_to_another(bench: Bench, linde: Practice) -> None:
    added(bench, linde, "Avondpost")
    unassign(bench.db, linde, SERVICE, REMINDERS_BY_SMS)
    assign(bench.db, linde, "Avondpost", REMINDERS_BY_SMS)
    assert found(bench, linde) == {"Avondpost": (True, 1), SERVICE: (True, 0)}


def test_to_assign_a_pair_again_makes_no_difference(bench: Bench, linde: Practice) -> None:
    assign(bench.db, linde, SERVICE, REMINDERS_BY_SMS)
    assert found(bench, linde) == {SERVICE: (True, 1)}


def test_a_disabled_service_may_have_the_same_pair_but_is_not_enabled_beside_the_other(
    bench: Bench, linde: Practice
) -> None:
    enable(bench.db, linde, SERVICE, enabled=False)
    added(bench, linde, "Avondpost", REMINDERS_BY_SMS)
    with pytest.raises(UsageError, match='assigned to the enabled service "Avondpost" already'):
        enable(bench.db, linde, SERVICE, enabled=True)
    assert found(bench, linde) == {"Avondpost": (True, 1), SERVICE: (False, 1)}
    enable(bench.db, linde, "Avondpost", enabled=False)
    enable(bench.db, linde, SERVICE, enabled=True)
    assert found(bench, linde) == {"Avondpost": (False, 1), SERVICE: (True, 1)}


def test_an_unknown_service_is_told_with_the_nearest(bench: Bench, linde: Practice) -> None:
    expected = 'practice linde has no service "Notificatie"; did you mean "Notificaties"?'
    for change in (assign, unassign):
        with pytest.raises(UsageError, match=expected.replace("?", r"\?")):
            change(bench.db, linde, "Notificatie", REMINDERS_BY_SMS)
    with pytest.raises(UsageError, match=expected.replace("?", r"\?")):
        enable(bench.db, linde, "Notificatie", enabled=False)
