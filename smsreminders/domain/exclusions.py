"""What a practice never sends a text about: the types and the practitioners that it leaves out."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The types and practitioners whose appointments get no text, as the practice writes them."""

    types: tuple[str, ...] = ()
    practitioners: tuple[str, ...] = ()

    def exclude(self, type_: str, practitioner: str) -> bool:
        """Tell whether an appointment of this type with this practitioner gets no text.

        Capitals and spaces make no difference, and neither does how an accent is put on its letter. What is empty is
        never left out.
        """
        return _has(self.types, type_) or _has(self.practitioners, practitioner)

    def of_nobody(self, types: Collection[str], practitioners: Collection[str]) -> list[str]:
        """List the words that are left out and that none of these types or practitioners is written like."""
        return [word for word in self.types if not _has(types, word)] + [
            word for word in self.practitioners if not _has(practitioners, word)
        ]


NOTHING = Exclusions()  # of a practice that leaves nothing out


def _has(words: Collection[str], word: str) -> bool:
    return bool(_plain(word)) and _plain(word) in map(_plain, words)


def _plain(word: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())
