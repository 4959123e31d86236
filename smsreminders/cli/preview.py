"""The text as patients get it, before anything is sent."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from smsreminders.cli.context import invocation, practices_meant
from smsreminders.cli.options import JsonOption, PracticeOption

if TYPE_CHECKING:
    from smsreminders.jobs.preview import Preview


def preview(
    context: typer.Context,
    *,
    practice: PracticeOption = None,
    patient: Annotated[str | None, typer.Option("--patient", metavar="ID", help="Only this patient's.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the text, its segments and cost.

    Over all patients: whose text takes more than one segment, and which character does it. The text is of a patient's
    next appointment, or of a made-up one.

    Example: smsreminders preview --patient 1001
    """
    from smsreminders.cli.show.output import show_json, show_one, write
    from smsreminders.jobs.preview import preview as look

    run = invocation(context)
    settings = run.settings
    with run.database(read_only=True) as db:
        report = look(
            db,
            practices_meant(db, practice),
            patient=patient,
            schedule=settings.schedule,
            wording=settings.wording,
            general_rate=settings.billing.rate,
            clock=run.clock,
        )
    if as_json:
        show_json(
            {
                "patients": len(report.previews),
                "longer": [{"practice": one.practice, "patient": one.patient} for one in report.longer],
                "characters": dict(report.characters),
                "texts": [_row(one, settings.billing.currency) for one in report.previews],
            }
        )
        return
    show_one(_row(report.previews[0], settings.billing.currency))
    if patient is None:
        write(f"\n{len(report.longer)} of {len(report.previews)} texts take more than one segment.\n")
        for character, count in report.characters.most_common():
            write(f"  {character} (U+{ord(character):04X}) makes {count} of them UCS-2\n")
        for one in report.longer:
            write(f"  {one.practice} {one.patient}: {one.counted.segments} segments\n")


def _row(preview: "Preview", currency: str) -> dict[str, Any]:
    return {
        "practice": preview.practice,
        "patient": preview.patient,
        "text": preview.text,
        "encoding": preview.counted.encoding,
        "units": preview.counted.units,
        "segments": preview.counted.segments,
        "cost": preview.cost,
        "currency": currency,
        "characters": preview.characters,
    }
