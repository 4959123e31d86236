"""What is told of bad rows: those with the same trouble together, and what is likely behind many of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from smsreminders.importers.records import RowError

_ABOUT_TIMES = "can't be read as a time"
_AS_DATES = "the times were saved as numbers: let the column be a date in the spreadsheet, and save it again"
_WORDS_OF_ITS_OWN = (
    'the file has words of its own: say what they mean with --word "FIELD:WORD=MEANING", or for every night in its '
    '[[sources]]: words = { FIELD = { "WORD" = "MEANING" } }'
)
_CAUSES = (
    ("there is no patient", "the patients are probably not here yet: import them first, with --kind patients"),
    ("the patient is", "the ids have lost zeros or got them: let their column be text, and export it again"),
    ("is the number of a day", _AS_DATES),
    ("is a time of day", 'the date stands in another column (--map "start=Datum+Tijd"), or not in each row: it must'),
    (_ABOUT_TIMES, "the times are probably written in another way: say how with --time-format, or let --try find out"),
    ("is midnight", 'the time of day probably stands in a column of its own: --map "start=Datum+Tijd"'),
    ("is no status", _WORDS_OF_ITS_OWN.replace("FIELD", "status")),
    ("is no consent", _WORDS_OF_ITS_OWN.replace("FIELD", "consent")),
)


@dataclass(slots=True)
class Group:
    """The errors of one field with one reason: where they are, and the words that stand there, as far as shown."""

    field: str
    reason: str
    places: list[str]
    words: list[str]


def grouped(errors: Iterable[RowError]) -> list[Group]:
    """Put errors of the same field and reason together, in the order in which the first of each comes.

    Each word whose meaning may be said is a group of its own, with the word in the setting that says it.
    """
    groups: dict[tuple[str, str], Group] = {}
    for error in errors:
        reason = error.reason.replace("WORD", error.word) if error.word else error.reason
        group = groups.setdefault((error.field, reason), Group(error.field, reason, [], []))
        group.places.append(error.place)
        if error.word and error.word not in group.words:
            group.words.append(error.word)
    return list(groups.values())


def likely_cause(errors: Sequence[RowError], *, has_columns: bool = True) -> str:
    """Name what is likely behind the errors of a file, by the reason that most of them have."""
    unknown = "the columns are probably mapped wrongly" if has_columns else "the reasons are told with each"
    return known_cause(errors) or unknown


def known_cause(errors: Sequence[RowError]) -> str | None:
    """Name what is behind the errors of a file by the reason that most of them have; None where that isn't known."""
    reasons = Counter(_cause(error.reason) or (error.field, error.reason) for error in errors)
    [(most, _)] = reasons.most_common(1)
    return most if isinstance(most, str) else None


def _cause(reason: str) -> str | None:
    return next((cause for beginning, cause in _CAUSES if reason.startswith(beginning)), None)
