"""What repeats itself in a file: which rows go, and what is told of them."""

from typing import Any, NamedTuple

import pytest

from smsreminders.domain.agenda.repeats import Verdict, judge_consents, judge_id

SAME_ID = "the same id stands in {} with other content"
CONSENT = "a consent of the same patient and time stands in {} with other content"


class Row(NamedTuple):
    place: str
    content: tuple[Any, ...] | None = ()


BAD = Row("line 3", None)


@pytest.mark.parametrize(
    ("records", "verdicts"),
    [
        ([Row("line 2", ("a",))], []),
        ([Row("line 2", ("a",)), Row("line 5", ("a",)), Row("line 6", ("a",))], [Verdict(1), Verdict(2)]),
        (
            [Row("line 2", ("a",)), Row("line 4", ("a",)), Row("line 5", ("b",)), Row("line 6", ("c",))],
            [Verdict(n, SAME_ID.format(place)) for n, place in enumerate(["line 5", "line 5", "line 2", "line 2"])],
        ),
        ([BAD, Row("line 4"), Row("line 5")], [Verdict(n, SAME_ID.format("line 3")) for n in (1, 2)]),
        ([Row("line 2"), BAD, BAD], [Verdict(0, SAME_ID.format("line 3"))]),
    ],
)
def test_of_one_id_all_records_go_that_differ_or_else_the_repeats(records: list[Row], verdicts: list[Verdict]) -> None:
    assert list(judge_id(records)) == verdicts


@pytest.mark.parametrize(
    ("records", "verdicts"),
    [
        ([Row("line 2", (1, "desk")), Row("line 3", (1, "form")), Row("line 4", (1, "desk"))], [Verdict(2)]),
        (
            [Row("line 2", (1, "desk")), Row("line 3", (0, "desk")), Row("line 4", (1, "form"))],
            [Verdict(n, CONSENT.format(place)) for n, place in enumerate(["line 3", "line 2", "line 3"])],
        ),
        ([Row("line 2", (1, "desk")), Row("line 3", (None, "desk")), Row("line 4", (None, "form"))], []),
        (
            [Row("line 2", (1, "desk")), Row("line 3", (0, "desk")), Row("line 4", (None, "desk"))],
            [Verdict(n, CONSENT.format(place)) for n, place in enumerate(["line 3", "line 2"])],
        ),
    ],
)
def test_consents_of_one_time_go_if_they_contradict_each_other_or_else_the_repeats(
    records: list[Row], verdicts: list[Verdict]
) -> None:
    assert list(judge_consents(records)) == verdicts
