"""Consent (Akkoord): given, withdrawn, shown. Without it nothing is sent, ever."""

from datetime import datetime
from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practice_meant, practice_that_has, practices_meant
from smsreminders.cli.options import CsvOption, JsonOption, PatientArgument, PracticeOption, time_option
from smsreminders.domain.consent import How

app = typer.Typer(name="consent", help="The consent of patients (Akkoord).", no_args_is_help=True)

By = Annotated[str, typer.Option("--by", help="Who recorded it.")]
At = Annotated[datetime | None, time_option("--at", help="When the patient said so; now.")]
Wording = Annotated[str, typer.Option("--wording", help="Which wording or form the patient agreed to.")]


@app.command()
def give(
    context: typer.Context,
    patient: PatientArgument,
    *,
    how: Annotated[How, typer.Option("--how", help="In which way the patient told it.")],
    by: By = "",
    at: At = None,
    wording: Wording = "",
    practice: PracticeOption = None,
) -> None:
    """Record that a patient gives consent for SMS.

    Example: smsreminders consent give 1001 --how desk --by anna
    """
    _record(context, patient, practice, given=True, how=how, by=by, at=at, wording=wording)


@app.command()
def withdraw(
    context: typer.Context,
    patient: PatientArgument,
    *,
    how: Annotated[How, typer.Option("--how", help="In which way the patient told it.")] = How.DESK,
    by: By = "",
    at: At = None,
    practice: PracticeOption = None,
) -> None:
    """Record that a patient withdraws consent: from this moment on no SMS leaves.

    Example: smsreminders consent withdraw 1001 --how phone
    """
    _record(context, patient, practice, given=False, how=how, by=by, at=at, wording="")


@app.command()
def show(
    context: typer.Context,
    patient: PatientArgument,
    *,
    practice: PracticeOption = None,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Show all that a patient said, the word in force last.

    Example: smsreminders consent show 1001
    """
    from smsreminders.cli.show.consent import EVENT_COLUMNS, event_row
    from smsreminders.cli.show.output import show_list
    from smsreminders.store.patients import consent_history, patient_by_id, patients_among

    run = invocation(context)
    with run.database(read_only=True) as db:
        owner = practice_that_has(db, practice, lambda p: bool(patients_among(db, p.id, [patient])))
        events = consent_history(db, patient_by_id(db, owner.id, patient).id)
    rows = [event_row(event, run.settings.schedule.zone) for event in events]
    show_list(rows, EVENT_COLUMNS, as_json=as_json, as_csv=as_csv)


@app.command("list")
def list_consents(
    context: typer.Context,
    *,
    practice: PracticeOption = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only who was never asked or withdrew it.")] = False,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Show the consent in force of every patient.

    Example: smsreminders consent list --missing
    """
    from smsreminders.cli.show.consent import COLUMNS, consent_row
    from smsreminders.cli.show.output import show_list
    from smsreminders.domain.consent import Consent
    from smsreminders.store.patients import all_patients

    with invocation(context).database(read_only=True) as db:
        rows = [
            consent_row(owner, patient)
            for owner in practices_meant(db, practice)
            for patient in all_patients(db, owner.id)
            if not (missing and patient.consent is Consent.GIVEN)
        ]
    show_list(rows, COLUMNS, as_json=as_json, as_csv=as_csv)


def _record(
    context: typer.Context,
    source_id: str,
    practice: str | None,
    *,
    given: bool,
    how: How,
    by: str,
    at: datetime | None,
    wording: str,
) -> None:
    from smsreminders.cli.show.consent import consent_line
    from smsreminders.domain.consent import Consent, ConsentEvent
    from smsreminders.domain.local_time import to_utc
    from smsreminders.jobs.desk.consent import record_consent

    run = invocation(context)
    when = to_utc(at, run.settings.schedule.zone) if at else run.clock.now()
    event = ConsentEvent(given, when, how, by, wording)
    with run.database() as db:
        patient = record_consent(db, practice_meant(db, practice), source_id, event, clock=run.clock)
    if patient.consent is Consent.of(given):
        run.say(consent_line(patient, event))
    else:
        run.warn("recorded, but a later word of the patient stays in force: see `smsreminders consent show`")
