"""Import of files: good rows kept, all bad rows told in one go."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smsreminders.cli.context import Invocation, invocation
from smsreminders.cli.import_by_hand import ByHand, import_by_hand
from smsreminders.cli.import_sources import Asked, run_all, run_one
from smsreminders.cli.layouts import Said, layout_of, source_named
from smsreminders.cli.options import DryRunOption, JsonOption, PracticeOption
from smsreminders.errors import UsageError
from smsreminders.importers.records import Kind

if TYPE_CHECKING:
    from smsreminders.jobs.agenda.import_files import Complete

_BY_HAND = "by hand"


def import_command(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE...", readable=False, help="The files: all of them or none. Left out: the newest of --source."
        ),
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every source of the configuration, each for itself.")] = False,
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
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Where the files come from.")] = _BY_HAND,
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

    What comes every night stands in the configuration as [[sources]]: --all imports each of them for itself, --source
    NAME one alone, or a FILE by its columns, words and kind.

    Example: smsreminders import agenda.csv --kind appointments --time-format "%d-%m-%Y %H:%M"
    """
    run = invocation(context)
    said = Said(tuple(mapping or ()), tuple(words or ()), time_format, patient_pattern)
    if trial:
        from smsreminders.cli import import_try

        run.use_usual_settings()
        tried = import_try.Asked(kind, file_format, practice, initials, as_json)
        import_try.try_files(run, files or [], layout_of(run, None, said), tried)
        return
    asked = Asked(practice, said, kind, file_format, sure, dry_run)
    if every:
        if files or source != _BY_HAND or move or complete or asked != Asked(practice, dry_run=dry_run):
            raise UsageError(
                "--all imports every source as it is configured: only --practice, --dry-run, --json go by it"
            )
        run_all(run, asked, as_json=as_json)
        return
    configured = run.settings.sources.get(source)
    kind = kind or (Kind(configured.kind) if configured else None)
    if move and not (files and all(file.is_dir() for file in files)):
        raise UsageError("--move is for folders of HL7 files")
    if complete and (kind is not Kind.APPOINTMENTS or not files):
        raise UsageError("--complete is for appointments, in files that are named")
    if not files:
        run_one(run, source_named(run, source), asked, as_json=as_json)
        return
    if kind is None:
        raise UsageError(
            "say with --kind what the rows are: appointments, patients or consents; --try finds it out, "
            "and --source NAME knows it if it is one of [[sources]]"
        )
    whole = _complete(run, complete) if complete else None
    by_hand = ByHand(files, source, configured, kind, whole, move)
    import_by_hand(run, by_hand, asked, as_json=as_json)


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
