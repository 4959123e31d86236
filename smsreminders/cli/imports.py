"""Import of files: good rows kept, all bad rows told in one go."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smsreminders.cli.context import Invocation, invocation, practice_meant
from smsreminders.cli.options import DryRunOption, JsonOption, PracticeOption
from smsreminders.errors import ExitCode, UsageError
from smsreminders.importers.records import Kind

if TYPE_CHECKING:
    from smsreminders.importers.records import Layout, Record, RowError
    from smsreminders.jobs.agenda.import_files import Complete, ImportResult

_FIRST_IDS = 5  # so many of the patients that a note is about are named


def import_command(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", readable=False, help="The files: all of them or none.")
    ],
    *,
    kind: Annotated[Kind, typer.Option("--kind", help="What the rows are.")],
    file_format: Annotated[str, typer.Option("--format", help="auto goes by the file's ending; csv.")] = "auto",
    mapping: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="The file's own name of a column.")
    ] = None,
    time_format: Annotated[
        str | None, typer.Option("--time-format", help="iso, or a pattern such as %d-%m-%Y %H:%M.")
    ] = None,
    complete: Annotated[
        str | None, typer.Option(metavar="FROM..TO", help="The file has all appointments of these days: cancel others.")
    ] = None,
    practice: PracticeOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --complete: cancel what is gone, however many.")] = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Import files of a practice.

    Good rows are kept, all bad ones are told (exit code 3). The same file again changes nothing.

    Columns: patients patient_id,name,phone,language,consent; consents patient_id,consent,at,how,by,wording;
    appointments appointment_id,patient_id,start,end,status,location,practitioner, and also
    patient_name,phone,language,consent. Other names: --map start=Begintijd, or --map start=Datum+Tijd for two columns.

    Example: smsreminders import agenda.csv --kind appointments --time-format "%d-%m-%Y %H:%M"
    """
    from smsreminders.cli.show.output import show_json, show_one
    from smsreminders.jobs.agenda.records import Change

    run = invocation(context)
    if complete and kind is not Kind.APPOINTMENTS:
        raise UsageError("--complete is for appointments")
    layout = _layout(run, mapping or [], time_format)
    whole = _complete(run, complete, yes=yes) if complete else None
    show = _show_records if dry_run and as_json else None
    results = _import(run, files, kind, layout, file_format, practice, whole, dry_run=dry_run, show=show)
    counts: dict[str, int] = {"read": 0, **{change.value: 0 for change in Change}, "rejected": 0}
    for file, result in zip(files, results, strict=True):
        _warn(run, str(file), result.errors)
        _tell_unaddressed(run, str(file), result.unaddressed)
        counts["read"] += result.read
        counts["rejected"] += len(result.errors)
        for change, count in result.changes.items():
            counts[change.value] += count
    if as_json and not dry_run:
        show_json(counts)
    elif not as_json and not run.quiet:
        show_one(({"dry_run": "nothing was imported"} if dry_run else {}) | counts)
    if counts["rejected"]:
        raise typer.Exit(ExitCode.PARTLY)


def _import(
    run: Invocation,
    files: Sequence[Path],
    kind: Kind,
    layout: "Layout",
    file_format: str,
    practice: str | None,
    whole: "Complete | None",
    *,
    dry_run: bool,
    show: "Callable[[Iterable[Record]], None] | None",
) -> "list[ImportResult]":
    from smsreminders.importers.formats import read_file
    from smsreminders.jobs.agenda.import_files import BadFile, Source, import_files

    sources = [
        Source(file.name, read_file(file, kind, layout, format_name=file_format), _content(file), layout.columns)
        for file in files
    ]
    with run.database() as db:
        owner = practice_meant(db, practice)
        now = run.clock.now()
        try:
            return import_files(db, owner.id, kind, sources, now=now, complete=whole, dry_run=dry_run, show=show)
        except BadFile as refused:
            _warn(run, refused.file, refused.errors)
            raise


def _content(file: Path) -> str:
    """Compute the SHA-256 of a file; empty for what can be read only once."""
    if not file.is_file():
        return ""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _warn(run: Invocation, file: str, errors: Sequence["RowError"]) -> None:
    for error in errors:
        run.warn(f"{file}, {error.place}, {error.field}: {error.reason}")


def _tell_unaddressed(run: Invocation, file: str, patients: Mapping[str, Sequence[str]]) -> None:
    for problem, ids in patients.items():
        more = f" and {len(ids) - _FIRST_IDS} more" if len(ids) > _FIRST_IDS else ""
        run.say(
            f"Note: {file}: a name holds {problem}, so the text leaves it out: {', '.join(ids[:_FIRST_IDS])}{more}."
        )


def _layout(run: Invocation, mapping: Sequence[str], time_format: str | None) -> "Layout":
    from smsreminders.importers.records import Layout

    columns = {}
    for word in mapping:
        field, separator, column = word.partition("=")
        if not (separator and field.strip() and column.strip()):
            raise UsageError(f'--map "{word}": write FIELD=COLUMN, like start=Begintijd')
        columns[field.strip()] = column.strip()
    settings = run.settings
    return Layout(
        zone=settings.schedule.zone,
        now=run.clock.now(),
        columns=columns,
        usual=settings.imports.columns,
        time_format=None if time_format == "iso" else time_format or settings.imports.time_format,
    )


def _complete(run: Invocation, text: str, *, yes: bool) -> "Complete":
    from smsreminders.cli.reading import read_day
    from smsreminders.jobs.agenda.import_files import Complete

    first, separator, last = text.partition("..")
    if not separator:
        raise UsageError(f'--complete "{text}": write two dates, like 2026-11-24..2026-12-31')
    days = Complete(read_day(first, run.today), read_day(last, run.today), run.settings.schedule.zone, yes)
    if days.last < days.first:
        raise UsageError(f'--complete "{text}": the first day is after the last')
    return days


def _show_records(records: Iterable["Record"]) -> None:
    """Show what was understood, a record a line."""
    from smsreminders.cli.show.output import json_text, write

    for record in records:
        write(json_text(_record(record)) + "\n")


def _record(record: "Record") -> dict[str, Any]:
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
            "status": record.booking,
            "location": record.location,
            "practitioner": record.practitioner,
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
