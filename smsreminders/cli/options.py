"""Options and arguments that several commands share."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from smsreminders.cli.complete import complete_practice
from smsreminders.cli.context import Invocation, invocation
from smsreminders.cli.reading import read_day, read_time
from smsreminders.errors import UsageError

Value = TypeVar("Value")

PracticeOption = Annotated[
    str | None,
    typer.Option(
        "--practice",
        metavar="CODE",
        autocompletion=complete_practice,
        help="Which practice; left out: the only one, or all.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="As CSV.")]
ShowNumbersOption = Annotated[bool, typer.Option("--show-numbers", help="Phone numbers in full.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would happen; nothing happens.")]
PracticeArgument = Annotated[
    str,
    typer.Argument(
        metavar="CODE",
        autocompletion=complete_practice,
        help="Our name for the practice: small letters, digits, dashes.",
    ),
]
PatientArgument = Annotated[str, typer.Argument(metavar="ID", help="The patient's id in the practice's own record.")]
AppointmentArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The appointment's id in the practice's record.")
]


def date_option(*names: str, help: str) -> Any:  # noqa: A002, ANN401  # as typer has it
    """Make an option that takes a day, or several where its values are a list."""
    return typer.Option(*names, parser=str, callback=_each(_day), metavar="DATE", help=help)


def time_option(*names: str, help: str) -> Any:  # noqa: A002, ANN401  # as typer has it
    """Make an option that takes a day with its time of day."""
    return typer.Option(*names, parser=str, callback=_each(_time), metavar="TIME", help=help)


def _day(run: Invocation, text: str) -> date:
    return read_day(text, run.today)


def _time(run: Invocation, text: str) -> datetime:
    return read_time(text, run.today)


def _each(read: Callable[[Invocation, str], Value]) -> Callable[[typer.Context, Any], Any]:
    """Make the callback of an option from how one of its values is read; an error names the option."""

    def read_all(context: typer.Context, value: str | list[str] | None) -> Value | list[Value] | None:
        if value is None or context.resilient_parsing:
            return None
        try:
            run = invocation(context)
            return [read(run, text) for text in value] if isinstance(value, list) else read(run, value)
        except UsageError as error:
            raise typer.BadParameter(str(error)) from error

    return read_all


FromOption = Annotated[date | None, date_option("--from", help="From this day on.")]
ToOption = Annotated[date | None, date_option("--to", help="Up to this day.")]
FileOption = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Into a file, not to the screen.")]
