"""Ask a person who sits at a terminal whether they mean it; elsewhere an option says so."""

import sys

import typer

from smsreminders.errors import UsageError


def be_sure(question: str, *, yes: bool) -> None:
    """Go on only where `--yes` or a person at the terminal says so. Raises UsageError, and then nothing is changed."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"{question} If you mean it, say --yes; nothing was changed")
    if not typer.confirm(question, err=True):
        raise UsageError("nothing was changed")
