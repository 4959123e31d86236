"""`dispatch` says before its first request who will wait, because the round can't end in time at this rate."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from smsreminders.cli.show.columns import View
from smsreminders.cli.show.forecast import forecast_warning
from smsreminders.domain.round.forecast import End, Forecast
from tests.cli.running import TUESDAY, Program
from tests.gateways.fake_spryng import FakeSpryng

BEFORE_THE_HOURS = "2026-11-24T07:00:00+01:00"
SLOW = '[schedule]\nminimum_notice = "1h"\n{}\n[gateway]\nper_second = 1\n{}'
TWO_SECONDS = 'sending_hours = ["08:00", "08:00:02"]'
ONE_SECOND = 'longest_run = "1s"'
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
AT_20 = datetime(2026, 11, 24, 19, tzinfo=UTC)
SAID_OF_ONE_SECOND = (
    "smsreminders: at 1 a second (gateway.per_second) this round takes until 09:01, but schedule.longest_run ends it "
    "at 09:00: 2 of 3 notifications will wait, of linde (2); raise gateway.per_second if the gateway allows it, or "
    "make schedule.longest_run longer"
)


def test_a_round_says_it_and_its_exit_code_is_that_of_what_happens(agenda: Program) -> None:
    with FakeSpryng(now=datetime.fromisoformat(TUESDAY)) as spryng:
        spryng.fail_next("401", method="POST")  # so the round ends with its first request
        account = f'account_reference = "{spryng.account_reference}"\napi_key = "{spryng.api_key}"'
        agenda.configure(
            SLOW.format(ONE_SECOND, f'name = "spryng"\nbase_url = "{spryng.url}"\nconnections = 1\n{account}')
        )
        ended = agenda("--quiet dispatch")
    assert (ended.code, ended.out) == (78, "")
    assert ended.said[0] == SAID_OF_ONE_SECOND
    assert "refuses the account" in ended.said[1]


def test_a_dry_run_says_it_too_and_ends_well(agenda: Program) -> None:
    agenda.configure(SLOW.format(TWO_SECONDS, ""))
    ended = agenda.at(BEFORE_THE_HOURS)("dispatch --dry-run --json")
    assert ended.code == 0
    assert ended.said == [
        (
            "smsreminders: at 1 a second (gateway.per_second) this round takes until 08:01, but the sending hours end "
            "at 08:00: 2 of 4 notifications will wait, of linde (2); raise gateway.per_second if the gateway allows "
            "it, begin earlier, or widen schedule.sending_hours"
        )
    ]
    assert ended.json["forecast"] == {
        "begins_at": "2026-11-24T08:00:00+01:00",
        "until": "2026-11-24T08:00:02+01:00",
        "ends_at": "2026-11-24T08:00:03+01:00",
        "leaving": 2,
        "waiting": {"linde": 2},
    }


def test_nothing_is_said_where_all_can_leave(agenda: Program) -> None:
    ended = agenda("dispatch --dry-run --json")
    assert (ended.code, ended.err) == (0, "")
    assert (ended.json["forecast"]["leaving"], ended.json["forecast"]["waiting"]) == (3, {})


def test_with_no_practice_to_look_at_nothing_leaves_and_nobody_waits(agenda: Program) -> None:
    agenda.does("dispatch")
    forecast = agenda("dispatch --dry-run --if-missed --json").json["forecast"]
    assert (forecast["leaving"], forecast["waiting"]) == (0, {})


@pytest.mark.parametrize(
    ("waiting", "named"),
    [
        ({"a": 3}, "3 of 10 notifications will wait, of a (3); "),
        ({"b": 1, "a": 3}, "4 of 11 notifications will wait, of b (1), a (3); "),
        (dict.fromkeys("abcde", 1), "5 of 12 notifications will wait, of a (1), b (1), c (1), d (1), e (1); "),
        (dict.fromkeys("abcdefg", 1), " will wait, of a (1), b (1), c (1), d (1), e (1) and 2 more; "),
    ],
    ids=["one", "two", "five", "seven"],
)
def test_some_practices_are_named_and_the_rest_counted(waiting: dict[str, int], named: str) -> None:
    assert named in warning_of(waiting, ends_at=AT_20)


@pytest.mark.parametrize(
    ("ends_at", "until"),
    [("20:00:00", "20:00,"), ("20:00:01", "20:01,"), ("23:59:00", "23:59,"), ("23:59:30", "Wed 25 Nov 00:00,")],
)
def test_the_end_is_told_to_the_minute_that_it_falls_into_with_its_day_if_it_is_another(
    ends_at: str, until: str
) -> None:
    moment = datetime.fromisoformat(f"2026-11-24T{ends_at}+01:00")
    assert f"takes until {until} but the sending hours end at 20:00" in warning_of({"a": 1}, ends_at=moment)


def test_the_pace_that_is_too_slow_is_named_as_it_stands_in_the_configuration() -> None:
    slow = Forecast(1, AT_20, AT_20, End.SENDING_HOURS, 7, AT_20, {"a": 1}, account="noord")
    assert forecast_warning(slow, View(AMSTERDAM)).count("gateways.noord.per_second") == 2


def warning_of(waiting: dict[str, int], *, ends_at: datetime) -> str:
    """The warning of a round that ends with the sending hours after seven have left."""
    return forecast_warning(Forecast(1, AT_20, AT_20, End.SENDING_HOURS, 7, ends_at, waiting), View(AMSTERDAM))
