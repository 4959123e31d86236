"""The block of a source as TOML, to be pasted into the configuration: each line with what it is taken from."""

import glob
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from smsreminders.importers.records import Kind

if TYPE_CHECKING:
    from smsreminders.importers.trial.found import Finding, Found

_DATED = re.compile(r"\d[\d_.\-T]{4,}\d")  # the day in a file's name, or the day and the time
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def block_lines(found: "Found", file: Path, *, file_format: str, practice: str | None) -> Iterator[str]:
    """Write the lines of a block; what isn't sure stands behind a #, for a person to decide."""
    name = file.name if file.is_dir() else file.stem
    yield "[[sources]]"
    kind = f"-{found.kind}" if file_format == "fhir" or file.suffix.lower() in (".json", ".ndjson") else ""
    yield _line("name", (_DATED.sub("", name).strip(" -_.") or "agenda") + kind)
    yield _line("kind", found.kind.value)
    pattern = _pattern(file)
    newest = (
        "the newest file of these" if "*" in pattern else "or a pattern such as agenda*.csv, of which the newest counts"
    )
    yield _line("path", pattern, newest if not file.is_dir() else "the folder")
    if any(line.key == "patient_pattern" for line in found.settings):
        yield '# url = "https://host/agenda.ics"  # in place of path, if it is a feed'
    if file_format != "auto":
        yield _line("format", file_format)
    if found.changes_only and file.is_dir():
        yield "# move = true  # only if its files are ours: those that were read go to done/, bad ones to bad/"
    yield _line("practice", practice) if practice else '# practice = "CODE"  # where there is more than one'
    shares = {} if practice else found.shares
    if shares:
        yield f"# {_line('practice_column', found.share_column, 'in place of practice, if it tells whose each row is')}"
    if found.kind is Kind.APPOINTMENTS and not found.changes_only:
        yield '# complete = "14d"  # only if the file has every appointment from now on for so long'
    yield from map(_of, found.settings)
    if found.columns:
        yield "[sources.columns]"
        yield from map(_of, found.columns)
    for field, words in found.words.items():
        yield f"[sources.words.{field}]"
        yield from map(_of, words)
    if shares:
        yield '# [sources.practices]  # with practice_column: the code of each; "" for rows to leave out'
        yield from (f"# {_line(text, '', f'rows: {rows}')}" for text, rows in shares.items())


def toml_text(text: str) -> str:
    """Write a text as a string of TOML, one with backslashes as it is where it can stand so."""
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    letters = (_ESCAPES.get(letter) or (letter if letter.isprintable() else f"\\U{ord(letter):08X}") for letter in text)
    return f'"{"".join(letters)}"'


def _of(finding: "Finding") -> str:
    line = _line(finding.key, finding.value, finding.why)
    return line if finding.sure else f"# {line}"


def _line(key: str, value: str, why: str = "") -> str:
    comment = f"  # {''.join(letter if letter.isprintable() else ' ' for letter in why)}" if why else ""
    return f"{key if _BARE.fullmatch(key) else toml_text(key)} = {toml_text(value)}{comment}"


def _pattern(file: Path) -> str:
    """Write the path of a file as the pattern of its successors: a `*` where its name has a day."""
    folder = glob.escape(str(file.absolute().parent))
    if file.is_dir():
        return f"{folder}/{glob.escape(file.name)}"
    return f"{folder}/{_DATED.sub('*', glob.escape(file.stem))}{glob.escape(file.suffix)}"
