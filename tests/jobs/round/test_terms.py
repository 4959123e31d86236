"""The terms of a round: which hold for a practice, whatever the others have."""

from collections.abc import Mapping
from datetime import time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.exclusions import NOTHING, Exclusions
from smsreminders.domain.round.practice_rules import PracticeRules
from smsreminders.domain.text.message import Wording
from smsreminders.jobs.round.terms import Terms
from tests.jobs.builders import RATE, SCHEDULE, WORDING, own_rules

CODES = st.sampled_from(["linde", "bos", "eik", "aak"])
RULES = st.builds(
    own_rules,
    hours=st.tuples(st.just(time(8)), st.times(time(9), time(23))),
    notice=st.timedeltas(timedelta(), timedelta(hours=12)),
    daily_limit=st.integers(0, 1000),
    wording=st.builds(Wording, st.dictionaries(st.sampled_from(["nl", "en"]), st.text(), min_size=1)),
    exclusions=st.builds(Exclusions, st.lists(st.text()).map(tuple), st.lists(st.text()).map(tuple)),
)
OWN = st.dictionaries(CODES, RULES)


def holding(terms: Terms) -> tuple[object, ...]:
    return terms.schedule, terms.wording, terms.exclusions


def terms_with(own: Mapping[str, PracticeRules]) -> Terms:
    return Terms(SCHEDULE, WORDING, RATE, practices=own)


@given(own=OWN, code=CODES)
def test_a_practice_has_its_own_terms_or_the_general_ones(own: dict[str, PracticeRules], code: str) -> None:
    rules = own.get(code)
    expected = (rules.schedule, rules.wording, rules.exclusions) if rules else (SCHEDULE, WORDING, NOTHING)
    assert holding(terms_with(own).of(code)) == expected
    assert terms_with(own).of(code).general_rate == RATE


@given(own=OWN, code=CODES, other=CODES, rules=RULES)
def test_what_another_practice_has_changes_nothing(
    own: dict[str, PracticeRules], code: str, other: str, rules: PracticeRules
) -> None:
    if code != other:
        assert holding(terms_with(own).of(code)) == holding(terms_with(own | {other: rules}).of(code))


@given(own=OWN, code=CODES)
def test_asked_twice_for_the_same_practice_they_are_the_same(own: dict[str, PracticeRules], code: str) -> None:
    once = terms_with(own).of(code)
    assert once.of(code) == once
