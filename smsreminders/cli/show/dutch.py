"""Our words in Dutch, for the CSV that a Dutch Excel opens, and for the tables of the desk."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from smsreminders.cli.show.columns import Column, Columns, View

Thing = TypeVar("Thing")

HEADINGS = {  # the columns of every list and of the bill
    "amount": "bedrag",
    "appointment": "afspraak",
    "appointments": "afspraken",
    "asked_for": "navraag_tot",
    "assigned": "toegewezen",
    "at": "tijdstip",
    "attempt": "poging",
    "buyer_reference": "kenmerk_klant",
    "by": "door",
    "characters": "tekens",
    "code": "code",
    "command": "opdracht",
    "confirmed": "bevestigd",
    "consent": "akkoord",
    "completed_at": "afgerond_op",
    "counts_segments": "telt_segmenten",
    "covers": "afspraken",
    "created_at": "gemaakt_op",
    "currency": "valuta",
    "day": "dag",
    "delivered": "afgeleverd",
    "delivered_at": "afgeleverd_op",
    "difference": "verschil",
    "done": "gedaan",
    "done_at": "afgehandeld_op",
    "done_by": "afgehandeld_door",
    "enabled": "ingeschakeld",
    "encoding": "codering",
    "ends_at": "eindigt_op",
    "failures": "mislukt",
    "found_by": "terug_te_vinden_met",
    "from": "vanaf",
    "gateway": "gateway",
    "gateway_id": "gateway_nummer",
    "hears": "hoort_antwoorden",
    "held_back": "tegengehouden",
    "holidays": "feestdagen",
    "high": "hoogstens",
    "how": "hoe",
    "id": "nummer",
    "invoice": "factuur",
    "keys": "sleutels",
    "kind": "soort",
    "language": "taal",
    "line": "regel",
    "location": "locatie",
    "low": "minstens",
    "messages": "berichten",
    "missing": "ontbreekt",
    "name": "naam",
    "next": "wat_nu",
    "no_shows": "niet_verschenen",
    "note": "opmerking",
    "notification": "bericht",
    "notifications": "berichten",
    "number": "nummer_bruikbaar",
    "occasion": "moment",
    "opt_outs": "kent_afmeldingen",
    "ours": "van_ons",
    "outcome": "uitkomst",
    "patient": "patient",
    "patients": "patienten",
    "patient_name": "naam_patient",
    "period": "periode",
    "phone": "telefoon",
    "planned": "gepland",
    "practice": "praktijk",
    "practice_name": "praktijknaam",
    "practitioner": "behandelaar",
    "price": "prijs",
    "rate": "tarief",
    "text_was": "sms_was",
    "reason": "reden",
    "received_at": "ontvangen_op",
    "reference": "referentie",
    "rehearsed": "geoefend",
    "account": "account",
    "repeats_for": "herhaalt_tot",
    "revision": "versie",
    "says": "zegt",
    "segments": "segmenten",
    "sender_id": "afzender",
    "sender_ids": "afzenders",
    "sent": "verzonden",
    "sent_at": "verzonden_op",
    "service": "dienst",
    "share": "aandeel",
    "since": "sinds",
    "skipped": "overgeslagen",
    "started_at": "begonnen_op",
    "starts_at": "begint_op",
    "status": "status",
    "tells_credit": "meldt_tegoed",
    "tells_price": "meldt_prijs",
    "text": "tekst",
    "texted": "krijgt_sms",
    "to": "tot_en_met",
    "title": "titel",
    "type": "type",
    "unclear": "onduidelijk",
    "user": "gebruiker",
    "usage_month": "gebruiksmaand",
    "vat_rate": "btw_tarief",
    "verb": "wat",
    "why": "waarom",
    "wording": "formulering",
}
MONTHS = ("period", "usage_month")  # the columns that hold a month
WORDS = {  # the words of a column that are no data
    ("kind", "regular"): "gewoon",
    ("kind", "late"): "nagekomen",
    ("kind", "correction"): "correctie",
    ("says", "start"): "weer sms",
    ("says", "stop"): "geen sms meer",
    ("says", "yes"): "ja",
    ("says", "perhaps-stop"): "misschien geen sms meer",
    ("says", "wants-to-cancel"): "wil afzeggen",
    ("says", "other"): "iets anders",
}


def in_dutch(columns: Columns[Thing]) -> Columns[Thing]:
    """Put columns into Dutch: their headings, and words that are no data."""
    return [
        replace(column, heading=HEADINGS[column.key].replace("_", " "), cell=_translated(column)) for column in columns
    ]


def _translated(column: Column[Thing]) -> Callable[[Thing, View], object]:
    def cell(thing: Thing, view: View) -> object:
        value = column.cell(thing, view)
        return WORDS.get((column.key, str(value)), value) if isinstance(value, str) else value

    return cell
