"""Whether a reply may ask for no more texts in other words than STOP alone: a person reads it before the next text.

Too much is found rather than too little: who is found wrongly waits for a look, who is missed is texted against their
wish. What a phone or a mail program quotes of our own text counts for nothing.
"""

import re
import unicodedata

from smsreminders.domain.round.answering import asks_for_answer
from smsreminders.domain.round.stop_signs import (
    ALONE,
    CONTRARY,
    FILLERS,
    LOOK_ALIKES,
    MISSPELT,
    NOT_MISSPELT,
    NOT_OF_TEXTS,
    SIGNS,
    STOP_SIGNS,
    STOPS_TEXTS,
)

_QUOTED = re.compile('["“”„«»][^"“”„«»]*(?:["“”„«»]|$)')
_FEW = 2  # words in quotes that may be somebody's own: "STOP"
_BELOW = re.compile(  # what a mail program puts before what it quotes
    r"^\s*(?:-{2,} ?(?:oorspronkelijk|original|forwarded|doorgestuurd|ursprünglich).*"
    r"|op .* schreef.*:|on .* wrote:|am .* schrieb.*:|le .* a écrit.*:)\s*$.*",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_LINE_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?\n]+|$)")
_BARRED = str.maketrans("ıłø", "ilo")  # letters that aren't one with an accent to Unicode
_MARKS = re.compile(r"[.!?\n]+")


def perhaps_stop(text: str) -> bool:
    """Tell whether a reply that is no STOP may mean one, or comes from somebody whom the texts are not for."""
    own = _own_words(text)
    if any(sign in own for sign in STOP_SIGNS) and not any(map(str.isalpha, own)):
        return True
    return any(map(_asks, {read := _folded(own), read.translate(LOOK_ALIKES)}))


def _own_words(text: str) -> str:
    """Leave out what the reply quotes, and where anything else is left, sentences that ask for an answer as ours do."""
    unquoted = _BELOW.sub("", text)
    unquoted = _LINE_QUOTED.sub("", unquoted)
    unquoted = _QUOTED.sub(lambda quoted: quoted[0] if len(quoted[0].split()) <= _FEW else " ", unquoted)
    kept: list[str] = []
    for sentence in _SENTENCE.findall(unquoted):
        if asks_for_answer(sentence):
            if kept and "?" in kept[-1]:
                kept.pop()  # Geen sms meer? Antwoord STOP.
        else:
            kept.append(sentence)
    own = "".join(kept)
    return own if any(map(str.isalpha, own)) else unquoted


def _folded(text: str) -> str:
    """Write a reply in small letters without accents, apostrophes and what nobody sees; sentences end with a dot."""
    letters = []
    for sign in unicodedata.normalize("NFKD", text.casefold()).translate(_BARRED):
        kind = unicodedata.category(sign)
        if kind[0] in "LN":
            letters.append(sign)
        elif sign in ".!?\n":
            letters.append("? " if sign == "?" else ". ")
        elif kind not in {"Mn", "Me", "Cf"} and sign not in "'’‘`´":
            letters.append(" ")
    return " ".join("".join(letters).split())


def _asks(read: str) -> bool:
    read = CONTRARY.sub(" ", read)
    words = [word for word in _MARKS.sub(" ", read).split() if word not in FILLERS]
    joined = "".join(words)
    if ALONE.fullmatch(joined) or (len(words) == 1 and _is_misspelt(joined)):
        return True
    if STOPS_TEXTS.search(read):
        return True
    return SIGNS.search(NOT_OF_TEXTS.sub(" ", read)) is not None


def _is_misspelt(word: str) -> bool:
    """Tell whether a word is one letter away from one that stops: another, one more, one less, or two that swapped."""
    return word not in NOT_MISSPELT and any(_is_near(word, right) for right in MISSPELT)


def _is_near(word: str, right: str) -> bool:
    start = next((place for place, pair in enumerate(zip(word, right, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return abs(len(word) - len(right)) == 1
    mine, theirs = word[start:], right[start:]
    swapped = theirs[1:2] + theirs[:1] + theirs[2:]
    return mine in {swapped, theirs[1:]} or mine[1:] in {theirs, theirs[1:]}
