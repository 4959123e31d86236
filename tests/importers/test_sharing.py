"""What rows share: one number for what is alike, told once, and little is kept of what is never told."""

from collections.abc import Mapping
from itertools import count

from smsreminders.importers.sharing import Shared


def joined(cells: Mapping[int, str]) -> str:
    return "+".join(cells.values())


def test_cells_and_texts_of_several_are_read_alike() -> None:
    shared = Shared(joined, [3, 4, 7], ";", count(1))
    by_cells = shared.numbers([["a"], ["b"], ["c"]], 1)
    by_texts = shared.numbers([["a;b"], ["c"]], 1)
    assert [what for _, what in shared.told_first([*by_cells, *by_texts])] == ["a+b+c"] * 2


def test_rows_without_such_columns_say_the_same() -> None:
    shared = Shared(joined, [], ";", count(1))
    assert list(shared.numbers([], 3)) == [1, 1, 1]
    assert shared.told_first([1, 1, 1]) == [(1, "")]


def test_what_was_never_told_is_forgotten_in_time_and_told_under_a_new_number() -> None:
    shared = Shared(joined, [0], ";", count(1))
    [first] = shared.numbers([["bad"]], 1)
    for number in range(20_000):
        shared.numbers([[str(number)]], 1)
    assert shared.told_first([first]) == []
    [again] = shared.numbers([["bad"]], 1)
    assert again != first
    assert shared.told_first([again]) == [(again, "bad")]
