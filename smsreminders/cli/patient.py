"""The patients of a practice: added, shown, edited."""

from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practice_meant, practice_that_has, practices_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.options import (
    DryRunOption,
    FileOption,
    JsonOption,
    PatientArgument,
    PracticeOption,
    ShowNumbersOption,
)
from smsreminders.cli.show.form import Form
from smsreminders.cli.takes import takes
from smsreminders.domain.changes import PatientChange

app = typer.Typer(name="patient", help="The patients of a practice.", no_args_is_help=True)

CHANGE = {
    "name": typer.Option("--name", help="As the text calls the patient."),
    "phone": typer.Option("--phone", help="The number, as it is written."),
    "language": typer.Option("--language", help="The patient's own language, like nl or en."),
}


@app.command()
@takes(PatientChange, CHANGE)
def add(
    context: typer.Context, patient: PatientArgument, *, change: PatientChange, practice: PracticeOption = None
) -> None:
    """Add a patient. Texts go out only after `smsreminders consent give`.

    Example: smsreminders patient add 1001 --name "J. de Vries" --phone 06-12345678
    """
    from smsreminders.cli.show.patient import number_note, patient_name, shown_patient
    from smsreminders.jobs.desk.patient import add_patient
    from smsreminders.jobs.desk.stopped import barred_numbers

    run = invocation(context)
    region = run.settings.schedule.region
    with run.database() as db:
        owner = practice_meant(db, practice)
        added = add_patient(db, owner, patient, change, access=run.access)
        note = number_note(shown_patient(owner, added, region, barred_numbers(db, owner)), region)
    run.say(f"Added {patient_name(added)}." + note)


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
    from smsreminders.jobs.desk.stopped import barred_numbers

    run = invocation(context)
    region = run.settings.schedule.region
    with run.database() as db:
        owner = practice_meant(db, practice)
        before, after = edit_patient(db, owner, patient, change, access=run.access)
        barred = barred_numbers(db, owner)
    view = run.view(show_numbers=True)
    shown = [shown_patient(owner, state, region, barred) for state in (before, after)]
    run.say(edited(patient_name(after), *(row(page, PAGE, view) for page in shown)) + number_note(shown[1], region))


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
    failed_numbers: Annotated[
        bool, typer.Option("--failed-numbers", help="Only whose number doesn't work, by the gateway: ask for another.")
    ] = False,
    practice: PracticeOption = None,
    show_numbers: ShowNumbersOption = False,
) -> None:
    """Show the patients with their consent, and why somebody can't be texted.

    Example: smsreminders patient list --search jansen
    """
    from smsreminders.cli.show.output import show_all
    from smsreminders.cli.show.patient import COLUMNS, is_meant, shown_patient
    from smsreminders.cli.show.stopped import FAILED
    from smsreminders.jobs.desk.stopped import barred_numbers, numbers_failed
    from smsreminders.store.patients import all_patients, count_patients

    run = invocation(context)
    region = run.settings.schedule.region
    with run.looking(in_full=show_numbers) as looking:
        db, owners = looking.db, practices_meant(looking.db, practice)
        if failed_numbers:
            failed = form.take(number for owner in owners for number in numbers_failed(db, owner))
            looking.seen((number.practice.code, number.patient.source_id) for number in failed.things)
            show_all(failed, FAILED, run.view(show_numbers=show_numbers), form, say=run.say)
            return
        barred = {owner.id: barred_numbers(db, owner) for owner in owners}
        patients = (
            shown_patient(owner, patient, region, barred[owner.id])
            for owner in owners
            for patient in all_patients(db, owner.id)
        )
        if search is not None:
            listed = form.take(shown for shown in patients if is_meant(shown, search))
        else:
            listed = form.take(patients, lambda: sum(count_patients(db, owner.id) for owner in owners))
        looking.seen((shown.practice.code, shown.patient.source_id) for shown in listed.things)
    show_all(listed, COLUMNS, run.view(show_numbers=show_numbers), form, say=run.say)


