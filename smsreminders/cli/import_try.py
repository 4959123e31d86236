"""`import --try`: what a file seems to be, ten rows as understood, and the `[[sources]]` block to paste."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from smsreminders.cli.context import Invocation
from smsreminders.errors import ExitCode, UsageError
from smsreminders.importers.records import Kind

if TYPE_CHECKING:
    from smsreminders.cli.show.trial import Trial
    from smsreminders.importers.records import Layout


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a trial: the kind and format where a person says them, whose file it is, how to show it."""

    kind: Kind | None
    file_format: str
    practice: str | None
    initials: bool
    as_json: bool


def try_files(run: Invocation, files: Sequence[Path], layout: "Layout", asked: Asked) -> None:
    """Show what files seem to be. Writes nothing, and needs no database."""
    from smsreminders.cli.show.output import show_json, write_lines
    from smsreminders.cli.show.trial import as_json, block_of, said, told

    if not files:
        raise UsageError("say which FILE to try, as in: smsreminders import --try agenda.csv")
    trials = [trial for file in files for trial in _trials(run, file, layout, asked)]
    view = run.view()
    if asked.as_json:
        show_json([as_json(trial) for trial in trials])
    for number, trial in enumerate(trials):
        for line in [] if asked.as_json else said(trial, view):
            run.say(line)
        for line in told(trial):
            run.warn(line)
        if not asked.as_json:
            write_lines(["", *block_of(trial)] if number else block_of(trial))
    run.say("Nothing was written. Paste the block into the configuration, then `smsreminders import --all --dry-run`.")
    if any(trial.is_unsure for trial in trials):
        raise typer.Exit(ExitCode.PARTLY)


def _trials(run: Invocation, file: Path, layout: "Layout", asked: Asked) -> "list[Trial]":
    from smsreminders.cli.show.trial import Trial
    from smsreminders.importers.formats import known_format
    from smsreminders.importers.trial.files import try_file
    from smsreminders.jobs.agenda.trial import understand

    now = run.clock.now()
    trials = []
    named = known_format(file, asked.file_format) if file.is_dir() else asked.file_format
    for found in try_file(file, asked.kind, layout, format_name=asked.file_format):
        read = None
        if found.layout:
            read = understand(file, found.kind, found.layout, format_name=asked.file_format, now=now)
        trials.append(Trial(file, found, read, named, asked.practice, asked.initials))
    return trials
