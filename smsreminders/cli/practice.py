"""The practices: added, shown, changed; the days on which they work or don't."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smsreminders.cli.context import invocation
from smsreminders.cli.options import CsvOption, JsonOption, read_date

if TYPE_CHECKING:
    from smsreminders.domain.legal import LegalDetails
    from smsreminders.domain.practices import Practice

app = typer.Typer(name="practice", help="The practices, our customers.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(metavar="CODE", help="Our name for the practice: small letters, digits, dashes.")]
Name = Annotated[str | None, typer.Option("--name", help="As patients read it.")]
SenderId = Annotated[str | None, typer.Option("--sender-id", help="What a text comes from: 11 letters and digits.")]
Phone = Annotated[str | None, typer.Option("--phone", help="The practice's own number, for {phone} in the text.")]
Language = Annotated[str | None, typer.Option("--language", help="Of patients who have none of their own, like nl.")]
LegalName = Annotated[str | None, typer.Option("--legal-name", help="Who is billed.")]
Street = Annotated[str | None, typer.Option("--street", help="And number, for the bill.")]
Postcode = Annotated[str | None, typer.Option("--postcode", help="For the bill.")]
Town = Annotated[str | None, typer.Option("--town", help="For the bill.")]
KvkNumber = Annotated[str | None, typer.Option("--kvk-number", help="Of the Dutch trade register: 8 digits.")]
VatNumber = Annotated[str | None, typer.Option("--vat-number", help="Like NL123456789B01.")]
BuyerReference = Annotated[str | None, typer.Option("--buyer-reference", help="What they want to see on the bill.")]


@app.command()
def add(
    context: typer.Context,
    code: Code,
    *,
    name: Name,
    sender_id: SenderId = None,
    phone: Phone = None,
    language: Language = None,
    legal_name: LegalName = None,
    street: Street = None,
    postcode: Postcode = None,
    town: Town = None,
    kvk_number: KvkNumber = None,
    vat_number: VatNumber = None,
    buyer_reference: BuyerReference = None,
) -> None:
    """Add a practice. Without a sender ID it gets its name without words such as tandarts or praktijk.

    Example: smsreminders practice add linde --name "Tandartspraktijk De Linde" --phone 020-1234567
    """
    from smsreminders.domain.legal import LegalDetails
    from smsreminders.domain.practices import (
        Practice,
        check_code,
        check_language,
        check_name,
    )
    from smsreminders.domain.sender_ids import check_sender_id, sender_id_from
    from smsreminders.store.database import write_transaction
    from smsreminders.store.practices import add_practice

    run = invocation(context)
    if not (name or "").strip():
        raise typer.BadParameter("a practice has a name", param_hint="--name")
    practice = Practice(
        id=0,
        code=check_code(code),
        name=check_name(name or ""),
        sender_id=check_sender_id(sender_id) if sender_id else sender_id_from(name or ""),
        phone=phone or "",
        language=check_language(language) if language else None,
        legal=_legal(
            LegalDetails(),
            legal_name=legal_name,
            street=street,
            postcode=postcode,
            town=town,
            kvk_number=kvk_number,
            vat_number=vat_number,
            buyer_reference=buyer_reference,
        ),
    )
    with run.database() as db, write_transaction(db):
        add_practice(db, practice)
    run.say(
        f"Added practice {practice.code}, texts come from {practice.sender_id}. Next: smsreminders service add "
        f"--practice {practice.code} --name Notificaties --channel sms --notification-type appointment-reminder"
    )


@app.command()
def edit(
    context: typer.Context,
    code: Code,
    *,
    name: Name = None,
    sender_id: SenderId = None,
    phone: Phone = None,
    language: Language = None,
    legal_name: LegalName = None,
    street: Street = None,
    postcode: Postcode = None,
    town: Town = None,
    kvk_number: KvkNumber = None,
    vat_number: VatNumber = None,
    buyer_reference: BuyerReference = None,
) -> None:
    """Change what is given; the rest stays.

    Example: smsreminders practice edit linde --phone 020-1234567
    """
    from dataclasses import replace

    from smsreminders.domain.practices import check_language, check_name
    from smsreminders.domain.sender_ids import check_sender_id
    from smsreminders.store.database import write_transaction
    from smsreminders.store.practices import change_practice, practice_by_code

    with invocation(context).database() as db, write_transaction(db):
        practice = practice_by_code(db, code)
        changed = replace(
            practice,
            name=check_name(name) if name and name.strip() else practice.name,
            sender_id=check_sender_id(sender_id) if sender_id else practice.sender_id,
            phone=practice.phone if phone is None else phone,
            language=check_language(language) if language else practice.language,
            legal=_legal(
                practice.legal,
                legal_name=legal_name,
                street=street,
                postcode=postcode,
                town=town,
                kvk_number=kvk_number,
                vat_number=vat_number,
                buyer_reference=buyer_reference,
            ),
        )
        change_practice(db, changed)


@app.command("list")
def list_practices(context: typer.Context, *, as_json: JsonOption = False, as_csv: CsvOption = False) -> None:
    """Show all practices.

    Example: smsreminders practice list
    """
    from smsreminders.cli.show.output import show_list
    from smsreminders.store.practices import all_practices

    with invocation(context).database(read_only=True) as db:
        rows = [_row(practice) for practice in all_practices(db)]
    show_list(rows, ["code", "name", "sender_id", "phone", "language"], as_json=as_json, as_csv=as_csv)


@app.command()
def show(context: typer.Context, code: Code, *, as_json: JsonOption = False) -> None:
    """Show a practice with its services, its own days and its legal details.

    Example: smsreminders practice show linde
    """
    from dataclasses import asdict

    from smsreminders.cli.show.output import show_one
    from smsreminders.store.practices import own_days, practice_by_code
    from smsreminders.store.services import services_of

    with invocation(context).database(read_only=True) as db:
        practice = practice_by_code(db, code)
        own = own_days(db, practice.id)
        services = [service.name for service in services_of(db, practice.id) if service.enabled]
    show_one(
        _row(practice)
        | asdict(practice.legal)
        | {
            "services": services,
            "closed_on": sorted(own.closed_on),
            "open_on": sorted(own.open_on),
            "open_on_holidays": sorted(own.open_on_holidays),
        },
        as_json=as_json,
    )


@app.command()
def days(
    context: typer.Context,
    code: Code,
    *,
    closed_on: Annotated[list[date] | None, typer.Option(parser=read_date, metavar="DATE", help="Closed then.")] = None,
    open_on: Annotated[list[date] | None, typer.Option(parser=read_date, metavar="DATE", help="Open then.")] = None,
    open_on_holiday: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Works on this public holiday, every year.")
    ] = None,
    forget: Annotated[
        list[str] | None, typer.Option(metavar="DATE|NAME", help="Take back what was said of this day or holiday.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say on which days a practice works, against the calendar; then show them. Each option may stand several times.

    Example: smsreminders practice days linde --closed-on 2026-12-24 --open-on-holiday "Goede vrijdag"
    """
    from smsreminders.cli.show.output import show_one
    from smsreminders.domain.workdays import check_holiday_name
    from smsreminders.store import practices as store
    from smsreminders.store.database import write_transaction

    run = invocation(context)
    schedule = run.settings.schedule
    year = run.clock.now().year
    names = [check_holiday_name(n, schedule.region, year) for n in open_on_holiday or []]
    dates = [read_date(word) for word in forget or [] if word[:1].isdigit()]
    forgotten = [check_holiday_name(word, schedule.region, year) for word in forget or [] if not word[:1].isdigit()]
    with run.database() as db, write_transaction(db):
        practice = store.practice_by_code(db, code)
        store.set_days(db, practice.id, closed_on or [], is_open=False)
        store.set_days(db, practice.id, open_on or [], is_open=True)
        store.open_on_holidays(db, practice.id, names)
        store.forget_days(db, practice.id, dates, forgotten)
        own = store.own_days(db, practice.id)
    show_one(
        {
            "closed_on": sorted(own.closed_on),
            "open_on": sorted(own.open_on),
            "open_on_holidays": sorted(own.open_on_holidays),
        },
        as_json=as_json,
    )


def _legal(before: "LegalDetails", **told: str | None) -> "LegalDetails":
    """The details with what is told of them; the rest stays, and an empty word takes one away."""
    from dataclasses import replace

    from smsreminders.domain.legal import check_legal

    return check_legal(replace(before, **{name: word.strip() for name, word in told.items() if word is not None}))


def _row(practice: "Practice") -> dict[str, Any]:
    return {
        "code": practice.code,
        "name": practice.name,
        "sender_id": practice.sender_id,
        "phone": practice.phone,
        "language": practice.language,
    }
