"""Calendars of ours beside what is in them, worked out by hand: a row a line, times as a Dutch clock shows them."""

from pathlib import Path

import pytest

from tests.importers.calendars.samples import line_of, rows_of

SAMPLES = sorted((Path(__file__).parents[2] / "data" / "calendars").glob("*.ics"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_calendar_has_the_appointments_that_a_person_reads_in_it(sample: Path) -> None:
    expected = sample.with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    assert [line_of(row) for row in rows_of(sample)] == expected
