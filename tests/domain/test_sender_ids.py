"""The sender ID: by default the practice's own name, never another's, and a number only as it can be dialled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.sender_ids import check_own, check_sender_id, sender_id_from
from smsreminders.errors import UsageError

# Names as Dutch practices have them, made up.
DEFAULTS = {
    "Tandartspraktijk De Linde": "Linde",
    "Tandarts de Boer": "Boer",
    "Tandartsenpraktijk Van der Meer B.V.": "Meer",
    "Tandartsengroepspraktijk Noord": "Noord",
    "Tandheelkundig Centrum Søndergård": "Sondergard",
    "Centrum voor Tandheelkunde en Implantologie Maastricht": "Maastricht",
    "Mondzorgcentrum Oost": "Oost",
    "Mondhygiënistenpraktijk Stralend": "Stralend",
    "Orthodontiepraktijk Łukasz": "Lukasz",
    "Huisartsenpraktijk 't Hof": "Hof",
    "Huisartsen Bakker & De Wit": "BakkerWit",
    "Maatschap Huisartsen Vreeswijk": "Vreeswijk",
    "Huisartsenpraktijk J.P. van Dijk": "Dijk",
    "Drs. M. de Jong, huisarts": "Jong",
    "Stichting Huisartsenpost Zeeland": "Zeeland",
    "Huisartsenpraktijk Post": "Post",
    "HUISARTSENPRAKTIJK HET KOMPAS": "KOMPAS",
    "Gezondheidscentrum De Lange Naam aan den Rijn": "LangeNaam",
    "Groepspraktijk Anna's Hoeve": "AnnasHoeve",
    "Medisch Centrum West": "West",
    "Fysiotherapie In Balans": "InBalans",
    "Fysiotherapiepraktijk Jansen": "Jansen",
    "FysioPlus Utrecht": "FysioPlus",
    "Praktijk voor Oefentherapie Cesar Smits": "Smits",
    "Verloskundigenpraktijk Astrid": "Astrid",
    "Psychologenpraktijk Weltevredenheid": "Weltevreden",
    "Diëtistenpraktijk Zoë": "Zoe",
    "Podotherapie Hermanns V.O.F.": "Hermanns",
    "Dierenkliniek De Vier Poten": "VierPoten",
    "Kliniek Ørsted": "Orsted",
    "Praktijk 4 You": "4You",
    "Praktijk Lange Linden": "LangeLinden",
    "Praktijk Blauwe Zonnebloem Bos": "Blauwe",
    "Praktijk Bos": "Bos",
    "Praktijk Bos Weltevredenheid": "Bos",
    "Praktijk Ab Weltevredenheid": "AbWeltevred",
}
OTHERS = [
    *["digid", "rabobank", "abnamro", "vanlanschot", "volksbank", "belasting", "toeslagen", "postnl", "nlalert"],
    *["mijnoverheid", "rijksoverheid", "zilverenkru", "achmea", "thuisarts", "mastercard", "whatsapp"],
]
EMERGENCIES = ["112", "113", "144", "911", "999", "116000", "116111", "116117", "116123"]
NO_SENDER_ID = r'^"[^"]*" is no sender ID: at most 11 letters and digits, or a phone number$'
NO_SUCH_NUMBER = (
    r'^"[^"]*" is no sender ID: there is no such phone number; write it like \+31612345678, '
    r"or a short code of 3 to 6 digits$"
)
ASKED_FOR = [
    "Fysio & Co",
    "De Tandarts",
    "Huisartsenpraktijk",
    "Tandartspraktijk 2000",
    "112 4",
    "Praktijk A",
    "",
    "日本",
]


@pytest.mark.parametrize(("name", "expected"), DEFAULTS.items())
def test_the_default_is_the_practices_own_name_without_the_words_of_the_trade(name: str, expected: str) -> None:
    assert sender_id_from(name) == expected


@pytest.mark.parametrize("name", ASKED_FOR)
def test_a_name_that_holds_too_little_of_its_own_is_asked_for(name: str) -> None:
    with pytest.raises(UsageError, match=r'^no sender ID can be made from "[^"]*": give one with --sender-id$'):
        sender_id_from(name)


@given(st.text() | st.lists(st.sampled_from([*" ".join(DEFAULTS).split(), "Ø", "B.V."])).map(" ".join))
def test_a_default_has_3_to_11_letters_and_digits_and_may_stand(name: str) -> None:
    try:
        made = sender_id_from(name)
    except UsageError:
        return
    assert (check_sender_id(made), 3 <= len(made) <= 11, made.isalnum()) == (made, True, True)


@pytest.mark.parametrize("sender_id", ["Linde", "a", "1a", "A1234567890", "1008", "3669", "123456", "+31612345678"])
def test_a_name_a_short_code_and_an_international_number_stay_as_they_are(sender_id: str) -> None:
    assert check_sender_id(sender_id) == sender_id


@pytest.mark.parametrize(
    ("given_as", "region", "expected"),
    [
        ("0612345678", "NL", "+31612345678"),
        ("06-12345678", "NL", "+31612345678"),
        ("(020) 555 01 23", "NL", "+31205550123"),
        ("0031612345678", "NL", "+31612345678"),
        ("31612345678", "NL", "+31612345678"),
        ("0470123456", "BE", "+32470123456"),
        ("+31 97010 123456", "NL", "+3197010123456"),
    ],
)
def test_a_number_gets_its_international_form(given_as: str, region: str, expected: str) -> None:
    assert check_sender_id(given_as, region) == expected


def test_a_number_without_a_country_code_is_dutch_unless_told_otherwise() -> None:
    assert check_sender_id("0612345678") == "+31612345678"


@pytest.mark.parametrize("sender_id", ["00123456", "061234567", "12", "0800", "1" * 15, "1" * 16, "0000"])
def test_a_number_that_nobody_has_is_refused(sender_id: str) -> None:
    with pytest.raises(UsageError, match=NO_SUCH_NUMBER):
        check_sender_id(sender_id)


@pytest.mark.parametrize(
    "sender_id", ["", "TandartsdeBo", "De Boer", "De-Boer", "Zoë", "Linde\n", "+", "++31612345678", "+3161234567a"]
)
def test_another_sender_id_is_refused(sender_id: str) -> None:
    with pytest.raises(UsageError, match=NO_SENDER_ID):
        check_sender_id(sender_id)


@pytest.mark.parametrize(
    ("sender_id", "reason"),
    [
        *(
            (name, "says nothing of the practice")
            for name in ("Info", "ALERT", "sms", "Afspraak", "Reminder", "Info24", "Info10")
        ),
        *((name, "is the name of a well-known other") for name in ("DigiD", "D1GID", "ING", "Rabobank", "ABNAMRO")),
        *((name, "is the name of a well-known other") for name in ("Belastingdi", "PostNL", "MijnDigiD", "KPN1")),
        *((name, "is an emergency number") for name in ("112", "113", "Huisarts112", "116117")),
        ("Linde", "is the sender ID of practice linde"),
        ("LINDE", "is the sender ID of practice linde"),
        ("+31612345678", "is the sender ID of practice eik"),
    ],
)
def test_a_sender_id_that_is_not_the_practices_own_is_refused_with_the_reason(sender_id: str, reason: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_own(sender_id, {"Linde": "linde", "+31612345678": "eik"})
    assert str(refused.value) == f'"{sender_id}" {reason}: give another one with --sender-id, or add --sure'


@pytest.mark.parametrize("sender_id", [*DEFAULTS.values(), "Ingrid", "Knabbel", "Posthuis", "3669", "+31205550123"])
def test_an_ordinary_sender_id_is_the_practices_own(sender_id: str) -> None:
    check_own(sender_id, {"Eik": "eik"})


@pytest.mark.parametrize("sender_id", OTHERS)
def test_the_name_of_a_well_known_other_is_refused_as_it_is_and_within_another(sender_id: str) -> None:
    message = " is the name of a well-known other: give another one with --sender-id, or add --sure$"
    with pytest.raises(UsageError, match=message):
        check_own(sender_id, {})
    with pytest.raises(UsageError, match=message):
        check_own(f"Mijn{sender_id}", {})


@pytest.mark.parametrize("number", EMERGENCIES)
def test_an_emergency_number_is_refused(number: str) -> None:
    with pytest.raises(UsageError, match="is an emergency number"):
        check_own(number, {})


@pytest.mark.parametrize("sender_id", [word[1:] for word in (*OTHERS, *EMERGENCIES)])
def test_what_only_ends_like_what_is_refused_is_taken(sender_id: str) -> None:
    check_own(sender_id, {})
