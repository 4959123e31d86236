"""Consent (Akkoord): given, withdrawn, shown. Without it nothing is sent, ever."""

from datetime import datetime
from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practice_meant, practice_that_has, practices_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.options import PatientArgument, PracticeOption, time_option
from smsreminders.cli.show.form import Form
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
@listing
def show(context: typer.Context, patient: PatientArgument, *, form: Form, practice: PracticeOption = None) -> None:
    """Show all that a patient said, the word in force last.

    Example: smsreminders consent show 1001
    """
    from smsreminders.cli.show.consent import EVENTS
    from smsreminders.cli.show.output import show_all
    from smsreminders.store.patients import consent_history, patient_by_id, patients_among

    run = invocation(context)
    with run.database(read_only=True) as db:
        owner = practice_that_has(db, practice, lambda p: bool(patients_among(db, p.id, [patient])))
        events = form.take(consent_history(db, patient_by_id(db, owner.id, patient).id))
    show_all(events, EVENTS, run.view(), form, say=run.say)


@app.command("list")
@listing
def list_consents(
    context: typer.Context,
    *,
    form: Form,
    practice: PracticeOption = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only who was never asked or withdrew it.")] = False,
) -> None:
    """Show the consent in force of every patient.

    Example: smsreminders consent list --missing
    """
    from smsreminders.cli.show.consent import COLUMNS
    from smsreminders.cli.show.output import show_all
    from smsreminders.store.patients import all_patients, count_patients

    run = invocation(context)
    with run.database(read_only=True) as db:
        owners = practices_meant(db, practice)
        patients = (
            (owner, patient) for owner in owners for patient in all_patients(db, owner.id, without_consent=missing)
        )
        listed = form.take(
            patients, lambda: sum(count_patients(db, owner.id, without_consent=missing) for owner in owners)
        )
    show_all(listed, COLUMNS, run.view(), form, say=run.say)


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
    from smsreminders.cli.show.consent import consent_line, overruled_line
    from smsreminders.cli.show.stopped import still_stopped
    from smsreminders.domain.consent import Consent, ConsentEvent
    from smsreminders.domain.local_time import to_utc
    from smsreminders.domain.phone import e164_of
    from smsreminders.jobs.desk.consent import record_consent
    from smsreminders.jobs.desk.stopped import against
    from smsreminders.store.patients import patient_by_id

    run = invocation(context)
    when = to_utc(at, run.settings.schedule.zone) if at else run.clock.now()
    event = ConsentEvent(given, when, how, by, wording)
    with run.database() as db:
        owner = practice_meant(db, practice)
        before = patient_by_id(db, owner.id, source_id)
        patient = record_consent(db, owner, source_id, event, access=run.access, clock=run.clock)
        number = e164_of(patient.phone, run.settings.schedule.region.country)
        stop = against(db, owner.id, number)[0] if number else None
    if patient.consent is Consent.of(given):
        again = " That was so already; it is recorded once more." if before.consent is patient.consent else ""
        run.say(consent_line(patient, event) + again + (still_stopped(stop, run.view()) if stop and given else ""))
    else:
        run.warn(overruled_line(patient))
