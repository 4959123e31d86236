"""Test data of others that may not stand in this repository: it is read where it lies, or the test is skipped."""

import os
from pathlib import Path

import pytest

_BESIDE_THE_REPOSITORY = Path(__file__).parents[2] / "shared" / "data"


def shared_data(name: str, *, source: str) -> Path:
    """A file or folder of the shared test data; where it isn't, the test is skipped, telling its `source`."""
    folder = Path(os.environ.get("SMSREMINDERS_TEST_DATA") or _BESIDE_THE_REPOSITORY)
    path = folder / name
    if not path.exists():
        pytest.skip(f"no {name} in {folder} (or what SMSREMINDERS_TEST_DATA names); it comes from {source}")
    return path
