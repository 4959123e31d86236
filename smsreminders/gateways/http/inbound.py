"""How gateways write what came in: a number becomes E.164, a time becomes UTC, a text can be kept."""

import re
from datetime import UTC, datetime, tzinfo
from hashlib import sha256

from smsreminders.gateways.http.answers import Row, shown

INBOX = "its list of the SMS that came in"
OPT_OUTS = "its list of the numbers that opted out"

_BLANKS = re.compile(r"[ ().\-]")
_INTERNATIONAL = re.compile(r"(?:\+|00)?([1-9][0-9]{6,14})")
_LONGEST = 10_000  # characters; the longest SMS of 255 parts has more, and nobody reads it


def id_of(row: Row, name: str, *fields: str) -> str:
    """Read the gateway's id for an SMS that came in; without one, make one of these fields of it.

    So nobody's STOP is passed over for want of an id, and the same SMS, told again, is known by it.
    """
    written = repr([row.get(field) for field in fields])
    return shown(row.get(name)) or sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def e164(number: object) -> str:
    """Write a number in E.164, whether it stands with +, with 00 or with neither.

    What is no whole international number (a short code, a name, a national number) stays as it can be shown.
    """
    written = shown(number).strip()
    whole = _INTERNATIONAL.fullmatch(_BLANKS.sub("", written))
    return f"+{whole[1]}" if whole else written


def moment(value: object, *, zone: tzinfo = UTC) -> datetime | None:
    """Read a time of ISO 8601 into UTC; one without a zone is of `zone`. None for anything else."""
    try:
        read = datetime.fromisoformat(shown(value).strip())
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def readable(text: object) -> str:
    """Give a text as a database can keep it, at most 10,000 characters; anything else is empty."""
    if not isinstance(text, str):
        return ""
    whole = text[:_LONGEST].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "")
