"""One run of the command line: the exit code of every way in which it can end."""

import io
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from smsreminders.cli.endings import BUG, ending
from smsreminders.cli.show.output import flush

_OWNER_ONLY = 0o077


def run(arguments: Sequence[str]) -> int:
    """Run a command; its exit code (README, "Exit codes"). Every error is one line on stderr, without a traceback."""
    os.umask(_OWNER_ONLY)
    sys.stdout, sys.stderr = _forgiving(sys.stdout), _forgiving(sys.stderr)
    try:
        code = _command(arguments)
        flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the last resort: a bug is told as one
        code, line = ending(error)
        if line is not None:
            _tell(line)
        if code == BUG:
            _tell_bug(error, verbose=bool({"-v", "--verbose"} & set(arguments)))
    _end_streams()
    return code


def _command(arguments: Sequence[str]) -> int:
    from smsreminders.cli.app import app

    try:
        app(list(arguments), prog_name="smsreminders", obj=run)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _tell(line: str) -> None:
    with suppress(OSError):  # nobody can be told
        print(f"smsreminders: {line}", file=sys.stderr)


def _end_streams() -> None:
    """What can't be written is dropped: Python would try once more at its end, and change the exit code."""
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
    """A closed stream goes nowhere; a letter that a stream doesn't have is written as a code: neither is a bug."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8", errors="backslashreplace")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream
