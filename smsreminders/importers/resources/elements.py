"""Elements: JSON that another program wrote, read key by key; what is of another type than expected isn't there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    """A JSON object, or what stands in its place."""

    value: object = None

    def at(self, key: str) -> "Element":
        """Take the element under a key."""
        return Element(self.value.get(key)) if isinstance(self.value, Mapping) else Element()

    def each(self, key: str) -> "Iterator[Element]":
        """Give the objects under a key: those of a list, or the one that stands there without a list."""
        below = self.at(key).value
        yield from (Element(item) for item in (below if isinstance(below, list) else [below]) if isinstance(item, dict))

    def text(self, key: str) -> str:
        """Read a text, or a whole number as one; empty where there is none. Half of a surrogate pair becomes `?`."""
        below = self.at(key).value
        if isinstance(below, str):
            return below.encode("utf-8", "replace").decode().strip()
        return str(below) if isinstance(below, int) and not isinstance(below, bool) else ""

    def number(self, key: str) -> int | None:
        """Read a whole number."""
        below = self.at(key).value
        return below if isinstance(below, int) and not isinstance(below, bool) else None

    def is_true(self, key: str) -> bool:
        """Tell whether a key says true."""
        return self.at(key).value is True

    def without(self, key: str) -> "Element":
        """Make the element that it is without a key."""
        pairs = self.value.items() if isinstance(self.value, Mapping) else ()
        return Element({name: below for name, below in pairs if name != key})

    def codes(self, key: str) -> list[str]:
        """List the codes of the codings under a key."""
        concepts = self.each(key)
        return [code for concept in concepts for coding in concept.each("coding") if (code := coding.text("code"))]
