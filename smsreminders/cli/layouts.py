"""How files are written: what the command line says first, then the source's own settings, then the general ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsreminders.cli.context import Invocation
from smsreminders.errors import ConfigError, UsageError, did_you_mean

if TYPE_CHECKING:
    from smsreminders.config.sources import SourceSettings
    from smsreminders.importers.records import Layout


@dataclass(frozen=True, slots=True)
class Said:
    """What the command line says of how files are written."""

    mapping: Sequence[str] = ()
    words: Sequence[str] = ()
    time_format: str | None = None
    patient_pattern: str | None = None


def layout_of(run: Invocation, source: "SourceSettings | None", said: Said) -> "Layout":
    """Make the layout of files, of a source of the configuration or of none. Raises UsageError, ConfigError."""
    from smsreminders.domain.agenda.patient_patterns import read_patient_pattern
    from smsreminders.importers.records import Layout
    from smsreminders.importers.words import read_words

    settings = run.settings
    own = source.files if source else settings.imports
    time_format = own.time_format if said.time_format is None else said.time_format
    words = dict(_words_of(source)) if source else {}
    for field, meanings in read_words(said.words).items():
        words[field] = {**words.get(field, {}), **meanings}
    return Layout(
        zone=settings.schedule.zone,
        now=run.clock.now(),
        columns={**(own.columns if source else {}), **_columns(said.mapping)},
        usual=settings.imports.columns,
        time_format=None if time_format == "iso" else time_format,
        words=words,
        midnight=own.midnight,
        id_of_start=own.id_of_start,
        country=settings.schedule.region.country,
        patient_pattern=read_patient_pattern(said.patient_pattern) if said.patient_pattern else own.patient_pattern,
        horizon=own.horizon,
    )


def check_source(run: Invocation, source: "SourceSettings") -> None:
    """Refuse settings of a source that can't be, whatever its file has. Raises ConfigError."""
    from smsreminders.importers.formats import check_format
    from smsreminders.importers.records import Kind
    from smsreminders.importers.times import check_time_format
    from smsreminders.importers.wanted import wanted_columns

    layout = layout_of(run, source, Said())
    try:
        check_format(source.format_name)
        check_time_format(layout.time_format)
        wanted_columns(Kind(source.kind), layout)
    except UsageError as error:
        raise ConfigError(f'the source "{source.name}": {error}') from error


def source_named(run: Invocation, name: str) -> "SourceSettings":
    """Find a source of the configuration by its name. Raises UsageError that names the nearest."""
    known = run.settings.sources
    if name not in known:
        hint = f": {did_you_mean(name, known)}" if known else ""
        raise UsageError(f"say which FILE to import, or with --source which of [[sources]]{hint}")
    return known[name]


def _words_of(source: "SourceSettings") -> Mapping[str, Mapping[str, str]]:
    from smsreminders.importers.words import check_words

    try:
        return check_words(source.files.words)
    except UsageError as error:
        raise ConfigError(f'the source "{source.name}": words: {error}') from error


def _columns(mapping: Sequence[str]) -> dict[str, str]:
    columns = {}
    for word in mapping:
        field, separator, column = word.partition("=")
        if not (separator and field.strip() and column.strip()):
            raise UsageError(f'--map "{word}": write FIELD=COLUMN, like start=Begintijd')
        columns[field.strip()] = column.strip()
    return columns
