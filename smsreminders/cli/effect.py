"""The part of `report` that sets no-shows side by side, by what patients got."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from smsreminders.cli.context import Invocation, practices_meant

if TYPE_CHECKING:
    from smsreminders.domain.bill.billing import Period

_YEAR = timedelta(days=365)


def show_effect(run: Invocation, period: "Period | None", practice: str | None, output_format: str) -> None:
    """Show how many didn't come, of the appointments of a month, or of the last year. Raises UsageError."""
    from smsreminders.cli.show.effect import COLUMNS, MEANS
    from smsreminders.cli.show.form import Form, Kind, form_of
    from smsreminders.cli.show.output import show_all
    from smsreminders.jobs.effect import effect_between

    forms = {"csv": Form(Kind.CSV), "csv-nl": Form(Kind.DUTCH_CSV), "json": Form(Kind.JSON)}
    form = forms.get(output_format) or form_of()
    start, end = _between(run, period)
    with run.database(read_only=True) as db:
        groups = effect_between(db, practices_meant(db, practice), start, end)
    show_all(form.take(groups), COLUMNS, run.view(), form, say=run.say)
    run.say(MEANS)


def _between(run: Invocation, period: "Period | None") -> tuple[datetime, datetime]:
    from smsreminders.domain.local_time import day_start

    now, zone = run.clock.now(), run.settings.schedule.zone
    return (day_start(period.first, zone), day_start(period.end, zone)) if period else (now - _YEAR, now)
