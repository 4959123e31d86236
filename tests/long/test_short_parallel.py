"""The short form of parallel: one wave of processes at once."""

from pathlib import Path

from tests.long.parallel import BROKEN, run


def test_processes_at_once_send_nothing_twice(tmp_path: Path) -> None:
    figures = run(tmp_path / "here", seconds=0, processes=4)
    assert figures["withdrawals"] == 3
    assert {name: figures[name] for name in BROKEN if figures[name]} == {}
