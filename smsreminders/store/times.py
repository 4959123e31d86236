"""Times and dates as the database has them: UTC text of one width, in whole seconds."""

from datetime import UTC, date, datetime

from smsreminders.errors import AdministratorNeeded

_NO_TIME = "a time in the database is none: it is damaged; stop the cron jobs and put the last backup back"


def to_text(moment: datetime) -> str:
    """Write a time as UTC text, such as `2026-11-24T09:30:00Z`: it sorts as times do."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def maybe_text(moment: datetime | None) -> str | None:
    """Write a time as UTC text; None stays None."""
    return None if moment is None else to_text(moment)


def from_text(text: str) -> datetime:
    """Parse a stored time: aware, in UTC. Raises AdministratorNeeded for what this program never wrote."""
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise AdministratorNeeded(_NO_TIME) from error


def date_from_text(text: str) -> date:
    """Parse a stored local date. Raises AdministratorNeeded for what this program never wrote."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise AdministratorNeeded(_NO_TIME) from error


def maybe_time(text: str | None) -> datetime | None:
    """Parse a stored time; None stays None."""
    return None if text is None else from_text(text)
