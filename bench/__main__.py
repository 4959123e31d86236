"""`python -m bench [--small] [NAME...]`: measure, and print a table of ratios."""

import argparse
import compileall
import platform
import sqlite3
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import smsreminders
from bench.measure import Figure, WrongResultError
from bench.size import REAL, SMALL

NAMES = ("choice", "dispatch", "history", "imports", "poll", "practices", "report", "scale", "segments", "start")


def main(arguments: Sequence[str]) -> int:
    """Run the benches of these names, or all: 0, or 1 where what was measured didn't do its work."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; none is all of them")
    parser.add_argument("--small", action="store_true", help="little of each: shows that it works, not how fast")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(NAMES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    compileall.compile_dir(Path(smsreminders.__file__).parent, quiet=1)  # as pip leaves it, whatever this shell forbids
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.machine()}")
    print(f"{'what':<44} {'against':<44} {'goal':>7} {'median':>7}  {'from … to':<15} {'':<6} behind it")
    wrong = False
    for name in chosen.names or NAMES:
        try:
            for figure in import_module(f"bench.{name}").run(SMALL if chosen.small else REAL):
                print(_line(figure), flush=True)
        except WrongResultError as error:
            print(f"{name}: {error}", file=sys.stderr)
            wrong = True
    return int(wrong)


def _line(figure: Figure) -> str:
    spread = f"{min(figure.ratios):.3g} … {max(figure.ratios):.3g}"
    verdict = "met" if figure.goal.is_met(figure.ratio) else "missed"
    return (
        f"{figure.what:<44} {figure.peer:<44} {figure.goal!s:>7} {figure.ratio:>7.3g}  {spread:<15} {verdict:<6} "
        f"{figure.note}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
