"""Counting the segments of a text of 160 characters, against smsutil's split."""

from collections.abc import Callable, Iterator
from functools import partial

from bench.measure import Figure, Goal, must, seconds_of, speed
from bench.size import Size

_TEXTS = {  # each 160 characters; how many times as fast ours should be
    "ASCII": ("Beste mevrouw De Vries, u heeft morgen om 10:30 een afspraak bij praktijk De Linde. ", 20),
    "GSM-7": ("Beste mevrouw Müller, u heeft één afspraak à € 10 bij praktijk Zuid om 10:30 uur. ", 8),
    "UCS-2": ("Beste patiënt, u heeft morgen om 10:30 een afspraak bij “De Linde” – tot dan! ", 10),
}


def run(size: Size) -> Iterator[Figure]:
    """A figure for each alphabet."""
    from smsutil import split

    from smsreminders.domain.segments import count_segments

    for alphabet, (words, limit) in _TEXTS.items():
        text = (words * 2)[:160]
        must(count_segments(text).segments == len(split(text).parts), f"smsutil counts {alphabet} otherwise")
        yield speed(
            partial(_many, count_segments, text, size.counts),
            partial(_many, split, text, size.counts),
            turns=size.turns,
            goal=Goal(limit, at_least=True),
            what=f"count_segments, {alphabet}",
            against="smsutil.split",
        )


def _many(count: Callable[[str], object], text: str, times: int) -> float:
    def work() -> None:
        for _ in range(times):
            count(text)

    return seconds_of(work)
