"""Times and dates as the database has them: UTC text of one width, in whole seconds."""

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """`2026-11-24T09:30:00Z`; sorts as time does."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def maybe_text(moment: datetime | None) -> str | None:
    """The same, where there may be no time."""
    return None if moment is None else to_text(moment)


def from_text(text: str) -> datetime:
    """The time again, aware, in UTC."""
    return datetime.fromisoformat(text)


def maybe_time(text: str | None) -> datetime | None:
    """The same, where there may be no time."""
    return None if text is None else from_text(text)
