"""The text of a reminder: its placeholders, dates in the patient's language, characters that every phone shows."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from string import Formatter
from typing import TYPE_CHECKING

from smsreminders.domain.alphabet import GSM7_BASIC, GSM7_EXTENSION, PLAIN_LETTERS, TYPOGRAPHY
from smsreminders.domain.segments import count_segments
from smsreminders.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from babel import Locale

PLACEHOLDERS = ("patient", "practice", "phone", "call", "day", "date", "time", "location")
OF_SEVERAL = (*PLACEHOLDERS, "times", "count")  # of a text for several appointments; {time} is the first of {times}
OF_A_FAMILY = ("practice", "phone", "call", "day", "date", "time", "count")  # nothing that is one patient's
_IN_DUTCH = {
    **dict.fromkeys(("naam", "patiënt", "patientnaam", "voornaam", "achternaam"), "patient"),
    **dict.fromkeys(("praktijk", "praktijknaam"), "practice"),
    **dict.fromkeys(("telefoon", "telefoonnummer", "tel"), "phone"),
    "dag": "day",
    "datum": "date",
    "tijd": "time",
    "tijdstip": "time",
    "tijden": "times",
    "aantal": "count",
    **dict.fromkeys(("plaats", "locatie", "adres"), "location"),
}
# as other programs write a placeholder: to us it is text, that a patient would read
_ELSEWHERE = re.compile(
    rf"\{{(?:{(names := '|'.join([*OF_SEVERAL, *_IN_DUTCH]))})\}}|\[(?:{names})\]|<(?:{names})>|%(?:{names})%"
    rf"|[$@#](?:{names})\b",
    re.IGNORECASE,
)
_GSM7 = GSM7_BASIC | GSM7_EXTENSION
_INVISIBLE = {"Cc", "Cf", "Cs", "Co"}  # controls, bidi marks, halves of pairs: no text of a person needs them
_AS_WRITTEN_HERE = {"en": "en_GB"}  # en alone is American to CLDR: November 24


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of the configuration: a template for each language, and the language of who has none.

    `several` are the templates for several appointments of one patient, `family` for those of several patients with one
    phone. A language may have neither. `accept` are the warnings about a text that the practice knows and accepts,
    `shipped` the texts that come with the program.
    """

    templates: Mapping[str, str]
    language: str = "nl"
    plain_letters: bool = False
    accept: frozenset[str] = frozenset()
    several: Mapping[str, str] = field(default_factory=dict)
    family: Mapping[str, str] = field(default_factory=dict)
    shipped: frozenset[str] = frozenset()

    @property
    def every_template(self) -> list[str]:
        """All templates: for one appointment, for several, for a family."""
        return list(self.by_key.values())

    @property
    def by_key(self) -> dict[str, str]:
        """All templates under the keys of the configuration: nl, nl_several, nl_family."""
        kinds = {"": self.templates, "_several": self.several, "_family": self.family}
        return {language + kind: text for kind, texts in kinds.items() for language, text in texts.items()}

    def language_for(self, wishes: Iterable[str | None]) -> str:
        """Find the first wished language with a template, the patient's or the practice's, else the configuration's."""
        return next((w for w in wishes if w in self.templates and w), self.language)


def check_template(template: str, known: Collection[str] = PLACEHOLDERS) -> None:
    """Refuse a template with a placeholder that isn't known, or a stray brace. Raises ConfigError, naming the nearest.

    A placeholder that other texts know and this one doesn't is refused with all that it may have.
    """
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise ConfigError(f"a brace is not closed or not opened ({error}); write {{{{ for a brace itself") from error
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in known:
            raise ConfigError(_unknown(name, known))
        if spec or conversion:
            raise ConfigError(f"{{{name}}} takes nothing behind its name")
    text = "".join(literal for literal, _, _, _ in parts)
    if not readable(text):
        raise ConfigError("there is no text of its own in it")
    if other := _ELSEWHERE.search(text):
        name = re.sub(r"\W", "", other[0]).casefold()
        raise ConfigError(f'patients would read "{other[0]}" as it stands: write {{{_IN_DUTCH.get(name, name)}}}')


