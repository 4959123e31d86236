"""What a trial finds of a file: how it is to be read, each line with its reason, and what nobody can know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smsreminders.importers.records import Kind, Layout


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the block to paste: our key, its value, and what that is taken from.

    One that isn't sure is only proposed: a person must say it.
    """

    key: str
    value: str
    why: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """How a file is to be read as rows of one kind.

    `facts` tell how it is written. `settings`, `columns` and `words` (by field) are the lines of the block. `asks` say
    what can't be known from the file, and what to write: then the lines that aren't sure count only in the trial.
    `layout` is that of all lines; None where not even a trial can read the file so. `unused` are the columns that
    stand for nothing, `shares` counts the rows of each practice if the `share_column` tells whose each row is.
    `changes_only` says that no such file is ever complete, `of_nobody` that it isn't known whose its rows are.
    """

    kind: Kind
    facts: Sequence[str]
    settings: Sequence[Finding] = ()
    columns: Sequence[Finding] = ()
    words: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    asks: Sequence[str] = ()
    layout: Layout | None = None
    unused: Sequence[str] = ()
    share_column: str = ""
    shares: Mapping[str, int] = field(default_factory=dict)
    changes_only: bool = False
    of_nobody: bool = False
