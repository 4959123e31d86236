"""A table of a TOML file, read key by key; a key that nobody reads is an error."""

import re
from collections.abc import Callable, Sequence
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from smsreminders.domain.bill.billing import read_amount
from smsreminders.errors import ConfigError, UsageError, did_you_mean

Value = TypeVar("Value")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"(\d{1,6})([smhd])")


class Table:
    """A TOML table; each method reads a key, with a default, and checks its value. All raise ConfigError."""

    def __init__(self, values: dict[str, Any], path: Path, prefix: str = "") -> None:
        self.path = path
        self._values = values
        self._prefix = prefix
        self._known: set[str] = set()

    def wrong(self, key: str, why: str) -> ConfigError:
        """The error about a key of this table, with the file and the reason."""
        line = f"{self.path}: {self._prefix}{key}: {why}"
        return ConfigError("".join(c if c.isprintable() else " " for c in line))

    def text(self, key: str, default: str) -> str:
        """Read a text."""
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, 'write it as text, in quotes: "..."')
        return value

    def integer(self, key: str, default: int, *, least: int = 0, most: int = 1_000_000) -> int:
        """Read a whole number from `least` to `most`."""
        value = self._take(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(key, f"write a whole number from {least} to {most}")
        return value

    def boolean(self, key: str, *, default: bool) -> bool:
        """Read true or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "write true or false")
        return value

    def duration(self, key: str, default: str, *, longest: timedelta) -> timedelta:
        """Read a duration such as "90m": a number with s, m, h or d."""
        match = _DURATION.fullmatch(self.text(key, default))
        if match is None:
            raise self.wrong(key, 'write a duration like "10s", "90m", "2h" or "3d"')
        duration = timedelta(**{_UNITS[match[2]]: int(match[1])})
        if duration > longest:
            raise self.wrong(key, f"at most {int(longest.total_seconds()) // 60}m")
        return duration

    def money(self, key: str, default: str) -> Decimal:
        """Read an amount, written as text so that no cent is lost."""
        return self.read(key, default, read_amount)

    def read(self, key: str, default: str, reader: Callable[[str], Value]) -> Value:
        """Read a text as a rule of the domain does, which raises UsageError for what it refuses."""
        try:
            return reader(self.text(key, default))
        except UsageError as error:
            raise self.wrong(key, str(error)) from error

    def choices(self, key: str, known: Sequence[str], default: Sequence[str]) -> list[str]:
        """Read a list of one or more of the known words."""
        value = self._take(key, list(default))
        if not isinstance(value, list) or not value:
            raise self.wrong(key, "write a list of " + ", ".join(known))
        for word in value:
            if word not in known:
                raise self.wrong(key, f'"{word}" can\'t stand here; {did_you_mean(str(word), known)}')
        return value

    def choice(self, key: str, known: Sequence[str], default: str) -> str:
        """Read one of the known words."""
        word = self.text(key, default)
        if word not in known:
            raise self.wrong(key, f'"{word}" can\'t stand here; {did_you_mean(word, known)}')
        return word

    def words(self, key: str) -> list[str]:
        """A list of texts, empty if it isn't there; one that is there has something in it."""
        value = self._take(key, None)
        if value is None:
            return []
        if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
            raise self.wrong(key, 'write a list of texts, as in ["...", "..."]')
        return value

    def clock_time(self, key: str, default: str) -> time:
        """Read a local time such as "10:00"."""
        try:
            clock_time = time.fromisoformat(self.text(key, default))
        except ValueError as error:
            raise self.wrong(key, 'write a time, like "10:00"') from error
        if clock_time.tzinfo:
            raise self.wrong(key, "write it without an offset")
        return clock_time

    def hours(self, key: str, default: tuple[str, str]) -> tuple[time, time]:
        """Read two local times, the first before the second."""
        value = self._take(key, list(default))
        try:
            first, second = (time.fromisoformat(text) for text in (value if isinstance(value, list) else []))
        except (TypeError, ValueError) as error:
            raise self.wrong(key, 'write two times, as in ["08:00", "20:00"]') from error
        if first.tzinfo or second.tzinfo or not first < second:
            raise self.wrong(key, "the first time must be before the second, both without an offset")
        return first, second

    def table(self, key: str) -> "Table":
        """The table under this key; an empty one if it isn't there."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, f"it is a table: write [{self._prefix}{key}]")
        return Table(value, self.path, f"{self._prefix}{key}.")

    def tables(self, key: str) -> "list[Table]":
        """The tables of a list under this key, such as [[sources]]; none if it isn't there."""
        values = self._take(key, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, f"it is a list of tables: write [[{self._prefix}{key}]]")
        return [Table(value, self.path, f"{self._prefix}{key}.") for value in values]

    def keys(self) -> list[str]:
        """The keys that stand in the table, in the order of the file."""
        return list(self._values)

    def over(self, below: "Table", keys: Sequence[str]) -> "Table":
        """Make the table that has these keys of another one where this one leaves them out."""
        others = below._values  # noqa: SLF001  # another table's, which is of this class
        taken = {key: others[key] for key in keys if key in others}
        return Table(taken | self._values, self.path, self._prefix)

    def has_any(self, keys: Sequence[str]) -> bool:
        """Whether the table has at least one of these keys."""
        return not self._values.keys().isdisjoint(keys)

    def texts(self) -> dict[str, str]:
        """Read every key that was not read yet, each as a text."""
        return {key: self.text(key, "") for key in self._values if key not in self._known}

    def nothing_else(self) -> None:
        """Refuse the keys that were not read; the error names the nearest known one."""
        for key in self._values:
            if key not in self._known:
                raise self.wrong(key, f"unknown key; {did_you_mean(key, self._known)}")

    def _take(self, key: str, default: object) -> Any:  # noqa: ANN401  # whatever stands in the file
        self._known.add(key)
        return self._values.get(key, default)
