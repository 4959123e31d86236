"""Ask a person who sits at a terminal: for a word, or whether they mean it; elsewhere an option says so."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from smsreminders.errors import Interrupted, UsageError


def at_a_terminal() -> bool:
    """Whether somebody sits there who can answer."""
    return sys.stdin.isatty()


def be_sure(question: str, *, yes: bool) -> None:
    """Go on only where `--yes` or a person at the terminal says so. Raises UsageError, and then nothing is changed."""
    if yes:
        return
    if not at_a_terminal():
        raise UsageError(f"{question} If you mean it, say --yes; nothing was changed")
    with _leaving():
        if not typer.confirm(question, err=True):
            raise UsageError("nothing was changed")


def ask(question: str, proposed: str = "", check: Callable[[str], object] = str) -> str:
    """Ask a person at the terminal until `check` raises no UsageError for the answer; Enter takes what is proposed."""
    while True:
        with _leaving():
            answer: str = typer.prompt(question, default=proposed, show_default=bool(proposed), err=True).strip()
        try:
            check(answer)
        except UsageError as error:
            typer.echo(str(error), err=True)
        else:
            return answer


@contextmanager
def _leaving() -> Iterator[None]:
    """Let Ctrl-C and Ctrl-D at a question be an interruption, not the library's exit code 1, which is that of a bug."""
    try:
        yield
    except typer.Abort:
        typer.echo(err=True)  # ends the line of the question
        raise Interrupted("interrupted: nothing was changed") from None


def ask_again(word: str, warning: str, *, yes: bool) -> None:
    """Go on only with `--yes` or where a person at the terminal types the word. Raises UsageError."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"{warning} If you mean it, say --yes; nothing was changed")
    with _leaving():
        typed = typer.prompt(f"{warning} Type {word} to go on", err=True, default="", show_default=False)
    if typed != word:
        raise UsageError("that is another word: nothing was changed")
