"""The start of the program, in processor time, against that of Python itself: `python -c pass`."""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from bench.measure import Figure, Goal, run_to_its_end, times
from bench.size import Size

_GOALS = {("--version",): 2, ("--help",): 15, ("poll",): 25, ("dispatch",): 40}  # the last two with nothing to do
_NOW = "2026-11-24T09:00:00+01:00"


def run(size: Size) -> Iterator[Figure]:
    """A figure for each command, as cron or a person starts it."""
    program = str(Path(sys.executable).with_name("smsreminders"))
    with tempfile.TemporaryDirectory() as folder:
        surroundings = {"HOME": folder, "XDG_CONFIG_HOME": folder, "SMSREMINDERS_NOW": _NOW}
        _started([program, "init", "--practice", "De Linde"], surroundings)
        for words, limit in _GOALS.items():
            yield times(
                partial(_started, [program, *words], surroundings),
                partial(_started, [sys.executable, "-c", "pass"], surroundings),
                turns=size.turns + 2,
                goal=Goal(limit),
                what=f"smsreminders {' '.join(words)}",
                against="python -c pass",
            )


def _started(command: Sequence[str], surroundings: Mapping[str, str]) -> float:
    return run_to_its_end(command, surroundings).seconds
