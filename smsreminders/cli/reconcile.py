"""After a backup was put back: what did the gateway send already."""

from pathlib import Path
from typing import Annotated

import typer

from smsreminders.cli.context import Invocation, invocation, practices_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.show.form import Form, Kind
from smsreminders.cli.terms import terms_of
from smsreminders.errors import UsageError


@listing
def reconcile(
    context: typer.Context,
    *,
    form: Form,
    by_hand: Annotated[
        bool, typer.Option("--by-hand", help="Don't ask: a person looked at what was sent, or at the clock.")
    ] = False,
    bill: Annotated[
        Path | None, typer.Option("--bill", metavar="FILE", readable=False, help="Take a closed month's CSV back.")
    ] = None,
    lost: Annotated[
        str | None,
        typer.Option(
            "--never-sent", metavar="YYYY-MM", help="That month's bill went to nobody: it may be closed anew."
        ),
    ] = None,
) -> None:
    """After a restore: ask what was sent, and take back what was billed.

    A database that was put back from a backup doesn't know what was sent since, so rounds are refused until this has
    asked the gateway. What it took already counts as sent. Import the agenda and the consents first. Listed are the
    appointments that count as told by a guess, for one was moved more often than this database knows: call them.
    --bill FILE closes a month again with the bytes of its CSV, which no other close can change; nothing on it is billed
    a second time. The oldest first, after `poll`.
    --by-hand is also for a clock that a round doesn't believe and that is right.

    Example: smsreminders reconcile
    """
    run = invocation(context)
    if sum([by_hand, bill is not None, lost is not None]) > 1:
        raise UsageError("--by-hand, --bill and --never-sent are said one at a time")
    if bill or lost:
        _months(run, bill, lost)
    else:
        _reminders(run, form, by_hand=by_hand)


def _reminders(run: Invocation, form: Form, *, by_hand: bool) -> None:
    """Ask which reminders were sent, or take a person's word that all is well; rounds are allowed again."""
    from functools import partial

    from smsreminders.cli.show.guessed import COLUMNS
    from smsreminders.cli.show.output import show_all
    from smsreminders.gateways.sandbox import forget
    from smsreminders.jobs.keep.access import anchor
    from smsreminders.jobs.keep.erase import erase_again
    from smsreminders.jobs.keep.reconcile import allow_runs, reconcile

    with run.run_lock() as lock, run.database() as db:
        if by_hand:
            known = allow_runs(db, lock, clock=run.clock)
        else:
            practices, terms = practices_meant(db, None), terms_of(run, db)
            result = reconcile(db, lock, practices, accounts=run.accounts, terms=terms, clock=run.clock)
        lacking = " The access log lacks the lines since the backup; its newest one says so."
        lacking = lacking if anchor(db, run.access) else ""
        erased, waiting = erase_again(
            db, access=run.access, forget=partial(forget, run.settings.database), clock=run.clock
        )
    if erased:
        run.say(f"Erased again who was erased after this backup: {erased}.")
    for patient in waiting:
        run.warn(
            f"patient {patient} was erased after this backup, and a text of theirs is under way in it: run "
            f"`smsreminders poll`, settle what stays uncertain, then `smsreminders patient erase {patient}`"
        )
    if by_hand:
        run.say("Rounds may run again." + lacking)
        if known:
            run.warn(
                f"what was sent after {known:%Y-%m-%d %H:%M} UTC is not known here: whom `smsreminders dispatch "
                "--dry-run` names is texted by the next round, perhaps for the second time"
            )
        return
    if result.not_asked:
        run.warn(
            f"{result.not_asked} could not be asked for: their patients' numbers can't be texted now; mend the numbers "
            "and run it again, or look for them by hand"
        )
    if result.guessed:
        run.warn(
            f"{len(result.guessed)} appointments count as told by a guess, for they were moved more often than this "
            "database knows: call their patients"
        )
    if result.guessed or form.kind is not Kind.TABLE:
        show_all(form.take(result.guessed), COLUMNS, run.view(), form, say=run.say)
    run.say(f"Asked for {result.asked} reminders; {result.taken} were sent already. Rounds may run again." + lacking)


def _months(run: Invocation, bill: Path | None, lost: str | None) -> None:
    """Take a closed month back from its CSV, or forget one whose bill went to nobody."""
    from smsreminders.cli.reading import read_month
    from smsreminders.cli.show.bill_formats import csv_of
    from smsreminders.jobs.bill.closed_csv import read_closed_csv
    from smsreminders.jobs.bill.take_back import never_sent, take_back

    closed = read_closed_csv(bill) if bill else None
    with run.run_lock(), run.database() as db:
        if closed is None:
            period = read_month(lost or "")
            never_sent(db, period)
            run.say(f"{period} may be closed anew.")
            return
        result = take_back(db, closed, terms=run.settings.billing, as_csv=csv_of, clock=run.clock)
    if untold := result.lines - result.known:
        run.warn(
            f"of {untold} of {result.lines} lines this database can't tell which texts they bill: no more of these "
            "practices, services and months is billed or corrected by itself (docs/billing.md)"
        )
    run.say(f"{result.period} is closed with the bytes of {bill}: nothing on it is billed again.")
