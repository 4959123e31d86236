"""The import as it is shown: the counts, what is told of bad rows, and what was understood, a record a line."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from smsreminders.errors import ExitCode

if TYPE_CHECKING:
    from smsreminders.importers.records import Record, RowError
    from smsreminders.jobs.agenda.import_files import ImportResult
    from smsreminders.jobs.agenda.orders import PartResult
    from smsreminders.jobs.agenda.troubles import Group

_FIRST_IDS = 5  # so many of the patients that a note is about are named
_FIRST_GONE = 20  # and so many appointments that were cancelled, or in which a change was undone
_FIRST_PLACES = 5
_FIRST_WORDS = 3
_FIRST_COLUMNS = 10
_MANY = 3  # errors: of fewer each speaks for itself
_OF_FIELDS = {"starts_at": "start", "ends_at": "end"}


def counts(results: "Sequence[ImportResult]") -> dict[str, int]:
    """Count what the files of an import did together: the keys of `import --json`."""
    from smsreminders.jobs.agenda.tally import Change

    changes = {change.value: sum(result.changes[change] for result in results) for change in Change}
    return {
        "read": sum(result.read for result in results),
        **changes,
        "unclear": sum(result.unclear for result in results),
        "rejected": sum(result.rejected for result in results),
        "patients_changed": sum(result.tally.patients_changed for result in results),
        "consents_changed": sum(result.tally.consents_changed for result in results),
    }


def part_name(part: "PartResult") -> str:
    """Name what a source had for a practice: `agenda (linde)`."""
    return f"{part.source} ({part.practice})" if part.practice else part.source


def file_name(part: "PartResult") -> str:
    """Name the file that a source had: a feed has none but that of its source."""
    return part.file.rpartition("/")[2] if part.file.startswith("/") else part.source


def part_row(part: "PartResult", code: int) -> dict[str, object]:
    """Give what came of a source for a practice the keys of `import --all --json`."""
    failed = "later" if code == ExitCode.TRY_AGAIN else "failed"
    outcome = failed if part.error else "as-it-was" if part.is_as_it_was else "imported"
    return {
        "source": part.source,
        "practice": part.practice or None,
        "file": part.file or None,
        "outcome": outcome,
        "error": str(part.error) if part.error else None,
        "exit_code": int(code),
        **counts([part.result] if part.result else []),
        "of_no_practice": sum(part.strangers.values()),
    }


def part_line(part: "PartResult", *, dry_run: bool) -> str:
    """Say in one line what came of a source for a practice."""
    if part.result is None:
        return f"{part_name(part)}: as it was when it was imported  {part.file}"
    shown = [f"{count} {word}" for word, count in counts([part.result]).items() if count or word == "read"]
    return f"{part_name(part)}: {'would be ' * dry_run}{'  '.join(shown)}  {part.file}"


def trouble_lines(file: str, errors: "Iterable[RowError]") -> Iterator[str]:
    """Tell of bad rows, those with the same trouble together: where, what stands there if it is no name, and why."""
    from smsreminders.jobs.agenda.troubles import grouped

    for group in grouped(errors):
        word = "".join(f'"{word}" ' for word in group.words[:1]) if len(group.words) == 1 else ""
        if len(group.places) == 1:
            yield f"{file}, {group.places[0]}, {group.field}: {word}{group.reason}"
        else:
            yield f"{file}, {_places(group)}, {group.field}: {word}{group.reason}{_words(group)}"


def cause_line(file: str, errors: "Sequence[RowError]") -> str | None:
    """Name what is likely behind many errors of a file; None for few, or where nothing is known."""
    from smsreminders.jobs.agenda.troubles import known_cause

    cause = known_cause(errors) if len(errors) >= _MANY else None
    return cause and f"{file}: {cause}"


def result_lines(file: str, result: "ImportResult") -> Iterator[str]:
    """Tell what a person should hear of a good file: what was undone, cancelled, held back or left out of a text."""
    tally = result.tally
    if tally.undone:
        undone = _some([f"{id_} ({_OF_FIELDS.get(field, field)})" for id_, field in tally.undone], _FIRST_GONE)
        yield f"Note: {file} goes over what was changed here since its last import: {undone}."
    if result.let_in:
        yield f"Note: {file} was let in, though {'; '.join(alarm.says for alarm in result.let_in)}."
    yield from _lacking_lines(file, result)
    if result.out_of_series:
        yield (
            f"Note: {file}: these are no longer in their series, so they were cancelled: "
            f"{_some(result.out_of_series, _FIRST_GONE)}."
        )
    if tally.held_back:
        yield (
            f"Note: {file}: held back: a yes without a time doesn't undo a withdrawal by a person: "
            f"{_some(tally.held_back, _FIRST_IDS)}; if they want texts again, run `smsreminders consent give ID`."
        )
    if tally.reused:
        yield (
            f"Note: {file}: both the name and the number of these are wholly others, so each may be another patient "
            f"now, and isn't texted: {_some(tally.reused, _FIRST_IDS)}; if they agreed to texts, "
            "run `smsreminders consent give ID`."
        )
    if result.partial:
        yield f"Note: {file}: {result.partial}."
    if result.lacking:
        yield (
            f"Note: {file}: no column was read as {' or '.join(result.lacking)}, without which nobody is texted: name "
            f"the file's own with {' '.join(f'--map {field}=COLUMN' for field in result.lacking)}; "
            f"not used: {_some(result.unused, _FIRST_COLUMNS)}."
        )
    for line in trouble_lines(file, result.notes):
        yield f"Note: {line}; the rest of the row counts."
    for problem, ids in tally.unaddressed.items():
        yield f"Note: {file}: a name holds {problem}, so the text leaves it out: {_some(ids, _FIRST_IDS)}."


def _lacking_lines(file: str, result: "ImportResult") -> Iterator[str]:
    if result.missing:
        yield (
            f"Note: {file} is complete and lacks these, so nobody is texted of them, and the next night's file without "
            f"them cancels them: {_some(result.missing, _FIRST_GONE)}; if one stands, run "
            "`smsreminders appointment confirm ID`."
        )
    if result.gone:
        yield f"Note: {file} is complete and lacks these, which were cancelled: {_some(result.gone, _FIRST_GONE)}."
    if result.incomplete:
        yield f"Note: {result.incomplete}: nothing that it lacks is missing or cancelled."


def _some(ids: Sequence[str], first: int) -> str:
    more = f" and {len(ids) - first} more" if len(ids) > first else ""
    return ", ".join(ids[:first]) + more


def _places(group: "Group") -> str:
    return f"{len(group.places)} rows ({_some(group.places, _FIRST_PLACES)})"


def _words(group: "Group") -> str:
    if len(group.words) < 2:
        return ""
    return ": " + _some([f'"{word}"' for word in group.words], _FIRST_WORDS)


def show_records(records: Iterable["Record"]) -> None:
    """Show what was understood, a record a line."""
    from smsreminders.cli.show.output import json_text, write

    for record in records:
        write(json_text(record_row(record)) + "\n")


def record_row(record: "Record") -> dict[str, Any]:
    """Give what a record says, by key."""
    from smsreminders.importers.records import AppointmentRecord, ConsentRecord

    if isinstance(record, AppointmentRecord):
        return {
            "source_id": record.source_id,
            "patient": record.patient.source_id,
            "patient_name": record.patient.name,
            "phone": record.patient.phone,
            "language": record.patient.language,
            "consent": record.patient.consent,
            "starts_at": record.starts_at,
            "ends_at": record.ends_at,
            "status": record.booking or "booked",
            "outcome": record.outcome,
            "location": record.location,
            "practitioner": record.practitioner,
            "type": record.type,
            "place": record.place,
        }
    if isinstance(record, ConsentRecord):
        return {
            "source_id": record.source_id,
            "consent": record.given,
            "at": record.at,
            "how": record.how,
            "by": record.by,
            "wording": record.wording,
            "place": record.place,
        }
    return {
        "source_id": record.source_id,
        "name": record.name,
        "phone": record.phone,
        "language": record.language,
        "consent": record.consent,
        "place": record.place,
    }
