"""The texts of reminders: the table [messages], a template for each language and for what it is about."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from smsreminders.config.table import Table
from smsreminders.domain.practices import check_language
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.text.call_sentence import LANGUAGES
from smsreminders.domain.text.judged import WARNED
from smsreminders.domain.text.message import OF_A_FAMILY, OF_SEVERAL, PLACEHOLDERS, Wording, check_template
from smsreminders.errors import ConfigError, UsageError, did_you_mean

REMINDER = "appointment-reminder"
EXAMPLE = Path(__file__).parents[1] / "config.example.toml"
_SHIPPED = Path(__file__).with_name("texts.toml")

_SINGLE, _SEVERAL, _FAMILY = "", "several", "family"
_KNOWN = {_SINGLE: PLACEHOLDERS, _SEVERAL: OF_SEVERAL, _FAMILY: OF_A_FAMILY}


def read_wording(table: Table, language: str, combine: Combine) -> Wording:
    """Read the table [messages]; in a language of which it has no text the shipped ones stand. Raises ConfigError."""
    every = shipped_texts()
    below = _manner(table, Wording({}, language, shipped=frozenset(every.values())))
    texts = table.table(REMINDER)
    own = texts.texts()
    written = {_language_of(key) for key in own}
    shipped = {key: text for key, text in every.items() if _language_of(key) not in written}
    table.nothing_else()
    return _checked(texts, shipped | own, below, combine)


def shipped_texts() -> dict[str, str]:
    """Read the texts that come with the program, by their keys: nl, nl_several, nl_family and so on."""
    return tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))


def _language_of(key: str) -> str:
    return key.partition("_")[0]


def read_own_wording(table: Table, general: Wording, combine: Combine) -> Wording:
    """Read the table [practices.CODE.messages]: a practice's own texts in place of the general ones.

    Raises ConfigError. The texts may stand under a table `appointment-reminder` of their own, as the general ones do.
    """
    below = _manner(table, general)
    texts = texts_of(table)
    values = texts.texts()
    if texts is not table:
        table.nothing_else()
    return _checked(texts, values, below, combine)


def texts_of(messages: Table) -> Table:
    """Find the table with a practice's own texts: the one of its messages, or `appointment-reminder` in it."""
    return messages.table(REMINDER) if messages.has_any((REMINDER,)) else messages


def _manner(table: Table, below: Wording) -> Wording:
    """Read how texts are written, and which warnings about them are accepted, over what stands below."""
    plain_letters = table.boolean("plain_letters", default=below.plain_letters)
    accept = table.choices("accept", WARNED, sorted(below.accept)) if table.has_any(("accept",)) else below.accept
    return replace(below, plain_letters=plain_letters, accept=frozenset(accept))


def _checked(table: Table, values: Mapping[str, str], below: Wording, combine: Combine) -> Wording:
    """Put texts over those that stand below them, and check them all together."""
    wording = replace(
        below,
        templates={**below.templates, **_templates(table, values, _SINGLE)},
        several={**below.several, **_templates(table, values, _SEVERAL)},
        family={**below.family, **_templates(table, values, _FAMILY)},
    )
    _check_languages(table, wording, combine)
    return wording


def _templates(table: Table, values: Mapping[str, str], kind: str) -> dict[str, str]:
    """Take the templates of one kind, by their language: the key nl is for one appointment, nl_family for a family."""
    templates = {}
    for key, template in values.items():
        language, _, suffix = key.partition("_")
        if suffix not in _KNOWN or key.endswith("_"):
            known = [f"{language}_{each}" for each in (_SEVERAL, _FAMILY)]
            raise table.wrong(key, f"unknown key; {did_you_mean(key, [language, *known])}")
        if suffix != kind:
            continue
        try:
            check_language(language)
            check_template(template, _known(kind, language))
        except (UsageError, ConfigError) as error:
            raise table.wrong(key, str(error)) from error
        templates[language] = template
    return templates


def _known(kind: str, language: str) -> list[str]:
    """List the placeholders that a text may have: {call} only where there is such a sentence in its language."""
    return [name for name in _KNOWN[kind] if name != "call" or language in LANGUAGES]


def _check_languages(table: Table, wording: Wording, combine: Combine) -> None:
    """Refuse a language that only has texts for several, and one that lacks the text that every round may need."""
    language = wording.language
    for suffix, templates in ((_SEVERAL, wording.several), (_FAMILY, wording.family)):
        for orphan in sorted(templates.keys() - wording.templates.keys()):
            raise table.wrong(f"{orphan}_{suffix}", f"there is no text {orphan} for one appointment beside it")
    if language not in wording.templates:
        raise table.wrong(language, "there is no text in the language of the configuration")
    if combine is Combine.PHONE and language not in wording.family:
        raise table.wrong(
            f"{language}_{_FAMILY}", f'combine = "{combine}" needs this text, in the language of the configuration'
        )
