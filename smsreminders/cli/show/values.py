"""A value as text, the same in every form of output."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum


def plain(value: object) -> str:
    """Write a value as text, the same in every output."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return ", ".join(f"{plain(k)} {plain(v)}" for k, v in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(plain, value))
    return str(value)


def in_one_line(value: object) -> str:
    """Write a value as text without tabs and line breaks."""
    return " ".join(plain(value).split())
