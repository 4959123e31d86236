"""Entries of a FHIR file: each resource with its place, of a Bundle, of a line (NDJSON), or the only one of the file.

Lines are read one at a time; a file that is one JSON text is held as a whole. So the size of a text is bounded, and so
is its depth.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from smsreminders.domain.agenda.nesting import check_nesting
from smsreminders.errors import InputFileError
from smsreminders.importers.records import RowError, Trouble
from smsreminders.importers.resources.elements import Element
from smsreminders.importers.text import TextFile, find_text

LONGEST = 64 * 2**20  # characters of one JSON text: a Bundle of some 40,000 appointments
_MATCH = "match"
_FAILED = {"error", "fatal"}


class Entry(NamedTuple):
    """A resource with its place; or the name of one that the record has removed, such as Appointment/123."""

    place: str
    resource: Element
    full_url: str = ""
    removed: str = ""


def read_entries(path: Path) -> Iterator[Entry | RowError]:
    """Give the entries of a file in their order; what is no resource, and that the file isn't all, is a row error.

    Raises InputFileError where the file can't be used as a whole.
    """
    pages = _Pages()
    for place, resources in read_texts(path):
        if isinstance(resources, str):
            yield RowError(place, "JSON", resources)
            continue
        for number, resource in enumerate(resources, 1):
            words = [place] if place else []
            yield from _entries(resource, [*words, f"entry {number}"] if len(resources) > 1 else words, pages)
    if reason := pages.lacking():
        yield RowError("the end of the file", "Bundle", reason, trouble=Trouble.PARTIAL)


def read_texts(path: Path) -> Iterator[tuple[str, list[Element] | str]]:
    """Give the JSON texts of a file: its lines, with their place, if the first is a text by itself, else the whole.

    A line that is none is told why. Raises InputFileError where the file can't be used as a whole.
    """
    text = find_text(path)
    lines = ((number, line) for number, line in enumerate(_lines(text), 1) if line.strip())
    number, first = next(lines)
    parsed = _parsed(first)
    if isinstance(parsed, str) and text.path.suffix.lower() != ".ndjson":
        parsed = _parsed(_joined(text.path, first, lines))
        if isinstance(parsed, str):
            raise InputFileError(f"{text.path}: the file is {parsed}")
        yield "", parsed
        return
    yield f"line {number}", parsed
    for number, line in lines:
        yield f"line {number}", _parsed(line)


def _lines(text: TextFile) -> Iterator[str]:
    for line in text.lines(LONGEST):
        if len(line) == LONGEST:
            raise _too_long(text.path)
        yield line


def _joined(path: Path, first: str, lines: Iterator[tuple[int, str]]) -> str:
    parts, length = [first], len(first)
    for _, line in lines:
        parts.append(line)
        length += len(line)
        if length > LONGEST:
            raise _too_long(path)
    return "".join(parts)


def _too_long(path: Path) -> InputFileError:
    return InputFileError(f"{path}: longer than {LONGEST:,} characters without an end: export it as pages or as NDJSON")


def _parsed(text: str) -> list[Element] | str:
    """Parse a JSON text into its resources: one, or those of a list; else say why it can't be used."""
    try:
        check_nesting(text)
        value = json.loads(text.rstrip())
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in error.doc else ""
        return f"no JSON, or cut off: {error.msg} ({line}column {error.colno})"
    except ValueError as error:  # nested too deep, or a number of thousands of digits
        return f"no JSON that can be read: {error}"
    return [Element(item) for item in value] if isinstance(value, list) else [Element(value)]


@dataclass(slots=True)
class _Pages:
    """The Bundles of a file as pages of one search: how many there should be, how many there are, whether more come."""

    total: int = 0
    matches: int = 0
    more: bool = False
    failed: bool = False

    def add(self, bundle: Element) -> None:
        """Count a page. Where no entry says that it is a match, those of the first one's type are."""
        self.total = max(self.total, bundle.number("total") or 0)
        self.more = any(link.text("relation") == "next" for link in bundle.each("link"))
        entries = list(bundle.each("entry"))
        modes = [entry.at("search").text("mode") for entry in entries]
        types = [entry.at("resource").text("resourceType") for entry in entries]
        self.matches += modes.count(_MATCH) if _MATCH in modes else types.count(types[0]) if types else 0

    def lacking(self) -> str | None:
        """Tell that the file isn't all; None if it may be."""
        if self.failed:
            return "the record answered with an error too (OperationOutcome), so the file may not be all there is"
        if self.total > self.matches:
            return f"the record has {self.total}, the file only {self.matches} of them: fetch all pages"
        return "the record has a next page: fetch all pages into one file, one a line" if self.more else None


def _entries(resource: Element, place: list[str], pages: _Pages) -> Iterator[Entry | RowError]:
    """Give the entries of a resource that is a Bundle, else itself."""
    kind = resource.text("resourceType")
    if kind == "OperationOutcome":
        pages.failed |= any(issue.text("severity") in _FAILED for issue in resource.each("issue"))
    if kind != "Bundle":
        yield _entry(resource, place)
        return
    pages.add(resource)
    for number, entry in enumerate(resource.each("entry"), 1):
        within, request = [*place, f"entry {number}"], entry.at("request")
        inner = entry.at("resource")
        if inner.text("resourceType") == "Bundle":
            yield from _entries(inner, within, pages)
        elif not inner.value and request.text("method") == "DELETE":
            yield Entry(", ".join(within), inner, removed=request.text("url"))
        elif inner.value or not entry.at("response").value:  # an answer to a write has no resource
            yield _entry(inner, within, entry.text("fullUrl"))


def _entry(resource: Element, place: list[str], full_url: str = "") -> Entry | RowError:
    where = ", ".join(place) or "the file"
    if not resource.text("resourceType"):
        return RowError(where, "resourceType", "is missing: this is no FHIR resource")
    return Entry(where, resource, full_url)
