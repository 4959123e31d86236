"""The gateways: what each can do, and a trial of the one that is configured."""

from typing import TYPE_CHECKING, Annotated

import typer

from smsreminders.cli.context import Invocation, invocation, practice_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.options import DryRunOption, JsonOption, PracticeOption
from smsreminders.cli.show.form import Form
from smsreminders.errors import ExitCode

if TYPE_CHECKING:
    from smsreminders.jobs.keep.trial import TrialResult

app = typer.Typer(name="gateway", help="The companies and modems that take our SMS.", no_args_is_help=True)


@app.command("list")
@listing
def list_gateways(context: typer.Context, *, form: Form) -> None:
    """Show what each gateway can do, and which keys it needs in [gateway].

    Example: smsreminders gateway list
    """
    from smsreminders.cli.show.columns import View
    from smsreminders.cli.show.gateway import COLUMNS
    from smsreminders.cli.show.output import show_all
    from smsreminders.gateways.by_name import features_of, names

    gateways = form.take((name, features_of(name)) for name in names())
    show_all(gateways, COLUMNS, View(), form, say=invocation(context).say)


@app.command("test")
def send_trial(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The practice's own mobile phone.")],
    *,
    practice: PracticeOption = None,
    wait: Annotated[int, typer.Option("--wait", min=0, metavar="SECONDS", help="For the delivery report.")] = 120,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Send one text to the practice's own phone, and follow it to its delivery report.

    It costs what the gateway asks for it, and is never billed. Not to a patient who gave no consent.

    Example: smsreminders gateway test 0612345670
    """
    from smsreminders.cli.show.columns import row
    from smsreminders.cli.show.gateway import TRIAL, trial_line
    from smsreminders.cli.show.output import show_json, write_lines
    from smsreminders.jobs.keep.trial import TrialResult, own_phone, run_trial, trial
    from smsreminders.jobs.round.practice_guard import check_sender

    run = invocation(context)
    clock = run.clock
    with run.database(read_only=True) as db:
        owner = practice_meant(db, practice)
        phone = own_phone(db, number, run.settings.schedule.region.country)
    account = run.accounts.of(owner).open()
    check_sender(owner, account.gateway.features)
    sms, say = trial(owner, phone, clock=clock), run.say if not as_json else _say_nothing
    result = (
        TrialResult(str(account.name), sms) if dry_run else run_trial(account, sms, clock=clock, seconds=wait, say=say)
    )
    if as_json:
        show_json(row(result, TRIAL, run.view()))
    elif not run.quiet:
        write_lines([trial_line(result, run.view())])
    if not dry_run:
        _end(run, result)


def _say_nothing(_line: str) -> None:
    """Keep silent where the data says it all."""


def _end(run: Invocation, result: "TrialResult") -> None:
    """Warn of what went otherwise than it should and end with its exit code. Raises what says what to do."""
    from smsreminders.domain.round.sending import Accepted, Refused, Rejected, Unavailable, Uncertain
    from smsreminders.errors import AdministratorNeeded, TryAgainLater

    match result.outcome:
        case Refused(reason):
            raise AdministratorNeeded(f"the gateway refuses the account: {reason}")
        case Unavailable(reason):
            raise TryAgainLater(f"the gateway can't be reached: {reason}")
        case Rejected(reason):
            run.warn(f"the gateway rejects it: {reason}")
        case Accepted(note=note) if note:
            run.warn(note)
    if result.unanswered:
        run.warn(f"what became of it isn't known: {result.unanswered}")
    if isinstance(result.outcome, Uncertain) and result.status == "uncertain":
        run.warn(f"perhaps it was sent: {result.outcome.reason}")
    if result.status != "delivered":
        raise typer.Exit(ExitCode.PARTLY)
