"""What a file did: its records by what they changed, and what a person should hear of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from smsreminders.domain.text.names import name_problem


class Change(StrEnum):
    """The change that a record made."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CANCELLED = "cancelled"
    MISSING = "missing"
    IGNORED = "ignored"


@dataclass(slots=True)
class Tally:
    """What a file changed.

    `undone` are (id, field) of what the desk or another source had changed, `held_back` the patients whose yes didn't
    undo a withdrawal, `unaddressed` those with a new name that can't stand in a text, by the reason, `reused` those
    whose id may be somebody else's now.
    """

    changes: dict[Change, int] = field(default_factory=lambda: dict.fromkeys(Change, 0))
    patients_changed: int = 0
    consents_changed: int = 0
    undone: list[tuple[str, str]] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)
    unaddressed: dict[str, list[str]] = field(default_factory=dict)
    reused: list[str] = field(default_factory=list)

    def undo(self, source_id: str, fields: Iterable[str]) -> None:
        """Note which fields of a thing were undone."""
        self.undone += [(source_id, name) for name in fields]

    def check_name(self, source_id: str, name: str) -> None:
        """Note a new name that can't stand in a text."""
        if problem := name_problem(name):
            self.unaddressed.setdefault(problem, []).append(source_id)
