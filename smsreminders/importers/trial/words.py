"""Words in a trial: which of a file's are understood, which a person must explain, and columns that are flags."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from smsreminders.domain.agenda.status_words import StatusWord
from smsreminders.importers.cells import CellError, read_language, read_standing, read_yes_or_no
from smsreminders.importers.columns import Columns, loosely
from smsreminders.importers.trial.cells import filled, words_of
from smsreminders.importers.trial.found import Finding
from smsreminders.importers.trial.look import Look

_READERS: Mapping[str, Callable[[str], object]] = {
    "status": read_standing,
    "consent": read_yes_or_no,
    "language": read_language,
}
MEANINGS = {
    "status": "booked, cancelled, attended, no-show or ignore",
    "consent": "yes or no",
    "language": "its code, such as nl or en",
}
_FLAGS = {  # what a column is called that says by yes or no what became of an appointment
    StatusWord.CANCELLED: (
        *("afgezegd", "afgemeld", "geannuleerd", "annulering", "vervallen", "gecanceld", "cancelled", "canceled"),
        *("cancellation", "isdeleted", "verwijderd"),
    ),
    StatusWord.NO_SHOW: ("noshow", "nietverschenen", "nietgekomen", "nvzb"),
}
_OF_CANCELLING = (
    "afgezegd",
    "afzeg",
    "afgemeld",
    "geannuleerd",
    "annul",
    "vervallen",
    "gecanceld",
    "cancel",
    "verwijderd",
)
_OF_DEATH = ("overleden", "overlijden", "deceased", "death")
_YES_AND_NO = (("y", "n"), ("j", "n"), ("ja", "nee"), ("yes", "no"), ("1", "0"), ("true", "false"), ("waar", "onwaar"))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a column, each with its count: those that are understood and those that a person must explain.

    `too_many`: they are so many that it is no column of words.
    """

    known: Mapping[str, int]
    unknown: Mapping[str, int]
    too_many: bool


def read_words_of(field: str, cells: Sequence[str], explained: Mapping[str, str]) -> Words:
    """Read the words of a column; those that a person explained already are known."""
    known, unknown = dict[str, int](), dict[str, int]()
    counted = words_of(cells)
    for word, times in counted.most_common():
        try:
            _READERS[field](explained.get(word.casefold(), word))
        except CellError:
            unknown[word] = times
        else:
            known[word] = times
    return Words(known, unknown, too_many=not counted and bool(filled(cells)))


def are_words(field: str) -> bool:
    """Whether a field is one of words that have a meaning."""
    return field in _READERS


def flags_of(columns: Columns, look: Look) -> dict[int, StatusWord]:
    """Find the columns that say by yes or no that an appointment was cancelled, or that nobody came.

    Those are columns that stand for nothing else, by their place.
    """
    used = {place for of_field in columns.places.values() for place in of_field}
    return {
        place: meant
        for meant, names in _FLAGS.items()
        for place, name in enumerate(columns.headers)
        if place not in used and any(word in loosely(name) for word in names) and _pairs(look.columns[place])
    }


def may_say_cancelled(columns: Columns, look: Look) -> Iterator[tuple[str, int]]:
    """Find the other columns that seem to tell of cancellations, each with how many cells are filled.

    Such is a *Geannuleerd op* with a date. Those that are filled everywhere, or nowhere, tell nothing.
    """
    used = {place for of_field in columns.places.values() for place in of_field}
    for place, name in enumerate(columns.headers):
        written = len(filled(look.columns[place]))
        told = any(word in loosely(name) for word in _OF_CANCELLING)
        if told and place not in used and 0 < written < len(look.columns[place]):
            yield name, written


def may_say_died(columns: Columns, look: Look) -> Iterator[tuple[str, int]]:
    """Find columns that tell who has died and are read as nothing, each with the number of rows in which one has."""
    used = {place for of_field in columns.places.values() for place in of_field}
    noes = {no for _, no in _YES_AND_NO}
    for place, name in enumerate(columns.headers):
        died = sum(cell.casefold() not in noes for cell in filled(look.columns[place]))
        if place not in used and died and any(word in loosely(name) for word in _OF_DEATH):
            yield name, died


def words_of_flags(flags: Mapping[int, StatusWord], look: Look) -> Iterator[Finding]:
    """Say for each combination of flags what it means: cancelled goes before a no-show."""
    for combination in product(*(_meanings(look.columns[place], meant) for place, meant in flags.items())):
        meant = {word for _, word in combination}
        status = next(word for word in (*_FLAGS, StatusWord.BOOKED) if word in meant)
        yield Finding(" ".join(cell for cell, _ in combination), status.value)


def _meanings(cells: Sequence[str], meant: StatusWord) -> list[tuple[str, StatusWord]]:
    pairs = _pairs(cells)
    no = dict.fromkeys((no for _, no in pairs), StatusWord.BOOKED)
    return [*no.items(), *((yes, meant) for yes, _ in pairs)]


def _pairs(cells: Sequence[str]) -> list[tuple[str, str]]:
    """Find the pairs of yes and no that a column is written with; none if a cell says something else, or is empty."""
    words = {cell.casefold() for cell in cells}
    fitting = [pair for pair in _YES_AND_NO if words <= set(pair)]
    return fitting if filled(cells) else []
