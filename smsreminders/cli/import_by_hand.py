"""The import of files that a person names: all of them or none, for a practice or for each that shares them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from smsreminders.cli.context import Invocation, practice_meant
from smsreminders.cli.endings import worst
from smsreminders.cli.import_sources import Asked, order_of
from smsreminders.cli.import_told import tell_languages, tell_result, warn_of_rows, warn_of_strangers
from smsreminders.cli.layouts import layout_of
from smsreminders.errors import ExitCode, InputFileError, SmsremindersError

if TYPE_CHECKING:
    from smsreminders.config.sources import SourceSettings
    from smsreminders.domain.practices import Practice
    from smsreminders.importers.records import Kind, Layout, Reading
    from smsreminders.jobs.agenda.import_files import Complete, ImportResult, Source
    from smsreminders.store.database import Database


@dataclass(frozen=True, slots=True)
class ByHand:
    """The files that a person names, as what source, of what kind, and whether they are complete or to be moved.

    `configured` are the settings of a source of that name, whose columns, words and practices hold for its files.
    """

    files: Sequence[Path]
    source: str
    configured: "SourceSettings | None"
    kind: "Kind"
    complete: "Complete | None"
    move: bool


def import_by_hand(run: Invocation, by_hand: ByHand, asked: Asked, *, as_json: bool) -> None:
    """Import files for each practice whose they are; ends with the exit code of the worst part."""
    from smsreminders.cli.show.imported import counts
    from smsreminders.cli.show.output import show_json, show_one
    from smsreminders.store.agenda.import_lock import import_lock

    _check_files(by_hand)
    results: list[ImportResult] = []
    codes, strangers = [ExitCode.OK], Counter[str]()
    with run.database() as db, nullcontext() if asked.dry_run else import_lock(run.settings.database):
        shares = _shares(run, db, by_hand, asked)
        for practice, layout in shares.items():
            readings: list[Reading] = []
            try:
                done = _import(run, db, by_hand, asked, practice, layout, readings, records=as_json and asked.dry_run)
            except SmsremindersError as error:
                if len(shares) == 1:
                    raise
                run.warn(f"{practice.code}: {error}")
                codes.append(error.exit_code)
                continue
            for file, result in zip(map(str, by_hand.files), done, strict=True):
                tell_result(run, file if len(shares) == 1 else f"{file} ({practice.code})", result)
            if by_hand.move and not asked.dry_run:
                _move(readings)
            results += done
            strangers = strangers or sum((Counter(reading.strangers) for reading in readings), Counter[str]())
    warn_of_strangers(run, by_hand.source, strangers)
    tell_languages(run, dry_run=asked.dry_run)
    counted = counts(results)
    if as_json and not asked.dry_run:
        show_json(counted)
    elif not as_json and not run.quiet:
        show_one(({"dry_run": "nothing was imported"} if asked.dry_run else {}) | counted)
    if counted["rejected"] or counted["unclear"] or strangers or any(result.tally.reused for result in results):
        codes.append(ExitCode.PARTLY)
    if code := worst(codes):
        raise typer.Exit(code)


def _check_files(by_hand: ByHand) -> None:
    """Refuse a name that no file has: of a person's own it is a slip of the pen, and no export that was refused."""
    from smsreminders.jobs.agenda.import_files import BY_HAND

    for path in by_hand.files if by_hand.source == BY_HAND else ():
        if not path.exists():
            raise InputFileError(f"{path}: No such file or directory")


def _shares(run: Invocation, db: "Database", by_hand: ByHand, asked: Asked) -> "Mapping[Practice, Layout]":
    """Find the practices whose the files are, each with the layout by which its rows are read."""
    source = by_hand.configured
    if source is None or not source.practice_column:
        practice = asked.practice or (source.practice if source else None)
        return {practice_meant(db, practice): layout_of(run, source, asked.said)}
    order = order_of(run, source, asked)
    return {
        practice_meant(db, code): order.layout_for(code, complete=by_hand.complete is not None)
        for code in order.codes()
    }


def _import(
    run: Invocation,
    db: "Database",
    by_hand: ByHand,
    asked: Asked,
    practice: "Practice",
    layout: "Layout",
    readings: "list[Reading]",
    *,
    records: bool,
) -> "list[ImportResult]":
    from smsreminders.cli.show.imported import show_records
    from smsreminders.jobs.agenda.import_files import BadFile, Order, import_files

    order = Order(practice.id, by_hand.kind, by_hand.source, by_hand.complete, asked.sure, asked.dry_run)
    try:
        files = _files(by_hand, layout, _format(by_hand, asked), readings)
        return import_files(db, order, files, now=run.clock.now(), show=show_records if records else None)
    except BadFile as refused:
        warn_of_rows(run, refused.file, refused.errors)
        raise


def _format(by_hand: ByHand, asked: Asked) -> str:
    """Choose the format: that of the command line, else the source's own."""
    return by_hand.configured.format_name if by_hand.configured and asked.format_name == "auto" else asked.format_name


def _files(by_hand: ByHand, layout: "Layout", format_name: str, readings: "list[Reading]") -> "Iterator[Source]":
    """Begin to read the files, one after the other; each reading joins the others when it is begun."""
    from smsreminders.jobs.agenda.reading import begin_reading

    for path in by_hand.files:
        file, reading = begin_reading(path, by_hand.kind, layout, format_name=format_name)
        readings.append(reading)
        yield file


def _move(readings: "Sequence[Reading]") -> None:
    """Move what was read of folders."""
    from smsreminders.importers.folders import move_read

    for reading in readings:
        move_read(reading.parts)
