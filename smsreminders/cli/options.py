"""Options and arguments that several commands share, and how their words are read."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

PracticeOption = Annotated[
    str | None, typer.Option("--practice", metavar="CODE", help="Which practice; left out: the only one, or all.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="As CSV.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would happen; nothing happens.")]
PracticeArgument = Annotated[
    str, typer.Argument(metavar="CODE", help="Our name for the practice: small letters, digits, dashes.")
]
PatientArgument = Annotated[str, typer.Argument(metavar="ID", help="The patient's id in the practice's own record.")]
AppointmentArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The appointment's id in the practice's record.")
]


_YEARS = range(1900, 3000)  # further off nothing can be meant, and the ends of the calendar have no next day


def read_date(text: str) -> date:
    """Read a date such as 2026-11-24."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else _no_date(text)
    except ValueError:
        return _no_date(text)
    return day if day.year in _YEARS else _no_date(text)


def read_moment(text: str) -> datetime:
    """Read a time such as `2026-11-24 10:30`, local unless it has an offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f'"{text}" is no time: write it like "2026-11-24 10:30"') from error
    if len(text) < 16:
        raise typer.BadParameter(f'"{text}" has no time of day: write it like "2026-11-24 10:30"')
    if moment.year not in _YEARS:
        raise typer.BadParameter(f'"{text}": the year {moment.year} can\'t be meant')
    return moment


FromOption = Annotated[date | None, typer.Option("--from", parser=read_date, metavar="DATE", help="From this day on.")]
ToOption = Annotated[date | None, typer.Option("--to", parser=read_date, metavar="DATE", help="Up to this day.")]
FileOption = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Into a file, not to the screen.")]


def _no_date(text: str) -> date:
    raise typer.BadParameter(f'"{text}" is no date: write it like 2026-11-24')
