"""The words of the bill as a person reads it: Dutch for a practice, English elsewhere."""

from collections.abc import Mapping

DUTCH: Mapping[str, str] = {
    "title": "Rekening van {period}, {state}",
    "passed_by": "nooit afgesloten, want {later} is dat al: wat er afgeleverd is, staat op een latere rekening",
    "closed": "afgesloten op {at:%Y-%m-%d %H:%M} UTC",
    "rehearsal": "een oefening: de gateway verstuurt niets, en niemand is er iets voor verschuldigd",
    "provisional": "voorlopig: de maand is niet afgesloten",
    "nothing": "Er is niets afgeleverd.",
    "waived": "Te laat bekend dat ze afgeleverd zijn, en daarom op geen enkele rekening: {count}.",
    "line": "{notifications} berichten, {segments} segmenten x {rate} = {currency} {amount}",
    "late": ", laat, van {month}",
    "correction": ", correctie van {month}",
    "without": "zonder btw",
    "vat": "btw {rate} %",
    "with": "met btw",
}
ENGLISH: Mapping[str, str] = {
    "title": "Bill of {period}, {state}",
    "passed_by": "never closed, for {later} was: what it delivered stands on a later bill",
    "closed": "closed on {at:%Y-%m-%d %H:%M} UTC",
    "rehearsal": "a rehearsal: the gateway sends nothing, and nobody owes anything for it",
    "provisional": "provisional: the month is not closed",
    "nothing": "Nothing was delivered.",
    "waived": "{count} notifications were known to be delivered too late and are never billed.",
    "line": "{notifications} notifications, {segments} segments x {rate} = {currency} {amount}",
    "late": ", late of {month}",
    "correction": ", correction of {month}",
    "without": "without VAT",
    "vat": "VAT {rate} %",
    "with": "with VAT",
}


def bill_words(language: str) -> Mapping[str, str]:
    """Choose the words of a bill: Dutch where the configuration is, English otherwise."""
    return DUTCH if language == "nl" else ENGLISH
