"""The online services of a practice, and what is assigned to them."""

from smsreminders.domain.practices import Channel, NotificationType, Service, ServiceType
from smsreminders.errors import UsageError
from smsreminders.store.database import Database


def services_of(db: Database, practice_id: int) -> list[Service]:
    """List the services of a practice with their assigned pairs, by name."""
    assigned: dict[int, list[tuple[Channel, NotificationType]]] = {}
    for service_id, channel, notification_type in db.execute(
        "select a.service_id, a.channel, a.notification_type from service_assignments a"
        " join services s on s.id = a.service_id where s.practice_id = ? order by 1, 2, 3",
        [practice_id],
    ):
        assigned.setdefault(service_id, []).append((Channel(channel), NotificationType(notification_type)))
    rows = db.execute("select id, name, type, enabled from services where practice_id = ? order by name", [practice_id])
    return [
        Service(id_, name, ServiceType(type_), bool(enabled), tuple(assigned.get(id_, ())))
        for id_, name, type_, enabled in rows
    ]


def add_service(db: Database, practice_id: int, name: str, service_type: ServiceType) -> None:
    """Add a service to a practice. Raises UsageError if the practice has one of this name."""
    if any(service.name == name for service in services_of(db, practice_id)):
        raise UsageError(f'the practice has a service "{name}" already')
    db.execute(
        "insert into services (practice_id, type, name, enabled) values (?, ?, ?, 1)",
        [practice_id, service_type.value, name],
    )


def enable_service(db: Database, service_id: int, *, enabled: bool) -> None:
    """Enable or disable a service."""
    db.execute("update services set enabled = ? where id = ?", [enabled, service_id])


def assign(db: Database, service_id: int, channel: Channel, notification_type: NotificationType) -> None:
    """Assign a channel and notification type to a service; a second time changes nothing."""
    db.execute(
        "insert or ignore into service_assignments (service_id, channel, notification_type) values (?, ?, ?)",
        [service_id, channel.value, notification_type.value],
    )


def unassign(db: Database, service_id: int, channel: Channel, notification_type: NotificationType) -> None:
    """Take a channel and notification type away from a service."""
    db.execute(
        "delete from service_assignments where service_id = ? and channel = ? and notification_type = ?",
        [service_id, channel.value, notification_type.value],
    )
