"""The check-up says where nothing takes away what is kept too long, and not in the week before the next purge."""

from datetime import timedelta

import pytest

from smsreminders.domain.keep.retention import Retention
from smsreminders.domain.practices import Practice
from smsreminders.jobs.keep.doctor.retention import check_retention
from smsreminders.jobs.keep.purge import purge
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, local


def warned(bench: Bench) -> list[str]:
    return [check.name for check in check_retention(bench.db, Retention(), clock=bench.clock)]


@pytest.mark.parametrize(("days", "expected"), [(89, []), (103, []), (105, ["retention"])])
def test_what_should_have_gone_two_weeks_ago_is_a_warning(
    bench: Bench, linde: Practice, days: int, expected: list[str]
) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round()
    bench.clock.go_to(local("2026-11-24 10:30") + timedelta(days=days))
    assert warned(bench) == expected
    purge(bench.db, Retention(), access=RECEPTION, clock=bench.clock)
    assert warned(bench) == []
