"""The rules of practices: the general ones, and each table [practices.CODE] over them."""

from collections.abc import Collection, Mapping

from smsreminders.config.schedule import OF_A_PRACTICE, read_own_schedule, read_schedule
from smsreminders.config.table import Table
from smsreminders.config.wording import REMINDER, read_own_wording, read_wording, texts_of
from smsreminders.domain.round.exclusions import NOTHING, Exclusions
from smsreminders.domain.round.practice_rules import Origin, PracticeRules
from smsreminders.errors import did_you_mean

_NO_TEXTS = ("plain_letters", REMINDER)


def read_general(top: Table, language: str) -> PracticeRules:
    """Read the rules of every practice that has none of its own. Raises ConfigError."""
    schedule = read_schedule(top, language)
    messages = top.table("messages")
    return PracticeRules(
        schedule,
        read_wording(messages, language, schedule.combine),
        NOTHING,
        account="",
        origins=_origins(Origin.GENERAL, top.table("schedule").keys(), messages, messages.table(REMINDER))
        | ({"gateway": Origin.GENERAL} if top.has_any(("gateway",)) else {}),
    )


def read_practices(top: Table, general: PracticeRules) -> Mapping[str, PracticeRules]:
    """Read the rules of each practice that has some of its own, by its code; the rest are the general ones.

    Whether there is such a practice only the database knows. Raises ConfigError.
    """
    practices, schedule = top.table("practices"), top.table("schedule")
    codes, accounts = practices.keys(), top.table("gateways").keys()
    return {code: _read(practices.table(code), schedule, general, accounts=accounts) for code in codes}


def _read(own: Table, schedule: Table, general: PracticeRules, *, accounts: Collection[str]) -> PracticeRules:
    table = own.over(schedule, OF_A_PRACTICE)
    messages = table.table("messages")
    of_its_own = read_own_schedule(table, general.schedule)
    rules = PracticeRules(
        of_its_own,
        read_own_wording(messages, general.wording, of_its_own.combine),
        Exclusions(_words(table, "except_types"), _words(table, "except_practitioners")),
        _account(table, accounts),
        {**general.origins, **_origins(Origin.OWN, own.keys(), messages, texts_of(messages))},
    )
    table.nothing_else()
    return rules


def _origins(origin: Origin, settings: Collection[str], messages: Table, texts: Table) -> dict[str, Origin]:
    """Say of the settings that stand in these tables where they come from."""
    named = [*settings, *(set(messages.keys()) & {"plain_letters"}), *(set(texts.keys()) - set(_NO_TEXTS))]
    return dict.fromkeys(named, origin)


def _words(table: Table, key: str) -> tuple[str, ...]:
    words = table.words(key)
    if not all(word.strip() for word in words):
        raise table.wrong(key, "one of them is empty: it would leave out nobody")
    return tuple(words)


def _account(table: Table, accounts: Collection[str]) -> str:
    name = table.text("gateway", "")
    if name and name not in accounts:
        nearest = did_you_mean(name, accounts) if accounts else "there is no [gateways.NAME] at all"
        raise table.wrong("gateway", f'there is no account "{name}": write [gateways.{name}]; {nearest}')
    return name
