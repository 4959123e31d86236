"""Import of files: good rows kept, all bad rows told in one go."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smsreminders.cli.context import Invocation, invocation, practice_meant
from smsreminders.cli.feeds import Given, files_of
from smsreminders.cli.options import DryRunOption, JsonOption, PracticeOption
from smsreminders.errors import ExitCode, UsageError
from smsreminders.importers.records import Kind

if TYPE_CHECKING:
    from smsreminders.importers.records import Layout, Reading, Record, RowError
    from smsreminders.jobs.agenda.import_files import Complete, ImportResult, Source


def import_command(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", readable=False, help="The files: all of them or none. Left out: the feed."),
    ] = None,
    *,
    kind: Annotated[Kind | None, typer.Option("--kind", help="What the rows are.")] = None,
    trial: Annotated[
        bool, typer.Option("--try", help="Show what a file seems to be, and the [[sources]] block; write nothing.")
    ] = False,
    initials: Annotated[bool, typer.Option("--initials", help="With --try: shorten the names of its rows.")] = False,
    file_format: Annotated[
        str, typer.Option("--format", help="auto goes by ending or first bytes; csv, xlsx, ics, fhir, hl7.")
    ] = "auto",
    mapping: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="The file's own name of a column.")
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Option(
            "--word", metavar="FIELD:WORD=MEANING", help="A word of the file's own: status:Wachtlijst=ignore."
        ),
    ] = None,
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Where the files come from.")] = "by hand",
    time_format: Annotated[
        str | None, typer.Option("--time-format", help="iso, or a pattern such as %d-%m-%Y %H:%M.")
    ] = None,
    patient_pattern: Annotated[
        str | None, typer.Option("--patient-pattern", metavar="REGEX", help="Finds (?P<patient>...) in a calendar.")
    ] = None,
    complete: Annotated[
        str | None, typer.Option(metavar="FROM..TO", help="The file has all appointments of these days: cancel others.")
    ] = None,
    move: Annotated[
        bool, typer.Option("--move", help="The folders are ours: move their HL7 files to done/, bad ones to bad/.")
    ] = False,
    practice: PracticeOption = None,
    sure: Annotated[
        bool, typer.Option("--sure", help="Take a file that was refused for what it changed since the last one.")
    ] = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Import files of a practice. With --try: show what a file seems to be, for a person to look at; writes nothing.

    Good rows are kept, all bad ones are told (exit code 3): what is unclear holds its appointment, and nobody is texted
    from it. Only what a source says otherwise than the last time changes anything.

    Columns: patients patient_id,name,phone,language,consent; consents patient_id,consent,at,how,by,wording;
    appointments appointment_id,patient_id,start,end,status,location,practitioner,type, and also
    patient_name,phone,language,consent. Other names: --map start=Begintijd, or --map start=Datum+Tijd for two columns.

    Example: smsreminders import agenda.csv --kind appointments --time-format "%d-%m-%Y %H:%M"
    """
    from smsreminders.cli.show.imported import counts, result_lines, show_records
    from smsreminders.cli.show.output import show_json, show_one

    run = invocation(context)
    if trial:
        from smsreminders.cli.import_try import Asked, try_files

        run.use_usual_settings()
        layout = _layout(run, mapping or [], words or [], time_format, patient_pattern=patient_pattern)
        try_files(run, files or [], layout, Asked(kind, file_format, practice, initials, as_json))
        return
    kind = _checked(kind, files, complete=complete, move=move)
    layout = _layout(run, mapping or [], words or [], time_format, patient_pattern=patient_pattern)
    whole = _complete(run, complete) if complete else None
    show = show_records if dry_run and as_json else None
    with nullcontext(Given(files, practice)) if files else files_of(run, source, practice) as given:
        wanted = _Wanted(given.files, file_format, layout, source, sure=sure, dry_run=dry_run)
        results = _import(run, wanted, kind, given.practice, whole, show=show) if given.files else []
        if not dry_run and not any(result.errors for result in results):
            given.imported()
    for file, result in zip(map(str, files) if files else [source], results, strict=False):
        _warn(run, file, result.errors)
        for line in result_lines(file, result):
            run.say(line)
    if move and not dry_run:
        _move(wanted)
    counted = counts(results)
    if as_json and not dry_run:
        show_json(counted)
    elif not as_json and not run.quiet:
        show_one(({"dry_run": "nothing was imported"} if dry_run else {}) | counted)
    if counted["rejected"] or counted["unclear"]:
        raise typer.Exit(ExitCode.PARTLY)


