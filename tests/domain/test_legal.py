"""A practice's legal details: each in its form, and all in one line of a statement."""

from dataclasses import replace

import pytest

from smsreminders.domain.legal import LEGAL_FIELDS, LegalDetails, check_legal
from smsreminders.errors import UsageError

LINDE = LegalDetails(
    legal_name="Tandartspraktijk De Linde B.V.",
    street="Lindelaan 1",
    postcode="1234 AB",
    town="Utrecht",
    kvk_number="12345678",
    vat_number="NL123456789B01",
    buyer_reference="PO-7",
)


def test_they_stand_in_one_line() -> None:
    assert LINDE.in_one_line(vat="btw-nummer", reference="uw kenmerk") == (
        "Tandartspraktijk De Linde B.V., Lindelaan 1, 1234 AB Utrecht, KvK 12345678, btw-nummer NL123456789B01, "
        "uw kenmerk PO-7"
    )


def test_what_there_is_none_of_is_left_out() -> None:
    assert LegalDetails().in_one_line(vat="VAT", reference="reference") == ""
    assert LegalDetails(town="Utrecht", buyer_reference="7").in_one_line(vat="VAT", reference="ref") == "Utrecht, ref 7"


@pytest.mark.parametrize(
    "details",
    [
        LegalDetails(),
        LINDE,
        replace(LINDE, vat_number="BE0123456789"),
        replace(LINDE, street="a" * 200),
    ],
)
def test_what_is_in_its_form_is_taken(details: LegalDetails) -> None:
    assert check_legal(details) is details


@pytest.mark.parametrize("number", ["1234567", "123456789", "1234567a", "12 34 56 78", "١٢٣٤٥٦٧٨"])
def test_another_kvk_number_is_refused(number: str) -> None:
    with pytest.raises(UsageError) as raised:
        check_legal(LegalDetails(kvk_number=number))
    assert str(raised.value) == f'"{number}" is no KvK number: write its 8 digits'


@pytest.mark.parametrize("number", ["123456789B01", "nl123456789b01", "NL", "NL 123456789 B01", "NL" + "1" * 14])
def test_another_vat_number_is_refused(number: str) -> None:
    with pytest.raises(UsageError, match=f'^"{number}" is no VAT number: write it like NL123456789B01$'):
        check_legal(LegalDetails(vat_number=number))


@pytest.mark.parametrize("name", LEGAL_FIELDS)
@pytest.mark.parametrize("value", ["a\nb", "a\tb", "a\u2028b", "12345678\n", "a" * 201, "\x1b[2J"])
def test_each_is_one_line_that_is_not_too_long(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"^the {name.replace('_', ' ')} is one line of at most 200 characters$"):
        check_legal(LegalDetails(**{name: value}))
