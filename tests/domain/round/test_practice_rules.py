"""The rules of one practice: where each comes from, and codes that no practice has."""

from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.exclusions import Exclusions
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.practice_rules import Origin, PracticeRules, unknown_practices
from smsreminders.domain.text.message import Wording
from tests.guarding import SCHEDULE

LINDE = Practice(1, "linde", "De Linde", "Linde")
BOS = replace(LINDE, id=2, code="bos", first_code="huisarts-bos")


def test_a_rule_that_stands_nowhere_is_built_in() -> None:
    origins = {"remind": Origin.OWN, "combine": Origin.GENERAL}
    rules = PracticeRules(SCHEDULE, Wording({}), Exclusions(), "", origins)
    expected = ["its own", "general", "built in"]
    assert [rules.origin(setting) for setting in ("remind", "combine", "daily_limit")] == expected


def test_the_rules_are_listed_as_the_configuration_writes_them() -> None:
    schedule = replace(
        SCHEDULE,
        remind=(3, 1),
        unless_confirmed=frozenset({1}),
        combine=Combine.NONE,
        minimum_notice=timedelta(minutes=90),
        daily_limit=7,
    )
    exclusions = Exclusions(("Psychologie", "Soa"), ())
    rules = PracticeRules(schedule, Wording({}), exclusions, "noord", {"remind": Origin.OWN, "combine": Origin.GENERAL})
    assert [(rule.setting, rule.values, rule.origin) for rule in rules.listed()] == [
        ("remind", ("3wd", "1wd unless confirmed"), Origin.OWN),
        ("combine", ("none",), Origin.GENERAL),
        ("sending_hours", ("08:00", "20:00"), Origin.BUILT_IN),
        ("minimum_notice", ("90m",), Origin.BUILT_IN),
        ("daily_limit", ("7",), Origin.BUILT_IN),
        ("except_types", ("Psychologie", "Soa"), Origin.BUILT_IN),
        ("except_practitioners", (), Origin.BUILT_IN),
        ("gateway", ("noord",), Origin.BUILT_IN),
    ]


@pytest.mark.parametrize(("minutes", "written"), [(0, "0h"), (60, "1h"), (90, "90m"), (720, "12h")])
def test_a_notice_of_whole_hours_is_written_in_hours(minutes: int, written: str) -> None:
    schedule = replace(SCHEDULE, minimum_notice=timedelta(minutes=minutes))
    listed = PracticeRules(schedule, Wording({}), Exclusions(), "", {}).listed()
    assert [rule.values for rule in listed if rule.setting in {"minimum_notice", "gateway"}] == [(written,), ()]


def test_the_texts_are_listed_under_their_keys() -> None:
    wording = Wording({"nl": "a", "en": "b"}, several={"nl": "c"}, family={"en": "d"})
    rules = PracticeRules(SCHEDULE, wording, Exclusions(), "", {"nl_several": Origin.OWN})
    assert [(text.setting, text.values, text.origin) for text in rules.texts()] == [
        ("en", ("b",), Origin.BUILT_IN),
        ("en_family", ("d",), Origin.BUILT_IN),
        ("nl", ("a",), Origin.BUILT_IN),
        ("nl_several", ("c",), Origin.OWN),
    ]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], []),
        (["linde", "bos"], []),
        (["lined"], ['practices.lined: there is no practice lined; did you mean "linde"?']),
        (["Linde"], ['practices.Linde: there is no practice Linde; did you mean "linde"?']),
        (["zzz"], ["practices.zzz: there is no practice zzz; known are: bos, linde"]),
        (["huisarts-bos"], ['practices.huisarts-bos: there is no practice huisarts-bos; it was renamed: write "bos"']),
        (
            ["bosch", "linde", "aap"],
            [
                "practices.aap: there is no practice aap; known are: bos, linde",
                'practices.bosch: there is no practice bosch; did you mean "bos"?',
            ],
        ),
    ],
)
def test_a_code_that_no_practice_has_is_told_with_the_nearest(codes: list[str], expected: list[str]) -> None:
    assert unknown_practices(codes, [LINDE, BOS]) == expected


def test_where_there_is_no_practice_yet_no_code_is_known() -> None:
    assert unknown_practices(["linde"], []) == ["practices.linde: there is no practice linde; none was added yet"]
