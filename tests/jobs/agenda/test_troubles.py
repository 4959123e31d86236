"""What is told of bad rows: the words of a file's own are explained once, by the command or for every night."""

import pytest

from smsreminders.importers.records import RowError
from smsreminders.jobs.agenda.troubles import known_cause


@pytest.mark.parametrize("field", ["status", "consent"])
def test_words_of_a_files_own_are_told_with_the_option_and_with_the_setting_of_the_nightly_source(field: str) -> None:
    cause = known_cause([RowError("line 2", field, f"is no {field} that is known", "A1", word="Wachtlijst")])
    assert cause
    assert f'--word "{field}:WORD=MEANING"' in cause
    assert f'words = {{ {field} = {{ "WORD" = "MEANING" }} }}' in cause
