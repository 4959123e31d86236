"""Cut a period into parts: so a list by date is asked for of which only the first page can be had."""

from collections.abc import Sequence
from datetime import datetime, timedelta

_OVERLAP = timedelta(seconds=1)  # whether the end of a period is in it is nowhere documented


def cut(start: datetime, end: datetime, times: Sequence[datetime], *, parts: int) -> list[tuple[datetime, datetime]]:
    """Cut a period into parts that overlap by a second, each with about as many of the sorted `times` as the others.

    Fewer `parts` where several have the same time, and two halves where none lies within.
    """
    inside = [moment for moment in times if start < moment < end]
    edges = sorted({inside[len(inside) * part // parts] for part in range(1, parts)}) if inside else []
    if parts > 1 and not edges:
        edges = [start + (end - start) / 2]
    return list(zip([start, *edges], [*(edge + _OVERLAP for edge in edges), end], strict=True))
