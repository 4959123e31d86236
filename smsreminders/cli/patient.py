"""The patients of a practice."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from smsreminders.cli.context import invocation, practice_meant, practice_that_has, practices_meant
from smsreminders.cli.options import CsvOption, JsonOption, PatientArgument, PracticeOption
from smsreminders.errors import UsageError

if TYPE_CHECKING:
    from smsreminders.store.patients import Patient

app = typer.Typer(name="patient", help="The patients of a practice.", no_args_is_help=True)

Name = Annotated[str | None, typer.Option("--name", help="As the text calls the patient.")]
Phone = Annotated[str | None, typer.Option("--phone", help="The number, as it is written.")]
Language = Annotated[str | None, typer.Option("--language", help="The patient's own language, like nl or en.")]
ShowNumbers = Annotated[bool, typer.Option("--show-numbers", help="Phone numbers in full.")]


@app.command()
def add(
    context: typer.Context,
    patient: PatientArgument,
    *,
    name: Name = None,
    phone: Phone = None,
    language: Language = None,
    practice: PracticeOption = None,
) -> None:
    """Add a patient. Texts go out only after `smsreminders consent give`.

    Example: smsreminders patient add 1001 --name "J. de Vries" --phone 06-12345678
    """
    if not (name or "").strip():
        raise typer.BadParameter("a patient has a name", param_hint="--name")
    _save(context, patient, practice, name=name, phone=phone or "", language=language, new=True)


@app.command()
def edit(
    context: typer.Context,
    patient: PatientArgument,
    *,
    name: Name = None,
    phone: Phone = None,
    language: Language = None,
    practice: PracticeOption = None,
) -> None:
    """Change what is given; the rest stays.

    Example: smsreminders patient edit 1001 --phone 06-87654321
    """
    _save(context, patient, practice, name=name, phone=phone, language=language, new=False)


@app.command("list")
def list_patients(
    context: typer.Context,
    *,
    practice: PracticeOption = None,
    show_numbers: ShowNumbers = False,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Show the patients with their consent, and why somebody can't be texted.

    Example: smsreminders patient list --practice linde
    """
    from smsreminders.cli.show.output import show_list
    from smsreminders.store.patients import all_patients

    run = invocation(context)
    with run.database(read_only=True) as db:
        rows = [
            {"practice": owner.code} | _row(one, run.settings.schedule.region.country, show_numbers=show_numbers)
            for owner in practices_meant(db, practice)
            for one in all_patients(db, owner.id)
        ]
    columns = ["practice", "id", "name", "phone", "number", "language", "consent"]
    show_list(rows, columns, as_json=as_json, as_csv=as_csv)


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
    from smsreminders.cli.show.output import show_one
    from smsreminders.store.patients import patient_by_id, patients_among

    run = invocation(context)
    with run.database(read_only=True) as db:
        owner = practice_that_has(db, practice, lambda p: bool(patients_among(db, p.id, [patient])))
        found = patient_by_id(db, owner.id, patient)
    show_one(_row(found, run.settings.schedule.region.country, show_numbers=show_numbers), as_json=as_json)


def _save(
    context: typer.Context,
    source_id: str,
    practice: str | None,
    *,
    name: str | None,
    phone: str | None,
    language: str | None,
    new: bool,
) -> None:
    from smsreminders.domain.phone import PhoneError, parse_mobile
    from smsreminders.domain.practices import check_language
    from smsreminders.domain.source_ids import check_source_id
    from smsreminders.importers.records import PatientRecord
    from smsreminders.jobs.agenda.records import save_patient
    from smsreminders.store.database import write_transaction
    from smsreminders.store.patients import patient_by_id, patients_among

    run = invocation(context)
    region = run.settings.schedule.region
    source_id = check_source_id(source_id)
    record = PatientRecord("", source_id, name, phone, check_language(language) if language else None)
    with run.database() as db, write_transaction(db):
        owner = practice_meant(db, practice)
        if new and patients_among(db, owner.id, [source_id]):
            raise UsageError(f'there is a patient "{source_id}" already; change it with `patient edit`')
        if not new:
            patient_by_id(db, owner.id, source_id)
        saved = save_patient(db, owner.id, record, now=run.clock.now())
    try:
        parse_mobile(saved.phone, region.country, region.texted)
    except PhoneError as problem:
        run.say(f"Note: {source_id} can't be texted: {problem}.")


def _row(patient: "Patient", country: str, *, show_numbers: bool) -> dict[str, Any]:
    from smsreminders.domain.phone import PhoneError, mask, parse_mobile

    try:
        phone, problem = parse_mobile(patient.phone, country).e164, "ok"
    except PhoneError as error:
        phone, problem = patient.phone, error.reason
    return {
        "id": patient.source_id,
        "name": patient.name,
        "phone": phone if show_numbers else mask(phone) if phone else "",
        "number": problem,
        "language": patient.language,
        "consent": {None: "never asked", True: "given", False: "withdrawn"}[patient.consent],
    }
