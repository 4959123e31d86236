"""The days on which a practice works or doesn't, against the calendar: `practice days`."""

from datetime import date
from typing import Annotated

import typer

from smsreminders.cli.context import invocation
from smsreminders.cli.options import JsonOption, PracticeArgument, date_option

Days = list[date] | None
Words = list[str] | None


def days(
    context: typer.Context,
    code: PracticeArgument,
    *,
    closed_on: Annotated[Days, date_option("--closed-on", help="Closed then.")] = None,
    open_on: Annotated[Days, date_option("--open-on", help="Open then.")] = None,
    open_on_holiday: Annotated[
        Words, typer.Option(metavar="NAME", help="Works on this public holiday, every year.")
    ] = None,
    forget: Annotated[
        Words, typer.Option(metavar="DATE|NAME", help="Take back what was said of this day or holiday.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say on which days a practice works, against the calendar; then show them. Each option may stand several times.

    Example: smsreminders practice days linde --closed-on 2026-12-24 --open-on-holiday "Goede vrijdag"
    """
    from smsreminders.cli.reading import is_named_day, read_day
    from smsreminders.cli.show.output import show_one
    from smsreminders.cli.show.practice import days_page, practice_name
    from smsreminders.domain.round.workdays import check_holiday_name
    from smsreminders.jobs.desk.practice import DaysChange, set_days

    run = invocation(context)
    schedule, year = run.settings.schedule, run.clock.now().year

    def holidays(names: list[str]) -> list[str]:
        return [check_holiday_name(name, schedule.region, year) for name in names]

    dates = [word for word in forget or [] if word[:1].isdigit() or is_named_day(word)]
    change = DaysChange(
        closed_on=closed_on or [],
        open_on=open_on or [],
        open_on_holidays=holidays(open_on_holiday or []),
        forget_days=[read_day(word, run.today) for word in dates],
        forget_holidays=holidays([word for word in forget or [] if word not in dates]),
    )
    with run.database() as db:
        practice, own_days = set_days(db, code, change)
    if change != DaysChange([], [], [], [], []):
        run.say(f"Changed the days of {practice_name(practice)}.")
    show_one(days_page(own_days), as_json=as_json)