def _unknown(name: str, known: Collection[str]) -> str:
    if name in OF_SEVERAL:
        return f"{{{name}}} can't stand in this text; it may have " + ", ".join(f"{{{each}}}" for each in sorted(known))
    meant = _IN_DUTCH.get(name.strip().casefold(), name)
    return f'unknown placeholder "{name}"; {did_you_mean(meant, known)}'


@cache
def placeholders(template: str) -> frozenset[str]:
    """List the placeholders that a checked template uses."""
    return frozenset(name for _, name in _pieces(template) if name)


def empty_placeholders(template: str, values: Mapping[str, str]) -> list[str]:
    """The placeholders of a checked template for which there is nothing: they would leave a hole in the text."""
    return sorted(name for name in placeholders(template) if not readable(values[name]))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Fill a checked template with values, each put in as it stands, on one line."""
    return "".join(
        literal if name is None else literal + " ".join(values[name].split()) for literal, name in _pieces(template)
    )


def moment(local: datetime, language: str) -> dict[str, str]:
    """Write a local time for the placeholders {day}, {date} and {time}: dinsdag, 24 november, 10:30."""
    day, day_and_month = _day_names(local.date(), language)
    return {"day": day, "date": day_and_month, "time": local.time().isoformat("minutes")}


def listed(words: Sequence[str], language: str) -> str:
    """List words as the language does: 10:30, 11:00 en 11:30."""
    from babel.lists import format_list

    return format_list(words, locale=_locale(language)) if words else ""


def readable(text: str) -> str:
    """Write a text in characters that every phone shows: NFC, plain typography, no invisible ones, single spaces."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).translate(TYPOGRAPHY)
    if not plain.isprintable():  # a text that is has no invisible ones
        plain = "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in _INVISIBLE)
    composed = unicodedata.normalize("NFC", plain)  # again: an invisible one may have stood between letter and accent
    return "\n".join(" ".join(line.split()) for line in composed.split("\n")).strip()


def without_accents(text: str) -> str:
    """Replace the letters outside GSM-7 by plain ones, where that saves a segment; else the text stays as it is."""
    changed = _in_plain_letters(text)
    return changed if count_segments(changed).segments < count_segments(text).segments else text


def plain_days(template: str, values: Mapping[str, str]) -> dict[str, str]:
    """Write the names of days in the letters of a template that has none but those of GSM-7: środa becomes sroda.

    They would halve what a segment holds, and who wrote the template so means it.
    """
    if not _is_of_gsm7(template):
        return dict(values)
    return {**values, **{name: _in_plain_letters(values[name]) for name in ("day", "date")}}


@cache
def _is_of_gsm7(template: str) -> bool:
    return _GSM7.issuperset("".join(literal for literal, _ in _pieces(template)))


def _in_plain_letters(text: str) -> str:
    return text if _GSM7.issuperset(text) else "".join(c if c in _GSM7 else _plain_letter(c) for c in text)


def _plain_letter(character: str) -> str:
    if (replaced := character.translate(PLAIN_LETTERS)) != character:
        return replaced
    base = unicodedata.normalize("NFD", character)[0]
    return base if base in GSM7_BASIC and base.isalpha() else character


@cache
def _pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    """Split a template into its literal texts, each with the placeholder behind it."""
    return tuple((literal, name) for literal, name, _, _ in Formatter().parse(template))


@cache
def _day_names(day: date, language: str) -> tuple[str, str]:
    try:
        from babel.dates import format_date, format_skeleton  # 30 ms that most commands don't need
    except ValueError as error:  # it reads the machine's own zone when it is imported
        raise ConfigError("the environment variable TZ names a file that is no time zone: unset it") from error

    locale = _locale(language)
    return format_date(day, "EEEE", locale), format_skeleton("MMMMd", day, locale=locale)


def _locale(language: str) -> "Locale":
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(_AS_WRITTEN_HERE.get(language, language))
    except (UnknownLocaleError, ValueError) as error:
        raise ConfigError(f'messages: there are no names of days in the language "{language}"') from error
