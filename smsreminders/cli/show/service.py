"""A service as it is shown: a row of a list, its pairs and its name in a line."""

from smsreminders.cli.show.practice import practice_name
from smsreminders.domain.practices import Pair, Practice, Service

COLUMNS = ("practice", "name", "type", "enabled", "assigned")


def service_row(practice: Practice, service: Service) -> dict[str, object]:
    """Show a service as a row of a list of all practices."""
    return {
        "practice": practice.code,
        "name": service.name,
        "type": service.type,
        "enabled": service.enabled,
        "assigned": [f"{channel} {notification_type}" for channel, notification_type in service.assigned],
    }


def service_name(name: str, practice: Practice) -> str:
    """Name a service in a line for a person: with its practice."""
    return f"service {name} of {practice_name(practice)}"


def pair_name(pair: Pair) -> str:
    """Name a pair in a line for a person: `appointment-reminder by sms`."""
    channel, notification_type = pair
    return f"{notification_type} by {channel}"
