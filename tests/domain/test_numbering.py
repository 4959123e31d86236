"""What is known of numbers: the short way to a mobile number in its national form finds what the long one does."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smsreminders.domain.numbering import countries, e164, mobile, plain_mobile, whole

REGIONS = ["NL", "BE", "DE", "FR", "GB", "IT", "ES", "US", "HU", "BR", "AR", "LT", "ZZ"]
NATIONAL = st.builds(
    "{}{}".format,
    st.sampled_from(["0", "00", "06", "061", "066", "0970", "04", "015", "07", "3", "06-", "(06) "]),
    st.text("0123456789-./ ()", max_size=13),
)


@given(text=NATIONAL, region=st.sampled_from(REGIONS))
@example(text="0612345678", region="NL")
@example(text="06-1234 5678", region="NL")
@example(text="097012345678", region="NL")  # a machine
@example(text="015112345678", region="DE")
def test_the_short_way_to_a_mobile_number_finds_what_the_long_one_does(text: str, region: str) -> None:
    found = plain_mobile(text, region)
    if found is not None:
        assert [mobile(number) for number in whole(text, region)] == [found]


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("06-12345678", "NL", "+31612345678"),
        ("(06) 1234.5678", "NL", "+31612345678"),
        ("0470 12 34 56", "BE", "+32470123456"),
        ("0201234567", "NL", None),
        ("0612345678901234", "NL", None),
        ("06" + "1" * 5_000, "NL", None),
        ("0031612345678", "NL", None),
        ("+31612345678", "NL", None),
        ("097012345678", "NL", None),
        ("0612345678", "ES", None),
        ("0612345678", "ZZ", None),
    ],
)
def test_the_short_way_is_for_mobile_numbers_in_their_national_form(
    text: str, region: str, expected: str | None
) -> None:
    assert plain_mobile(text, region) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("020-5550123", "+31205550123"), ("0612345678", "+31612345678"), ("061234567", None), ("12", None)],
)
def test_a_number_of_any_kind_is_written_internationally_if_there_is_one(text: str, expected: str | None) -> None:
    assert e164(text, "NL") == expected


def test_the_countries_with_numbers_are_named_by_their_codes_and_services_are_none() -> None:
    assert {"NL", "BE", "BD"} < countries()
    assert "001" not in countries()
