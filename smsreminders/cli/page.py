"""The command `page`: one page to look at."""

from collections.abc import Collection
from dataclasses import replace
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smsreminders.cli.context import invocation, practices_meant
from smsreminders.cli.options import PracticeOption, ShowNumbersOption
from smsreminders.cli.terms import terms_of

if TYPE_CHECKING:
    from smsreminders.domain.bill.billing import Period


def page(
    context: typer.Context,
    *,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="The file, which is replaced whole.")],
    practice: PracticeOption = None,
    show_numbers: ShowNumbersOption = False,
) -> None:
    """Write one page to look at: today's round, whom to call, tomorrow, the last 30 days, the bill so far, all SMS.

    The file holds all that it needs and asks for nothing elsewhere. Its owner alone may read it. Where there are very
    many SMS, those of earlier months stand in files beside it, each written again only when something in it changed.
    With --show-numbers it is logged who made it, of whom.

    Example: smsreminders page --output page.html
    """
    from smsreminders.cli.files import replace_file
    from smsreminders.cli.show.page import mark_of, month_html, month_mark, page_html
    from smsreminders.cli.show.page_parts import Link
    from smsreminders.jobs.page import page_content, standing_of, texts_of

    run = invocation(context)
    view, zone, rehearsal = run.view(show_numbers=show_numbers), run.settings.schedule.zone, run.rehearsal
    with run.looking(in_full=show_numbers) as looking:
        db = looking.db
        practices = practices_meant(db, practice)
        content = page_content(
            db,
            practices,
            accounts=run.accounts,
            terms=terms_of(run, db),
            money=run.settings.billing,
            rehearsal=rehearsal,
            clock=run.clock,
        )
        looking.seen((call.practice.code, call.due.patient) for call in content.calls)
        looking.seen((text.practice, text.patient) for text in content.texts)
        for month in content.months:
            beside, standing = _beside(output, month), standing_of(db, practices, month, zone)
            mark = month_mark(standing, content, view, output.name, is_rehearsal=rehearsal)
            if mark_of(beside) == mark:
                continue  # nothing in it would be another
            of_month = replace(content, texts=texts_of(db, practices, month, zone))
            looking.seen((text.practice, text.patient) for text in of_month.texts)
            back = [Link(output.name, str(month))]
            replace_file(beside, month_html(of_month, view, back, is_rehearsal=rehearsal, mark=mark))
    links = [Link(_beside(output, month).name, str(month)) for month in content.months]
    replace_file(output, page_html(content, view, links, is_rehearsal=rehearsal))
    _take_old_months_away(output, {link.file for link in links})
    run.say(f"The page stands in {output}.")


def _take_old_months_away(output: Path, current: Collection[str]) -> None:
    """Take away the files of months whose texts stand on the page again, or are no longer its practices'."""
    from smsreminders.cli.show.page import mark_of

    of_a_month = f"{escape(output.stem)}-[0-9][0-9][0-9][0-9]-[0-9][0-9]{escape(output.suffix)}"
    for file in sorted(output.parent.glob(of_a_month)):
        if file.name not in current and mark_of(file):
            file.unlink()


def _beside(output: Path, month: "Period") -> Path:
    """Name the file of a month's texts: page-2026-10.html beside page.html."""
    return output.with_name(f"{output.stem}-{month}{output.suffix}")
