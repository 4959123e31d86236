"""The part of `dispatch` that sends a round to one phone."""

from typing import TYPE_CHECKING

import typer

from smsreminders.cli.context import Invocation, practices_meant
from smsreminders.cli.terms import terms_of
from smsreminders.errors import AdministratorNeeded, ExitCode, TryAgainLater

if TYPE_CHECKING:
    from smsreminders.cli.show.form import Form
    from smsreminders.jobs.round.one_phone import OnePhoneText


def rehearse_to(run: Invocation, number: str, practice: str | None, form: "Form") -> None:
    """Send each text of the round to one phone, and show what came of it; nothing is written down.

    Raises UsageError for a number that can't be texted or is a patient's, AdministratorNeeded and TryAgainLater as the
    gateways say.
    """
    from smsreminders.cli.show.one_phone import COLUMNS
    from smsreminders.cli.show.output import show_all
    from smsreminders.jobs.keep.trial import phone_of_nobody
    from smsreminders.jobs.round.dispatch import dry_run
    from smsreminders.jobs.round.one_phone import MOST, send_to_one_phone, texts_to_one_phone

    with run.database(read_only=True) as db:
        phone = phone_of_nobody(db, number, run.settings.schedule.region.country)
        result = dry_run(
            db, practices_meant(db, practice), accounts=run.accounts, terms=terms_of(run, db), clock=run.clock
        )
    texts = [*send_to_one_phone(texts_to_one_phone(result.plans, phone, clock=run.clock), run.accounts)]
    show_all(form.take(texts), COLUMNS, run.view(), form, say=run.say)
    if result.waiting > MOST:
        run.say(f"The round has {result.waiting} texts: the first {MOST} went to this phone.")
    for problem in result.problems:
        run.warn(str(problem))
    _end(texts, of=len(result.problems))


def _end(texts: "list[OnePhoneText]", *, of: int) -> None:
    """End with the exit code of the worst outcome. Raises what says what to do."""
    from smsreminders.domain.round.sending import Refused, Unavailable

    for text in texts:
        match text.outcome:
            case Refused(reason):
                raise AdministratorNeeded(f"the gateway refuses the account: {reason}")
            case Unavailable(reason):
                raise TryAgainLater(f"the gateway can't be reached: {reason}")
    if of or not all(text.is_accepted for text in texts):
        raise typer.Exit(ExitCode.PARTLY)
