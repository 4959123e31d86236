"""Times as people read them in a table: `di 24 nov 10:30`, in the language of the configuration."""

from datetime import date, datetime
from functools import cache

from smsreminders.cli.show.columns import View


def moment_text(moment: datetime, view: View) -> str:
    """Write a time with its day; its year only if it isn't this one."""
    return f"{day_text(moment, view)} {moment:%H:%M}"


def day_text(day: date, view: View) -> str:
    """Write a day; its year only if it isn't this one."""
    weekdays, months = _names(view.language)
    text = f"{weekdays[day.weekday()]} {day.day} {months[day.month]}"
    return text if view.today and view.today.year == day.year else f"{text} {day.year}"


@cache
def _names(language: str) -> tuple[dict[int, str], dict[int, str]]:
    """Find the short names of the weekdays and months in a language, in English where babel doesn't know it."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en")
    return tuple(  # type: ignore[return-value]  # two of them
        {number: name.rstrip(".") for number, name in names["format"]["abbreviated"].items()}
        for names in (locale.days, locale.months)
    )
