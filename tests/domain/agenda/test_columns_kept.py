"""The columns of a source's files: which ones are gone or suddenly empty, and what is remembered of a good file."""

import pytest

from smsreminders.domain.agenda.columns_kept import columns_changed, columns_of

BEFORE = {"start": True, "status": True, "location": False}


@pytest.mark.parametrize(
    ("fields", "filled", "rows", "expected"),
    [
        (["start", "status", "location"], {"status": 20, "location": 0}, 20, ([], [])),
        (["start", "status", "location", "phone"], {"status": 10}, 20, ([], [])),
        (["start", "location"], {}, 3, (["status"], [])),
        (["start", "status", "location"], {"status": 9}, 20, ([], ["status"])),
        (["start", "status", "location"], {"status": 4}, 9, ([], [])),
        (["start"], {}, 0, (["status", "location"], [])),
    ],
)
def test_a_column_that_is_gone_or_empty_in_most_of_ten_rows_is_told(
    fields: list[str], filled: dict[str, int], rows: int, expected: tuple[list[str], list[str]]
) -> None:
    assert columns_changed(BEFORE, fields, filled, rows=rows) == expected


def test_a_file_without_rows_tells_nothing_of_what_is_filled() -> None:
    assert columns_of(BEFORE, ["status", "location", "phone"], {"status": 0}, rows=0) == {
        "status": True,
        "location": False,
        "phone": False,
    }
    assert columns_of(BEFORE, ["start", "status"], {"status": 4}, rows=9) == {"start": True, "status": False}
