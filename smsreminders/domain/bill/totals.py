"""What a practice owes for a period: the sum of its lines, and the VAT, once for each VAT rate."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from smsreminders.domain.bill.billing import InvoiceLine, vat_on
from smsreminders.domain.legal import LegalDetails
from smsreminders.domain.practices import Practice


class Document(StrEnum):
    """What the bookkeeping makes of a practice's bill."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True)
class VatSum:
    """The sum of the lines of one VAT rate, and the VAT on it, rounded once; both in whole cents."""

    vat_rate: Decimal
    amount: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """What a practice owes: its name and legal details as they are on the bill, a sum for each VAT rate."""

    practice_id: int
    practice: str
    practice_name: str
    legal: LegalDetails
    sums: tuple[VatSum, ...]

    @property
    def amount(self) -> Decimal:
        """What the practice owes without VAT."""
        return sum((rate.amount for rate in self.sums), Decimal(0))

    @property
    def vat(self) -> Decimal:
        """The VAT of all VAT rates together."""
        return sum((rate.vat for rate in self.sums), Decimal(0))

    @property
    def with_vat(self) -> Decimal:
        """What the practice has to pay, with VAT."""
        return self.amount + self.vat

    @property
    def document(self) -> Document:
        """The kind of the bill: a credit note where the bill is negative as a whole, else an invoice."""
        return Document.CREDIT_NOTE if self.with_vat < 0 else Document.INVOICE


def totals_of(lines: Iterable[InvoiceLine], practices: Iterable[Practice]) -> list[Total]:
    """Add up the lines to a total for each practice that has one, in their order; VAT rates from low to high."""
    amounts: dict[str, dict[Decimal, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        amounts[line.practice][line.vat_rate] += line.amount
    return [
        Total(
            practice.id,
            practice.code,
            practice.name,
            practice.legal,
            tuple(
                VatSum(rate, amount, vat_on(amount, rate)) for rate, amount in sorted(amounts[practice.code].items())
            ),
        )
        for practice in practices
        if practice.code in amounts
    ]
