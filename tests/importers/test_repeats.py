"""What repeats itself in a file: which rows go, and what is told of them."""

from typing import Any, NamedTuple

import pytest

from smsreminders.importers.repeats import Verdict, settle_consent, settle_id, settle_patient

SAME_ID = "the same id stands in line {} with other content"
CONSENT = "a consent of the same patient and time stands in line {} with other content"
PATIENT = "line {} says something else of this patient: name, phone, language or consent"


class Row(NamedTuple):
    line: int
    content: tuple[Any, ...] = ()
    id: int | None = 1


BAD = Row(3, id=None)


@pytest.mark.parametrize(
    ("rows", "verdicts"),
    [
        ([Row(2, ("a",))], []),
        ([Row(2, ("a",)), Row(5, ("a",)), Row(6, ("a",))], [Verdict(1), Verdict(2)]),
        (
            [Row(2, ("a",)), Row(4, ("a",)), Row(5, ("b",)), Row(6, ("c",))],
            [Verdict(place, SAME_ID.format(line)) for place, line in enumerate([5, 5, 2, 2])],
        ),
        ([BAD, Row(4), Row(5)], [Verdict(1, SAME_ID.format(3)), Verdict(2, SAME_ID.format(3))]),
        ([Row(2), BAD, BAD], [Verdict(0, SAME_ID.format(3))]),
    ],
)
def test_of_one_id_all_rows_go_that_differ_or_else_the_repeats(rows: list[Row], verdicts: list[Verdict]) -> None:
    assert list(settle_id(rows)) == verdicts


@pytest.mark.parametrize(
    ("rows", "verdicts"),
    [
        ([Row(2, (1, "desk")), Row(3, (1, "form")), Row(4, (1, "desk"))], [Verdict(2)]),
        (
            [Row(2, (1, "desk")), Row(3, (0, "desk")), Row(4, (1, "form"))],
            [Verdict(0, CONSENT.format(3)), Verdict(1, CONSENT.format(2)), Verdict(2, CONSENT.format(3))],
        ),
    ],
)
def test_consents_of_one_time_go_if_they_contradict_each_other_or_else_the_repeats(
    rows: list[Row], verdicts: list[Verdict]
) -> None:
    assert list(settle_consent(rows)) == verdicts


def test_of_one_patient_the_first_row_counts() -> None:
    rows = [Row(2, ("Jan",)), Row(3, ("Piet",)), Row(4, ("Jan",)), Row(5, ("Els",))]
    assert list(settle_patient(rows)) == [Verdict(1, PATIENT.format(2)), Verdict(3, PATIENT.format(2))]
