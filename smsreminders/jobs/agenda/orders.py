"""What is asked of a source, for which of its practices, and what came of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256

from smsreminders import __version__
from smsreminders.importers.records import Kind, Layout, Share
from smsreminders.jobs.agenda.import_files import ImportResult


@dataclass(frozen=True, slots=True)
class SourceOrder:
    """What is asked of a source: where its file is (a pattern) or its feed, how that is written, and whose it is.

    The practice is that of a code (empty: the only one there is); or `column` tells whose each row is, by its texts for
    each code, and those of no code are left out. `only` asks for one practice alone. `complete` says for how long from
    now on the file has every appointment. `move` lets the files of a folder be moved on, `sure` takes a file that would
    be refused for what it changed. `late_after` is how old its newest file may be, without the hours of closed days.
    """

    name: str
    kind: Kind
    layout: Layout
    pattern: str = ""
    url: str = field(default="", repr=False)
    format_name: str = "auto"
    practice: str = ""
    column: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    only: str = ""
    complete: timedelta | None = None
    late_after: timedelta = timedelta(hours=36)
    move: bool = False
    sure: bool = False
    dry_run: bool = False

    def codes(self) -> Sequence[str]:
        """List the codes of its practices; an empty one is that of the only practice there is."""
        codes = dict.fromkeys(filter(None, self.texts.values())) if self.column else [self.practice or self.only]
        return [code for code in codes if self.only in ("", code)]

    def layout_for(self, code: str, *, complete: bool = False) -> Layout:
        """Give the layout by which the rows of one practice are read, of a file that may be complete."""
        if not self.column:
            return self.layout
        ours = frozenset(_plain(text) for text, whose in self.texts.items() if whose == code)
        others = frozenset(_plain(text) for text in self.texts) - ours
        return replace(self.layout, share=Share(self.column, ours, others, complete))

    def settings(self, layout: Layout) -> str:
        """Compute the SHA-256 of all that decides what is understood of a file."""
        pattern, share = layout.patient_pattern, layout.share
        decides = [
            *(__version__, self.kind, self.format_name, str(self.complete), str(layout.zone), layout.country),
            *(dict(layout.columns), dict(layout.usual), {name: dict(words) for name, words in layout.words.items()}),
            *(layout.time_format, layout.midnight, layout.id_of_start, str(layout.horizon)),
            pattern and pattern.pattern,
            share and [share.column, sorted(share.texts), sorted(share.others)],
        ]
        return sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PartResult:
    """What came of a source for one practice: an import, an error, or neither where its file is as it was.

    `strangers` counts the texts of its column that are of no practice.
    """

    source: str
    practice: str = ""
    file: str = ""
    result: ImportResult | None = None
    error: Exception | None = None
    strangers: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_as_it_was(self) -> bool:
        """Whether nothing was imported since the last import is of the same."""
        return self.result is None and self.error is None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
