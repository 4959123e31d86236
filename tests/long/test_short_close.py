"""Some points of the sweep over a close: at its journal, before and after its commit, and at its file."""

from pathlib import Path

import pytest

from tests.long.close_sweep import BROKEN, Ready, outcome, ready
from tests.long.tracing import why_no_strace

pytestmark = pytest.mark.skipif(bool(why_no_strace()), reason=why_no_strace() or "")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    return ready(tmp_path_factory.mktemp("closes"), appointments=5, within=True)


def test_the_close_that_is_killed_has_a_line_of_each_kind(template: Ready) -> None:
    kinds = [line.split(b",")[4] for line in template.bill.splitlines()[1:]]
    assert kinds == [b"correction", b"late"]
    assert b",2\n" not in template.bill
    assert template.contents[-1] != []  # and one that was waived


@pytest.mark.parametrize(
    ("call", "share"),
    [("pwrite64", 0.0), ("pwrite64", 0.6), ("fdatasync", 0.5), ("unlink", 0.0), ("fsync", 0.99), ("rename", 0.0)],
)
def test_a_killed_close_is_made_again_with_the_same_bytes(
    template: Ready, tmp_path: Path, call: str, share: float
) -> None:
    (group,) = [points for points in template.points if points[0][0] == call]
    tally = outcome(template, tmp_path, *group[int(share * len(group))])
    assert {name: tally[name] for name in ("killed", *BROKEN)} == {"killed": 1} | dict.fromkeys(BROKEN, 0)
