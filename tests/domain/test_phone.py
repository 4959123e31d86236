"""Phone numbers as practices type them: the right number, or the right reason; never a stranger's number."""

import re
from string import ascii_letters

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.domain.phone import PhoneError, PhoneNumber, e164_of, mask, parse_mobile

NOBODY = "+31612345678"  # the example number of libphonenumber

ONE_NUMBER = [  # all of them are NOBODY
    *["0612345678", "06-12345678", "06 12345678", "06 12 34 56 78", "06.12.34.56.78", "06/12345678", "(06) 12345678"],
    *["(06)12345678", "06 - 12345678", "06  12345678", "+31612345678", "+31 6 12345678", "+31 6 12 34 56 78"],
    *["+31 (0)6 12345678", "+31(0)612345678", "+310612345678", "+31 06 12345678", "(+31) 612345678", "+31-6-1234.5678"],
    *["0031612345678", "00 31 6 12345678", "0031 06 12345678", "31612345678", "31 6 12345678", "310612345678"],
    *["612345678", "06\u00a012345678", "06\u202f12\u202f34\u202f56\u202f78", "06\u200712345678", "06\u200912345678"],
    *[
        "06\u200d12345678",
        "06\u00ad12345678",
        "06\u201012345678",
        "06\u201112345678",
        "06\u201212345678",
        "06–12345678",
    ],
    *[
        "06—12345678",
        "06\u221212345678",
        "０６１２３４５６７８",
        "０６－１２３４５６７８",
        "٠٦١٢٣٤٥٦٧٨",
        "\u200e06-12345678\u200f",
    ],
    *[
        "٦١٢٣٤٥٦٧٨",
        "\u202a06-12345678\u202c",
        "\ufeff0612345678",
        "\x0006-12345678",
        "\t0612345678",
        "0612345678\n",
        "'0612345678",
        "0612345678.",
    ],
    *['="0612345678"', '"0612345678"', "=0612345678", "tel:0612345678", "TEL:0612345678", "tel:+31-6-12345678"],
    *["612345678.0", "31612345678.0", "31612345678,0"],
]
A_NUMBER_WITH_A_NOTE = [  # all of them are NOBODY too
    *["06-12345678 (moeder)", "06-12345678 moeder", "moeder: 06-12345678", "mob. 06-12345678", "M 06-12345678"],
    *["tel. 0612345678", "[06-12345678]", "06–12 34 56 78 (zoon)", "+31612345678 (bellen na 18:00)"],
    *["06-12345678 na 17u", "tel:06-12345678 (moe)", "moe 31612345678", "moe 0031612345678", "06-12345678 ext 12"],
    *["06-12345678 niet bellen, wel sms", "06-12345678 alleen sms", "06-12345678 geen gehoor"],
    *["06-12345678\tmoeder", "06-12345678\nmoeder"],
]
TWO_NUMBERS_OF_WHICH_ONE_CAN_BE_TEXTED = [  # again NOBODY
    *["06-12345678 b.g.g. 020-1234567", "020-5550123 / 06-12345678", "06-12345678/020-5550123"],
    *["06-12345678;06-12345678", "06-12345678 of 06 12345678", "06-12345678 / +31612345678", "06-12345678 of -79"],
    *["06-12345678 / 0475-123456", "06-12345678 06-1234567", "06-12345678 / 123456"],
]
ABROAD = [
    ("+49 1512 3456789", "+4915123456789"),
    ("0049 1512 3456789", "+4915123456789"),
    ("+32 470 12 34 56", "+32470123456"),
    ("+44 7400 123456", "+447400123456"),
    ("+90 532 123 45 67", "+905321234567"),
    ("+1 201 555 0123", "+12015550123"),  # fixed or mobile: nobody can tell in North America
]
WITHOUT_A_NUMBER = {
    "empty": ["", "   ", "\t\n", "\u200b", '=""', '""', "tel:"],
    "unparseable": [
        *["n.v.t.", "geen", "onbekend", "-", "?", "0", "6,12E+08", "6.12E+08", "O6-12345678", "06-l2345678"],
        *["0o12345678", "06-1234567B", "06-12345678a", "a06-12345678", "06_12345678", "06,12345678", "bel 112"],
        *["06-12345 (moe)", "06-12345 tel", "06-1234567 moe", "06-1234567 (8 jaar)", "06-1234567 18:00"],
        *["06-1234567, 06-7654321", "bsn 612345678", "IBAN NL91ABNA0612345678", "0612345678901 x", "moe 612345678"],
        *["06-12345678, 06-87654321", "06-12345678 / 06-87654321", "06-12345678;06-87654321", "0612345678 0687654321"],
        *["06-12345678\n06-87654321", "Jan 06-12345678 Piet 06-87654321", "+31612345678+31687654321"],
        *["06-12345678 geen sms", "0612345678 (GEEN SMS!)", "niet sms'en 06-12345678", "06-12345678 sms: nee"],
        *["06-12345678 niet appen of sms'en", "06-12345678 no texts"],
        *["0612345678 / +49 1512 3456789", "06123456780687654321", "2026-10-11 09:00"],
    ],
    "invalid": [
        *["06", "112", "911", "06-01234567", "06-71234567", "06-91234567", "06-1234567", "06-123456789", "06123456.0"],
        *[
            "+31 6 1234567",
            "0031 6 1234567",
            "tel:06-12345",
            "31-12-1980",
            "06-12345678 06",
            "0612345678 020",
            "06-12345678 12345",
        ],
        *["+33 6 39 98 00 00", "+44 7700 900123"],  # kept free for films
    ],
    "not-mobile": [
        *["020-5550123", "0201234567", "0475-123456", "+31 20 555 0123", "020-5550123 (werk)", "085-1234567"],
        *["088-1234567", "084-1234567", "087-1234567", "14020", "066-1234567", "0800-1234", "0800 1234567"],
        *["+8816 2345 6789", "00870 773 111 632", "+882393257001527", "+88810000000", "+97910000000"],  # of no country
        *["0900-1234", "0909 1234", "020-5550123 020-5550124", "097012345678", "0970 1234 5678", "+31970 12345678"],
    ],
}
REFUSED = [(raw, reason) for reason, cells in WITHOUT_A_NUMBER.items() for raw in cells]

