"""A few points of the kill sweep, and its control: with claims forgotten it must find the second SMS."""

from pathlib import Path

import pytest

from tests.long.kill_sweep import BROKEN, Kill, Point, outcome
from tests.long.setting import Practice
from tests.long.tracing import why_no_strace
from tests.long.two_practices import prepare

pytestmark = pytest.mark.skipif(bool(why_no_strace()), reason=why_no_strace() or "")

PATIENTS = 4  # of each practice, with one to three appointments each; one gets another number
SENT_NOT_RECORDED = Point(1, "recvfrom", 2)
CLAIMED_NOT_SENT = Point(1, "sendto", 3)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    return prepare(tmp_path_factory.mktemp("kills") / "template", patients=PATIENTS, within=True)


@pytest.mark.parametrize(
    ("first", "second", "signal", "if_missed"),
    [
        (SENT_NOT_RECORDED, None, "SIGKILL", False),
        (
            CLAIMED_NOT_SENT,
            None,
            "SIGKILL",
            True,
        ),  # proved absent by a poll, sent by the crontab's line
        (Point(8, "sendto", 1), Point(8, "fdatasync", 12), "SIGKILL", False),
        (Point(8, "fdatasync", 16), None, "SIGTERM", False),
    ],
)
def test_a_killed_run_is_finished_without_a_second_sms(
    template: Practice, tmp_path: Path, first: Point, second: Point | None, signal: str, *, if_missed: bool
) -> None:
    tally = outcome(template, tmp_path, Kill(0, first, second, signal, if_missed), patients=PATIENTS)
    assert {name: tally[name] for name in ("killed", *BROKEN)} == {"killed": 1} | dict.fromkeys(BROKEN, 0)


def test_the_sweep_finds_what_a_program_without_claims_would_do(template: Practice, tmp_path: Path) -> None:
    kill = Kill(0, SENT_NOT_RECORDED, None, "SIGKILL")
    tally = outcome(template, tmp_path, kill, patients=PATIENTS, naive=True)
    assert tally["doubles"] + tally["told twice"] >= 1
