"""The words of a practice's name that aren't its own: the trade, the legal form, titles and little words."""

import re

# A word of these alone, one or more, is of the trade: tandarts, tandartspraktijk, mondzorgcentrum.
_TRADES = (
    *("tandarts", "tandheelkundige?", "tandheelkunde", "tandtechniek", "tandprothetic(?:us|i)", "mondhygienist"),
    *("hygienist", "hygiene", "orthodontie", "orthodontist", "implantologie", "endodontologie", "parodontologie"),
    *("huisarts", "dierenarts", "bedrijfsarts", "arts", "dokter", "medische?", "specialist", "chirurgie", "kaak"),
    *("fysio", "psycho", "ergo", "podo", "oefen", "manuele", "therapie", "therapeut", "cesar", "mensendieck"),
    *("logopedie", "logopedist", "podologie", "podoloog", "pedicure", "dietiste?", "dietetiek", "psycholoog"),
    *("psychologie", "psychologische?", "psycholog", "psychiatrie", "psychiater", "verloskundige?", "verloskunde"),
    *("apotheek", "apotheker", "osteopathie", "osteopaat", "chiropractie", "chiropractor", "acupunctuur", "haptonomie"),
    *("dermatologie", "huid", "gezondheid", "zorg", "ggz", "praktijk", "kliniek", "polikliniek", "centrum", "centra"),
    *("maatschap", "groep", "team", "associatie", "laboratorium", "instituut"),
)
_PARTS = ("huis", "post", "mond", "oog", "wijk", "jeugd", "zieken", "dieren")  # of such words; alone they may be a name
_ENDING = "(?:en|es|e|s|n)?"
_OF_THE_TRADE = re.compile(f"(?:(?:{'|'.join(_TRADES + _PARTS)}){_ENDING})+")
_PART_ALONE = re.compile(f"(?:{'|'.join(_PARTS)}){_ENDING}")

_LITTLE = {
    "articles, and what joins names": "de het een den der des van von voor aan en and the of",
    "titles": "dr drs ir mr prof mw mevr mevrouw dhr heer msc bsc phd",
    "legal forms": "bv nv vof cv ua gmbh ltd stichting st vereniging cooperatie holding eenmanszaak",
}
LITTLE_WORDS = frozenset(word for words in _LITTLE.values() for word in words.split())
_OWNERS_S = re.compile(r"(?<=[A-Za-z])'(?=s\b)")  # Anna's is one word, 't Hof two


def own_words(name: str) -> list[str]:
    """Find the words of a name that are its own, in their order; single letters (J. de Vries) are none.

    `name` is ASCII.
    """
    words = re.findall(r"[A-Za-z0-9]+", _OWNERS_S.sub("", name))
    return [word for word in words if not _is_common(word.lower())]


def _is_common(word: str) -> bool:
    if len(word) == 1:
        return word.isalpha()
    of_the_trade = _OF_THE_TRADE.fullmatch(word) and not _PART_ALONE.fullmatch(word)
    return word in LITTLE_WORDS or bool(of_the_trade)
