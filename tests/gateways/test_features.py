"""What a gateway says that it takes is what it takes."""

import pytest

from smsreminders.gateways.by_name import features_of

NAMES = {"Praktijk", "A", "Abcdefghijk", "24h"}
NO_NAMES = {"", "Abcdefghijkl", "De Linde", "Café", "+", "A-B"}
SHORT, NATIONAL, WHOLE = {"3669", "246", "123456"}, {"0201234567", "0612345678"}, {"+31201234567", "+3197010240000"}
DIGITS_ALONE, SIXTEEN, PLUS_FIFTEEN = {"31201234567"}, {"1234567890123456"}, {"+123456789012345"}
NEVER = NO_NAMES | {"12345678901234567", "+1234567890123456", "12", "+0"}
ALL = NAMES | NEVER | SHORT | NATIONAL | WHOLE | DIGITS_ALONE | SIXTEEN | PLUS_FIFTEEN

TAKEN = {
    "spryng": ALL - NEVER - SIXTEEN,
    "infobip": ALL - NEVER - SIXTEEN,
    "sandbox": ALL - NEVER - SIXTEEN,
    "twilio": NAMES | SHORT | WHOLE | PLUS_FIFTEEN,
    "bird": NAMES | SHORT | WHOLE | PLUS_FIFTEEN,
    "seven": ALL - NEVER | {"+1234567890123456"},
    "cm": ALL - NEVER - PLUS_FIFTEEN,  # 00 and 15 digits are 17
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_gateway_takes_the_sender_ids_that_its_documents_name(name: str) -> None:
    sender_ids = features_of(name).sender_ids
    assert sender_ids is not None
    assert {one for one in ALL if sender_ids.form.fullmatch(one)} == TAKEN[name]


@pytest.mark.parametrize("name", ["smsgate", "gammu"])
def test_a_phone_or_modem_shows_its_own_number(name: str) -> None:
    assert features_of(name).sender_ids is None
