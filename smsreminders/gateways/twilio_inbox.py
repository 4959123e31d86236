"""What came in at Twilio: it stands in the one list of messages, among what we sent.

The list has no filter by direction, and one by number would ask for each sender ID; so it is read by date, in whole
days, as for what we sent. Not documented: whether a message to a number without a webhook has a `date_sent`, by which
the list goes.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from smsreminders.domain.round.inbound import Received
from smsreminders.gateways.http.answers import Row
from smsreminders.gateways.http.inbound import INBOX, e164, readable
from smsreminders.gateways.twilio_matching import moment
from smsreminders.gateways.twilio_messages import Messages, sent_since

_MOST_PAGES = 10_000  # the first time it reads weeks of what we sent


def inbox(messages: Messages, since: datetime, now: datetime | None) -> Iterator[Sequence[Received]]:
    """Read what came in since the beginning of a day; a time that can't be read is taken for `now`."""
    for page in messages.pages(sent_since(since), listing=INBOX, most=_MOST_PAGES):
        yield [_received(message, now or since) for message in page if message.get("direction") == "inbound"]


def _received(message: Row, otherwise: datetime) -> Received:
    at = moment(message.get("date_created")) or moment(message.get("date_sent")) or otherwise
    sender, to = e164(message.get("from")), e164(message.get("to"))
    return Received(str(message["sid"]), sender, to, readable(message.get("body")), at.astimezone(UTC))
