"""Workbook: each kind of cell as a text; a workbook cut at any byte is read as a whole or not at all."""

import io
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest

from smsreminders.importers.workbook import rows_of, text_of

SAMPLES = Path(__file__).parents[1] / "data" / "tables"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Jan", "Jan"),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (7.0, "7"),
        (-1.5, "-1.5"),
        (10**15 - 1.0, "999999999999999"),
        (8.78e14, "878000000000000"),
        (8.781234567890124e17, "8.78123456789012E+17"),
        (float("inf"), "inf"),
        (date(2026, 11, 24), "2026-11-24"),
        (datetime(2026, 11, 24), "2026-11-24"),  # noqa: DTZ001
        (datetime(2026, 11, 24, 10, 30), "2026-11-24 10:30"),  # noqa: DTZ001
        (datetime(2026, 11, 24, 10, 30, 15), "2026-11-24 10:30:15"),  # noqa: DTZ001
        (datetime(2026, 11, 24, 10, 29, 59, 999_997), "2026-11-24 10:30"),  # noqa: DTZ001
        (time(9, 30), "09:30"),
        (time(0, 0), "00:00"),
        (time(9, 29, 59, 999_997), "09:30"),
        (timedelta(hours=9, minutes=30), "09:30"),
        (timedelta(hours=30), "1 day, 6:00:00"),
    ],
)
def test_a_cell_is_written_as_its_owner_would(cell: object, text: str) -> None:
    assert text_of(cell) == text


def sample(kind: str) -> bytes:
    if kind != "xlsx":
        return (SAMPLES / f"agenda.{kind}").read_bytes()
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (["appointment_id", "start"], [1, datetime(2026, 11, 24, 10, 30)]):  # noqa: DTZ001
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_workbook_that_is_cut_anywhere_is_whole_or_nothing(kind: str) -> None:
    content = sample(kind)
    whole = list(rows_of(io.BytesIO(content)))
    for cut in range(0, len(content), 5 if kind == "xls" else 1):  # that is the largest
        rows = None
        with suppress(BaseException):  # its library panics too: then the process is gone, as it is meant to
            rows = list(rows_of(io.BytesIO(content[:cut])))
        assert rows in (None, whole)
