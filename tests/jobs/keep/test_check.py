"""One look for monitoring: a missing round, what waits for a person, and that fewer texts arrive than usual."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from smsreminders.domain.keep.health import Arrival
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Unavailable, Uncertain
from smsreminders.errors import AdministratorNeeded
from smsreminders.jobs.keep.access import look as look_at
from smsreminders.jobs.keep.accounts import AccountState
from smsreminders.jobs.keep.check import CheckResult, check
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.keep.access_head import head_file
from smsreminders.store.practices import all_practices
from tests.accounts import only
from tests.builders import RECEPTION
from tests.guarding import NOW, RATE, SCHEDULE, TOMORROW, WORDING, House, a_house, add_practice, damage
from tests.jobs.builders import own_rules

TERMS = Terms(SCHEDULE, WORDING, RATE)
ROUND_BY = time(10)
TEN = NOW + timedelta(hours=1)  # in Amsterdam
NO_REPORTS = "{} of 3 texts have had no report for over 24 hours: look whether cron runs `smsreminders poll`"
FOR_A_PERSON = (
    "1 wait for a person: see `smsreminders notifications list --status uncertain`, then `notifications settle`"
)
FAILED = "see `smsreminders notifications list --status failed`, then ask the gateway"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return a_house(tmp_path)


def look(house: House, round_by: time = ROUND_BY, terms: Terms = TERMS) -> CheckResult:
    with house.open() as db:
        return check(
            db, all_practices(db), accounts=only(house.in_use()), terms=terms, round_by=round_by, clock=house.clock
        )


def missed(*codes: str) -> str:
    """What is told of practices whose round of today was not completed."""
    return (
        f"today's round was not completed for {', '.join(codes)}: run `smsreminders dispatch --if-missed`, "
        "and look whether cron does"
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NOW - timedelta(hours=8), []),
        (TEN - timedelta(microseconds=1), []),
        (TEN, [missed("linde")]),
        (NOW + timedelta(hours=14), [missed("linde")]),
        (NOW + timedelta(days=5, hours=2), [missed("linde")]),  # a Saturday
    ],
)
def test_a_round_is_missed_only_after_its_time_and_on_every_day(
    house: House, at: datetime, expected: list[str]
) -> None:
    house.clock.go_to(at)
    assert look(house).troubles == expected


@pytest.mark.parametrize(
    ("begins", "after", "is_missed"),
    [
        (time(13), timedelta(hours=5, minutes=59), False),  # 14:59: five hours later than the general ones
        (time(13), timedelta(hours=6), True),
        (time(6), timedelta(minutes=59), False),  # earlier hours are no reason to miss it earlier
        (time(6), timedelta(hours=1), True),
        (time(22, 30), timedelta(hours=14, minutes=59), False),
    ],
)
def test_a_practice_with_later_sending_hours_is_missed_so_much_later(
    house: House, begins: time, after: timedelta, *, is_missed: bool
) -> None:
    terms = replace(TERMS, practices={"linde": own_rules(hours=(begins, time(23)))})
    house.clock.go_to(NOW + after)
    assert look(house, terms=terms).troubles == ([missed("linde")] if is_missed else [])


def test_the_time_of_the_round_is_local_also_in_summer(house: House) -> None:
    nine_utc = datetime.fromisoformat("2027-06-01T08:00:00+00:00")  # 10:00 in Amsterdam
    house.clock.go_to(nine_utc - timedelta(seconds=1))
    assert look(house).troubles == []
    house.clock.go_to(nine_utc)
    assert look(house).troubles != []


def test_a_damaged_file_that_no_round_of_the_day_could_check_is_told(house: House) -> None:
    house.told()
    house.round()
    damage(house.path, "said_patients")
    damaged = "the database is damaged: stop the cron jobs and put the last backup back"
    house.clock.go_on(days=1)
    assert damaged not in look(house).troubles
    with pytest.raises(AdministratorNeeded, match=damaged):
        house.round()
    house.clock.go_on(minutes=1)
    assert damaged in look(house).troubles


def test_a_round_that_was_completed_is_none_that_is_missed(house: House) -> None:
    house.told()
    house.round()
    house.clock.go_to(TEN)
    assert look(house) == CheckResult(
        sent=1, recent=Arrival(1, 0, 0), accounts=[AccountState("", str(house.in_use().name), 1, 0)]
    )


def test_yesterdays_round_is_not_todays(house: House) -> None:
    house.round()
    house.clock.go_to(TEN + timedelta(days=1))
    assert look(house).troubles == [missed("linde")]


def test_each_practice_whose_round_is_missing_is_named(house: House) -> None:
    house.round()
    with house.open() as db:
        add_practice(db, "aak")
        add_practice(db, "boom")
    house.clock.go_to(TEN)
    assert look(house).troubles == [missed("aak", "boom")]


def test_a_round_that_left_some_waiting_was_not_completed(house: House) -> None:
    house.told()
    house.gateway.takes = False
    house.gateway.answers.extend([Unavailable("down")] * 3)
    house.round()
    house.clock.go_to(TEN)
    verdict = look(house)
    assert (verdict.waiting, verdict.troubles) == (1, [missed("linde")])


def test_what_came_back_to_the_queue_after_its_round_is_told_until_it_has_left(house: House) -> None:
    house.told()
    house.gateway.takes = False
    house.gateway.answers.append(Uncertain("no answer"))
    house.round()
    for _ in range(2):
        house.clock.go_on(minutes=10)
        house.poll()  # twice absent
    verdict = look(house)
    assert (verdict.waiting, verdict.troubles) == (
        1,
        ["1 wait after today's round: look whether cron runs `dispatch --if-missed`"],
    )
    house.gateway.takes = True
    house.round()
    assert look(house).troubles == []


def test_what_is_uncertain_waits_for_a_person(house: House) -> None:
    house.told()
    house.gateway.answers.append(Uncertain("no answer"))
    house.round()
    verdict = look(house)
    assert (verdict.uncertain, verdict.troubles) == (1, [FOR_A_PERSON])


def sent_and_reported(house: House, at: datetime, *, delivered: int, failed: int, after: int) -> None:
    """A round at that moment; then so many are delivered, and so many not."""
    house.clock.go_to(at)
    before = len(house.gateway.taken)
    house.crowd(delivered + failed, after=after, starts_at=at + timedelta(hours=24))
    house.round()
    now_sent = house.gateway.phones[before:]
    fates = [Status.DELIVERED] * delivered + [Status.FAILED] * failed
    house.gateway.fates |= dict(zip(now_sent, fates, strict=True))
    house.poll()


def arrival(delivered: int, failed: int) -> Arrival:
    """The arrival of texts whose fate is all known."""
    return Arrival(delivered + failed, delivered + failed, delivered)


def of_today(arrived: int, known: int) -> str:
    """What is told where so few arrive that it needs no comparison."""
    return f"{arrived} of today's {known} texts whose fate is known arrived: {FAILED}"


@pytest.mark.parametrize(
    ("usual", "recent", "expected"),
    [
        pytest.param((20, 0), (10, 10), [of_today(10, 20)], id="half-of-them"),
        pytest.param((20, 0), (17, 3), [], id="not-clearly-fewer"),
        pytest.param(
            (20, 0),
            (16, 4),
            [f"fewer texts arrive than usual on this weekday: 80 %, usually 100 %: {FAILED}"],
            id="clearly-fewer",
        ),
        pytest.param((14, 6), (14, 6), [], id="as-usual"),
        pytest.param((10, 10), (10, 10), [of_today(10, 20)], id="as-bad-as-usual"),
        pytest.param((10, 10), (20, 0), [], id="more"),
        pytest.param((19, 0), (14, 6), [], id="too-few-before"),
        pytest.param((20, 0), (13, 6), [], id="too-few-now"),
        pytest.param((20, 0), (0, 20), [of_today(0, 20)], id="none-at-all"),
        pytest.param((0, 0), (0, 3), [of_today(0, 3)], id="none-of-three"),
        pytest.param((0, 0), (0, 2), [], id="none-of-two"),
    ],
)
def test_a_delivery_rate_that_drops_is_told_where_there_are_enough_to_say_so(
    house: House, usual: tuple[int, int], recent: tuple[int, int], expected: list[str]
) -> None:
    sent_and_reported(house, NOW - timedelta(days=14), delivered=usual[0], failed=usual[1], after=0)
    sent_and_reported(house, NOW, delivered=recent[0], failed=recent[1], after=100)
    verdict = look(house)
    assert (verdict.usual, verdict.recent) == (arrival(*usual), arrival(*recent))
    assert verdict.troubles == expected


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [(0, "recent"), (7, "recent"), (8, "usual"), (35, "usual"), (36, "neither")],
)
def test_recent_is_a_week_and_usual_the_four_before(house: House, days_ago: int, expected: str) -> None:
    sent_and_reported(house, NOW - timedelta(days=days_ago), delivered=2, failed=1, after=0)
    house.clock.go_to(NOW)
    verdict = look(house)
    counted = {"recent": verdict.recent, "usual": verdict.usual}
    assert counted == {name: arrival(2, 1) if name == expected else arrival(0, 0) for name in counted}


def test_what_has_no_report_yet_counts_for_neither(house: House) -> None:
    house.told()
    house.round()
    assert look(house).recent == Arrival(taken=1, known=0, delivered=0)


def test_fewer_than_usual_are_told_on_another_weekday_too(house: House) -> None:
    sent_and_reported(house, NOW - timedelta(days=13), delivered=20, failed=0, after=0)
    sent_and_reported(house, NOW, delivered=16, failed=4, after=100)
    assert look(house).troubles == [f"fewer texts arrive than usual: 80 %, usually 100 %: {FAILED}"]


@pytest.mark.parametrize(
    ("reported", "after", "expected"),
    [
        (0, timedelta(hours=24), []),
        (0, timedelta(hours=24, seconds=1), [NO_REPORTS.format(3)]),
        (1, timedelta(hours=25), [NO_REPORTS.format(2)]),
        (2, timedelta(hours=25), []),  # one phone is off
    ],
)
def test_a_poll_that_does_not_run_is_told_a_day_later(
    house: House, reported: int, after: timedelta, expected: list[str]
) -> None:
    house.crowd(3)
    house.round()
    house.gateway.fates |= dict.fromkeys(house.gateway.phones[:reported], Status.DELIVERED)
    house.poll()
    house.clock.go_on(seconds=after.total_seconds())
    assert look(house, time(23)).troubles == expected


def test_all_troubles_are_told_at_once(house: House) -> None:
    house.told("A1", "P1", starts_at=TOMORROW + timedelta(days=30))
    house.told("A2", "P2")
    house.gateway.answers.append(Uncertain("no answer"))
    house.round()
    house.clock.go_to(TEN + timedelta(days=1))
    assert look(house).troubles == [missed("linde"), FOR_A_PERSON]


def test_an_access_log_that_was_cut_off_or_lost_its_head_is_told(house: House) -> None:
    with house.open() as db:
        for _ in range(2):
            look_at(db, RECEPTION, [("linde", None)])
        head = head_file(db)
        assert look(house).troubles == []
        db.execute("drop trigger access_log_is_kept")
        db.execute("delete from access_log where number = 2")
    [told] = look(house).troubles
    assert told.startswith("the access log isn't as it was written: line 2 is missing")
    head.unlink()
    [told] = look(house).troubles
    assert "isn't there" in told
    head.mkdir()
    [told] = look(house).troubles
    assert told.startswith(f"{head} can't be opened")
