"""A few points of the sweep over `poll`: no reply is lost or stored twice, and nobody who stopped is texted."""

from pathlib import Path

import pytest

from tests.long.kill_sweep import Point
from tests.long.poll_sweep import BROKEN, FAKES, PAGE, Kill, outcome, prepare
from tests.long.tracing import why_no_strace

pytestmark = pytest.mark.skipif(bool(why_no_strace()), reason=why_no_strace() or "")


@pytest.mark.parametrize(
    ("of", "point", "lost"),
    [
        pytest.param(0, Point(1, "fdatasync", 4), 0, id="spryng-while-a-page-is-written"),
        pytest.param(1, Point(1, "recvfrom", 1), PAGE, id="infobip-when-it-has-given-a-page"),
    ],
)
def test_a_killed_poll_is_finished_by_the_next_one(tmp_path: Path, of: int, point: Point, lost: int) -> None:
    template = prepare(tmp_path / "template", FAKES[of])
    tally = outcome(template, tmp_path, Kill(0, of, point))
    assert {name: tally[name] for name in ("killed", "replies lost", *BROKEN)} == {
        "killed": 1,
        "replies lost": lost,
        **dict.fromkeys(BROKEN, 0),
    }
