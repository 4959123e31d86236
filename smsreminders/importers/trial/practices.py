"""Practices in a trial: the column that may tell whose each row is, where several practices share a file."""

from collections import Counter

from smsreminders.importers.columns import Columns, loosely
from smsreminders.importers.trial.cells import words_of
from smsreminders.importers.trial.look import Look

_NAMES = (  # the likeliest first: a place may be a room
    *("praktijk", "praktijknaam", "praktijkcode", "praktijklocatie", "vestiging", "vestigingsnaam", "filiaal"),
    *("kliniek", "practice", "practicename", "clinic", "branch", "locatie", "locatienaam", "location"),
)
_MOST = 10  # practices that share a file


def shares_of(columns: Columns, look: Look) -> tuple[str, Counter[str]]:
    """Find the column by which a file may be shared, and count its texts; an empty name where none has several."""
    loose = [loosely(name) for name in columns.headers]
    for place in (loose.index(name) for name in _NAMES if loose.count(name) == 1):
        texts = words_of(look.columns[place])
        if 1 < len(texts) <= _MOST:
            return columns.headers[place], texts
    return "", Counter()
