"""What a purge took away, or would."""

from collections.abc import Mapping

_NAMES = {
    "texts": "texts",
    "replies": "replies",
    "outcomes": "outcomes of rounds",
    "stops": "stops of numbers that nobody has",
    "number_words": "words on numbers that nobody has",
    "source_rows": "rows of sources",
    "log_lines": "lines of the access log",
}


def purge_line(counts: Mapping[str, int]) -> str:
    """Name what there is of each kind; nothing where there is none."""
    return ", ".join(f"{count} {_NAMES[what]}" for what, count in counts.items() if count) or "nothing"
