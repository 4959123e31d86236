"""The answer of a gateway over HTTP, and how its words, numbers and prices are read so that they may be shown."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from smsreminders.errors import TryAgainLater

Row = Mapping[str, object]  # an object of their JSON: a message, an entry of a list

_NOT_IN_A_CODE = re.compile(r"[^A-Za-z0-9_. -]")
_NUMBER = re.compile(r"[0-9](?:[ _.-]*[0-9]){5,}")
_AMOUNT, _CURRENCY = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,12})?"), re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, its status 2xx, 4xx, or a 5xx that may be read; `body` is its JSON, None for an error without."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: object = field(repr=False)


def shown(value: object) -> str:
    """A text of the gateway as it may be shown and kept: printable, at most 100 characters; anything else is empty."""
    return value[:100] if isinstance(value, str) and value.isprintable() else ""


def masked(*words: str) -> str:
    """The words of the gateway that aren't empty, with "/" between them, without what could be a phone number."""
    return _NUMBER.sub("•••", "/".join(word for word in words if word))


def code(*words: object) -> str:
    """Error codes of the gateway in one line, without signs and without what could be a phone number."""
    line = " ".join(str(word) for word in words if isinstance(word, str | int) and not isinstance(word, bool))
    return _NUMBER.sub("", _NOT_IN_A_CODE.sub("", line))[:60].strip()


def count(value: object) -> int | None:
    """A number of segments, written as 3 or "3"; None for anything else."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,4}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def money(amount: object, currency: object) -> str | None:
    """An amount as the gateway writes it, with its currency: "-0.50 EUR"; None where either can't be read."""
    text = str(amount) if isinstance(amount, str | int | Decimal) else ""
    if _AMOUNT.fullmatch(text) and _CURRENCY.fullmatch(shown(currency)):
        return f"{text} {currency}"
    return None


def price(amount: object, currency: object) -> str | None:
    """The price of an SMS as the gateway writes it: "0.075 EUR"; None where it can't be read or is below zero."""
    written_out = money(amount, currency)
    return None if written_out and written_out.startswith("-") else written_out


def digits(number: object) -> str:
    """The digits of a phone number with its country, whether it is written with +, with 00 or with neither."""
    return re.sub(r"[^0-9]", "", shown(number)).removeprefix("00")


def rows_of(value: object) -> list[Row] | None:
    """The entries of a list; None where it is no list, or not all of them are objects."""
    return value if isinstance(value, list) and all(isinstance(row, dict) for row in value) else None


def not_understood(what: str) -> TryAgainLater:
    """The error about an answer that has another form than the documents say; `what` names it."""
    return TryAgainLater(f"{what} can't be understood: it is asked for again later")


def basic(user: str, password: str) -> str:
    """The header `Authorization` of RFC 7617."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode("ascii")


def written(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
