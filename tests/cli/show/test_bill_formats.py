"""The formats of a bill: a closed one is printed as it was, whatever would be printed today."""

from dataclasses import replace
from decimal import Decimal

from smsreminders.cli.show.bill_formats import LINES, dutch_csv, plain_csv
from smsreminders.cli.show.columns import keys
from smsreminders.domain.bill.billing import InvoiceLine, MoneyTerms, Period
from smsreminders.domain.bill.totals import Total
from smsreminders.domain.legal import LegalDetails
from smsreminders.jobs.bill.show import Bill

NOVEMBER = Period(2026, 11)
LINE = InvoiceLine(
    period=NOVEMBER,
    practice="linde",
    practice_name="-1 & =Linde",
    service="@home",
    kind="late",
    usage_month=NOVEMBER.previous,
    notifications=2,
    segments=100,
    rate=Decimal(10),
    vat_rate=Decimal(21),
    amount=Decimal("1000.00"),
)
OWED = Total(1, "linde", "-1 & =Linde", LegalDetails(buyer_reference="=K"), ())
BILL = Bill(NOVEMBER, [LINE], [OWED], [], MoneyTerms(Decimal(10), Decimal(21), "EUR"))


def test_the_csv_of_the_close_is_printed_where_there_is_one() -> None:
    assert plain_csv(replace(BILL, csv="as it was\n")) == "as it was\n"


def test_text_is_guarded_and_numbers_never_and_no_amount_has_an_exponent() -> None:
    header, line = plain_csv(BILL).splitlines()
    assert header == ",".join(keys(LINES))
    assert line == "2026-11,linde,'-1 & =Linde,'@home,late,2026-10,2,100,10.00,1000.00,EUR,21,'=K"
    header, line = dutch_csv(BILL).splitlines()
    assert header == (
        "\ufeffperiode;praktijk;praktijknaam;dienst;soort;gebruiksmaand;berichten;segmenten;tarief;bedrag;valuta;"
        "btw_tarief;kenmerk_klant"
    )
    assert line == "202611;linde;'-1 & =Linde;'@home;nagekomen;202610;2;100;10,00;1000,00;EUR;21;'=K"
