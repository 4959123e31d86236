"""The check-up of practices' rules: which hold, and whether what is left out exists."""

from dataclasses import replace

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.exclusions import Exclusions
from smsreminders.domain.round.practice_rules import Origin
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.jobs.keep.doctor.rules import check_rules, check_unknown
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, own_rules

SLIP = 'linde: no appointment has "Psychologie", "B. Bos", so nothing is left out by it'
UNFILLED = "linde: 1 of 2 appointments to come have no {0}, so except_{0}s leaves none of them out"


def excluded(bench: Bench, practice: Practice, exclusions: Exclusions) -> list[tuple[Verdict, str]]:
    checks = check_rules(bench.db, practice, own_rules(exclusions=exclusions), clock=bench.clock)
    return [(check.verdict, check.found) for check in checks if check.name == "excluded"]


def test_the_rules_of_a_practice_are_told_by_where_they_come_from(bench: Bench, linde: Practice) -> None:
    origins = {"remind": Origin.OWN, "gateway": Origin.OWN, "combine": Origin.GENERAL, "en": Origin.GENERAL}
    rules = replace(own_rules(account="noord"), origins=origins)
    assert check_rules(bench.db, linde, rules, clock=bench.clock) == [
        Check(
            "rules",
            Verdict.OK,
            "linde: its own: remind 1wd, gateway noord; general: combine patient, text en; "
            "built in: sending_hours 08:00 20:00, minimum_notice 2h, daily_limit 500, text nl, text nl_family",
        )
    ]


def test_a_table_of_no_practice_is_wrong() -> None:
    [check] = check_unknown(["/c.toml: practices.lined: there is no practice lined"])
    assert (check.name, check.verdict, check.advice) == (
        "rules",
        Verdict.WRONG,
        "nothing goes out until the code is right",
    )


def test_what_is_left_out_and_nobody_has_is_told(bench: Bench, linde: Practice) -> None:
    left_out = Exclusions(("Psychologie", "Soa"), ("B. Bos", "c. smit"))
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, "A1", kind="SOA", practitioner="C. Smit")
    assert excluded(bench, linde, left_out) == [(Verdict.WARNING, SLIP)]
    an_appointment(bench.db, linde, "A2", start="2026-11-02 09:00", kind="psychologie", practitioner="b. bos ")
    assert excluded(bench, linde, left_out) == []


@pytest.mark.parametrize(
    ("exclusions", "field"), [(Exclusions(types=("Soa",)), "type"), (Exclusions(practitioners=("B",)), "practitioner")]
)
def test_what_the_source_does_not_fill_leaves_out_nobody_and_is_told(
    bench: Bench, linde: Practice, exclusions: Exclusions, field: str
) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, "A1", kind="Soa", practitioner="B")
    an_appointment(bench.db, linde, "A2")
    assert excluded(bench, linde, exclusions) == [(Verdict.WARNING, UNFILLED.format(field))]


def test_of_a_practice_that_leaves_nothing_out_nothing_is_told(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    assert excluded(bench, linde, Exclusions()) == []
