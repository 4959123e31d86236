"""Any order of rounds, polls, imports, consents, deaths, a person's words and days: the promise holds after each step.

python -m tests.long.stateful [--examples N] [--steps N] [--seed N] [--minutes N]

A model of its own says who may be texted; the real jobs work on a real database with a scripted gateway. Hypothesis
looks for an order of steps that breaks the promise, and shows the shortest one that does. The stories are told in
groups, each from a seed of its own; after so many minutes no other group begins, and a run that told fewer stories
than it was asked for says so and fails.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.long.setting import figures
from tests.long.stateful_rules import Reminders

_A_GROUP = 20  # stories told from one seed


def look(*, examples: int, steps: int, from_seed: int, minutes: float = 10) -> Counter[str]:
    """Tell so many stories of so many steps, as far as the minutes go; return their figures.

    Raises AssertionError with the shortest story that breaks the promise.
    """
    ends_at = time.monotonic() + minutes * 60
    Reminders.counted.clear()
    with Reminders.talk:
        while (left := examples - Reminders.counted["examples"]) > 0 and time.monotonic() < ends_at:
            chosen = settings(
                max_examples=min(left, _A_GROUP),
                stateful_step_count=steps,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink],
            )
            run_state_machine_as_test(seed(from_seed)(Reminders), settings=chosen)
            from_seed += 1
    return Reminders.counted


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell the stories, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=300)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=10)
    given = parser.parse_args(arguments)
    began = time.monotonic()
    counted = look(examples=given.examples, steps=given.steps, from_seed=given.seed, minutes=given.minutes)
    shown: dict[str, object] = {"seconds": round(time.monotonic() - began, 1), **dict(sorted(counted.items()))}
    shown |= {"lines heard": Reminders.talk.lines, "leaks": Reminders.talk.leaks}
    shown["stories not told"] = max(0, given.examples - counted["examples"])
    return figures(shown, broken=["leaks", "stories not told"])


if __name__ == "__main__":
    sys.exit(main())
