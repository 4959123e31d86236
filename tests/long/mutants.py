"""Mutants of the domain against its tests: `python -m tests.long.mutants [FILE ...]`.

Each mutant of `smsreminders/domain/WING/X.py` is run against `tests/domain/WING/test_X.py` until a test
fails, in a process that was forked with pytest warm. One that can't even be loaded is left out; one that changes
nothing that anybody could see is listed in `mutants_equivalent.py` with the reason. (mutmut 3 leaves a module's
constants alone, cosmic-ray starts an interpreter for every mutant.)
"""

import argparse
import importlib.util
import os
import resource
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from tests.long.mutants_equivalent import EQUIVALENT
from tests.long.mutating import Mutant, mutants_of

ROOT = Path(__file__).parents[2]
FILES = {path.stem: path for path in (ROOT / "smsreminders" / "domain").rglob("[a-z]*.py")}
TESTS = {path.stem.removeprefix("test_"): path for path in (ROOT / "tests" / "domain").rglob("test_*.py")}
GOAL = 0.95
_TESTED_TOO_IN = {"notifications": ("references",), "numbering": ("phone",), "trade_words": ("sender_ids",)}
_CPU_SECONDS = 30  # some twenty times what the slowest file's tests take: a mutant that takes longer never ends
_MEMORY = 2 << 30  # a mutant that never ends may ask for more and more
_QUIET = [
    "-x",
    "-q",
    "-o",
    "addopts=",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-p",
    "no:cov",
    "--tb=no",
    "--assert=plain",
    "--hypothesis-profile=mutants",
]


class Fate(IntEnum):
    """What became of a mutant; the value is the exit code of its process."""

    SURVIVED = 0  # all tests passed
    KILLED = 1  # a test failed, or it never ended
    STILLBORN = 2  # it can't be loaded: no test is needed


@dataclass(frozen=True, slots=True)
class Outcome:
    """A mutant of a file of the domain, and its fate."""

    module: str
    mutant: Mutant
    fate: Fate

    @property
    def key(self) -> str:
        """Its name in the table of equivalent ones."""
        return f"{self.module}.{self.mutant.name}"


def run(modules: Sequence[str], *, every: int = 1, processes: int = 2) -> Iterator[Outcome]:
    """The fate of every mutant of these modules, or of one in so many, as they are known."""
    running: dict[int, tuple[str, Mutant]] = {}
    for module, mutant in ((name, source) for name in modules for source in [*_mutants(name)][::every]):
        if len(running) == processes:
            yield _finished(running)
        if (pid := os.fork()) == 0:
            _live(module, mutant.source)
        running[pid] = (module, mutant)
    while running:
        yield _finished(running)


def check_tests_pass(modules: Iterable[str]) -> None:
    """Make sure that the tests pass without a mutant, and that each module with one has tests. Raises SystemExit."""
    for module in modules:
        if not [*_mutants(module)]:
            continue
        if not _tests_of(module):
            raise SystemExit(f"tests/domain has no test_{module}.py")
        if (pid := os.fork()) == 0:
            _live(module, FILES[module].read_text(encoding="utf-8"))
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != Fate.SURVIVED:
            raise SystemExit(f"the tests of {module} fail without a mutant, or take more than {_CPU_SECONDS} s")


def _mutants(module: str) -> Iterator[Mutant]:
    return mutants_of(FILES[module].read_text(encoding="utf-8"))


def _tests_of(module: str) -> list[str]:
    names = (module, *_TESTED_TOO_IN.get(module, ()))
    return [str(TESTS[name]) for name in names if name in TESTS]


def _finished(running: dict[int, tuple[str, Mutant]]) -> Outcome:
    pid, status = os.wait()
    module, mutant = running.pop(pid)
    code = os.waitstatus_to_exitcode(status)
    return Outcome(module, mutant, Fate(code) if code in (Fate.SURVIVED, Fate.STILLBORN) else Fate.KILLED)


def _live(module: str, source: str) -> None:
    """In a process of its own: put the mutant in the place of its module, run its tests, and end with its fate."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    try:
        _load(".".join(FILES[module].relative_to(ROOT).with_suffix("").parts), source)
    except BaseException:  # noqa: BLE001 - whatever it does
        os._exit(Fate.STILLBORN)
    import pytest
    from hypothesis import Phase, settings

    settings.register_profile(
        "mutants",
        max_examples=30,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
    )
    try:
        passed = pytest.main([*_QUIET, *_tests_of(module)]) == pytest.ExitCode.OK
    except BaseException:  # noqa: BLE001 - whatever it does
        passed = False
    os._exit(Fate.SURVIVED if passed else Fate.KILLED)


def _load(name: str, source: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    exec(compile(source, str(spec.origin), "exec"), module.__dict__)  # noqa: S102 - our own source
    room, _, own = name.rpartition(".")
    setattr(importlib.import_module(room), own, module)


def _warm_up() -> None:
    """Load what tests of the domain need, but nothing of the domain: its modules take names from each other."""
    for name in ("babel.dates", "holidays.countries.netherlands", "hypothesis.strategies", "phonenumbers", "pytest"):
        importlib.import_module(name)
    assert not [name for name in sys.modules if name.startswith("smsreminders.domain.")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run them, tell those that lived, and the share of the killed."""
    parser = argparse.ArgumentParser(description="Run mutants of the domain against its tests.")
    parser.add_argument("module", nargs="*", default=sorted(FILES))
    parser.add_argument("--every", type=int, default=1, help="one in so many")
    asked = parser.parse_args(arguments)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = os.devnull
    _warm_up()
    check_tests_pass(asked.module)
    outcomes = []
    for outcome in run(asked.module, every=asked.every):
        outcomes.append(outcome)
        if outcome.fate is Fate.SURVIVED and outcome.key not in EQUIVALENT:
            _tell(f"lived: {outcome.key} (line {outcome.mutant.line})")
    return summed_up(outcomes, complete=asked.every == 1)


def summed_up(outcomes: Sequence[Outcome], *, complete: bool) -> int:
    """Print the figures; the exit code is 1 below the goal, or where the table of equivalent ones isn't true."""
    killed = {outcome.key for outcome in outcomes if outcome.fate is Fate.KILLED}
    lived = {outcome.key for outcome in outcomes if outcome.fate is Fate.SURVIVED}
    modules = {outcome.module for outcome in outcomes}
    listed = {key for key in EQUIVALENT if key.partition(".")[0] in modules}
    untrue = listed & killed | (listed - {outcome.key for outcome in outcomes} if complete else set())
    for key in sorted(untrue):
        _tell(f"not equivalent, or not there any more: {key}")
    share = len(killed) / max(1, len(killed | (lived - listed)))
    _tell(f"{len(killed)} killed, {len(lived - listed)} lived, {len(lived & listed)} equivalent: {share:.1%} killed")
    return int(bool(untrue) or share < GOAL)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
