"""What many rows say alike, under one number: it is read where it is new, and looked up where it comes again."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from smsreminders.importers.grid import Cells

_What = TypeVar("_What")
_Key = str | tuple[str, ...]  # how one row tells it: in one text, or in several
_KNOWN = 16_384  # of one kind, some megabytes: then it begins anew


class Shared(Generic[_What]):
    """One part of each row, which `read` understands by its cells at these places."""

    def __init__(
        self,
        read: Callable[[Mapping[int, str]], _What],
        places: Sequence[int],
        delimiter: str,
        next_numbers: Iterator[int],
    ) -> None:
        self._read, self._places = read, places
        self._delimiter, self._next_numbers = delimiter, next_numbers
        self._numbers = _Numbers(self._number)
        self._untold: dict[int, _What] = {}

    def numbers(self, columns: Sequence[Cells], rows: int) -> Sequence[int]:
        """The number of this part of each row, by its columns, or by texts of several columns. Raises FieldError."""
        if len(self._untold) >= _KNOWN:  # of rows that were not told, for something else in them was bad
            self._untold.clear()
            self._numbers.clear()
        keys: Iterable[_Key] = [()] * rows
        if columns:
            keys = columns[0] if len(columns) == 1 else zip(*columns, strict=True)
        return array("q", map(self._numbers.__getitem__, keys))

    def told_first(self, numbers: Sequence[int]) -> Sequence[tuple[int, _What]]:
        """Which of these numbers were not told yet, and what they stand for."""
        if not self._untold:
            return ()
        return [(number, self._untold.pop(number)) for number in sorted(self._untold.keys() & set(numbers))]

    def _number(self, key: _Key) -> int:
        texts = (key,) if isinstance(key, str) else key
        cells = texts if len(texts) == len(self._places) else self._delimiter.join(texts).split(self._delimiter)
        what = self._read(dict(zip(self._places, cells, strict=True)))
        number = next(self._next_numbers)
        self._untold[number] = what
        return number


class _Numbers(dict[_Key, int]):
    """The number of each key; what can't be read has none."""

    def __init__(self, number: Callable[[_Key], int]) -> None:
        super().__init__()
        self._number = number

    def __missing__(self, key: _Key) -> int:
        number = self._number(key)
        if len(self) >= _KNOWN:
            self.clear()
        self[key] = number
        return number
