"""The claim is on disk before its request leaves; and that the check of it can fail."""

from pathlib import Path

import pytest

from tests.long.order_on_disk import checked
from tests.long.setting import Practice
from tests.long.tracing import why_no_strace
from tests.long.two_practices import prepare

pytestmark = pytest.mark.skipif(bool(why_no_strace()), reason=why_no_strace() or "")

FINE = {
    "claim not on disk": 0,
    "covers not on disk": 0,
    "something not synced": 0,
    "damaged": 0,
    "POSTs missed": 0,
    "canaries": 0,
}


@pytest.fixture
def template(tmp_path: Path) -> Practice:
    return prepare(tmp_path / "template", patients=3, within=True)


def test_at_each_post_the_claim_would_outlive_a_power_cut(template: Practice) -> None:
    assert checked(template, "one", connections=1, codes=["linde"]) == FINE | {"POSTs": 4}


def test_with_less_syncing_it_would_not(template: Practice) -> None:
    lowered = checked(template, "full", connections=1, codes=["linde"], level="full")
    assert (lowered["claim not on disk"], lowered["covers not on disk"]) == (4, 0)
