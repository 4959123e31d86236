"""What a place or a name would bring into a text: what may not stand in any keeps it back, the rest is told."""

from dataclasses import replace

import pytest

from smsreminders.domain.round.due import Due, Rules
from smsreminders.domain.round.unfit import judge_places, unfit_for_a_text
from smsreminders.domain.text.judged import Judgement, Matter
from smsreminders.domain.text.message import Wording
from tests.due import DUE, RULES, changed

WITH_PLACE = replace(RULES, wording=Wording({"nl": "Beste {patient}, {day} om {time}, {location}."}))


def at(place: str) -> Due:
    return changed(DUE, location=place)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("", None),
        ("Kamer 3", None),
        ("Kerkstraat 12, 3511 AB Utrecht, 030-1234567", None),
        ("Poli Oncologie", None),
        ("www.linde.nl/route", None),
        ("Kamer 3 (BSN 123456782)", Matter.BSN),
        ("123456782", Matter.BSN),
        ("1234.56.782", Matter.BSN),
        ("123456781", None),  # fails the eleven-test
        ("bsn onbekend", Matter.BSN),
        ("Kamer 3, geb. 12-03-1956", Matter.BIRTH_DATE),
        ("12-03-1956", Matter.BIRTH_DATE),
        ("Zie bit.ly/linde", Matter.SHORT_LINK),
    ],
)
def test_a_place_that_may_not_stand_in_a_text_keeps_it_back(place: str, expected: Matter | None) -> None:
    assert unfit_for_a_text(at(place), WITH_PLACE) is expected
    assert unfit_for_a_text(at(place), RULES) is None  # its texts name no place


@pytest.mark.parametrize(
    "wording",
    [
        Wording({"nl": "Kom {day}.", "en": "Come to {location}."}),
        Wording({"nl": "Kom {day}."}, several={"nl": "Kom {day}, {location}."}),
    ],
)
def test_it_is_kept_back_whichever_text_names_the_place(wording: Wording) -> None:
    rules = replace(RULES, wording=wording)
    assert unfit_for_a_text(at("123456782"), rules) is Matter.BSN


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("J. Jansen", None),
        ("J. Jansen (geb. 1956)", Matter.BIRTH_DATE),
        ("J. Jansen 123456782", None),  # isn't called by it: the text says "patient"
        ("Jansen 2", None),
    ],
)
def test_a_name_that_may_not_stand_in_a_text_keeps_it_back(name: str, expected: Matter | None) -> None:
    assert unfit_for_a_text(changed(DUE, patient_name=name), RULES) is expected


def test_the_practices_own_phone_is_no_citizen_number() -> None:
    rules = replace(WITH_PLACE, practice=replace(RULES.practice, phone="111222333"))
    assert unfit_for_a_text(at("bel 111222333"), rules) is None


def judged(rules: Rules, *places: str) -> dict[Judgement, int]:
    return dict(judge_places([at(place) for place in places], rules))


def test_words_of_care_links_and_offers_of_places_are_counted_and_not_what_the_practice_accepts() -> None:
    places = ("Poli Oncologie", "Poli Oncologie", "zie www.linde.nl", "", "Kamer 3")
    care, link = Judgement(Matter.CARE, "Oncologie"), Judgement(Matter.LINK, "www.linde.nl")
    assert judged(WITH_PLACE, *places) == {care: 2, link: 1}
    assert judged(RULES, *places) == {}
    accepting = replace(WITH_PLACE, wording=replace(WITH_PLACE.wording, accept=frozenset({"care"})))
    assert judged(accepting, *places) == {link: 1}
    long = "een heel lange plaats met veel te veel woorden achter elkaar zonder dat er ooit een einde komt"
    assert judged(WITH_PLACE, long) == {}
