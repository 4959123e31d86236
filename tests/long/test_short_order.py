"""The claim is on disk before its request leaves; and that the check of it can fail."""

from pathlib import Path

import pytest

from tests.long.order_on_disk import checked
from tests.long.setting import Practice, prepare
from tests.long.tracing import why_no_strace

pytestmark = pytest.mark.skipif(bool(why_no_strace()), reason=why_no_strace() or "")

FINE = {"claim not on disk": 0, "something not synced": 0, "damaged": 0, "POSTs missed": 0, "canaries": 0}


@pytest.fixture
def template(tmp_path: Path) -> Practice:
    return prepare(tmp_path / "template", appointments=3)


def test_at_each_post_the_claim_would_outlive_a_power_cut(template: Practice) -> None:
    assert checked(template, "one", connections=1) == FINE | {"POSTs": 3}


def test_with_less_syncing_it_would_not(template: Practice) -> None:
    assert checked(template, "full", connections=1, level="full")["claim not on disk"] == 3
