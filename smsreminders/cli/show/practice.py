"""A practice as it is shown: a row of a list, a page with its services and days, its name in a line."""

from collections.abc import Iterable
from dataclasses import asdict

from smsreminders.domain.practices import Practice, Service
from smsreminders.store.practices import OwnDays

COLUMNS = ("code", "name", "sender_id", "phone", "language")


def practice_row(practice: Practice) -> dict[str, object]:
    """Show a practice as a row of a list."""
    return {column: getattr(practice, column) for column in COLUMNS}


def practice_details(practice: Practice) -> dict[str, object]:
    """Show a practice with its legal details: all that `practice edit` can change."""
    return practice_row(practice) | asdict(practice.legal)


def practice_page(practice: Practice, services: Iterable[Service], days: OwnDays) -> dict[str, object]:
    """Show all of a practice: its details, its enabled services and its own days."""
    enabled = [service.name for service in services if service.enabled]
    return practice_details(practice) | {"services": enabled} | days_page(days)


def days_page(days: OwnDays) -> dict[str, object]:
    """Show the days that a practice set itself, in order."""
    return {
        "closed_on": sorted(days.closed_on),
        "open_on": sorted(days.open_on),
        "open_on_holidays": sorted(days.open_on_holidays),
    }


def practice_name(practice: Practice) -> str:
    """Name a practice in a line for a person: by its code and its name."""
    return f"practice {practice.code} ({practice.name})"
