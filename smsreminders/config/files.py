"""Files: how import files are written, by `[import]`, and by a source of its own where it says otherwise."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from smsreminders.config.table import Table
from smsreminders.domain.agenda.patient_patterns import read_patient_pattern

OF_A_SOURCE = ("time_format", "midnight", "id", "patient_pattern", "horizon")
_LONGEST_HORIZON = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """How import files are written: their names of columns, by ours, and their format of a time (None: ISO 8601).

    `midnight` says that a start at 00:00 is meant, and not a date without its time. `patient_pattern` is a regular
    expression that finds the patient's id in a calendar's event, `horizon` how far its series are read.
    `id_of_start` says that appointments have no id but their patient and start. `words` are what a file's own words
    mean, by field and word.
    """

    columns: Mapping[str, str]
    time_format: str | None
    midnight: bool = False
    patient_pattern: re.Pattern[str] | None = None
    horizon: timedelta = timedelta(days=60)
    id_of_start: bool = False
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_import(table: Table) -> ImportSettings:
    """Read how files are written that no source says otherwise of. Raises ConfigError."""
    settings = read_files(table)
    table.nothing_else()
    return settings


def read_files(table: Table, words: Mapping[str, Mapping[str, str]] | None = None) -> ImportSettings:
    """Read how files are written from a table that has those keys beside others. Raises ConfigError."""
    time_format = table.text("time_format", "iso")
    written = table.text("patient_pattern", "")
    return ImportSettings(
        columns=table.table("columns").texts(),
        time_format=None if time_format == "iso" else time_format,
        midnight=table.boolean("midnight", default=False),
        patient_pattern=table.read("patient_pattern", "", read_patient_pattern) if written else None,
        horizon=table.duration("horizon", "60d", longest=_LONGEST_HORIZON),
        id_of_start=table.choice("id", ["column", "patient+start"], "column") == "patient+start",
        words=words or {},
    )


def read_words(table: Table) -> dict[str, dict[str, str]]:
    """Read what a file's own words mean, by field and word. Raises ConfigError; which meanings there are is not known.

    An empty word is none: an empty cell says nothing.
    """
    names, words = table.keys(), {}
    for name in names:
        words[name] = table.table(name).texts()
        if not all(word.strip() and meaning.strip() for word, meaning in words[name].items()):
            raise table.wrong(name, 'write the word of the file and what it means, as in { "Afgemeld" = "cancelled" }')
    return words
