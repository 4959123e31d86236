import re

import pytest

from smsreminders.domain.agenda.patient_patterns import EXAMPLE, patients_in, read_patient_pattern
from smsreminders.errors import UsageError


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (EXAMPLE, "SUMMARY:J. Jansen (1234)", ["1234"]),
        (EXAMPLE, "SUMMARY:Pauze", []),
        (EXAMPLE, "SUMMARY:N. Vink (1015) en O. Vink (1016)", ["1015", "1016"]),
        (r"SUMMARY:.*\((?P<patient>\d+)\)", "DESCRIPTION:(77)", []),
        (r"(?P<patient>\d+)", "SUMMARY:1 en 2", ["1", "2"]),
        (r"SUMMARY:(?P<patient>\s*\w*)", "SUMMARY: p7 ", ["p7"]),
        (r"SUMMARY:(?P<patient>\d*)", "SUMMARY:Pauze", []),
        (r"SUMMARY:(?P<patient>\d+)?", "SUMMARY:Pauze", []),
    ],
)
def test_the_ids_of_patients_are_found_by_the_group(pattern: str, text: str, expected: list[str]) -> None:
    assert patients_in(text, read_patient_pattern(pattern)) == expected


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(?P<patient>", "no regular expression (missing"),
        (r"\d+", "no group (?P<patient>...)"),
        (r"(?P<patient>x{99999999999})", "no regular expression (the repetition number is too large)"),
    ],
)
def test_a_pattern_that_names_no_patient_is_refused_with_one_that_does(pattern: str, reason: str) -> None:
    with pytest.raises(UsageError, match=re.escape(reason)) as raised:
        read_patient_pattern(pattern)
    assert str(raised.value).endswith(EXAMPLE)