@app.command()
def show(
    context: typer.Context,
    patient: PatientArgument,
    *,
    practice: PracticeOption = None,
    show_numbers: ShowNumbersOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show a patient, and the last text that was made for them with what became of it. Who looks is logged.

    Example: smsreminders patient show 1001
    """
    from smsreminders.cli.show.columns import row
    from smsreminders.cli.show.output import show_one
    from smsreminders.cli.show.patient import LAST_TEXT, PAGE, shown_patient
    from smsreminders.jobs.desk.stopped import barred_numbers
    from smsreminders.store.patients import patient_by_id, patients_among
    from smsreminders.store.round.notifications import notifications

    run = invocation(context)
    with run.looking(in_full=True) as looking:
        db = looking.db
        owner = practice_that_has(db, practice, lambda p: bool(patients_among(db, p.id, [patient])))
        stored = patient_by_id(db, owner.id, patient)
        looking.seen([(owner.code, stored.source_id)])
        shown = shown_patient(owner, stored, run.settings.schedule.region, barred_numbers(db, owner))
        last = notifications(db, owner.id, patient=patient, limit=1)
    view = run.view(show_numbers=show_numbers)
    show_one(row(shown, PAGE, view) | row(last[0] if last else None, LAST_TEXT, view), as_json=as_json)


@app.command()
def export(
    context: typer.Context,
    patient: PatientArgument,
    *,
    output: FileOption = None,
    as_html: Annotated[bool, typer.Option("--html", help="As a page in Dutch, to hand over.")] = False,
    practice: PracticeOption = None,
) -> None:
    """Hand over all that is known of a patient and of the numbers that were theirs: as JSON, or as a page in Dutch.

    Data, consents, appointments, texts with their life and bills, replies, what the practice's record said, and who
    looked. It is logged. Be sure that whoever asks is the patient.

    Example: smsreminders patient export 1001 --html --output 1001.html
    """
    from smsreminders.cli.files import write_new
    from smsreminders.cli.show.output import json_text, write
    from smsreminders.cli.show.patient_known import known_page, known_row
    from smsreminders.jobs.keep.patient_export import export_patient
    from smsreminders.store.patients import patients_among
    from smsreminders.store.sqlite_errors import in_words_of_making

    run = invocation(context)
    with run.database() as db:
        owner = practice_that_has(db, practice, lambda p: bool(patients_among(db, p.id, [patient])))
        known = export_patient(db, owner, patient, access=run.access)
    if as_html:
        pieces = list(known_page(known, run.view(), practice=owner.name, now=run.clock.now()))
    else:
        pieces = [json_text(known_row(known), indent=2, any_letter=output is not None) + "\n"]
    if output is None:
        write("".join(pieces))
    else:
        with in_words_of_making(output):
            write_new(output, pieces)
        run.say(f"All that is known of patient {patient} stands in {output}: remove it once it is handed over.")


@app.command()
def erase(
    context: typer.Context,
    patient: PatientArgument,
    *,
    dry_run: DryRunOption = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for the id to be typed again.")] = False,
    practice: PracticeOption = None,
) -> None:
    """Erase a patient: name, numbers, texts, replies, what files said of them. It can't be undone.

    What bills count stays as counts, what keeps a second text away as rows without words, a stopped number as a hash.
    No import stores this patient again until `smsreminders patient add`. It is logged. Copies are named: they are
    yours to remove.

    Example: smsreminders patient erase 1001
    """
    from functools import partial

    from smsreminders.cli.asking import ask_again
    from smsreminders.gateways.sandbox import forget
    from smsreminders.jobs.keep.erase import erase_patient, to_erase

    run = invocation(context)
    if dry_run:
        with run.database(read_only=True) as db:
            owner = practice_meant(db, practice)
            would = to_erase(db, owner, patient)
        run.say(f"Would erase patient {patient} of {owner.code}, with {would.texts} texts.")
        return
    with run.run_lock(), run.database() as db:  # no round may claim a text of theirs meanwhile
        owner = practice_meant(db, practice)
        to_erase(db, owner, patient)  # whoever isn't there is told before the id is asked for again
        ask_again(patient, f"Patient {patient} of {owner.code} is erased for good.", yes=yes)
        out_of_sandbox = partial(forget, run.settings.database)
        erased = erase_patient(db, owner, patient, access=run.access, forget=out_of_sandbox, clock=run.clock)
    withdrawn = f" {erased.withdrawn} that waited were withdrawn." if erased.withdrawn else ""
    run.say(f"Erased patient {patient} of {owner.code}, with {erased.texts} texts.{withdrawn}")
    for copy in erased.copies:
        run.warn(f"{copy} still has them: remove it once you are sure that nobody needs it")
    run.say(
        "Backups, exports, pages and what your gateway keeps may still have them: docs/privacy.md says what to do. "
        "Take them out of the practice's export too, or each import tells of them."
    )
