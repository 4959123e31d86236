"""The look at a source: it still comes, it is imported, there is a practice for it; else it is told what to do."""

import os
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.jobs.agenda.orders import SourceOrder
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.jobs.keep.doctor.sources import check_source
from smsreminders.jobs.keep.sources import look_at_source
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.agenda.sources import SourceKey, keep_came
from smsreminders.store.database import write_transaction
from smsreminders.store.practices import set_days
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE, WORDING, a_practice, local
from tests.jobs.exports import HOUR, agenda, exported, order, row, run

TERMS = Terms(SCHEDULE, WORDING, RATE)
CRON = "run `smsreminders import --all`, and look whether cron does"
GONE = 'the source "agenda" doesn\'t come any more: the newest is agenda.csv of {}: '
EXPORT = "look whether the export still runs, and under which name"


def told(bench: Bench, asked: SourceOrder) -> list[str]:
    return [str(trouble) for trouble in look_at_source(bench.db, asked, terms=TERMS, clock=bench.clock).troubles]


def came(bench: Bench, practice: Practice, at: datetime) -> None:
    with write_transaction(bench.db):
        keep_came(bench.db, SourceKey(practice, "agenda", "appointments"), at)


def test_a_source_that_came_and_was_imported_is_in_order(bench: Bench, linde: Practice) -> None:
    exported(bench)
    run(bench, order(bench))
    found = 'the source "agenda": the newest is agenda.csv of 2026-11-23 08:00'
    owned = [bench.path]
    checks = check_source(bench.db, order(bench), owned=owned, terms=TERMS, clock=bench.clock)
    assert checks == [Check("source", Verdict.OK, found)], linde


def test_one_that_was_never_imported_is_told_at_once(bench: Bench, linde: Practice) -> None:
    exported(bench)
    never = f'the source "agenda" was never imported for linde: {CRON}'
    assert told(bench, order(bench)) == [never], linde


@pytest.mark.parametrize(
    ("now", "is_told"),
    [
        ("2026-11-24 20:00", False),
        ("2026-11-24 20:01", True),  # 36 hours after Monday 08:00
    ],
)
def test_one_whose_file_is_yesterdays_is_told_when_it_is_overdue(
    bench: Bench, linde: Practice, now: str, *, is_told: bool
) -> None:
    exported(bench)
    run(bench, order(bench))
    bench.clock.go_to(local(now))
    gone = GONE.format("2026-11-23 08:00") + EXPORT
    assert told(bench, order(bench)) == ([gone] if is_told else []), linde


def test_the_days_on_which_its_practices_are_closed_do_not_count(bench: Bench, linde: Practice, duin: Practice) -> None:
    exported(bench, agenda(row(1), row(2, place="Zeist")))
    asked = order(bench, column="Locatie", texts={"Utrecht": "linde", "Zeist": "duin"})
    run(bench, asked)
    bench.clock.go_to(local("2026-11-26 09:00"))
    days = [local(f"2026-11-{day} 12:00").date() for day in (24, 25, 26)]
    counts = [len(told(bench, asked))]
    for practice in (linde, duin):
        with write_transaction(bench.db):
            set_days(bench.db, practice.id, days, is_open=False)
        counts.append(len(told(bench, asked)))
    assert counts == [1, 1, 0]


def test_one_that_came_but_is_not_imported_any_more_is_told(bench: Bench, linde: Practice) -> None:
    exported(bench)
    came(bench, linde, local("2026-11-18 02:00"))
    found = 'the source "agenda" was last imported for linde as it was on 2026-11-18 02:00'
    assert told(bench, order(bench)) == [f"{found}: {CRON}"]
    came(bench, linde, local("2026-11-20 02:00"))  # the hours of the weekend don't count
    assert told(bench, order(bench)) == []


def test_a_feed_is_told_by_when_it_last_answered(bench: Bench, linde: Practice) -> None:
    asked = order(bench, url="https://host/agenda.ics", pattern="")
    assert told(bench, asked) == [f'the source "agenda" was never imported for linde: {CRON}']
    came(bench, linde, bench.clock.now() - HOUR)
    assert told(bench, asked) == []
    bench.clock.go_to(local("2026-11-27 09:00"))
    assert told(bench, asked)[0].startswith('the source "agenda" was last imported for linde as it was on 2026-11-23')


def test_one_whose_last_file_was_refused_is_not_told_twice(bench: Bench, linde: Practice) -> None:
    exported(bench, agenda(row(1, "morgen")))
    run(bench, order(bench))
    assert told(bench, order(bench)) == [], linde


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"practice": "lind"}, 'whose is the source "agenda"? there is no practice "lind"'),
        ({"pattern": "none*.csv"}, 'the source "agenda": no file matches'),
        ({"pattern": "none/agenda.csv"}, "No such file or directory: look at the path of the source"),
    ],
)
def test_what_keeps_a_source_from_coming_is_told(bench: Bench, more: dict[str, Any], says: str) -> None:
    a_practice(bench.db)
    exported(bench, ago=timedelta(hours=1))
    (trouble,) = told(bench, order(bench, **more))
    assert says in trouble
    (check,) = check_source(bench.db, order(bench, **more), owned=[bench.path], terms=TERMS, clock=bench.clock)
    assert (check.name, check.verdict) == ("source", Verdict.WARNING)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can look as another user")
def test_doctor_tells_what_the_user_of_cron_can_not_read(bench: Bench, linde: Practice) -> None:
    file = exported(bench)
    run(bench, order(bench))
    file.chmod(0o600)
    of_cron = bench.path.with_name("config.toml")
    of_cron.touch()
    os.chown(of_cron, 65534, 65534)
    (check,) = check_source(bench.db, order(bench), owned=[of_cron], terms=TERMS, clock=bench.clock)
    assert check.verdict is Verdict.WARNING, linde
    assert re.search(
        r"(agenda\.csv can't be read|can't be looked into): let the user that cron runs as|denied", check.found
    )
    assert told(bench, order(bench)) == []
