"""The patients of a practice: added, shown, edited."""

from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practice_meant, practice_that_has, practices_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.options import JsonOption, PatientArgument, PracticeOption
from smsreminders.cli.show.form import Form
from smsreminders.cli.takes import takes
from smsreminders.domain.changes import PatientChange

app = typer.Typer(name="patient", help="The patients of a practice.", no_args_is_help=True)

CHANGE = {
    "name": typer.Option("--name", help="As the text calls the patient."),
    "phone": typer.Option("--phone", help="The number, as it is written."),
    "language": typer.Option("--language", help="The patient's own language, like nl or en."),
}
ShowNumbers = Annotated[bool, typer.Option("--show-numbers", help="Phone numbers in full.")]


@app.command()
@takes(PatientChange, CHANGE)
def add(
    context: typer.Context, patient: PatientArgument, *, change: PatientChange, practice: PracticeOption = None
) -> None:
    """Add a patient. Texts go out only after `smsreminders consent give`.

    Example: smsreminders patient add 1001 --name "J. de Vries" --phone 06-12345678
    """
    from smsreminders.cli.show.patient import number_note, patient_name
    from smsreminders.jobs.desk.patient import add_patient

    run = invocation(context)
    with run.database() as db:
        added = add_patient(db, practice_meant(db, practice), patient, change)
    run.say(f"Added {patient_name(added)}." + number_note(added, run.settings.schedule.region))


@app.command()
@takes(PatientChange, CHANGE)
def edit(
    context: typer.Context, patient: PatientArgument, *, change: PatientChange, practice: PracticeOption = None
) -> None:
    """Change what is given; the rest stays.

    Example: smsreminders patient edit 1001 --phone 06-87654321
    """
    from smsreminders.cli.show.columns import row
    from smsreminders.cli.show.edited import edited
    from smsreminders.cli.show.patient import PAGE, number_note, patient_name, shown_patient
    from smsreminders.jobs.desk.patient import edit_patient

    run = invocation(context)
    region = run.settings.schedule.region
    with run.database() as db:
        owner = practice_meant(db, practice)
        before, after = edit_patient(db, owner, patient, change)
    view = run.view(show_numbers=True)
    pages = [row(shown_patient(owner, state, region), PAGE, view) for state in (before, after)]
    run.say(edited(patient_name(after), *pages) + number_note(after, region))


@app.command("list")
@listing
def list_patients(
    context: typer.Context,
    *,
    form: Form,
    search: Annotated[
        str | None,
        typer.Option("--search", metavar="WORD", help="Only who has this id, or it in their name or number."),
    ] = None,
    practice: PracticeOption = None,
    show_numbers: ShowNumbers = False,
) -> None:
    """Show the patients with their consent, and why somebody can't be texted.

    Example: smsreminders patient list --search jansen
    """
    from smsreminders.cli.show.output import show_all
    from smsreminders.cli.show.patient import COLUMNS, is_meant, shown_patient
    from smsreminders.store.patients import all_patients, count_patients

    run = invocation(context)
    region = run.settings.schedule.region
    with run.database(read_only=True) as db:
        owners = practices_meant(db, practice)
        patients = (shown_patient(owner, patient, region) for owner in owners for patient in all_patients(db, owner.id))
        if search is not None:
            listed = form.take(shown for shown in patients if is_meant(shown, search))
        else:
            listed = form.take(patients, lambda: sum(count_patients(db, owner.id) for owner in owners))
    show_all(listed, COLUMNS, run.view(show_numbers=show_numbers), form, say=run.say)


@app.command()
def show(
    context: typer.Context,
    patient: PatientArgument,
    *,
    practice: PracticeOption = None,
    show_numbers: ShowNumbers = False,
    as_json: JsonOption = False,
) -> None:
    """Show a patient.

    Example: smsreminders patient show 1001
    """
    from smsreminders.cli.show.columns import row
    from smsreminders.cli.show.output import show_one
    from smsreminders.cli.show.patient import PAGE, shown_patient
    from smsreminders.store.patients import patient_by_id, patients_among

    run = invocation(context)
    with run.database(read_only=True) as db:
        owner = practice_that_has(db, practice, lambda p: bool(patients_among(db, p.id, [patient])))
        stored = patient_by_id(db, owner.id, patient)
    shown = shown_patient(owner, stored, run.settings.schedule.region)
    show_one(row(shown, PAGE, run.view(show_numbers=show_numbers)), as_json=as_json)
