"""What a practice never sends a text about: the types and the practitioners that it leaves out."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

_SEPARATORS = re.compile("[,;]")


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The types and practitioners whose appointments get no text, as the practice writes them."""

    types: tuple[str, ...] = ()
    practitioners: tuple[str, ...] = ()

    def exclude(self, type_: str, practitioner: str) -> bool:
        """Tell whether an appointment of this type with this practitioner gets no text.

        Of several with a comma or a semicolon between them each counts. Capitals and spaces make no difference, and
        neither does how an accent is put on its letter. What is empty is never left out.
        """
        return _has(self.types, type_) or _has(self.practitioners, practitioner)

    def of_nobody(self, types: Collection[str], practitioners: Collection[str]) -> list[str]:
        """List the words that are left out and that none of these types or practitioners is written like."""
        unused_types = [word for word in self.types if not any(_has([word], kind) for kind in types)]
        return unused_types + [
            word for word in self.practitioners if not any(_has([word], person) for person in practitioners)
        ]


NOTHING = Exclusions()  # of a practice that leaves nothing out


def _has(words: Collection[str], word: str) -> bool:
    """Tell whether a word is among others, whole or as a part between commas or semicolons; an empty one never is."""
    if not words:  # as for nearly all practices
        return False
    parts = {_plain(part) for part in (word, *_SEPARATORS.split(word))} - {""}
    return not parts.isdisjoint(map(_plain, words))


def _plain(word: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())
