"""Whether the stack ever got nearly full: whatever the garbage collector ends then fails, and nobody can catch it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEEDED = 200  # calls, of the 1000 that Python allows


@contextmanager
def stack_watched() -> Iterator[list[str]]:
    """A list that stays empty as long as there is room for more calls whenever the garbage collector runs."""
    full: list[str] = []

    def look(phase: str, _: object) -> None:
        try:
            _call_yourself(NEEDED)
        except RecursionError:
            full.append(phase)

    before = gc.get_threshold()
    gc.callbacks.append(look)
    gc.set_threshold(5)
    try:
        yield full
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(look)


def _call_yourself(times: int) -> None:
    if times:
        _call_yourself(times - 1)
