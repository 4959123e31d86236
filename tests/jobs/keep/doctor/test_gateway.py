"""The check-up of the gateway: what it says of the account, and the sender IDs that it doesn't take."""

from dataclasses import replace
from datetime import date

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.sending import Accepted
from smsreminders.errors import AdministratorNeeded, SmsremindersError, TryAgainLater
from smsreminders.gateways.accounts import MAIN
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.jobs.keep.doctor.gateway import check_accounts, check_counts, check_senders
from tests.accounts import only
from tests.features import FINDS_ALL
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment


def test_what_the_gateway_says_of_the_account_is_told(bench: Bench) -> None:
    assert list(check_accounts([MAIN], only(bench.in_use()))) == [Check("gateway", Verdict.OK, "Of a test: known")]


@pytest.mark.parametrize(
    ("error", "verdict"),
    [(TryAgainLater("it is down"), Verdict.WARNING), (AdministratorNeeded("it refuses"), Verdict.WRONG)],
)
def test_a_gateway_that_is_down_is_a_warning_and_one_that_refuses_is_wrong(
    bench: Bench, error: SmsremindersError, verdict: Verdict
) -> None:
    bench.gateway.trouble = error
    (check,) = check_accounts([MAIN], only(bench.in_use()))
    assert (check.verdict, str(error) in check.found) == (verdict, True)


def test_a_sender_id_that_the_gateway_does_not_take_is_wrong(bench: Bench, linde: Practice) -> None:
    assert check_senders([linde], only(bench.in_use())) == []
    odd = replace(linde, sender_id="De Linde & Co")
    (check,) = check_senders([odd], only(bench.in_use()))
    assert (check.verdict, "practice edit linde --sender-id" in check.found) == (Verdict.WRONG, True)
    bench.gateway.features = replace(FINDS_ALL, sender_ids=None)
    assert check_senders([odd], only(bench.in_use())) == []


@pytest.mark.parametrize(
    ("today", "verdict", "finding"),
    [
        (date(2026, 12, 28), Verdict.WARNING, "1 of 2 counted otherwise by the gateway in 35 days"),
        (date(2026, 12, 29), Verdict.OK, "0 of 0 counted otherwise by the gateway in 35 days"),
    ],
)
def test_segments_that_the_gateway_counts_otherwise_are_told(
    bench: Bench, linde: Practice, today: date, verdict: Verdict, finding: str
) -> None:
    for number in (1, 2, 3):
        a_patient(bench.db, linde, f"P{number}")
        an_appointment(bench.db, linde, f"A{number}", f"P{number}")
    bench.gateway.in_order.extend([Accepted("g1", segments=1), Accepted("g2", segments=2), Accepted("g3")])
    bench.round()
    check = check_counts(bench.db, today)
    assert (check.verdict, check.found) == (verdict, finding)
