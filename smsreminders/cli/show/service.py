"""A service as it is shown: the columns of a list, its pairs and its name in a line."""

from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column
from smsreminders.cli.show.practice import practice_name
from smsreminders.domain.practices import Pair, Practice, Service

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns

COLUMNS: "Columns[tuple[Practice, Service]]" = (
    Column("practice", lambda pair, _: pair[0].code, 60),
    Column("name", lambda pair, _: pair[1].name, 90, cut=True),
    Column("type", lambda pair, _: pair[1].type, 50),
    Column("enabled", lambda pair, _: pair[1].enabled, 80),
    Column("assigned", lambda pair, _: [f"{channel} {about}" for channel, about in pair[1].assigned], 70),
)


def service_name(name: str, practice: Practice) -> str:
    """Name a service in a line for a person: with its practice."""
    return f"service {name} of {practice_name(practice)}"


def pair_name(pair: Pair) -> str:
    """Name a pair in a line for a person: `appointment-reminder by sms`."""
    channel, notification_type = pair
    return f"{notification_type} by {channel}"
