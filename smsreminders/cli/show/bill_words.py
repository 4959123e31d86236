"""The words of the bill as a person reads it: Dutch for a practice, English elsewhere."""

from collections.abc import Mapping
from datetime import datetime

from smsreminders.domain.bill.billing import Period

DUTCH: Mapping[str, str] = {
    "title": "Rekening {period}, {state}",
    "passed_by": "nooit afgesloten, want {later} is al afgesloten: wat er afgeleverd is, staat op een latere rekening",
    "closed": "afgesloten op {at}",
    "rehearsal": "een oefening: er wordt niets echt verstuurd, en niemand hoeft er iets voor te betalen",
    "provisional": "voorlopig: de maand is nog niet afgesloten",
    "nothing": "Er is niets afgeleverd.",
    "waived": "Te laat bekend dat ze afgeleverd zijn, en daarom niet in rekening gebracht: {count}.",
    "line": "{notifications}, {segments} x {rate} = {currency} {amount}",
    "notification": "bericht",
    "notifications": "berichten",
    "segment": "segment",
    "segments": "segmenten",
    "late": ", nagekomen uit {month}",
    "correction": ", correctie op {month}",
    "without": "zonder btw",
    "vat": "btw {rate}%",
    "with": "met btw",
    "vat_number": "btw-nummer",
    "buyer_reference": "uw kenmerk",
}
ENGLISH: Mapping[str, str] = {
    "title": "Bill of {period}, {state}",
    "passed_by": "never closed, for {later} was: what it delivered stands on a later bill",
    "closed": "closed on {at}",
    "rehearsal": "a rehearsal: the gateway sends nothing, and nobody owes anything for it",
    "provisional": "provisional: the month is not closed",
    "nothing": "Nothing was delivered.",
    "waived": "Known to be delivered too late, and never billed: {count}.",
    "line": "{notifications}, {segments} x {rate} = {currency} {amount}",
    "notification": "notification",
    "notifications": "notifications",
    "segment": "segment",
    "segments": "segments",
    "late": ", late of {month}",
    "correction": ", correction of {month}",
    "without": "without VAT",
    "vat": "VAT {rate}%",
    "with": "with VAT",
    "vat_number": "VAT",
    "buyer_reference": "your reference",
}


def bill_words(language: str) -> Mapping[str, str]:
    """Choose the words of a bill: Dutch where the configuration is, English otherwise."""
    return DUTCH if language == "nl" else ENGLISH


def number_text(number: str, language: str) -> str:
    """Write a number as people do: with a comma in Dutch."""
    return number.replace(".", ",") if language == "nl" else number


def counted(count: int, one: str, words: Mapping[str, str]) -> str:
    """Write how many there are of a thing, with its word for one or for several."""
    return f"{count} {words[one if abs(count) == 1 else f'{one}s']}"


def month_text(month: Period, language: str) -> str:
    """Write a month: november 2026."""
    from babel.dates import format_date

    return format_date(month.first, "LLLL yyyy", locale=_locale(language))


def closed_text(moment: datetime, language: str) -> str:
    """Write when a month was closed, a local time: 5 december 2026 06:00."""
    from babel.dates import format_date

    return f"{format_date(moment.date(), 'd MMMM yyyy', locale=_locale(language))} {moment:%H:%M}"


def _locale(language: str) -> str:
    return "nl" if language == "nl" else "en"
