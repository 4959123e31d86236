"""A practice's legal details, as a bill of it needs them: name, address, KvK and VAT number, buyer reference.

Copied into a month when it is closed. All may be empty: this program makes the statement, the bookkeeping the invoice.
"""

import re
from dataclasses import dataclass, fields

from smsreminders.errors import UsageError

_LONGEST = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_FORMS = {
    "kvk_number": (re.compile(r"[0-9]{8}"), "KvK number: write its 8 digits"),
    "vat_number": (re.compile(r"[A-Z]{2}[0-9A-Z]{2,13}"), "VAT number: write it like NL123456789B01"),
}


@dataclass(frozen=True, slots=True)
class LegalDetails:
    """Who is billed, and what they want to see on it (`buyer_reference`)."""

    legal_name: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    kvk_number: str = ""
    vat_number: str = ""
    buyer_reference: str = ""

    def in_one_line(self, *, vat: str, reference: str) -> str:
        """The legal details as they stand on a statement: those that are known, with commas.

        `vat` and `reference` are its words for the VAT number and for what the buyer wants to see.
        """
        parts = [
            self.legal_name,
            self.street,
            f"{self.postcode} {self.town}".strip(),
            self.kvk_number and f"KvK {self.kvk_number}",
            self.vat_number and f"{vat} {self.vat_number}",
            self.buyer_reference and f"{reference} {self.buyer_reference}",
        ]
        return ", ".join(filter(None, parts))


LEGAL_FIELDS = tuple(field.name for field in fields(LegalDetails))


def check_legal(details: LegalDetails) -> LegalDetails:
    """Check legal details: each of one line and not too long, the numbers in their form. Raises UsageError."""
    for name in LEGAL_FIELDS:
        value = getattr(details, name)
        words = name.replace("_", " ")
        if _CONTROL.search(value) or len(value) > _LONGEST:
            raise UsageError(f"the {words} is one line of at most {_LONGEST} characters")
        form, description = _FORMS.get(name, (None, ""))
        if value and form and not form.fullmatch(value):
            raise UsageError(f'"{value}" is no {description}')
    return details
