"""All that is known of a patient as it is handed over: JSON, and a page in Dutch."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from smsreminders.cli.show.columns import View
from smsreminders.cli.show.dutch import HEADINGS, WORDS
from smsreminders.cli.show.moments import moment_text
from smsreminders.cli.show.page_words import STATUSES_IN_DUTCH, reason_word

if TYPE_CHECKING:
    from jinja2 import Template

    from smsreminders.store.keep.patient_known import Known

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
    "number_words": "Wat de sms-dienst over uw nummer meldde",
    "rounds": "Waarom u van een afspraak geen sms kreeg (leeg: u kreeg er een)",
    "said_of_patient": "Wat het systeem van de praktijk over u meldde",
    "said_of_appointments": "Wat het systeem van de praktijk over uw afspraken meldde",
    "accesses": "Wie uw gegevens inzag of wijzigde",
}
_HEADINGS = {
    **HEADINGS,
    "id": "kenmerk",
    "as_of": "volgens opgave van",
    "channel": "kanaal",
    "credited": "teruggedraaid",
    "detail": "bijzonderheid",
    "gateway": "sms-dienst",
    "gateway_id": "nummer bij de sms-dienst",
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
_OF_APPOINTMENTS = {"booked": "geboekt", "cancelled": "afgezegd"}
_WORDS: Mapping[str, Mapping[str, str]] = {  # of a column, where they are no data
    "detail": STATUSES_IN_DUTCH,
    "status": {**STATUSES_IN_DUTCH, "booked": "geboekt"},
    "outcome": {"attended": "gekomen", "no-show": "niet gekomen"},
    "how": {
        "desk": "aan de balie",
        "phone": "telefonisch",
        "form": "formulier",
        "portal": "portaal",
        "import": "uit het systeem van de praktijk",
        "reply": "met een antwoord",
        "opt-out": "bij de sms-dienst",
        "rejected": "de sms-dienst weigerde een sms",
    },
    "word": {"dead": "werkt niet", "delivered": "een sms kwam aan", "lifted": "mag weer"},
    "verb": {"looked": "ingezien", "changed": "gewijzigd", "exported": "uitgegeven", "erased": "gewist"},
    "source": {"by hand": "met de hand"},
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
    tables = [_table(name, known.tables[name], view) for name in _TITLES if known.tables[name]]
    return _template().generate(practice=practice, made=moment_text(now.astimezone(view.zone), view), tables=tables)


def _table(name: str, rows: Sequence[Row], view: View) -> dict[str, object]:
    keys = [key for key in rows[0] if key not in _UNTOLD and any(row[key] not in {None, ""} for row in rows)]
    return {
        "title": _TITLES[name],
        "columns": [_HEADINGS.get(key, key).replace("_", " ") for key in keys],
        "rows": [[_cell(name, key, row[key], view) for key in keys] for row in rows],
    }


def _cell(name: str, key: str, value: object, view: View) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case str() if _MOMENT.fullmatch(value):
            return moment_text(datetime.fromisoformat(value).astimezone(view.zone), view)
    text = str(value)
    if key in {"reason", "detail"}:
        text = reason_word(text, "nl")
    of_column = _OF_APPOINTMENTS if key == "status" and "appointments" in name else _WORDS.get(key, {})
    return of_column.get(text) or WORDS.get((key, text), text)


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    text = (files("smsreminders.cli.show") / "templates" / "patient.html").read_text(encoding="utf-8")
    # everything that is put in is escaped, whatever it is
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(text)
