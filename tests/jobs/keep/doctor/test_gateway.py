"""The check-up of the gateway: what it says of the account, and the sender IDs that it doesn't take."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.sending import Accepted
from smsreminders.errors import AdministratorNeeded, ConfigError, SmsremindersError, TryAgainLater
from smsreminders.gateways.accounts import MAIN
from smsreminders.gateways.features import Features
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.jobs.keep.doctor.gateway import check_accounts, check_counts, check_lists, check_senders
from tests.accounts import only, several
from tests.features import FINDS_ALL
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment
from tests.jobs.hearing import HearingGateway

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


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


HEARS = replace(FINDS_ALL, hears=True, knows_opt_outs=True)


@pytest.mark.parametrize(
    ("features", "asked", "found"),
    [
        (HEARS, (1, 1), "tells `poll` what came in and who opted out"),
        (
            replace(HEARS, hears_once=True),
            (0, 1),
            "tells `poll` what came in and who opted out, each SMS once, so it isn't asked now",
        ),
        (replace(HEARS, knows_opt_outs=False), (1, 0), "tells `poll` what came in"),
        (replace(HEARS, hears=False), (0, 1), "tells `poll` who opted out"),
        (FINDS_ALL, (0, 0), "can't be asked what came in: a STOP is heard when the next text is refused"),
    ],
)
def test_it_is_told_whether_an_account_hears(
    bench: Bench, features: Features, asked: tuple[int, int], found: str
) -> None:
    gateway = HearingGateway()
    gateway.features = features
    checks = list(check_lists([MAIN], only(replace(bench.in_use(), gateway=gateway)), NOW))
    assert checks == [Check("inbox", Verdict.OK, f"Of a test {found}")]
    assert (len(gateway.since), len(gateway.opt_outs_since)) == asked


@pytest.mark.parametrize("lists", ["pages", "opt_out_pages"])
def test_a_list_that_is_refused_is_wrong_and_one_that_is_down_a_warning(bench: Bench, lists: str) -> None:
    gateway = HearingGateway()
    accounts = only(replace(bench.in_use(), gateway=gateway))
    getattr(gateway, lists).append(AdministratorNeeded("it refuses the list"))
    (refused,) = check_lists([MAIN], accounts, NOW)
    assert (refused.verdict, refused.found) == (
        Verdict.WRONG,
        "Of a test: it refuses the list; until then nobody hears a STOP",
    )
    getattr(gateway, lists)[:] = [TryAgainLater("it is down")]
    (down,) = check_lists([MAIN], accounts, NOW)
    assert (down.verdict, down.found, down.advice) == (Verdict.WARNING, "Of a test: it is down", "try again later")


def test_what_sends_nothing_or_is_wrong_hears_nothing(bench: Bench) -> None:
    bench.gateway.features = replace(FINDS_ALL, sends_nothing=True)
    assert list(check_lists([MAIN], only(bench.in_use()), NOW)) == []
    assert list(check_lists([MAIN], several({MAIN: ConfigError("no secret")}), NOW)) == []


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
