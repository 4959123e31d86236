"""All that is known of a patient as it is handed over: JSON, and a page in Dutch."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from smsreminders.cli.show.columns import View
from smsreminders.cli.show.dutch import HEADINGS
from smsreminders.cli.show.moments import moment_text
from smsreminders.cli.show.page_words import STATUSES_IN_DUTCH

if TYPE_CHECKING:
    from jinja2 import Template

    from smsreminders.store.patient_known import Known

Row = Mapping[str, Any]
_OF_A_TEXT = ("events", "covers", "bills")  # what stands with each text in JSON
_TITLES = {  # of the page's tables, in their order
    "patient": "Uw gegevens",
    "numbers": "Telefoonnummers die van u zijn of waren",
    "consents": "Uw akkoord met sms",
    "appointments": "Uw afspraken",
    "former_appointments": "Hoe uw afspraken eerder stonden",
    "texts": "De sms die wij u stuurden, of wilden sturen",
    "events": "Wat er met elke sms gebeurde",
    "covers": "Over welke afspraken elke sms ging",
    "bills": "Op welke rekening aan de praktijk elke sms stond",
    "replies": "Wat u ons terugstuurde",
    "stopped": "Of uw nummer geen sms meer krijgt",
    "number_words": "Wat de gateway van uw nummer zei",
    "rounds": "Wat elke ronde van uw afspraken maakte (leeg: een sms)",
    "said_of_patient": "Wat het systeem van de praktijk van u zei",
    "said_of_appointments": "Wat het systeem van de praktijk van uw afspraken zei",
    "accesses": "Wie uw gegevens inzag of wijzigde",
}
_HEADINGS = {
    **HEADINGS,
    "id": "kenmerk",
    "as_of": "volgens opgave van",
    "channel": "kanaal",
    "credited": "teruggedraaid",
    "detail": "bijzonderheid",
    "given": "akkoord",
    "line": "regel",
    "number": "telefoonnummer",
    "recorded_at": "vastgelegd op",
    "reported_at": "gemeld op",
    "answered": "gestuurd aan",
    "round": "ronde",
    "source": "bron",
    "stopped": "gestopt",
    "text": "sms",
    "unclear_since": "onduidelijk sinds",
    "word": "wat",
}
_WORDS: Mapping[str, str] = {
    **STATUSES_IN_DUTCH,
    "booked": "geboekt",
    "cancelled": "geannuleerd",
    "attended": "gekomen",
    "no-show": "niet gekomen",
    "desk": "aan de balie",
    "phone": "telefonisch",
    "form": "formulier",
    "portal": "portaal",
    "import": "uit het systeem van de praktijk",
    "reply": "antwoord",
    "looked": "ingezien",
    "changed": "gewijzigd",
    "exported": "uitgegeven",
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_UNTOLD = {"practice", "rehearsed"}  # columns that tell a patient nothing


def known_row(known: "Known") -> dict[str, object]:
    """Give what is known the keys of `patient export`: docs/privacy.md has them."""
    tables = dict(known.tables)
    of_texts = {name: tables.pop(name) for name in _OF_A_TEXT}
    [patient] = tables.pop("patient")
    numbers = [row["number"] for row in tables.pop("numbers")]
    texts = [
        {
            **text,
            **{
                name: [_without_text(row) for row in rows if row["text"] == text["id"]]
                for name, rows in of_texts.items()
            },
        }
        for text in tables.pop("texts")
    ]
    return {**patient, "numbers": numbers, "texts": texts, **tables}


def _without_text(row: Row) -> dict[str, object]:
    return {key: value for key, value in row.items() if key != "text"}


def known_page(known: "Known", view: View, *, practice: str, now: datetime) -> Iterator[str]:
    """Write what is known as a page in Dutch, in pieces; each table that has something."""
    tables = [_table(title, known.tables[name], view) for name, title in _TITLES.items() if known.tables[name]]
    return _template().generate(practice=practice, made=moment_text(now.astimezone(view.zone), view), tables=tables)


def _table(title: str, rows: Sequence[Row], view: View) -> dict[str, object]:
    keys = [key for key in rows[0] if key not in _UNTOLD and any(row[key] not in {None, ""} for row in rows)]
    return {
        "title": title,
        "columns": [_HEADINGS.get(key, key).replace("_", " ") for key in keys],
        "rows": [[_cell(row[key], view) for key in keys] for row in rows],
    }


def _cell(value: object, view: View) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case str() if _MOMENT.fullmatch(value):
            return moment_text(datetime.fromisoformat(value).astimezone(view.zone), view)
        case _:
            return _WORDS.get(str(value), str(value))


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    text = (files("smsreminders.cli.show") / "templates" / "patient.html").read_text(encoding="utf-8")
    # everything that is put in is escaped, whatever it is
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(text)
