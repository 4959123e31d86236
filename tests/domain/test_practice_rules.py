"""The rules of one practice: where each comes from, and codes that no practice has."""

from dataclasses import replace

import pytest

from smsreminders.domain.exclusions import Exclusions
from smsreminders.domain.message import Wording
from smsreminders.domain.practice_rules import Origin, PracticeRules, unknown_practices
from smsreminders.domain.practices import Practice
from tests.guarding import SCHEDULE

LINDE = Practice(1, "linde", "De Linde", "Linde")
BOS = replace(LINDE, id=2, code="bos", first_code="huisarts-bos")


def test_a_rule_that_stands_nowhere_is_built_in() -> None:
    origins = {"remind": Origin.OWN, "combine": Origin.GENERAL}
    rules = PracticeRules(SCHEDULE, Wording({}), Exclusions(), "", origins)
    expected = [Origin.OWN, Origin.GENERAL, Origin.BUILT_IN]
    assert [rules.origin(setting) for setting in ("remind", "combine", "daily_limit")] == expected


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