MESSAGES = {
    ("empty", "there is no phone number"),
    ("invalid", "there is no such phone number: count the digits"),
    ("not-mobile", "the number is not a mobile one"),
    ("unparseable", "no phone number can be read from it"),
    ("unparseable", "a note beside the number says not to text it"),
    ("unparseable", "there is more than one mobile number: keep the one to text"),
}
MOBILES = st.from_regex(r"6[123458][0-9]{7}", fullmatch=True)  # without the zero; 060, 067 and 069 are not given out
GROUPS = [r"\1\2\3\4\5", r"\1-\2\3\4\5", r"\1 \2 \3 \4 \5", r"\1.\2.\3.\4.\5", r"\1 - \2\3 \4\5"]
PREFIXES = ["0", "+31", "+31 ", "+31 (0)", "+31(0)", "+310", "0031", "0031 ", "00 31 "]
WITHOUT_A_PLUS = ["", "31", "31 ", "310"]
AROUND = ["{}", " {} ", "\u200e{}\u200f", '="{}"', "tel:{}", "{}\u00a0", "({})"]
NOTES = ["{} (moeder)", "{} moeder", "vader: {}", "mob. {} prive", "{} (b.g.g. buurvrouw)", "t.a.v. Zoë {}"]

TOO_SHORT = st.from_regex(r"(06|06-|06 |\+316|\+31 6 |\+31 \(0\)6|00316)[0-9]{1,7}", fullmatch=True)  # eight would do
LETTERS = st.text(ascii_letters, min_size=1, max_size=8) | st.text(st.characters(categories=["L"]), min_size=1)
JOINTS = st.sampled_from(["", " ", "-", " (", ") ", ".", ": ", "/"])
TYPED = st.tuples(
    st.sampled_from(["", "06-12345", "06-1234567", "06-12345678", "+31612345", "0031612345678", "tel:06"]),
    st.text("0123456789+()-./ ;,xtelEO:=\"'#*_\n\t", max_size=20),
).map("".join)


