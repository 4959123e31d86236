"""On what terms a bill was made, and which are otherwise than on the bill before: a slip shows before it is paid."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from smsreminders.domain.bill.billing import REGULAR, InvoiceLine, MoneyTerms, show_percentage, show_rate
from smsreminders.domain.bill.totals import Total
from smsreminders.domain.legal import LEGAL_FIELDS

_SHOWN = 5  # practices of a change


@dataclass(frozen=True, slots=True)
class BillTerms:
    """The terms of a bill: what holds for all, and what each practice has on it, by what it is called."""

    general: Mapping[str, str]
    practices: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is otherwise now; `is_money` where it changes what is paid."""

    text: str
    is_money: bool


_MONEY = ("currency", "configured rate", "configured VAT", "rate", "VAT")


def terms_of(held: MoneyTerms, lines: Iterable[InvoiceLine], totals: Iterable[Total]) -> BillTerms:
    """Gather the terms of a bill; late and correction lines, which have those of their own month, count for nothing."""
    rates: dict[str, set[str]] = defaultdict(set)
    vat: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line.kind == REGULAR:
            rates[line.practice].add(show_rate(line.rate))
            vat[line.practice].add(show_percentage(line.vat_rate))
    general = {
        "currency": held.currency,
        "configured rate": show_rate(held.rate),
        "configured VAT": show_percentage(held.vat),
    }
    practices = {
        total.practice: {
            "rate": _listed(rates[total.practice]),
            "VAT": _listed(vat[total.practice]),
            "name": total.practice_name,
            **{name.replace("_", " "): getattr(total.legal, name) for name in LEGAL_FIELDS},
        }
        for total in totals
    }
    return BillTerms(general, practices)


def changes(before: BillTerms, now: BillTerms) -> list[Change]:
    """List what is otherwise than on the bill before: for all, then by practice, those of the same change together.

    A practice that isn't on both has nothing to compare, and neither has one without regular lines a rate.
    """
    of_all = [
        Change(_told(what, before.general[what], now.general[what]), is_money=True)
        for what in now.general
        if before.general[what] != now.general[what]
    ]
    together: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for code in sorted(before.practices.keys() & now.practices.keys()):
        was, then = before.practices[code], now.practices[code]
        for what in then:
            no_rate = what in _MONEY and not (was[what] and then[what])
            if was[what] != then[what] and not no_rate:
                together[what, was[what], then[what]].append(code)
    return of_all + [
        Change(f"{_told(*change)} ({_practices(codes)})", is_money=change[0] in _MONEY)
        for change, codes in together.items()
    ]


def _told(what: str, was: str, now: str) -> str:
    return f"{what}: {now or 'none'}, on the last closed bill {was or 'none'}"


def _practices(codes: Sequence[str]) -> str:
    return ", ".join(codes[:_SHOWN]) + (f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else "")


def _listed(words: Iterable[str]) -> str:
    return " and ".join(sorted(words))
