"""One run of the command line: the exit code of every way in which it can end."""

import io
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from smsreminders.cli.context import Invocation
from smsreminders.cli.endings import ending
from smsreminders.cli.show.output import flush
from smsreminders.errors import ExitCode, RunIsBusy

_OWNER_ONLY = 0o077


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code. Every error is one line on stderr, without a traceback.

    With --quiet nothing is said of another run that is busy: two lines of cron overlap, and that one does the work.
    """
    os.umask(_OWNER_ONLY)
    sys.stdout, sys.stderr = _forgiving(sys.stdout), _forgiving(sys.stderr)
    invocation = Invocation(run)
    try:
        code = _command(arguments, invocation)
        flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the last resort: a bug is told as one
        code, line = ending(error)
        if line is not None and not (invocation.quiet and isinstance(error, RunIsBusy)):
            _tell(line)
        if code == ExitCode.BUG:
            _tell_bug(error, verbose=invocation.verbose)
    _end_streams()
    return code


def _command(arguments: Sequence[str], invocation: Invocation) -> int:
    from smsreminders.cli.app import app
    from smsreminders.cli.complete import answer_a_shell

    answer_a_shell()
    try:
        app(list(arguments), prog_name="smsreminders", obj=invocation)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.OK
    return ExitCode.OK


def _tell(line: str) -> None:
    with suppress(OSError):  # nobody can be told
        print(f"smsreminders: {line}", file=sys.stderr)


def _end_streams() -> None:
    """Drop what can't be written: Python would try once more at its end, and change the exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _tell_bug(error: BaseException, *, verbose: bool) -> None:
    place = traceback.extract_tb(error.__traceback__)[-1]
    _tell(
        f"this is a bug: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}; "
        "run it again with -v to see where it comes from, and tell us"
    )
    if verbose:
        traceback.print_exception(error)


def _forgiving(stream: TextIO | None) -> TextIO:
    """Make a stream take everything: a closed one goes nowhere, a letter that it doesn't have is written as a code."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8", errors="backslashreplace")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream
