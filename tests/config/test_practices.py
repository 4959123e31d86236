"""The tables [practices.CODE]: what a practice has of its own, where each rule comes from, what may not stand there."""

from datetime import time, timedelta
from operator import attrgetter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.config.settings import Settings
from smsreminders.domain.round.exclusions import Exclusions
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.practice_rules import Origin
from tests.config.files import error_of, settings_of, shipped

GENERAL = """
[schedule]
remind = ["2wd"]
sending_hours = ["09:00", "17:00"]
[messages.appointment-reminder]
nl = "Tot {day}."
nl_family = "Tot dan!"
en = "See you {day}."
"""
WRITTEN = ("nl", "en")  # of these languages the general table has texts


def others(suffix: str) -> dict[str, str]:
    return {language: text for language, text in shipped(suffix).items() if language not in WRITTEN}


TEXTS = others("") | {"nl": "Tot {day}.", "en": "See you {day}."}
SEVERAL, FAMILY = others("several"), others("family") | {"nl": "Tot dan!"}
OWN, OF_ALL, BUILT_IN = Origin.OWN, Origin.GENERAL, Origin.BUILT_IN


def of_linde(folder: Path, *lines: str, table: str = "practices.linde", above: str = GENERAL) -> Settings:
    return settings_of(folder, "\n".join([above, f"[{table}]", *lines]))


def wrong(folder: Path, *lines: str, table: str = "practices.linde", above: str = GENERAL) -> str:
    return error_of(folder, "\n".join([above, f"[{table}]", *lines])).removeprefix(": practices.linde.")


@pytest.mark.parametrize(
    ("line", "attribute", "expected"),
    [
        ('remind = ["1wd", "3wd"]', "schedule.remind", (3, 1)),
        ('combine = "phone"', "schedule.combine", Combine.PHONE),
        ('combine = "none"', "schedule.combine", Combine.NONE),
        ('sending_hours = ["10:00", "12:00"]', "schedule.sending_hours", (time(10), time(12))),
        ('minimum_notice = "0m"', "schedule.minimum_notice", timedelta()),
        ("daily_limit = 3", "schedule.daily_limit", 3),
        ('except_types = ["Psychologie", "Soa "]', "exclusions", Exclusions(types=("Psychologie", "Soa "))),
        ('except_practitioners = ["B. Bos"]', "exclusions", Exclusions(practitioners=("B. Bos",))),
        ('gateway = "noord"\n[gateways.noord]', "account", "noord"),
        ('gateway = ""', "account", ""),
        ('messages = {nl = "Dag {day}."}', "wording.templates", TEXTS | {"nl": "Dag {day}."}),
        ('messages = {it = "Il {day}."}', "wording.templates.keys", {*TEXTS, "it"}),
        ('messages = {en_several = "{count} times."}', "wording.several", SEVERAL | {"en": "{count} times."}),
        ('messages = {nl_family = "{count} keer."}', "wording.family", FAMILY | {"nl": "{count} keer."}),
        ("messages = {plain_letters = true}", "wording.plain_letters", True),
        (
            'messages = {appointment-reminder = {nl = "Dag."}}',
            "wording.templates",
            TEXTS | {"nl": "Dag."},
        ),
    ],
)
def test_what_stands_under_a_practice_holds_for_it_alone(
    tmp_path: Path, line: str, attribute: str, expected: object
) -> None:
    found = of_linde(tmp_path, line)
    value = attrgetter(attribute)(found.rules_of("linde"))
    assert (set(value()) if callable(value) else value) == expected
    assert found.rules_of("bos") == found.general
    assert found.general.schedule == settings_of(tmp_path, GENERAL).schedule
    assert found.general.wording == settings_of(tmp_path, GENERAL).wording


@pytest.mark.parametrize("lines", [[], ['gateway = ""'], ['remind = ["2wd"]']])
def test_what_is_left_out_is_the_general_one(tmp_path: Path, lines: list[str]) -> None:
    found = of_linde(tmp_path, *lines)
    linde, general = found.rules_of("linde"), found.general
    assert (linde.schedule, linde.wording, linde.exclusions, linde.account) == (
        general.schedule,
        general.wording,
        Exclusions(),
        "",
    )


@pytest.mark.parametrize(
    ("setting", "general", "linde"),
    [
        ("remind", OF_ALL, OWN),
        ("sending_hours", OF_ALL, OF_ALL),
        ("daily_limit", BUILT_IN, BUILT_IN),
        ("combine", BUILT_IN, OWN),
        ("except_types", BUILT_IN, OWN),
        ("gateway", BUILT_IN, BUILT_IN),
        ("nl", OF_ALL, OWN),
        ("nl_family", OF_ALL, OF_ALL),
        ("nl_several", BUILT_IN, OWN),
        ("plain_letters", BUILT_IN, OWN),
    ],
)
def test_it_is_known_where_a_rule_stands(tmp_path: Path, setting: str, general: Origin, linde: Origin) -> None:
    own = 'messages = {nl = "Dag.", nl_several = "Dag {times}.", plain_letters = false}'
    found = of_linde(tmp_path, 'remind = ["2wd"]', 'combine = "patient"', 'except_types = ["X"]', own)
    assert (found.general.origin(setting), found.rules_of("linde").origin(setting)) == (general, linde)


def test_texts_that_stand_nowhere_are_built_in(tmp_path: Path) -> None:
    assert of_linde(tmp_path, above="").rules_of("linde").origin("nl_several") is BUILT_IN


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('remin = ["1wd"]', 'remin: unknown key; did you mean "remind"?'),
        ("dayly_limit = 3", 'dayly_limit: unknown key; did you mean "daily_limit"?'),
        ("working_days = []", "working_days: unknown key; "),
        ('longest_run = "1h"', "longest_run: unknown key; "),
        ('remind = "1wd"', 'remind: write a list of texts, as in ["...", "..."]'),
        ('remind = ["0wd"]', 'remind: "0wd" is no occasion: '),
        ('combine = "family"', 'combine: "family" can\'t stand here; '),
        ('sending_hours = ["12:00", "10:00"]', "sending_hours: the first time must be before the second"),
        ('minimum_notice = "13h"', "minimum_notice: at most 720m"),
        ('daily_limit = "3"', "daily_limit: write a whole number from 0 to "),
        ('except_types = "Psychologie"', 'except_types: write a list of texts, as in ["...", "..."]'),
        ("except_types = []", 'except_types: write a list of texts, as in ["...", "..."]'),
        ('except_types = ["Soa", " "]', "except_types: one of them is empty: it would leave out nobody"),
        ("except_practitioners = [1]", 'except_practitioners: write a list of texts, as in ["...", "..."]'),
        ('except_type = ["Soa"]', 'except_type: unknown key; did you mean "except_types"?'),
        (
            'gateway = "nord"\n[gateways.noord]',
            'gateway: there is no account "nord": write [gateways.nord]; did you mean',
        ),
        (
            'gateway = "noord"',
            'gateway: there is no account "noord": write [gateways.noord]; there is no [gateways.NAME]',
        ),
        ('gateway = {name = "cm"}', 'gateway: write it as text, in quotes: "..."'),
        ('messages = "Tot {day}."', "messages: it is a table: write [practices.linde.messages]"),
        ('messages = {nl = "Om {tiem}."}', 'messages.nl: unknown placeholder "tiem"; did you mean "time"?'),
        ('messages = {nl_family = "{patient}!"}', "messages.nl_family: {patient} can't stand in this text; "),
        ('messages = {nl_sevral = "Dag."}', 'messages.nl_sevral: unknown key; did you mean "nl_several"?'),
        ('messages = {it_several = "Il."}', "messages.it_several: there is no text it for one appointment beside it"),
        ('messages = {plain_letters = "no"}', "messages.plain_letters: write true or false"),
        ("messages = {nl = 1}", 'messages.nl: write it as text, in quotes: "..."'),
        ('messages = {nl = "Dag.", appointment-reminder = {nl = "Dag."}}', "messages.nl: unknown key; "),
        (
            'messages = {appointment-reminder = {nl = ""}}',
            "messages.appointment-reminder.nl: there is no text of its own",
        ),
    ],
)
def test_what_may_not_stand_under_a_practice_is_refused_with_what_to_do(tmp_path: Path, line: str, why: str) -> None:
    assert wrong(tmp_path, line).startswith(why)


def test_a_practice_is_a_table(tmp_path: Path) -> None:
    assert error_of(tmp_path, "[practices]\nlinde = 1") == ": practices.linde: it is a table: write [practices.linde]"


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ('[messages.appointment-reminder]\nnl = "Tot {day}."', 'combine = "phone"'),
        ('[schedule]\ncombine = "none"\n[messages.appointment-reminder]\nnl = "Dag."', 'combine = "phone"'),
    ],
)
def test_one_text_a_phone_needs_a_family_text_for_a_practice_too(tmp_path: Path, above: str, line: str) -> None:
    expected = 'messages.nl_family: combine = "phone" needs this text, in the language of the configuration'
    assert wrong(tmp_path, line, above=above) == expected
    own = 'messages = {nl_family = "Tot {day}."}'
    assert of_linde(tmp_path, line, own, above=above).rules_of("linde").schedule.combine is Combine.PHONE


@settings(max_examples=30)
@given(limits=st.dictionaries(st.sampled_from(["linde", "bos", "eik"]), st.integers(0, 1000)))
def test_each_practice_has_its_own_or_the_general_one(
    tmp_path_factory: pytest.TempPathFactory, limits: dict[str, int]
) -> None:
    lines = [f"[practices.{code}]\ndaily_limit = {limit}" for code, limit in limits.items()]
    found = settings_of(tmp_path_factory.mktemp("own"), "\n".join(["[schedule]\ndaily_limit = 7", *lines]))
    assert {code: found.rules_of(code).schedule.daily_limit for code in ("linde", "bos", "eik")} == {
        code: limits.get(code, 7) for code in ("linde", "bos", "eik")
    }
