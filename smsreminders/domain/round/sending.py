"""What goes to a gateway and what comes back: the outcomes of a send, and the delivery report."""

from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.round.inbound import Mark
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.segments import Encoding


@dataclass(frozen=True, slots=True, order=True)
class AccountName:
    """An account as notifications keep it for ever: its gateway, and its name in the configuration.

    The name is empty for `[gateway]`, else that of `[gateways.NAME]`. The ids that a gateway gives are unique in one
    account only.
    """

    gateway: str
    account: str = ""

    def __str__(self) -> str:
        """The name as people read it, with the gateway where it doesn't stand for itself."""
        return f"{self.account} ({self.gateway})" if self.account else self.gateway


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One notification on its way to a gateway.

    `reference` is our id for it, 32 letters and digits; `phone` is E.164; it must not arrive after `valid_until`.
    `handed_over_at` is the time of the claim, by our clock.
    """

    reference: str
    phone: str = field(repr=False)
    sender_id: str
    text: str = field(repr=False)
    encoding: Encoding
    handed_over_at: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway took a notification; `gateway_id` is its id for it.

    Its own count of `segments` and its `price` are never billed. The price is kept as the gateway
    writes it, with its currency: "0.075 EUR". `note` is what a person should know.
    """

    gateway_id: str | None = None
    segments: int | None = None
    price: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The notification is certainly not sent and never will be; `mark` is what the code says of its number."""

    reason: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway refuses the account (credentials, credit, sender ID): the round stops; `reason` says what to do."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A notification is certainly not sent, and may be tried later.

    `retry_after` are the seconds that the gateway asks for, if it does.
    """

    reason: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A notification was perhaps sent: it is never sent again by itself."""

    reason: str


Outcome = Accepted | Rejected | Refused | Unavailable | Uncertain

AFTER_SEND: dict[type[Outcome], Status] = {
    Accepted: Status.SENT,
    Rejected: Status.REJECTED,
    Refused: Status.QUEUED,
    Unavailable: Status.QUEUED,
    Uncertain: Status.UNCERTAIN,
}


# so many in a row end a round; ten rejected ones are no ten wrong numbers, but a text or a setting that it won't have
STOP_AFTER: dict[type[Outcome], int] = {Refused: 1, Unavailable: 3, Uncertain: 5, Rejected: 10}


@dataclass(frozen=True, slots=True)
class Open:
    """A notification whose fate a gateway is asked for; without a `gateway_id` it is found by our reference.

    A gateway that knows no reference of ours finds it by number, text and time. After `valid_until`, where that is
    known, it must not go out any more.
    """

    reference: str
    gateway_id: str | None
    phone: str = field(repr=False)
    sent_at: datetime
    text: str = field(repr=False)
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a gateway says became of a notification.

    `status` is sent, delivered, failed or expired, or None for a word that we don't know; `raw` is the gateway's own
    word, `reported_at` its own time as text (shown, never used for money); `segments` and `price` are as in Accepted,
    `mark` as in Rejected.
    """

    reference: str
    status: Status | None
    raw: str
    gateway_id: str | None = None
    reported_at: str | None = None
    segments: int | None = None
    price: str | None = None
    mark: Mark | None = None
