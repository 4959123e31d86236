"""Swapped dates: days and months that a spreadsheet took for each other, told by all dates of a file together.

A spreadsheet that reads the month first makes the twelfth of March of 03-12-2026, and leaves 13-12-2026 a text, for
there is no thirteenth month. So a column in which all texts have a day above 12 and no date cell has one was misread.
"""

import re
from dataclasses import dataclass

from smsreminders.importers.times import local_time

_OF_A_CELL = re.compile(r"\d{4}-\d\d-\d\d\b|\d{5}[. ]", re.ASCII)  # a date or a serial number
_FEWEST = 2  # of each: a single one says nothing
_LAST_MONTH = 12


@dataclass(slots=True)
class Days:
    """The days of the month of the dates that were seen so far: of cells that are dates, and of texts."""

    time_format: str | None
    cells: int = 0
    texts: int = 0
    may_be_swapped: bool = True

    def see(self, text: str) -> None:
        """See the time of a row; one that can't be read says nothing."""
        is_cell = bool(_OF_A_CELL.match(text))
        try:
            day = local_time(text, self.time_format, spreadsheet=True).day
        except (ValueError, OverflowError):
            return
        self.cells += is_cell
        self.texts += not is_cell
        self.may_be_swapped &= is_cell == (day <= _LAST_MONTH)

    @property
    def are_swapped(self) -> bool:
        """Whether all texts have a day above 12, and no cell that is a date."""
        return self.may_be_swapped and min(self.cells, self.texts) >= _FEWEST
