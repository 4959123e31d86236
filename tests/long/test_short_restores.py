"""The short form of restores; and that what is told twice, or not at all, would be seen."""

from collections import Counter

from tests.long.restores import BROKEN, judged, run

A, B = ("+31612345601", "24 november", "10:00"), ("+31612345602", "24 november", "10:00")


def test_after_a_restore_nobody_is_told_twice_and_nobody_is_lost() -> None:
    tally = run(stories=4, from_seed=1)
    assert {name: tally[name] for name in BROKEN} == dict.fromkeys(BROKEN, 0)
    assert min(tally["found at the gateway"], tally["told by a guess"]) > 0


def test_what_is_told_twice_or_lost_is_seen() -> None:
    spared, restored = Counter([A, B]), Counter([A, A])
    assert judged(spared, restored, called=set(), moved_twice=set()) == {"told": 2, "told twice": 1, "lost": 1}
    known = judged(spared, restored, called={"P2"}, moved_twice=set())
    assert known == {"told": 2, "told twice": 1, "not told, to be called": 1}
