"""Sources: where an import comes from again and again, as `[[sources]]` of the configuration names them."""

import glob
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from smsreminders.config.files import OF_A_SOURCE, ImportSettings, read_files, read_words
from smsreminders.config.secret import check_mode
from smsreminders.config.table import Table

KINDS = ("appointments", "patients", "consents")
_BY_HAND = "by hand"  # what an import is called that names no source
_LONGEST_WAIT = timedelta(days=60)
_LONGEST_WINDOW = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """A source by its name: the pattern of its file or the address of its feed, and what stands in it.

    The address is as good as a secret. The practice is one by its code (None: the only one there is), or each row's
    own by the text of its `practice_column`: `practices` has the code of each text. `complete` says for how long from
    now on the file has every appointment (None: it tells changes only), `late_after` how old the newest file may be,
    the hours of closed days not counted. `move` says that the files of a folder are ours to move.
    """

    name: str
    files: ImportSettings
    path: str = ""
    url: str = field(default="", repr=False)
    kind: str = "appointments"
    format_name: str = "auto"
    practice: str | None = None
    practice_column: str = ""
    practices: Mapping[str, str] = field(default_factory=dict)
    complete: timedelta | None = None
    late_after: timedelta = timedelta(hours=36)
    move: bool = False


def read_sources(top: Table, home: str) -> Mapping[str, SourceSettings]:
    """Read the sources by their names; `~` in a path is this home. Raises ConfigError."""
    sources: dict[str, SourceSettings] = {}
    for own in top.tables("sources"):
        table = own.over(top.table("import"), OF_A_SOURCE)
        name = table.text("name", "")
        if not name.strip() or name in sources or name == _BY_HAND:
            raise table.wrong("name", f'each source has a name of its own, and "{name}" is none')
        sources[name] = _read(table, name, home)
    return sources


def _read(table: Table, name: str, home: str) -> SourceSettings:
    path, url = table.text("path", ""), table.text("url", "")
    if bool(path.strip()) == bool(url):
        both = "a source has one of them, path or url" if url else f'where is the file of "{name}"?'
        raise table.wrong("path", f'{both} Write path = "/srv/export/agenda*.csv", or url = "https://host/agenda.ics"')
    if url:
        check_mode(table)
    practice, column = table.text("practice", ""), table.text("practice_column", "")
    practices = table.table("practices").texts()
    if url and column:
        raise table.wrong("practice_column", "a calendar has no columns: name its practice")
    if bool(column) != bool(practices) or (practice and column):
        raise table.wrong(
            "practice",
            'write practice = "CODE"; or practice_column = "the column that tells it" and below the other keys '
            '[sources.practices] with "its text" = "CODE"',
        )
    settings = SourceSettings(
        name,
        read_files(table, read_words(table.table("words"))),
        path=_absolute(table, path, home) if path else "",
        url=url,
        kind=table.choice("kind", KINDS, "appointments"),
        format_name=table.text("format", "auto"),
        practice=practice or None,
        practice_column=column.strip(),
        practices=practices,
        complete=_complete(table),
        late_after=table.duration("late_after", "36h", longest=_LONGEST_WAIT),
        move=table.boolean("move", default=False),
    )
    if settings.complete and settings.kind != "appointments":
        raise table.wrong("complete", f"of {settings.kind} no file is complete: what it lacks stays as it is")
    if settings.complete and settings.format_name == "hl7":
        raise table.wrong("complete", "HL7 messages tell changes, so no file of them is complete")
    table.nothing_else()
    return settings


def _absolute(table: Table, path: str, home: str) -> str:
    """Make the pattern of a path absolute: relative to the configuration, or to the home of who runs the program."""
    if path.startswith("~"):
        if not (path.startswith("~/") and home):
            raise table.wrong("path", f"{path}: whose home is that? Write the whole path, from / on")
        return f"{glob.escape(home)}{path[1:]}"
    return path if path.startswith("/") else f"{glob.escape(str(_folder(table)))}/{path}"


def _folder(table: Table) -> Path:
    return table.path.absolute().parent


def _complete(table: Table) -> timedelta | None:
    if not table.has_any(("complete",)):
        return None
    window = table.duration("complete", "", longest=_LONGEST_WINDOW)
    if window < timedelta(days=1) or window % timedelta(days=1):
        raise table.wrong("complete", 'write whole days, like "14d": for so long the file has every appointment')
    return window
