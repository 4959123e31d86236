"""A service at the desk: added, assigned, enabled; never two enabled ones of a practice with the same pair."""

from dataclasses import replace

from smsreminders.domain.practices import Pair, Practice, Service, ServiceType, check_assignment
from smsreminders.errors import UsageError, did_you_mean
from smsreminders.store import services as store
from smsreminders.store.database import Database, write_transaction


def add_service(db: Database, practice: Practice, name: str, service_type: ServiceType, pair: Pair | None) -> None:
    """Add a service, and assign it a pair if one is given. Raises UsageError."""
    with write_transaction(db):
        store.add_service(db, practice.id, name, service_type)
        if pair:
            _assign(db, practice, name, pair)


def assign(db: Database, practice: Practice, name: str, pair: Pair) -> None:
    """Assign a pair to a service. Raises UsageError if another enabled service has it."""
    with write_transaction(db):
        _assign(db, practice, name, pair)


def unassign(db: Database, practice: Practice, name: str, pair: Pair) -> None:
    """Take a pair away from a service. Raises UsageError for an unknown service."""
    with write_transaction(db):
        store.unassign(db, _service(db, practice, name).id, *pair)


def enable(db: Database, practice: Practice, name: str, *, enabled: bool) -> None:
    """Enable or disable a service. Raises UsageError if another enabled service has a pair of it."""
    with write_transaction(db):
        service = _service(db, practice, name)
        check_assignment(replace(service, enabled=enabled), store.services_of(db, practice.id))
        store.enable_service(db, service.id, enabled=enabled)


def _assign(db: Database, practice: Practice, name: str, pair: Pair) -> None:
    service = _service(db, practice, name)
    check_assignment(replace(service, assigned=(*service.assigned, pair)), store.services_of(db, practice.id))
    store.assign(db, service.id, *pair)


def _service(db: Database, practice: Practice, name: str) -> Service:
    services = {service.name: service for service in store.services_of(db, practice.id)}
    if name not in services:
        raise UsageError(f'practice {practice.code} has no service "{name}"; {did_you_mean(name, services)}')
    return services[name]
