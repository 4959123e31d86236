"""How much is measured: the real size, or a small one that only shows that the measuring works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """The amounts of a run; each is what the goals of docs/performance.md speak of, unless it is small."""

    turns: int = 7
    texts: int = 10_000  # of a dispatch and a poll
    appointments: int = 10_000_000  # of a choice; `few` is the number that it is compared with
    few: int = 100_000
    due: int = 20_000
    rows: int = 1_000_000  # of an imported file
    notifications: int = 10_000_000  # of a report; `month` of them are of its month
    month: int = 500_000
    counts: int = 20_000  # of a text
    connections: int = 128
    accounts: int = 1_000  # each of a practice of its own
    texts_each: int = 20


REAL = Size()
SMALL = Size(
    turns=1,
    texts=60,
    appointments=5_000,
    few=1_000,
    due=100,
    rows=500,
    notifications=2_000,
    month=200,
    counts=10,
    connections=4,
    accounts=80,
    texts_each=3,
)
