"""A time in periods: how a list by date is asked for whose pages can't be turned."""

from collections.abc import Sequence
from datetime import datetime, timedelta

_OVERLAP = timedelta(seconds=1)  # whether the end of a period is in it is nowhere documented


def cut(start: datetime, end: datetime, times: Sequence[datetime], *, parts: int) -> list[tuple[datetime, datetime]]:
    """A period in so many parts that overlap by a second, each with as many of these times (sorted) as the others.

    In fewer parts where several have the same time, and in halves where none lies within.
    """
    inside = [one for one in times if start < one < end]
    edges = sorted({inside[len(inside) * part // parts] for part in range(1, parts)}) if inside else []
    if parts > 1 and not edges:
        edges = [start + (end - start) / 2]
    return list(zip([start, *edges], [*(edge + _OVERLAP for edge in edges), end], strict=True))
