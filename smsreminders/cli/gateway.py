"""The gateways: what each can do, and a trial of the one that is configured."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from smsreminders.cli.context import Invocation, invocation, practice_meant
from smsreminders.cli.options import CsvOption, DryRunOption, JsonOption, PracticeOption

if TYPE_CHECKING:
    from smsreminders.domain.sending import Outcome, Outgoing

app = typer.Typer(name="gateway", help="The companies and modems that take our SMS.", no_args_is_help=True)

PARTLY = 3
COLUMNS = (
    *("name", "title", "keys", "sender_ids", "found_by", "asked_for", "repeats_for"),
    *("counts_segments", "tells_price", "tells_credit"),
)
_IN_A_TABLE = ("name", "title", "keys", "found_by", "asked_for", "counts_segments", "tells_price")


@app.command("list")
def list_gateways(*, as_json: JsonOption = False, as_csv: CsvOption = False) -> None:
    """Show what each gateway can do, and which keys it needs in [gateway].

    Example: smsreminders gateway list
    """
    from smsreminders.cli.show.output import show_list
    from smsreminders.gateways.by_name import features_of, names

    def row(name: str) -> dict[str, Any]:
        features = features_of(name)
        return {
            "name": name,
            "title": features.title,
            "keys": [key.name for key in features.keys],
            "sender_ids": features.sender_ids.words if features.sender_ids else "its own number",
            "found_by": "reference" if features.finds_by_reference else "number, text and time",
            "asked_for": _duration(features.kept.total_seconds()),
            "repeats_for": _duration(features.repeats_for.total_seconds()),
            "counts_segments": features.counts_segments,
            "tells_price": features.tells_price,
            "tells_credit": features.tells_credit,
        }

    show_list(map(row, names()), COLUMNS, table=_IN_A_TABLE, as_json=as_json, as_csv=as_csv)


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

    Example: smsreminders gateway test 0612345678
    """
    from smsreminders.cli.show.output import show_json, write
    from smsreminders.domain.phone import mask
    from smsreminders.domain.sending import Accepted, Uncertain
    from smsreminders.jobs.keep.trial import own_phone, trial
    from smsreminders.jobs.round.guard import check_sender

    run = invocation(context)
    gateway, clock = run.gateway(), run.clock
    with run.database(read_only=True) as db:
        owner = practice_meant(db, practice)
        phone = own_phone(db, number, run.settings.schedule.country)
    check_sender(owner, gateway.gateway.features)
    sms = trial(owner, phone, clock=clock)
    row: dict[str, Any] = {"gateway": gateway.name, "phone": mask(sms.phone), "sender_id": sms.sender_id}
    row |= {"text": sms.text, "reference": sms.reference, "status": "not-sent", "said": [], "gateway_id": None}
    if not dry_run:
        outcome = gateway.gateway.send(sms)
        row["status"] = type(outcome).__name__.lower()
        if isinstance(outcome, Accepted):
            row["gateway_id"] = outcome.gateway_id
            _talk(run, f"{gateway.name} accepted it as {outcome.gateway_id or sms.reference}", silent=as_json)
            if outcome.note:
                run.warn(outcome.note)
        if isinstance(outcome, Accepted | Uncertain):
            row |= _followed(run, sms, row["gateway_id"], status=row["status"], wait=wait, silent=as_json)
    if as_json:
        show_json(row)
    elif not run.quiet:
        write(f'{row["status"]}: "{sms.text}" from {sms.sender_id} to {row["phone"]}\n')
    if not dry_run:
        _end(run, outcome, row["status"])


def _followed(
    run: Invocation, sms: "Outgoing", gateway_id: str | None, *, status: str, wait: int, silent: bool
) -> dict[str, Any]:
    """What the gateway says of it; what it had said by then is kept when it can't be asked any more."""
    from smsreminders.domain.notifications import Status
    from smsreminders.errors import AdministratorNeeded, TryAgainLater
    from smsreminders.jobs.keep.trial import follow

    said = []
    try:
        for report in follow(run.gateway().gateway, sms, gateway_id, clock=run.clock, seconds=wait):
            said.append(report.raw)
            _talk(run, f'the gateway says "{report.raw}"', silent=silent)
            gateway_id = gateway_id or report.gateway_id
            if report.status is not None:
                status = report.status.value
            if report.status not in {None, Status.SENT}:
                break
    except (TryAgainLater, AdministratorNeeded) as error:
        run.warn(f"what became of it isn't known: {error}")
    return {"status": status, "said": said, "gateway_id": gateway_id}


def _talk(run: Invocation, line: str, *, silent: bool) -> None:
    if not silent:
        run.say(line)


def _end(run: Invocation, outcome: "Outcome", status: str) -> None:
    """The exit code of what came of it. Raises what says what to do."""
    from smsreminders.domain.sending import Refused, Rejected, Unavailable, Uncertain
    from smsreminders.errors import AdministratorNeeded, TryAgainLater

    if isinstance(outcome, Refused):
        raise AdministratorNeeded(f"the gateway refuses the account: {outcome.reason}")
    if isinstance(outcome, Unavailable):
        raise TryAgainLater(f"the gateway can't be reached: {outcome.reason}")
    if isinstance(outcome, Rejected):
        run.warn(f"the gateway rejects it: {outcome.reason}")
    if isinstance(outcome, Uncertain) and status == "uncertain":
        run.warn(f"perhaps it was sent: {outcome.reason}")
    if status != "delivered":
        raise typer.Exit(PARTLY)


def _duration(seconds: float) -> str:
    """As the configuration writes it: "48h", "30d"; empty for none."""
    hours = round(seconds / 3600)
    return "" if not hours else f"{hours // 24}d" if hours % 24 == 0 and hours > 72 else f"{hours}h"
