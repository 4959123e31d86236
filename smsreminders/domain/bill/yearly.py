"""What a year of reminders costs, by the appointments of the last one: an estimate, before anything is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from smsreminders.domain.bill.billing import to_cents


@dataclass(frozen=True, slots=True)
class Year:
    """How many texts and segments a year brings, and what they cost if all are delivered, without VAT."""

    texts: int = 0
    segments: int = 0
    cost: Decimal = Decimal(0)

    def __add__(self, other: "Year") -> "Year":
        """The year of two practices."""
        return Year(self.texts + other.texts, self.segments + other.segments, self.cost + other.cost)


def year_of(occurrences: int, *, reminders: int, segments: Sequence[int], rate: Decimal) -> Year:
    """Estimate a year of a practice.

    `occurrences` are those of the last year that have a text of their own at each of so many `reminders`; `segments`
    are those of the texts that patients would get now: a text has as many on average.
    """
    texts = occurrences * reminders
    average = Decimal(sum(segments)) / len(segments) if segments else Decimal(1)
    counted = int((texts * average).quantize(Decimal(1), ROUND_HALF_UP))
    return Year(texts, counted, to_cents(counted * rate))
