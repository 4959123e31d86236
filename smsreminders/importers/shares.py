"""Shares: which rows of a table are one practice's, where a column tells whose each row is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from smsreminders.importers.columns import Columns, only_place
from smsreminders.importers.records import RowError, Share, Trouble


class Whose(Enum):
    """Whose a row is: the practice's that is read for, another practice's, or one's that nobody knows."""

    OURS = auto()
    ANOTHERS = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Shared:
    """The column of a table that tells whose each row is; `strangers` counts its texts that are of no practice."""

    place: int
    share: Share
    strangers: Counter[str]

    def whose(self, cells: Sequence[str]) -> Whose:
        """Tell whose a row is."""
        text = self._text(cells)
        if text.casefold() in self.share.texts:
            return Whose.OURS
        return Whose.ANOTHERS if text.casefold() in self.share.others else Whose.UNKNOWN

    def count(self, cells: Sequence[str]) -> None:
        """Count a row whose practice nobody knows."""
        self.strangers[self._text(cells)] += 1

    def doubts(self) -> Iterator[RowError]:
        """Tell, once the rows of a complete file were read, that it may have more of the practice's."""
        if (rows := sum(self.strangers.values())) and self.share.complete:
            reason = f"{rows} of its rows are of no practice that is known, so they may be of this one"
            yield RowError("the end of the file", self.share.column, reason, trouble=Trouble.PARTIAL)

    def _text(self, cells: Sequence[str]) -> str:
        return " ".join(cells[self.place].split())


def shared_by(path: Path, columns: Columns, share: Share | None, strangers: Counter[str]) -> Shared | None:
    """Find the column that tells whose each row is; None where all rows are one practice's. Raises InputFileError."""
    return Shared(only_place(path, share.column, columns), share, strangers) if share else None
