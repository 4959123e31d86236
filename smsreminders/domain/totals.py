"""What a practice owes for a period: the sum of its lines, and the VAT, once for each VAT rate."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from smsreminders.domain.billing import InvoiceLine, vat_on
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
        """Without VAT."""
        return sum((one.amount for one in self.sums), Decimal(0))

    @property
    def vat(self) -> Decimal:
        """The VAT of all rates."""
        return sum((one.vat for one in self.sums), Decimal(0))

    @property
    def with_vat(self) -> Decimal:
        """What there is to pay."""
        return self.amount + self.vat

    @property
    def document(self) -> Document:
        """A credit note where the bill is negative as a whole, else an invoice."""
        return Document.CREDIT_NOTE if self.with_vat < 0 else Document.INVOICE


def totals_of(lines: Iterable[InvoiceLine], practices: Iterable[Practice]) -> list[Total]:
    """A total for each of these practices that has a line, in their order; VAT rates from low to high."""
    amounts: dict[str, dict[Decimal, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        amounts[line.practice][line.vat_rate] += line.amount
    return [
        Total(
            one.id,
            one.code,
            one.name,
            one.legal,
            tuple(VatSum(rate, amount, vat_on(amount, rate)) for rate, amount in sorted(amounts[one.code].items())),
        )
        for one in practices
        if one.code in amounts
    ]
