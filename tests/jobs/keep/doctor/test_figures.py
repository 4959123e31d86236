"""The check-up of what went out: the figures of today, each trouble as a warning with what to do."""

from dataclasses import replace

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.sending import Rejected
from smsreminders.jobs.keep.doctor.figures import check_figures
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from tests.accounts import only
from tests.features import FINDS_ALL
from tests.jobs.bench import Bench
from tests.jobs.builders import ZONE, a_patient, an_appointment


def checked(bench: Bench) -> list[Check]:
    return check_figures(bench.db, only(bench.in_use()), zone=ZONE, clock=bench.clock)


def a_round(bench: Bench, practice: Practice) -> None:
    """A round that reminds one patient and skips another."""
    for number, consent in ((1, True), (2, None)):
        a_patient(bench.db, practice, f"P{number}", consent=consent)
        an_appointment(bench.db, practice, f"A{number}", f"P{number}")
    bench.round()


def test_a_day_like_others_is_right(bench: Bench, linde: Practice) -> None:
    nothing = "0 sent, none skipped, delivered - (usually -)"
    assert checked(bench) == [Check("today", Verdict.OK, nothing)]
    a_round(bench, linde)
    assert checked(bench) == [Check("today", Verdict.OK, "1 sent, 1 no-consent, delivered - (usually -)")]


def test_a_rehearsed_day_says_that_nothing_was_sent(bench: Bench) -> None:
    bench.gateway.features = replace(FINDS_ALL, sends_nothing=True)
    (check,) = checked(bench)
    assert check.found == "0 rehearsed and nothing sent, none skipped, delivered - (usually -)"


def test_each_trouble_is_a_warning_with_what_to_do(bench: Bench, linde: Practice) -> None:
    bench.gateway.in_order.append(Rejected("no such number"))
    a_round(bench, linde)
    (check,) = checked(bench)
    assert (check.name, check.verdict, check.found) == (
        "rejected",
        Verdict.WARNING,
        "1 of today was rejected by the gateway",
    )
    assert "notifications list --status rejected" in check.advice