def grouped(number: str, pattern: str) -> str:
    return re.sub(r"(.)(..)(..)(..)(..)", pattern, number)


@pytest.mark.parametrize("raw", ONE_NUMBER)
def test_a_number_is_read_however_it_is_typed(raw: str) -> None:
    assert parse_mobile(raw).e164 == NOBODY


@pytest.mark.parametrize("raw", A_NUMBER_WITH_A_NOTE)
def test_a_whole_number_is_found_beside_a_note(raw: str) -> None:
    assert parse_mobile(raw).e164 == NOBODY


@pytest.mark.parametrize("raw", TWO_NUMBERS_OF_WHICH_ONE_CAN_BE_TEXTED)
def test_the_one_mobile_number_of_a_cell_is_found(raw: str) -> None:
    assert parse_mobile(raw).e164 == NOBODY


@pytest.mark.parametrize(("raw", "expected"), ABROAD)
def test_a_number_with_its_country_code_is_read(raw: str, expected: str) -> None:
    assert parse_mobile(raw).e164 == expected


@pytest.mark.parametrize(("raw", "reason"), REFUSED)
def test_a_cell_without_one_mobile_number_is_refused_with_its_reason(raw: str, reason: str) -> None:
    with pytest.raises(PhoneError) as refused:
        parse_mobile(raw)
    assert refused.value.reason == reason
    assert (reason, str(refused.value)) in MESSAGES


def test_two_different_mobile_numbers_are_refused_in_words_that_tell_what_to_do() -> None:
    with pytest.raises(PhoneError, match=r"^there is more than one mobile number: keep the one to text"):
        parse_mobile("06-12345678 / 06-87654321")


@pytest.mark.parametrize(
    ("raw", "countries", "expected"),
    [
        ("06-12345678", {"NL"}, NOBODY),
        ("+31612345678", {"NL", "BE"}, NOBODY),
        ("+32 470 12 34 56", {"NL", "BE"}, "+32470123456"),
        ("+880 1712 345678", set(), "+8801712345678"),  # Bangladesh, amid the numbers of satellites
        ("+1 201 555 0123", {"US"}, "+12015550123"),
    ],
)
def test_a_mobile_of_a_country_that_is_texted_is_read(raw: str, countries: set[str], expected: str) -> None:
    assert parse_mobile(raw, countries=frozenset(countries)).e164 == expected


@pytest.mark.parametrize(
    ("raw", "countries"), [("06-12345678", {"BE"}), ("+90 532 123 45 67", {"NL"}), ("+1 201 555 0123", {"CA"})]
)
def test_a_mobile_of_another_country_is_not_one_to_text_and_names_the_setting(raw: str, countries: set[str]) -> None:
    with pytest.raises(
        PhoneError, match=r"^the mobile number is of a country that \[numbers\] countries leaves out"
    ) as refused:
        parse_mobile(raw, countries=frozenset(countries))
    assert refused.value.reason == "not-mobile"


def test_a_number_without_a_country_code_belongs_to_the_region() -> None:
    assert parse_mobile("0470 12 34 56", "BE").e164 == "+32470123456"


@pytest.mark.parametrize(
    "raw",
    [
        *("06-1234567½", "06-1234567²", "06-1234567 ②"),
        *("06-1234567 8 jaar", "06-1234567 2 kinderen", "06-1234567/8 moe", "06-1234567\n8 jaar", "06-123456 12 jaar"),
    ],
)
def test_what_is_no_digit_of_a_number_never_makes_a_short_one_whole(raw: str) -> None:
    with pytest.raises(PhoneError, match="no phone number can be read"):
        parse_mobile(raw)


def test_a_number_shows_itself_only_when_it_is_asked_for() -> None:
    assert [str(parse_mobile("06-12345678")), repr(parse_mobile("06-12345678"))] == ["+316 ••• ••78", "PhoneNumber()"]


def test_a_refusal_never_repeats_the_number() -> None:
    with pytest.raises(PhoneError) as refused:
        parse_mobile("06-1234567")
    assert re.search(r"[0-9]", str(refused.value)) is None


