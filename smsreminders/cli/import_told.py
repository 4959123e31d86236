"""What is told of an import: its bad rows, what a person should hear of a good one, and rows of no practice."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from smsreminders.cli.context import Invocation

if TYPE_CHECKING:
    from smsreminders.importers.records import RowError
    from smsreminders.jobs.agenda.import_files import ImportResult

_FEW = 10  # texts in the column that tells whose a row is: of more it is another column, of names perhaps
_FIRST = 3
_FEW_DIGITS = 4


def warn_of_rows(run: Invocation, file: str, errors: "Sequence[RowError]") -> None:
    """Warn of the bad rows of a file, those with the same trouble together, and of what is likely behind them."""
    from smsreminders.cli.show.imported import cause_line, trouble_lines

    for line in trouble_lines(file, errors):
        run.warn(line)
    if cause := cause_line(file, errors):
        run.warn(cause)


def tell_result(run: Invocation, file: str, result: "ImportResult") -> None:
    """Tell what a person should hear of a file that was imported."""
    from smsreminders.cli.show.imported import result_lines

    warn_of_rows(run, file, result.errors)
    for line in result_lines(file, result):
        run.say(line)


def tell_languages(run: Invocation, *, dry_run: bool) -> None:
    """Say of which languages of patients there is no text, and which one they get; not of what was only tried."""
    if dry_run or run.quiet:
        return
    from smsreminders.jobs.keep.languages import without_text
    from smsreminders.store.practices import all_practices

    with run.database(read_only=True) as db:
        for practice in all_practices(db):
            for trouble in without_text(db, practice, run.settings.rules_of(practice.code).wording):
                run.say(f"{trouble} (write one under [messages.appointment-reminder])")


def warn_of_strangers(run: Invocation, source: str, strangers: Mapping[str, int]) -> None:
    """Warn of rows that are of no practice by the column that tells whose they are: they were left out."""
    if not strangers:
        return
    rows = sum(strangers.values())
    counted = f"{rows} rows are" if rows > 1 else "1 row is"
    shown = [text for text in strangers if sum(map(str.isdigit, text)) < _FEW_DIGITS]
    if len(strangers) > _FEW or not shown:
        run.warn(
            f"{source}: {counted} of no practice, with {len(strangers)} other texts in practice_column, and left out: "
            "look whether it is the right column"
        )
        return
    first = ", ".join(f'"{text}" ({strangers[text]})' for text in sorted(shown, key=strangers.__getitem__)[-_FIRST:])
    run.warn(
        f"{source}: {counted} of no practice and left out: {first}: name them in [sources.practices], "
        'or write "" for a practice of none'
    )
