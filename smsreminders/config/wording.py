"""The texts of reminders: the table [messages], a template for each language and for what it is about."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from smsreminders.config.table import Table
from smsreminders.domain.grouping import Combine
from smsreminders.domain.message import OF_A_FAMILY, OF_SEVERAL, PLACEHOLDERS, Wording, check_template
from smsreminders.domain.practices import check_language
from smsreminders.errors import ConfigError, UsageError, did_you_mean

REMINDER = "appointment-reminder"
EXAMPLE = Path(__file__).parents[1] / "config.example.toml"

_SINGLE, _SEVERAL, _FAMILY = "", "several", "family"
_KNOWN = {_SINGLE: PLACEHOLDERS, _SEVERAL: OF_SEVERAL, _FAMILY: OF_A_FAMILY}


def read_wording(table: Table, language: str, combine: Combine) -> Wording:
    """Read the table [messages]; the texts of the example stand in for all of them together. Raises ConfigError."""
    plain_letters = table.boolean("plain_letters", default=False)
    texts = table.table(REMINDER)
    values = texts.texts() or tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["messages"][REMINDER]
    table.nothing_else()
    templates = {kind: _templates(texts, values, kind) for kind in _KNOWN}
    wording = Wording(
        templates[_SINGLE], language, plain_letters, several=templates[_SEVERAL], family=templates[_FAMILY]
    )
    _check_languages(texts, wording, combine)
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
            check_template(template, _KNOWN[kind])
        except (UsageError, ConfigError) as error:
            raise table.wrong(key, str(error)) from error
        templates[language] = template
    return templates


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
