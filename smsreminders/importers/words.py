"""Words of a file's own: which of them means what for a status, a consent or a language."""

from collections.abc import Callable, Iterable, Mapping

from smsreminders.domain.agenda.status_words import StatusWord
from smsreminders.errors import UsageError, did_you_mean
from smsreminders.importers import cells

_MEANINGS = {"status": [word.value for word in StatusWord], "consent": ["yes", "no"]}
_READERS: dict[str, Callable[[str], object]] = {"language": cells.read_language}


def read_words(words: Iterable[str]) -> dict[str, dict[str, str]]:
    """Read words such as `status:Wachtlijst=ignore` into their meanings, by field. Raises UsageError."""
    meanings: dict[str, dict[str, str]] = {}
    for text in words:
        field, colon, rest = text.partition(":")
        word, equals, meaning = (part.strip() for part in rest.rpartition("="))
        if not (colon and equals and word and meaning):
            raise UsageError(f'--word "{text}": write FIELD:WORD=MEANING, like status:Afgemeld=cancelled')
        try:
            meanings.setdefault(field.strip(), {})[word.casefold()] = _checked(field.strip(), meaning.casefold())
        except UsageError as error:
            raise UsageError(f"--word: {error}") from error
    return meanings


def check_words(words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Check what words mean, by field and word; small and capital letters are the same. Raises UsageError."""
    return {
        field: {word.strip().casefold(): _checked(field, meaning.strip().casefold()) for word, meaning in of.items()}
        for field, of in words.items()
    }


def _checked(field: str, meaning: str) -> str:
    if field in _MEANINGS:
        if meaning in _MEANINGS[field]:
            return meaning
        raise UsageError(f'"{meaning}" is no meaning of a {field}: {did_you_mean(meaning, _MEANINGS[field])}')
    if field not in _READERS:
        known = [*_MEANINGS, *_READERS]
        raise UsageError(f'there are no words for "{field}": {did_you_mean(field, known)}')
    try:
        _READERS[field](meaning)
    except cells.CellError as error:
        raise UsageError(f'"{meaning}" {error}') from None
    return meaning
