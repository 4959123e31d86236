"""The import of sources of the configuration: each for itself, and how it is told."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from smsreminders.cli.context import Invocation
from smsreminders.cli.endings import ending, worst
from smsreminders.cli.import_told import tell_languages, tell_result, warn_of_rows, warn_of_strangers
from smsreminders.cli.layouts import Said, check_source, layout_of
from smsreminders.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from smsreminders.config.sources import SourceSettings
    from smsreminders.importers.records import Kind
    from smsreminders.jobs.agenda.orders import PartResult, SourceOrder
    from smsreminders.jobs.agenda.sources import Show

_NOTHING = Said()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks of each source: for one practice only, how it is written, and what a person says."""

    practice: str | None = None
    said: Said = _NOTHING
    kind: "Kind | None" = None
    format_name: str = "auto"
    sure: bool = False
    dry_run: bool = False


def run_all(run: Invocation, asked: Asked, *, as_json: bool) -> None:
    """Import every source of the configuration, each for itself; ends with the exit code of the worst."""
    from smsreminders.cli.show.imported import part_line, part_row
    from smsreminders.cli.show.output import show_json, write_wrapped

    sources = [source for source in run.settings.sources.values() if is_asked(source, asked.practice)]
    if not sources:
        run.say("There is no source to import: write [[sources]] in the configuration (docs/importing.md).")
    parts: list[PartResult] = []
    for part in _run(run, sources, asked):
        parts.append(part)
        _tell(run, part)
        if not (as_json or run.quiet or part.error):
            write_wrapped([part_line(part, dry_run=asked.dry_run)])
    tell_languages(run, dry_run=asked.dry_run)
    if as_json:
        show_json([part_row(part, _code(part)) for part in parts])
    _end(parts)


def run_one(run: Invocation, source: "SourceSettings", asked: Asked, *, as_json: bool) -> None:
    """Import one source of the configuration; ends with the exit code of its worst part."""
    from smsreminders.cli.show.imported import counts, show_records
    from smsreminders.cli.show.output import show_json, show_one

    if not is_asked(source, asked.practice):
        raise UsageError(f'the source "{source.name}" has nothing of the practice "{asked.practice}"')
    parts = []
    show = show_records if asked.dry_run and as_json else None
    for part in _run(run, [source], asked, show=show):
        if part.is_as_it_was:
            run.say(f"{part.file[:1].upper()}{part.file[1:]} is as it was when it was imported.")
        parts.append(part)
        _tell(run, part)
    counted = counts([part.result for part in parts if part.result])
    if any(part.error is None for part in parts):
        if as_json and not asked.dry_run:
            show_json(counted)
        elif not as_json and not run.quiet:
            show_one(({"dry_run": "nothing was imported"} if asked.dry_run else {}) | counted)
    _end(parts)


def order_of(run: Invocation, source: "SourceSettings", asked: Asked) -> "SourceOrder":
    """Make of a source's settings, and of what the command line says instead, what is asked of the job.

    Raises ConfigError, UsageError.
    """
    from smsreminders.importers.records import Kind
    from smsreminders.importers.wanted import wanted_columns
    from smsreminders.jobs.agenda.orders import SourceOrder

    check_source(run, source)
    kind, layout = asked.kind or Kind(source.kind), layout_of(run, source, asked.said)
    wanted_columns(kind, layout)
    return SourceOrder(
        source.name,
        kind,
        layout,
        pattern=source.path,
        url=source.url,
        format_name=source.format_name if asked.format_name == "auto" else asked.format_name,
        practice=source.practice or "",
        column=source.practice_column,
        texts=source.practices,
        only=asked.practice or "",
        complete=source.complete,
        late_after=source.late_after,
        move=source.move,
        sure=asked.sure,
        dry_run=asked.dry_run,
    )


def is_asked(source: "SourceSettings", practice: str | None) -> bool:
    """Whether a source may have something of the practice that is asked for."""
    of = {source.practice} if source.practice else set(source.practices.values())
    return practice is None or not of or practice in of


def _run(
    run: Invocation, sources: "Sequence[SourceSettings]", asked: Asked, *, show: "Show | None" = None
) -> "Iterator[PartResult]":
    """Run sources one after the other; what stops one is its result. A bug is told when all of them had their turn."""
    from smsreminders.jobs.agenda.orders import PartResult
    from smsreminders.jobs.agenda.sources import run_source
    from smsreminders.store.agenda.import_lock import import_lock

    bugs = []
    with (
        run.database(read_only=asked.dry_run),
        nullcontext() if asked.dry_run else import_lock(run.settings.database),
    ):
        for source in sources:
            try:
                with run.database() as db:
                    yield from run_source(db, order_of(run, source, asked), clock=run.clock, show=show)
            except Exception as error:  # noqa: BLE001  # whatever it is, the next source is another
                if ending(error)[0] is ExitCode.BUG:
                    bugs.append(error)
                else:
                    yield PartResult(source.name, error=error)
    for bug in bugs:
        raise bug


def _tell(run: Invocation, part: "PartResult") -> None:
    """Tell what a person should hear of a part, and why it failed."""
    from smsreminders.cli.show.imported import file_name, part_name
    from smsreminders.jobs.agenda.import_files import BadFile

    name = part_name(part)
    if isinstance(part.error, BadFile):
        warn_of_rows(run, part.error.file, part.error.errors)
    if part.error:
        run.warn(f"{name}: {ending(part.error)[1]}")
    if part.result:
        tell_result(run, file_name(part), part.result)
    warn_of_strangers(run, name, part.strangers)


def _code(part: "PartResult") -> ExitCode:
    if part.error:
        return ending(part.error)[0]
    result = part.result
    partly = part.strangers or (result and (result.unclear or result.rejected or result.tally.reused))
    return ExitCode.PARTLY if partly else ExitCode.OK


def _end(parts: "Sequence[PartResult]") -> None:
    code = worst([ExitCode.OK, *map(_code, parts)])
    if code:
        raise typer.Exit(code)
