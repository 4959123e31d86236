"""Fields in a trial: at which columns of a table each of our fields stands, by their names and by their cells."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from smsreminders.domain.consent import read_consent
from smsreminders.errors import UsageError
from smsreminders.importers.columns import Columns, find_columns, loosely
from smsreminders.importers.records import Kind, Layout
from smsreminders.importers.synonyms import PROPOSED, SYNONYMS
from smsreminders.importers.trial import cells
from smsreminders.importers.trial.look import Look
from smsreminders.importers.wanted import ID_FIELD, REQUIRED, Wanted, wanted_columns

Places = Mapping[str, tuple[int, ...]]

_DATES = ("datum", "date", "afspraakdatum", "startdatum", "begindatum", "appointmentdate", "startdate", "dag", "day")
_BEGINS = (
    "tijd",
    "time",
    "start",
    "begin",
    "van",
    "aanvang",
    "starttijd",
    "begintijd",
    "starttime",
    "tijdstip",
    "from",
)
_ENDS = ("eind", "einde", "end", "tot", "eindtijd", "endtime", "to", "until")


def every_name(layout: Layout) -> Wanted:
    """List the names that a column of any kind may have, to find a header by."""
    names: dict[str, Sequence[str]] = {}
    synonyms: dict[str, Sequence[Sequence[str]]] = {}
    for kind in Kind:
        wanted = wanted_columns(kind, layout)
        names |= {f"{kind}.{field}": of_field for field, of_field in wanted.names.items()}
        for table in (SYNONYMS, PROPOSED):
            synonyms |= {f"{kind}.{field}.{id(table)}": of_field for field, of_field in table[kind].items()}
    return Wanted(names, (), synonyms)


def find_fields(path: Path, look: Look, kind: Kind, layout: Layout) -> Columns:
    """Find the columns of a kind's fields: by their own names, those of an import, and those that only a trial goes by.

    What goes by the last must have cells that fit. A time of day is joined with the column of the date. Raises
    InputFileError, UsageError.
    """
    wanted = wanted_columns(kind, layout)
    by_import = find_columns(path, look.header, Wanted(wanted.names, (), wanted.synonyms))
    places = dict(by_import.places)
    if kind is Kind.APPOINTMENTS:
        _join_times(look, places)
    loose = [loosely(name) for name in look.header]
    for field, proposed in PROPOSED[kind].items():
        if field in places:
            continue
        taken = {place for of_field in places.values() for place in of_field}
        for parts in proposed:
            at = tuple(loose.index(part) for part in parts if loose.count(part) == 1)
            if len(at) == len(parts) and taken.isdisjoint(at) and _fits(field, cells_at(look, at), layout):
                places[field] = at
                break
    if kind is Kind.APPOINTMENTS:
        _join_times(look, places)
    joined = tuple(field for field, at in places.items() if len(at) > 1)
    return Columns(by_import.headers, places, joined, look.spreadsheet)


def lacking(kind: Kind, columns: Columns) -> list[str]:
    """List the fields without which rows of a kind can't be read."""
    return [field for field in REQUIRED[kind] if field not in columns.places]


def likeliest(of_kinds: Mapping[Kind, Columns]) -> Kind:
    """Choose the kind of which a table has what is required, and of these the one of which it has most."""

    def worth(kind: Kind) -> tuple[bool, int, int]:
        columns = of_kinds[kind]
        without = [
            field for field in lacking(kind, columns) if field != ID_FIELD[kind] or kind is not Kind.APPOINTMENTS
        ]
        return not without, len(columns.places), -len(without)

    return max(of_kinds, key=worth)


def _join_times(look: Look, places: dict[str, tuple[int, ...]]) -> None:
    """Join a start and an end with the date where they are but a time of day, and only there."""
    for field in ("start", "end"):
        at = places.get(field, ())
        if len(at) > 1 and cells.most(look.columns[at[-1]], _is_moment):
            places[field] = at[-1:]
    loose = [loosely(name) for name in look.header]
    dates = [
        place
        for place, name in enumerate(loose)
        if name in _DATES and cells.most(look.columns[place], cells.is_date) and loose.count(name) == 1
    ]
    if len(dates) != 1:
        return
    for field, names in (("start", _BEGINS), ("end", _ENDS)):
        at = places.get(field, ())
        if len(at) == 1 and cells.most(look.columns[at[0]], cells.is_clock):
            places[field] = (dates[0], at[0])
        elif not at or at == (dates[0],):
            clocks = [
                place
                for name in names
                for place, of_column in enumerate(loose)
                if of_column == name and cells.most(look.columns[place], cells.is_clock)
            ]
            if clocks:
                places[field] = (dates[0], clocks[0])


def _fits(field: str, of_column: Sequence[str], layout: Layout) -> bool:
    """Whether the cells of a column are such as a field's may be, whatever its name."""
    fits: Callable[[Sequence[str]], bool] | None = _FITTING.get(field)
    if field == "phone":
        return cells.most(of_column, lambda cell: cells.is_mobile(cell, layout.country))
    return fits is None or fits(of_column)


def cells_at(look: Look, at: tuple[int, ...]) -> Sequence[str]:
    """Give the cells of a column, or of several that are joined."""
    if len(at) == 1:
        return look.columns[at[0]]
    return [" ".join(filter(None, of_row)) for of_row in zip(*(look.columns[place] for place in at), strict=True)]


def _says_yes_or_no(cell: str) -> bool:
    try:
        return read_consent(cell) is not None
    except UsageError:
        return False


def has_moments(of_column: Sequence[str]) -> bool:
    """Whether most cells of a column look like a date with a time of day."""
    return cells.most(of_column, _is_moment)


def _is_moment(cell: str) -> bool:
    return cells.has_digit(cell) and not cells.is_date(cell) and not cells.is_clock(cell) and len(cell) >= _SHORTEST


_SHORTEST = 12  # characters of a date with a time of day
_FITTING: Mapping[str, Callable[[Sequence[str]], bool]] = {
    "appointment_id": lambda column: cells.all_differ(column) and not cells.are_citizen_numbers(column),
    "patient_id": lambda column: cells.most(column, cells.has_digit) and not cells.are_citizen_numbers(column),
    "name": lambda column: not cells.most(column, cells.has_digit),
    "patient_name": lambda column: not cells.most(column, cells.has_digit),
    "start": has_moments,
    "end": has_moments,
    "status": lambda column: bool(cells.words_of(column)),
    "consent": lambda column: cells.most(column, _says_yes_or_no) or bool(cells.words_of(column)),
}
