"""The table [schedule], and what stands beside it: the time zone, the country, whose numbers are texted."""

from dataclasses import replace
from datetime import time, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from smsreminders.config.table import Table
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.guards import AgendaAges
from smsreminders.domain.round.occasions import Occasions, read_occasions
from smsreminders.domain.round.window import Schedule
from smsreminders.domain.round.workdays import WEEKDAYS, Region
from smsreminders.errors import UsageError

OF_A_PRACTICE = ("remind", "combine", "sending_hours", "minimum_notice", "daily_limit")  # each may have its own
_LONGEST_NOTICE = timedelta(hours=12)  # above it a round could miss what the one before didn't cover


class _OfAPractice(TypedDict):
    """The settings of a schedule that a practice may have of its own."""

    minimum_notice: timedelta
    sending_hours: tuple[time, time]
    daily_limit: int
    remind: tuple[int, ...]
    unless_confirmed: frozenset[int]
    combine: Combine


def read_schedule(top: Table, language: str) -> Schedule:
    """Read when rounds look and texts leave. Raises ConfigError."""
    try:
        zone = ZoneInfo(top.text("time_zone", "Europe/Amsterdam"))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise top.wrong("time_zone", 'no such time zone; write it like "Europe/Amsterdam"') from error
    table = top.table("schedule")
    schedule = Schedule(
        zone=zone,
        region=Region(top.text("country", "NL"), language, _countries(top.table("numbers"))),
        weekdays=frozenset(map(WEEKDAYS.index, table.choices("working_days", WEEKDAYS, WEEKDAYS[:5]))),
        **_of_a_practice(table),
        longest_run=table.duration("longest_run", "2h", longest=timedelta(days=1)),
        agenda_ages=AgendaAges(
            table.duration("agenda_old", "4d", longest=timedelta(days=366)),
            table.duration("agenda_too_old", "21d", longest=timedelta(days=366)),
        ),
    )
    table.nothing_else()
    return schedule


def read_own_schedule(table: Table, general: Schedule) -> Schedule:
    """Read a practice's own settings of the schedule, from its table over the general one. Raises ConfigError."""
    return replace(general, **_of_a_practice(table))


def _of_a_practice(table: Table) -> _OfAPractice:
    occasions = _occasions(table)
    return {
        "minimum_notice": table.duration("minimum_notice", "2h", longest=_LONGEST_NOTICE),
        "sending_hours": table.hours("sending_hours", ("08:00", "20:00")),
        "daily_limit": table.integer("daily_limit", 500, least=0),
        "remind": occasions.days,
        "unless_confirmed": occasions.unless_confirmed,
        "combine": Combine(table.choice("combine", list(Combine), Combine.PATIENT)),
    }


def _occasions(table: Table) -> Occasions:
    try:
        return read_occasions(table.words("remind") or ["1wd"])
    except UsageError as error:
        raise table.wrong("remind", str(error)) from error


def _countries(table: Table) -> frozenset[str]:
    countries = frozenset(table.words("countries"))
    if countries:
        from smsreminders.domain import numbering  # libphonenumber takes its time

        for unknown in sorted(countries - numbering.countries()):
            raise table.wrong("countries", f'"{unknown}" is no code of a country: write them like ["NL", "BE"]')
    table.nothing_else()
    return countries
