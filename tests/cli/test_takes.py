"""A command that takes a value: each option is a field, one left out is None, and what is required is asked for."""

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from smsreminders.cli.takes import takes


@dataclass(frozen=True, slots=True)
class Change:
    name: str | None = None
    phone: str | None = None


CHANGE = {"name": typer.Option("--name", help="What it is called."), "phone": typer.Option("--phone", help="A number.")}
app = typer.Typer(rich_markup_mode=None)


@app.command()
@takes(Change, CHANGE, required="name")
def add(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE")],
    *,
    change: Change,
    loud: Annotated[bool, typer.Option("--loud")] = False,
) -> None:
    """Add a thing."""
    typer.echo(f"{context.command.name} {code} {change.name} {change.phone} {loud}")


@app.command()
@takes(Change, CHANGE)
def edit(code: Annotated[str, typer.Argument(metavar="CODE")], *, change: Change) -> None:
    """Edit a thing."""
    typer.echo(f"{code} {change.name} {change.phone}")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["add", "linde", "--name", "Linde"], "add linde Linde None False\n"),
        (["add", "--phone", "020", "--loud", "--name", "", "linde"], "add linde  020 True\n"),
        (["edit", "linde"], "linde None None\n"),
        (["edit", "linde", "--phone", "020"], "linde None 020\n"),
    ],
)
def test_a_command_gets_the_value_that_its_options_make(words: list[str], expected: str) -> None:
    ended = CliRunner().invoke(app, words)
    assert (ended.exit_code, ended.output) == (0, expected)


def test_a_required_option_that_is_left_out_is_asked_for() -> None:
    ended = CliRunner().invoke(app, ["add", "linde"])
    assert (ended.exit_code, "Missing option '--name'" in ended.output) == (2, True)


def test_the_help_has_the_options_of_the_value_before_those_of_the_command() -> None:
    shown = CliRunner().invoke(app, ["add", "--help"]).output
    places = [shown.index(word) for word in ("--name", "What it is called.  [required]", "--phone", "--loud")]
    assert places == sorted(places)
