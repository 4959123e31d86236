"""A bench for each test, with a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.store.database import opened
from tests.builders import a_database
from tests.jobs.bench import Bench
from tests.jobs.builders import a_practice


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    path = a_database(tmp_path)
    with opened(path) as db:
        db.execute("pragma synchronous = off")  # no power is cut here, and a commit costs a tenth
        yield Bench(path, db)


@pytest.fixture
def linde(bench: Bench) -> Practice:
    return a_practice(bench.db, "linde")


@pytest.fixture
def duin(bench: Bench) -> Practice:
    return a_practice(bench.db, "duin")
