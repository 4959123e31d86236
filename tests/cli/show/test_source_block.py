"""The block of a source: whatever a file is called and has in its header, it is TOML that says just that."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.cli.show.source_block import block_lines, toml_text
from smsreminders.importers.records import Kind
from smsreminders.importers.trial.found import Finding, Found


@given(st.text())
def test_any_text_is_written_so_that_it_is_read_back(text: str) -> None:
    assert tomllib.loads(f"key = {toml_text(text)}") == {"key": text}


@given(st.text(min_size=1), st.text(), st.text())
def test_any_line_of_a_block_says_what_was_found(key: str, value: str, why: str) -> None:
    found = Found(Kind.PATIENTS, (), words={"status": [Finding(key, value, why)]})
    block = "\n".join(block_lines(found, Path("/srv/a.csv"), file_format="auto", practice=None))
    [source] = tomllib.loads(block)["sources"]
    assert source["words"] == {"status": {key: value}}


@pytest.mark.parametrize(
    ("file", "path", "name"),
    [
        ("/srv/agenda.csv", "/srv/agenda.csv", "agenda"),
        ("/srv/agenda_2026-11-24.csv", "/srv/agenda_*.csv", "agenda"),
        ("/srv/20261124-0600 agenda.xlsx", "/srv/* agenda.xlsx", "agenda"),
        ("/srv/20261124.csv", "/srv/*.csv", "agenda"),
        ("/srv/Linde 2 [oud].csv", "/srv/Linde 2 [[]oud].csv", "Linde 2 [oud]"),
    ],
)
def test_the_path_is_a_pattern_of_the_files_to_come(file: str, path: str, name: str) -> None:
    block = "\n".join(block_lines(Found(Kind.PATIENTS, ()), Path(file), file_format="csv", practice="linde"))
    [source] = tomllib.loads(block)["sources"]
    assert source == {"name": name, "kind": "patients", "path": path, "format": "csv", "practice": "linde"}


def test_a_column_that_may_tell_whose_each_row_is_stands_there_to_be_uncommented() -> None:
    found = Found(Kind.APPOINTMENTS, (), share_column="Vestiging", shares={"Utrecht": 40, "Houten": 1})
    lines = list(block_lines(found, Path("/srv/a.csv"), file_format="auto", practice=None))
    assert '# practice_column = "Vestiging"  # in place of practice, if it tells whose each row is' in lines
    assert lines[-3:] == [
        '# [sources.practices]  # with practice_column: the code of each; "" for rows to leave out',
        '# Utrecht = ""  # rows: 40',
        '# Houten = ""  # rows: 1',
    ]
    uncommented = "\n".join(line.removeprefix("# ") for line in lines if "practice" in line or "rows:" in line)
    [source] = tomllib.loads("[[sources]]\n" + uncommented.replace('practice = "CODE"', ""))["sources"]
    assert source == {"practice_column": "Vestiging", "practices": {"Utrecht": "", "Houten": ""}}
    assert "practice_column" not in "".join(block_lines(found, Path("a.csv"), file_format="auto", practice="linde"))
