"""A practice's code, name and language: made from its name, or checked as they were given."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.practices import (
    REMINDERS_BY_SMS,
    Practice,
    Service,
    ServiceType,
    check_assignment,
    check_code,
    check_language,
    check_name,
    code_from,
)
from smsreminders.errors import UsageError


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Tandartspraktijk De Linde", "linde"),
        ("Tandarts de Boer", "boer"),
        ("Huisartsenpraktijk 't Hof", "hof"),
        ("Fysio & Co", "fysio-co"),
        ("  Praktijk (Oost)  ", "oost"),
        ("Diëtiste Zoë", "zoe"),
        ("Kliniek Ørsted", "orsted"),
        ("24-uurs zorg", "24-uurs"),
        ("Gezondheidscentrum De Lange Naam aan den Rijn", "lange-naam"),
        ("Tandarts De Twaalf Eiken", "twaalf-eiken"),
        ("Tandarts De Dertien Eiken", "dertien"),
        ("Tandarts Brandenburgerstraat", "brandenburge"),
        ("Tandartspraktijk", "tandartsprak"),
        ("De Praktijk", "de-praktijk"),
        ("a" * 39 + " b", "a" * 12),
    ],
)
def test_a_code_is_made_from_what_is_a_practices_own_in_its_name(name: str, expected: str) -> None:
    assert code_from(name) == expected


@given(st.text().filter(lambda name: any(c.isascii() and c.isalnum() for c in name)))
def test_a_code_made_from_a_name_is_short_and_may_stand(name: str) -> None:
    code = code_from(name)
    assert (check_code(code), len(code) <= 12) == (code, True)


def test_the_code_of_references_is_the_first_one() -> None:
    practice = Practice(1, "linde", "De Linde", "Linde")
    assert (practice.key, replace(practice, code="boom", first_code="linde").key) == ("linde", "linde")


@pytest.mark.parametrize("code", ["a", "7", "tandarts", "tandarts-de-boer", "praktijk-2"])
def test_a_code_of_small_letters_digits_and_single_dashes_is_taken(code: str) -> None:
    assert check_code(code) == code


@pytest.mark.parametrize(
    "code", ["", "-", "-a", "a-", "a--b", "Tandarts", "de boer", "zoë", "a_b", "a/b", "a\n", "../x"]
)
def test_another_code_is_refused(code: str) -> None:
    with pytest.raises(UsageError, match=r'^"[^"]*" is no code for a practice: use small letters, digits and dashes$'):
        check_code(code)


@pytest.mark.parametrize("name", ["", "&", "日本"])
def test_a_name_without_letters_or_digits_makes_no_code(name: str) -> None:
    with pytest.raises(UsageError, match=r'^no code can be made from "[^"]*": give one with --code$'):
        code_from(name)


@pytest.mark.parametrize("language", ["nl", "en", "tr", "nld"])
def test_a_language_is_an_iso_639_code(language: str) -> None:
    assert check_language(language) == language


@pytest.mark.parametrize("language", ["", "n", "NL", "nl-NL", "nl_NL", "dutch", "nl\n", "1"])
def test_another_language_is_refused(language: str) -> None:
    with pytest.raises(UsageError, match="is no language: write its code, like nl or en"):
        check_language(language)


def test_a_refusal_repeats_no_more_than_the_beginning_of_a_language() -> None:
    with pytest.raises(UsageError, match=f'^"{"z" * 20}" is no language'):
        check_language("z" * 500)


def test_a_practice_needs_no_phone_and_no_language_of_its_own() -> None:
    practice = Practice(1, "tandarts", "Tandarts de Boer", "TandartsdeB")
    assert (practice.phone, practice.language) == ("", None)


def test_a_service_is_assigned_nothing_at_first() -> None:
    assert Service(1, "Notificaties", ServiceType.NOTIFICATIONS, enabled=True).assigned == ()


def service(number: int, *, enabled: bool = True, assigned: bool = True) -> Service:
    pairs = (REMINDERS_BY_SMS,) if assigned else ()
    return Service(number, f"Dienst {number}", ServiceType.NOTIFICATIONS, enabled, pairs)


@pytest.mark.parametrize(
    ("one", "others"),
    [
        pytest.param(service(1), [], id="the-only-one"),
        pytest.param(service(1), [service(1)], id="itself"),
        pytest.param(service(1), [service(2, enabled=False)], id="the-other-is-disabled"),
        pytest.param(service(1, enabled=False), [service(2)], id="this-one-is-disabled"),
        pytest.param(service(1), [service(2, assigned=False)], id="the-other-is-assigned-nothing"),
        pytest.param(service(1, assigned=False), [service(2)], id="this-one-is-assigned-nothing"),
    ],
)
def test_a_pair_of_one_enabled_service_may_be_assigned(one: Service, others: list[Service]) -> None:
    check_assignment(one, others)


def test_two_enabled_services_never_have_the_same_pair() -> None:
    message = 'sms and appointment-reminder are assigned to the enabled service "Dienst 3" already: disable or unassign'
    with pytest.raises(UsageError, match=message):
        check_assignment(service(1), [service(1), service(2, enabled=False), service(3)])


def test_the_words_of_the_tables_are_these() -> None:
    words = [*REMINDERS_BY_SMS, ServiceType.NOTIFICATIONS]
    assert words == ["sms", "appointment-reminder", "notifications"]


@pytest.mark.parametrize(
    ("name", "expected"), [(" De Linde ", "De Linde"), ('Zoë & Co; "X"', 'Zoë & Co; "X"'), ("x" * 200,) * 2]
)
def test_a_name_is_one_line(name: str, expected: str) -> None:
    assert check_name(name) == expected


@pytest.mark.parametrize(
    "name", ["", " ", "a\nb", "\x1b[2J", "a\u2028b", "a\u2029b", "a\x00", "\x85x\x85a", "a\udc80", "x" * 201, "a\tb"]
)
def test_what_is_no_name_of_one_line_is_refused(name: str) -> None:
    with pytest.raises(
        UsageError,
        match=r"^a name (has at least one letter|is one line of at most 200 characters, without control characters)$",
    ):
        check_name(name)
