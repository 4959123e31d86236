"""What a gateway tells of the phones themselves: an SMS that came in, an opt-out, and what a code says of a number."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Mark(StrEnum):
    """What a gateway's word or code definitely says of a number, beyond the one SMS."""

    OPTED_OUT = "opted-out"  # its holder said STOP to the gateway, or it stands on the gateway's list
    DEAD = "dead"  # a landline, or nobody's number (any more): no later SMS will arrive either


@dataclass(frozen=True, slots=True)
class Received:
    """An SMS that came in, by the gateway's id for it.

    `phone` is whose it is, in E.164, or as the gateway writes it where that is no number (a short code, a name). `to`
    is the number that it was sent to, empty where the gateway doesn't tell. `received_at` is UTC.
    """

    gateway_id: str
    phone: str = field(repr=False)
    to: str
    text: str = field(repr=False)
    received_at: datetime


@dataclass(frozen=True, slots=True)
class OptedOut:
    """A number on a gateway's list of opt-outs, in E.164; `since` is UTC, None where the gateway doesn't tell.

    `to` is the sender ID that it opted out of, empty where the list is of the whole account.
    """

    phone: str = field(repr=False)
    since: datetime | None = None
    to: str = ""