@given(MOBILES, st.sampled_from(PREFIXES + WITHOUT_A_PLUS), st.sampled_from(GROUPS), st.sampled_from(AROUND))
def test_every_valid_06_number_is_read_in_every_notation(number: str, prefix: str, groups: str, around: str) -> None:
    assert parse_mobile(around.format(prefix + grouped(number, groups))).e164 == f"+31{number}"


@given(MOBILES, st.sampled_from(PREFIXES), st.sampled_from(GROUPS), st.sampled_from(NOTES))
def test_every_valid_06_number_is_found_beside_a_note(number: str, prefix: str, groups: str, note: str) -> None:
    assert parse_mobile(note.format(prefix + grouped(number, groups))).e164 == f"+31{number}"


@settings(max_examples=200)
@given(TOO_SHORT, JOINTS, LETTERS, LETTERS | st.just(""))
def test_a_note_with_letters_never_becomes_a_strangers_number(number: str, joint: str, note: str, other: str) -> None:
    for cell in (f"{number}{joint}{note}", f"{note}{joint}{number} {other}"):
        with pytest.raises(PhoneError):
            parse_mobile(cell)


@settings(max_examples=400)
@given(TYPED)
def test_a_number_that_is_read_stands_in_the_cell_digit_by_digit(cell: str) -> None:
    try:
        number = parse_mobile(cell).e164
    except PhoneError:
        return
    assert number[-8:] in re.sub(r"[^0-9]", "", cell)


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+31612345678", "+316 ••• ••78"),
        ("+12015550123", "+120 ••• ••23"),
        ("+3161234", "•••"),
        ("+31612345", "+316 ••• ••45"),
        ("112", "•••"),
        ("", "•••"),
    ],
)
def test_a_number_is_masked_but_for_its_beginning_and_end(phone: str, expected: str) -> None:
    assert mask(phone) == expected


@given(st.from_regex(r"\+?[0-9]{0,15}", fullmatch=True))
def test_a_mask_never_shows_more_than_six_digits(phone: str) -> None:
    assert sum(c.isdigit() for c in mask(phone)) <= 6


def test_a_number_put_into_a_text_is_masked() -> None:
    assert f"{PhoneNumber(NOBODY)}" == "+316 ••• ••78"


@pytest.mark.parametrize(
    "raw",
    ["06‐12345678", "06-1234\x005678", "06-1234\x075678", "＋31612345678", "（06）12345678", "06 12 345678 (moe)"],
)
def test_odd_signs_and_a_note_behind_a_group_of_six_keep_no_number_from_being_read(raw: str) -> None:
    assert parse_mobile(raw).e164 == "+31612345678"


def test_a_group_of_five_digits_before_a_note_may_be_the_notes() -> None:
    with pytest.raises(PhoneError, match="no phone number can be read"):
        parse_mobile("06 123 45678 (moe)")


@pytest.mark.parametrize("raw", ONE_NUMBER)
def test_a_number_that_is_texted_is_known_by_it(raw: str) -> None:
    assert e164_of(raw, "NL") == NOBODY


@pytest.mark.parametrize(
    ("raw", "region", "expected"),
    [
        ("020-5550123", "NL", "+31205550123"),
        ("020-5550123 (werk)", "NL", "+31205550123"),
        ("097012345678", "NL", "+3197012345678"),
        ("0470 12 34 56", "BE", "+32470123456"),
        ("+4915112345678", "NL", "+4915112345678"),
        ("06-12345678, 020-5550123", "NL", NOBODY),
        ("06-12345678 / 06-12345679", "NL", None),
        ("020-5550123 / 020-5550124", "NL", None),
        ("06-1234567", "NL", None),
        ("geen", "NL", None),
        ("", "NL", None),
    ],
)
def test_a_number_is_known_whether_it_is_texted_or_not(raw: str, region: str, expected: str | None) -> None:
    assert e164_of(raw, region) == expected


@given(st.text(), st.sampled_from(["NL", "BE", "DE", "US"]))
def test_whatever_is_texted_is_known(raw: str, region: str) -> None:
    try:
        texted = parse_mobile(raw, region).e164
    except PhoneError:
        return
    assert e164_of(raw, region) == texted
