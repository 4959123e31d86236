"""What may not stand in a text, and what a practice should look at twice, before anything of it goes out."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from smsreminders.domain.segments import count_segments
from smsreminders.domain.text.care_words import CARE_WORDS
from smsreminders.domain.text.names import is_citizen_number
from smsreminders.domain.text.text_signs import (
    BORN,
    CITIZEN_NUMBER,
    EIGHT_OR_NINE_DIGITS,
    LINK,
    OFFER,
    ORDINAL,
    SENTENCE_END,
    SHORT_LINK,
    WHOLE_DATE,
    WORD,
)


class Matter(StrEnum):
    """What is the matter with a text; those of REFUSED keep it from going out, the others are warnings."""

    BSN = "bsn"  # a citizen service number
    BIRTH_DATE = "birth-date"
    SHORT_LINK = "short-link"  # by a shortener: nobody sees where it leads
    LINK = "link"  # patients learn to tap what others send in the practice's name
    CARE = "care"  # a word that tells strangers what somebody is treated for
    OFFER = "offer"  # an advertisement: the law then asks for an opt-out in each text
    LONG = "long"  # more than one segment
    SENTENCE = "sentence"  # more than 15 words
    NO_TIME = "no-time"  # says no day or no time of the appointment
    EMPTY = "empty"  # a placeholder for which there is nothing


REFUSED = frozenset({Matter.BSN, Matter.BIRTH_DATE, Matter.SHORT_LINK})
WARNED = tuple(matter for matter in Matter if matter not in REFUSED)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A matter with a text, and the words of the text that it is about."""

    matter: Matter
    words: str

    @property
    def is_refused(self) -> bool:
        """Whether a text with it may not go out."""
        return self.matter in REFUSED


_ENDS_OF_TEXT = ".,;:!?)"  # they stand behind a link
_OF_OTHER_LETTERS = 3  # segments that a text may take that isn't in Latin letters
_LONGEST_SENTENCE = 15  # words: B1, as the Dutch government writes (Direct Duidelijk)


def judge(text: str, *, year: int, own_phone: str = "", accepted: Collection[str] = ()) -> list[Judgement]:
    """List what is the matter with a text that a patient would get, without the warnings that a practice accepted.

    `year` is that of the reminder: a whole date of a year before it is a birth date. `own_phone` is the practice's.
    """
    found = [*_numbers(text, year, own_phone), *_links(text), *_words(text), *_length(text)]
    return [judgement for judgement in found if judgement.is_refused or judgement.matter not in accepted]


@lru_cache(maxsize=1000)  # a practice has few places
def refused_matter(text: str, *, year: int, own_phone: str = "") -> Matter | None:
    """Find the first matter with a text, or with a part of one, that keeps it from going out; as `judge` finds it."""
    found = (*_numbers(text, year, own_phone), *_links(text))
    return next((judgement.matter for judgement in found if judgement.is_refused), None)


def judge_name(name: str) -> list[Judgement]:
    """List the words of care in a practice's name or sender ID, which stand on the phone for all to see."""
    return [Judgement(Matter.CARE, word) for word in _care(name)]


def _numbers(text: str, year: int, own_phone: str) -> Iterator[Judgement]:
    if born := BORN.search(text):
        yield Judgement(Matter.BIRTH_DATE, born[0])
    for date in WHOLE_DATE.finditer(text):
        if _year_of(date, year) < year:
            yield Judgement(Matter.BIRTH_DATE, date[0])
    own = _digits(own_phone)
    without_dates = WHOLE_DATE.sub(lambda date: "x" * len(date[0]), text)
    for number in EIGHT_OR_NINE_DIGITS.finditer(without_dates):
        digits = _digits(number[0])
        if is_citizen_number(digits) and digits != own:
            yield Judgement(Matter.BSN, number[0])
    if word := CITIZEN_NUMBER.search(text):
        yield Judgement(Matter.BSN, word[0])


def _year_of(date: re.Match[str], year: int) -> int:
    """Read the year of a whole date; one of two digits is of this century up to next year, else of the last one."""
    written = int(date["dmy"] or date["ymd"] or date["named"] or date["short"])
    if written > 99:
        return written
    return written + (2000 if 2000 + written <= year + 1 else 1900)


def _links(text: str) -> Iterator[Judgement]:
    shorts = [each.span() for each in SHORT_LINK.finditer(text)]
    for start, end in shorts:
        yield Judgement(Matter.SHORT_LINK, text[start:end].rstrip(_ENDS_OF_TEXT))
    for link in LINK.finditer(text):
        if not any(start < link.end() and link.start() < end for start, end in shorts):
            yield Judgement(Matter.LINK, link[0].rstrip(_ENDS_OF_TEXT))


def _words(text: str) -> Iterator[Judgement]:
    yield from (Judgement(Matter.CARE, word) for word in _care(text))
    if offer := OFFER.search(text):
        yield Judgement(Matter.OFFER, offer[0])


def _length(text: str) -> Iterator[Judgement]:
    segments = count_segments(text).segments
    if segments > (1 if _is_latin(text) else _OF_OTHER_LETTERS):
        yield Judgement(Matter.LONG, f"{segments} segments")
    for sentence in SENTENCE_END.split(ORDINAL.sub(" ", text)):
        words = WORD.findall(sentence)
        if len(words) > _LONGEST_SENTENCE:
            yield Judgement(Matter.SENTENCE, " ".join(words[:4]) + " …")


def _is_latin(text: str) -> bool:
    """Tell whether it is written in Latin letters, of which 160 make a segment and not 70; names may be in others."""
    letters = [sign for sign in text if sign.isalpha()]
    return 4 * sum(unicodedata.name(sign, "").startswith("LATIN") for sign in letters) > 3 * len(letters)


def _care(text: str) -> list[str]:
    """Find the words of care in a text: a word of the list, or one that begins with a stem of it, joined or alone."""
    return [word for word in WORD.findall(text) if any(map(_is_care, [*_folded(word).split("-"), _folded(word)]))]


def _is_care(word: str) -> bool:
    return word in CARE_WORDS or any(f"{word[:length]}*" in CARE_WORDS for length in range(2, len(word) + 1))


def _folded(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in letters if not unicodedata.combining(sign)).strip(".:-'’")


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())
