"""What other programs import of ours stands where it is promised, and says what is promised."""

import pytest

from smsreminders.domain.phone import PhoneError, parse_mobile
from smsreminders.domain.segments import Segmentation, count_segments


def test_segments_are_counted_by_the_promised_name() -> None:
    assert count_segments("x" * 161) == Segmentation(encoding="GSM-7", units=161, segments=2)


def test_a_number_is_read_by_the_promised_name() -> None:
    assert parse_mobile("06-12345678", region="NL").e164 == "+31612345678"
    with pytest.raises(PhoneError) as refused:
        parse_mobile("020-7654321")
    assert refused.value.reason == "not-mobile"
