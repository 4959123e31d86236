"""Which of Twilio's messages may be an SMS that has no id: Twilio keeps no reference of ours.

It goes by number, text and time. What a message doesn't say speaks for it: too much only leaves an SMS uncertain, too
little would send a second one.
"""

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from smsreminders.domain.round.sending import Open
from smsreminders.gateways.http.answers import Row, shown
from smsreminders.gateways.http.lookup import MARGIN

_NOT_OURS = {"inbound", "outbound-call", "outbound-reply"}


def fitting(messages: Sequence[Row], sms: Open) -> list[Row]:
    """The messages that may be this SMS, the nearest in time first."""
    with_distance = []
    for message in messages:
        created = moment(message.get("date_created"))
        in_time = created is None or created >= sms.sent_at - MARGIN
        ours = message.get("direction") not in _NOT_OURS
        if in_time and ours and _has_number(message, sms.phone) and _has_text(message, sms.text):
            distance = (created - sms.sent_at).total_seconds() if created else math.inf
            with_distance.append((abs(distance), message))
    return [message for _, message in sorted(with_distance, key=lambda pair: pair[0])]


def _has_number(message: Row, phone: str) -> bool:
    """Whether a message went to this number; one that hides some of its digits may have."""
    to = message.get("to")
    return not isinstance(to, str) or "X" in to or re.sub(r"[^0-9]", "", to) == phone.removeprefix("+")


def _has_text(message: Row, text: str) -> bool:
    """Whether a message has this text: behind the words of a trial account, too; or none, being redacted."""
    body = message.get("body")
    return not isinstance(body, str) or _bare(body).endswith(_bare(text)) or not any(map(str.isalnum, body))


def _bare(text: str) -> str:
    """A text without its blanks and line ends, which may be stored otherwise."""
    return "".join(text.split())


def moment(value: object) -> datetime | None:
    """Read a time as Twilio writes it (RFC 2822); None for anything else."""
    try:
        read = parsedate_to_datetime(shown(value))
    except (ValueError, TypeError, OverflowError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)  # "-0000" is GMT without a zone
