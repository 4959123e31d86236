"""The trial of a table: its kind, columns, words and time pattern, found from the table itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from smsreminders.domain.agenda.status_words import StatusWord
from smsreminders.errors import InputFileError
from smsreminders.importers.columns import Columns
from smsreminders.importers.records import Kind, Layout
from smsreminders.importers.trial import cells, words
from smsreminders.importers.trial.fields import cells_at, every_name, find_fields, has_moments, lacking, likeliest
from smsreminders.importers.trial.found import Finding, Found
from smsreminders.importers.trial.look import Look, look_at
from smsreminders.importers.trial.practices import shares_of
from smsreminders.importers.trial.times import find_times

_WRITE = {
    "appointment_id": 'appointment_id = "COLUMN", of the appointment\'s own number',
    "patient_id": 'patient_id = "COLUMN", of the patient\'s number in your record (never the BSN)',
    "start": 'start = "COLUMN", or start = "DATE+TIME" where date and time stand in two columns',
    "consent": 'consent = "COLUMN"',
}
_NO_ID = (
    'no column has the appointment\'s own number: export it too, or write id = "patient+start" (an appointment that is '
    "moved is a new one then, and the old one stays unless the file is complete)"
)


_OF_THE_ROW = re.compile(r"aangemaakt|wijzig|mutatie|laatst|inschrij|creat|updat|modif|regist", re.IGNORECASE)


def try_table(path: Path, format_name: str, kind: Kind | None, layout: Layout) -> Found:
    """Find how a CSV file or a spreadsheet is to be read. Raises InputFileError, UsageError."""
    look = look_at(path, format_name, every_name(layout))
    of_kinds, refused = dict[Kind, Columns](), list[InputFileError]()
    for each in [kind] if kind else Kind:
        try:
            of_kinds[each] = find_fields(path, look, each, layout)
        except InputFileError as error:
            refused.append(error)
    if not of_kinds:
        raise refused[0]
    likely = likeliest(of_kinds)
    found = _Trial(look, likely, of_kinds[likely], layout).found()
    return found if kind else _with_doubts(found, look, of_kinds[likely])


def _with_doubts(found: Found, look: Look, columns: Columns) -> Found:
    """Ask of a list of patients with times that nothing reads: it may be of their appointments."""
    times = [
        name
        for name, of_column in zip(columns.headers, look.columns, strict=False)
        if name in found.unused and has_moments(of_column) and not _OF_THE_ROW.search(name)
    ]
    if found.kind is not Kind.PATIENTS or not times:
        return found
    ask = f"{times[0]} has times: if the rows are appointments, try it with --kind appointments --map start=COLUMN"
    return replace(found, asks=[*found.asks, ask])


class _Trial:
    """The lines that are found for one table, as they are gathered, and what must be asked."""

    def __init__(self, look: Look, kind: Kind, columns: Columns, layout: Layout) -> None:
        self._look, self._kind, self._columns, self._layout = look, kind, columns, layout
        self._settings: list[Finding] = []
        self._lines: list[Finding] = []
        self._words: dict[str, list[Finding]] = {}
        self._asks: list[str] = []

    def found(self) -> Found:
        """Find all of it."""
        without = lacking(self._kind, self._columns)
        no_id = without == ["appointment_id"] and not self._layout.id_of_start
        without = [field for field in without if field != "appointment_id" or not (no_id or self._layout.id_of_start)]
        self._asks += [f"no column is known as {field}: write {_WRITE[field]}" for field in without]
        if no_id:
            self._settings.append(Finding("id", "patient+start", "if it can't be exported", sure=False))
            self._asks.append(_NO_ID)
        for field in sorted(self._columns.places, key=self._columns.places.__getitem__):
            self._find_line(field, self._columns.places[field])
        flags = words.flags_of(self._columns, self._look) if self._kind is Kind.APPOINTMENTS else {}
        self._use(flags)
        if self._kind is Kind.APPOINTMENTS:
            self._ask_of_cancelling(flags)
        self._asks += [
            f"{name} says of {times} rows that the patient has died, and nothing reads it: leave them out of the "
            "export, or let it take their consent away"
            for name, times in words.may_say_died(self._columns, self._look)
        ]
        line, ask = find_times(self._look, self._columns, self._layout)
        self._settings += [line] if line else []
        self._asks += [ask] if ask else []
        tried = replace(
            self._layout,
            columns={line.key: line.value for line in self._lines},
            words={field: _meanings(lines) for field, lines in self._words.items()},
            time_format=line.value if line else self._layout.time_format,
            id_of_start=no_id or self._layout.id_of_start,
        )
        used = {self._columns.headers[place] for place in flags}
        return Found(
            self._kind,
            self._look.facts,
            self._settings,
            self._lines,
            self._words,
            self._asks,
            tried if not without and all(line.sure for line in self._lines) else None,
            [name for name in self._columns.unused() if name not in used],
            *shares_of(self._columns, self._look),
        )

    def _find_line(self, field: str, at: tuple[int, ...]) -> None:
        of_field, name = cells_at(self._look, at), self._columns.name(field)
        of_citizens = field == "patient_id" and cells.are_citizen_numbers(of_field)
        why = [_named(at)]
        if field == "phone":
            written = cells.filled(of_field)
            mobile = sum(cells.is_mobile(cell, self._layout.country) for cell in written)
            why.append(f"{mobile} of {len(written)} are mobile numbers")
            self._ask_of_phones(name, mobile)
        elif of_citizens:
            self._asks.append(f"{name} has citizen service numbers (BSN): export the number of your own record instead")
        elif words.are_words(field):
            why += self._find_words(field, name, of_field)
        self._lines.append(Finding(field, name, "; ".join(why), sure=not of_citizens))

    def _ask_of_phones(self, name: str, mobile: int) -> None:
        """Ask of another column that has more mobile numbers."""
        used = {place for of_field in self._columns.places.values() for place in of_field}
        for place, other in enumerate(self._columns.headers):
            of_other = sum(
                cells.is_mobile(cell, self._layout.country) for cell in cells.filled(self._look.columns[place])
            )
            if place not in used and of_other > mobile:
                self._asks.append(
                    f"{other} has {of_other} mobile numbers, {name} has {mobile}: if they are the patient's own, write "
                    f'phone = "{other}", or "{name}+{other}"'
                )

    def _find_words(self, field: str, name: str, of_field: Sequence[str]) -> list[str]:
        explained = self._layout.words.get(field, {})
        found = words.read_words_of(field, of_field, explained)
        if found.too_many:
            self._asks.append(f"{name} has too many different words for a {field}: is it another column?")
        if found.unknown:
            shown = ", ".join(f'"{word}" ({times})' for word, times in found.unknown.items())
            self._asks.append(
                f"{name} has words that nobody explained, so their rows are unclear: {shown}; write what each means, "
                f"{words.MEANINGS[field]}"
            )
        lines = [
            Finding(word, explained[word.casefold()], "declared")
            for word in found.known
            if word.casefold() in explained
        ]
        lines += [
            Finding(word, "", f"{times} row{'s' * (times > 1)}; {words.MEANINGS[field]}?", sure=False)
            for word, times in found.unknown.items()
        ]
        if lines:
            self._words[field] = lines
        return [", ".join(f"{word} {times}" for word, times in found.known.items())] if found.known else []

    def _use(self, flags: Mapping[int, StatusWord]) -> None:
        """Take columns that are flags for the status; where there is a status already a person must look at them."""
        names = [self._columns.headers[place] for place in flags]
        if flags and "status" not in self._columns.places:
            self._lines.append(Finding("status", "+".join(names), f"{_named(tuple(flags))}; yes or no"))
            self._words["status"] = list(words.words_of_flags(flags, self._look))
        elif flags:
            self._asks.append(
                f"{', '.join(names)} may say that an appointment was cancelled: if so, join it with the status, as in "
                f'status = "{self._columns.name("status")}+{names[0]}", and say what each pair of words means'
            )

    def _ask_of_cancelling(self, flags: Mapping[int, StatusWord]) -> None:
        """Ask of columns that may tell of cancellations and are read as nothing."""
        named = {self._columns.headers[place] for place in flags}
        for name, times in words.may_say_cancelled(self._columns, self._look):
            if name not in named:
                self._asks.append(
                    f"{name} has something in {times} of {len(self._look.columns[0])} rows: does it say that they are "
                    "cancelled? Nothing reads it: export the status as a word, or leave those rows out and say complete"
                )


def _meanings(lines: Sequence[Finding]) -> dict[str, str]:
    return {line.key.casefold(): line.value for line in lines if line.sure}


def _named(at: Sequence[int]) -> str:
    numbers = [str(place + 1) for place in at]
    return f"column {numbers[0]}" if len(at) == 1 else f"columns {', '.join(numbers[:-1])} and {numbers[-1]}"
