"""A practice as it is shown: the columns of a list, a page with its services and days, its name in a line."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column, View, row
from smsreminders.domain.practices import Practice, Service
from smsreminders.store.practices import OwnDays

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns

COLUMNS: "Columns[Practice]" = (
    Column("code", lambda practice, _: practice.code, 90),
    Column("name", lambda practice, _: practice.name, 80, cut=True),
    Column("sender_id", lambda practice, _: practice.sender_id, 70),
    Column("phone", lambda practice, _: practice.phone, 60),
    Column("language", lambda practice, _: practice.language, 50),
)


def practice_details(practice: Practice) -> dict[str, object]:
    """Show a practice with its legal details: all that `practice edit` can change."""
    return row(practice, COLUMNS, View()) | asdict(practice.legal)


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