def _checked(kind: Kind | None, files: Sequence[Path] | None, *, complete: str | None, move: bool) -> Kind:
    """Check which options go together, and that the kind is said."""
    if kind is None:
        raise UsageError("say with --kind what the rows are: appointments, patients or consents; --try finds it out")
    if complete and kind is not Kind.APPOINTMENTS:
        raise UsageError("--complete is for appointments")
    if move and not (files and all(file.is_dir() for file in files)):
        raise UsageError("--move is for folders of HL7 files")
    return kind


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked of an import: the files, how they are written, where they come from, and what a person says."""

    files: Sequence[Path]
    file_format: str
    layout: "Layout"
    source: str
    sure: bool
    dry_run: bool
    readings: "list[Reading]" = field(default_factory=list)  # as they are begun


def _import(
    run: Invocation,
    wanted: _Wanted,
    kind: Kind,
    practice: str | None,
    whole: "Complete | None",
    *,
    show: "Callable[[Iterable[Record]], None] | None",
) -> "list[ImportResult]":
    from smsreminders.jobs.agenda.import_files import BadFile, Order, import_files

    with run.database() as db:
        order = Order(practice_meant(db, practice).id, kind, wanted.source, whole, wanted.sure, wanted.dry_run)
        try:
            return import_files(db, order, _sources(wanted, kind), now=run.clock.now(), show=show)
        except BadFile as refused:
            _warn(run, refused.file, refused.errors)
            raise


def _sources(wanted: _Wanted, kind: Kind) -> "Iterator[Source]":
    from smsreminders.importers.formats import read_file
    from smsreminders.jobs.agenda.import_files import Source

    for file in wanted.files:
        reading = read_file(file, kind, wanted.layout, format_name=wanted.file_format)
        wanted.readings.append(reading)
        named = wanted.layout.columns, reading.fields, reading.unused
        yield Source(
            file.name,
            reading,
            _content(file),
            *named,
            left_out=reading.left_out,
            whole=reading.whole,
            changes_only=reading.changes_only,
            written=datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.is_file() else None,
        )


def _move(wanted: _Wanted) -> None:
    """Move what was read of folders."""
    from smsreminders.importers.folders import move_read

    for reading in wanted.readings:
        move_read(reading.parts)


def _content(file: Path) -> str:
    """Compute the SHA-256 of a file; empty for what can be read only once."""
    if not file.is_file():
        return ""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _warn(run: Invocation, file: str, errors: Sequence["RowError"]) -> None:
    from smsreminders.cli.show.imported import cause_line, trouble_lines

    for line in trouble_lines(file, errors):
        run.warn(line)
    if cause := cause_line(file, errors):
        run.warn(cause)


def _layout(
    run: Invocation,
    mapping: Sequence[str],
    words: Sequence[str],
    time_format: str | None,
    *,
    patient_pattern: str | None,
) -> "Layout":
    from smsreminders.domain.patient_patterns import read_patient_pattern
    from smsreminders.importers.records import Layout
    from smsreminders.importers.words import read_words

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
        words=read_words(words),
        midnight=settings.imports.midnight,
        id_of_start=settings.imports.id_of_start,
        country=settings.schedule.region.country,
        patient_pattern=read_patient_pattern(patient_pattern) if patient_pattern else settings.imports.patient_pattern,
        horizon=settings.imports.horizon,
    )


def _complete(run: Invocation, text: str) -> "Complete":
    from smsreminders.cli.reading import read_day
    from smsreminders.jobs.agenda.import_files import Complete

    first, separator, last = text.partition("..")
    if not separator:
        raise UsageError(f'--complete "{text}": write two dates, like 2026-11-24..2026-12-31')
    days = Complete(read_day(first, run.today), read_day(last, run.today), run.settings.schedule.zone)
    if days.last < days.first:
        raise UsageError(f'--complete "{text}": the first day is after the last')
    return days
