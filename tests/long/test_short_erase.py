"""Some points of the sweep over what takes away: at its first write, in its journal, at the log's head, at its end."""

from pathlib import Path

import pytest

from tests.long.erase_sweep import BROKEN, DEEDS, Ready, outcome, prepared, ready
from tests.long.setting import Practice
from tests.long.tracing import why_no_strace

pytestmark = pytest.mark.skipif(bool(why_no_strace()), reason=why_no_strace() or "")


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    return prepared(tmp_path_factory.mktemp("erased") / "template", appointments=12, more=0, replies=2, within=True)


@pytest.fixture(scope="module", params=DEEDS)
def template(practice: Practice, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Ready:
    return ready(practice, tmp_path_factory.mktemp(request.param), request.param)


@pytest.mark.parametrize(("call", "share"), [("pwrite64", 0.6), ("ftruncate", 0.99), ("unlink", 0.0)])
def test_killed_it_is_done_or_not_begun_and_done_when_it_is_done_again(
    template: Ready, tmp_path: Path, call: str, share: float
) -> None:
    (group,) = [points for points in template.points if points[0].call == call]
    tally = outcome(template, tmp_path, group[int(share * len(group))])
    assert {name: tally[name] for name in ("killed", *BROKEN)} == {"killed": 1} | dict.fromkeys(BROKEN, 0)
