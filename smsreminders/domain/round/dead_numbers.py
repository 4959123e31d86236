"""Dead numbers: phones of which a gateway said more than once, and nothing else since, that no text arrives there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

FAILURES = 2  # definite ones in a row make a number dead


class NumberWord(StrEnum):
    """What was learned of a number."""

    DEAD = "dead"  # a gateway's code says: a landline, or nobody's number
    DELIVERED = "delivered"  # a text arrived there
    LIFTED = "lifted"  # a person says that it may be texted


@dataclass(frozen=True, slots=True)
class Failures:
    """How often in a row a number definitely failed, and when it first did."""

    times: int
    since: datetime

    @property
    def is_dead(self) -> bool:
        """Whether no more texts go there."""
        return self.times >= FAILURES


def failures(words: Iterable[tuple[NumberWord, datetime]]) -> Failures | None:
    """Count the definite failures of a number since a text last arrived there, or a person lifted it.

    The words come in the order in which they were recorded. None where there is no failure.
    """
    failed: list[datetime] = []
    for word, at in words:
        if word is NumberWord.DEAD:
            failed.append(at)
        else:
            failed.clear()
    return Failures(len(failed), min(failed)) if failed else None
