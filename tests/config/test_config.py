"""The configuration: where it is, what holds for a setting that is left out, and a file that can't be used."""

import tomllib
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from smsreminders.config.settings import Settings, read_settings
from smsreminders.config.wording import EXAMPLE
from smsreminders.domain.round.grouping import Combine
from smsreminders.errors import ConfigError
from tests.config.files import error_of, settings_of, shipped, written
from tests.headroom import stack_watched
from tests.store.files import bound_by_modes

TEXTS, SEVERAL, FAMILY = (shipped(suffix) for suffix in ("", "several", "family"))
OTHERS, OTHER_SEVERAL, OTHER_FAMILY = (shipped(suffix, but="nl") for suffix in ("", "several", "family"))
SINGLE = '[messages.appointment-reminder]\nnl = "Tot {day}."\n'


def value_of(settings: Settings, attribute: str) -> object:
    """A setting by its path, as in "gateway.timeout" for that of [gateway]."""
    table, _, key = attribute.partition(".")
    return getattr(settings.gateways.read(), key) if table == "gateway" else attrgetter(attribute)(settings)


def test_the_example_says_what_stands_for_what_is_left_out(tmp_path: Path) -> None:
    written, left_out = settings_of(tmp_path, EXAMPLE.read_bytes()), settings_of(tmp_path, "")
    assert replace(written, general=replace(written.general, origins={})) == left_out
    assert written.gateways.read() == left_out.gateways.read()


@pytest.mark.parametrize("table", ["", "schedule", "messages", "import", "poll", "billing"])
def test_the_example_names_every_key_that_there_is(tmp_path: Path, table: str) -> None:
    message = error_of(tmp_path, f"[{table}]\nzzzzzzzz = 1" if table else "zzzzzzzz = 1")
    example = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    known = example[table] if table else {*example, "gateways", "sources"}
    assert sorted(known) == message.split("known are: ")[1].split(", ")


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("schedule.zone", ZoneInfo("Europe/Amsterdam")),
        ("schedule.region.country", "NL"),
        ("schedule.region.language", "nl"),
        ("schedule.weekdays", {0, 1, 2, 3, 4}),
        ("schedule.minimum_notice", timedelta(hours=2)),
        ("schedule.sending_hours", (time(8), time(20))),
        ("schedule.daily_limit", 500),
        ("schedule.remind", (1,)),
        ("schedule.combine", Combine.PATIENT),
        ("wording.language", "nl"),
        ("wording.plain_letters", False),
        ("wording.templates", TEXTS),
        ("wording.several", SEVERAL),
        ("wording.family", FAMILY),
        ("imports.columns", {}),
        ("imports.time_format", None),
        ("gateway.name", "sandbox"),
        ("gateway.base_url", None),
        ("gateway.timeout", timedelta(seconds=10)),
        ("gateway.connections", None),
        ("gateway.per_second", None),
        ("gateway.own", {}),
        ("give_up_after", timedelta(days=3)),
        ("billing.rate", Decimal("0.10")),
        ("billing.currency", "EUR"),
        ("billing.vat", Decimal(21)),
    ],
)
def test_an_empty_file_means(tmp_path: Path, attribute: str, expected: object) -> None:
    assert value_of(settings_of(tmp_path, ""), attribute) == expected


@pytest.mark.parametrize(
    ("content", "attribute", "expected"),
    [
        ('time_zone = "Europe/Brussels"', "schedule.zone", ZoneInfo("Europe/Brussels")),
        ('country = "BE"', "schedule.region.country", "BE"),
        ('language = "en"', "schedule.region.language", "en"),
        ('language = "en"', "wording.language", "en"),
        ('[schedule]\nworking_days = ["sat", "mon"]', "schedule.weekdays", {5, 0}),
        ('[schedule]\nworking_days = ["sun"]', "schedule.weekdays", {6}),
        ('[schedule]\nminimum_notice = "0m"', "schedule.minimum_notice", timedelta()),
        ('[schedule]\nminimum_notice = "12h"', "schedule.minimum_notice", timedelta(hours=12)),
        ('[schedule]\nsending_hours = ["09:30", "17:00"]', "schedule.sending_hours", (time(9, 30), time(17))),
        ("[schedule]\ndaily_limit = 0", "schedule.daily_limit", 0),
        ('[schedule]\nremind = ["1wd", "3wd"]', "schedule.remind", (3, 1)),
        ('[schedule]\nremind = ["10wd"]', "schedule.remind", (10,)),
        ('[schedule]\nremind = ["3wd", "1wd unless confirmed"]', "schedule.remind", (3, 1)),
        ('[schedule]\nremind = ["3wd", "1wd unless confirmed"]', "schedule.unless_confirmed", frozenset({1})),
        ('[schedule]\ncombine = "none"', "schedule.combine", Combine.NONE),
        ('[schedule]\ncombine = "phone"', "schedule.combine", Combine.PHONE),
        ("[messages]\nplain_letters = true", "wording.plain_letters", True),
        ('[messages.appointment-reminder]\nnl = "Tot {day}."', "wording.templates", OTHERS | {"nl": "Tot {day}."}),
        ('[messages.appointment-reminder]\nnl = "{{{time}}}"', "wording.templates", OTHERS | {"nl": "{{{time}}}"}),
        ("[messages.appointment-reminder]", "wording.templates", TEXTS),
        (SINGLE, "wording.several", OTHER_SEVERAL),
        (SINGLE, "wording.family", OTHER_FAMILY),
        (
            SINGLE + 'nl_several = "Tot {times}, {count}."',
            "wording.several",
            OTHER_SEVERAL | {"nl": "Tot {times}, {count}."},
        ),
        (
            SINGLE + 'nl_several = "{patient}: {location}."',
            "wording.several",
            OTHER_SEVERAL | {"nl": "{patient}: {location}."},
        ),
        (
            SINGLE + 'nl_family = "{count} om {time}."',
            "wording.family",
            OTHER_FAMILY | {"nl": "{count} om {time}."},
        ),
        (
            SINGLE + 'nl_family = "Tot dan!"\n[schedule]\ncombine = "phone"',
            "wording.family",
            OTHER_FAMILY | {"nl": "Tot dan!"},
        ),
        ('[import]\ntime_format = "%d-%m-%Y %H:%M"', "imports.time_format", "%d-%m-%Y %H:%M"),
        ('[import.columns]\nstart = "Begintijd"', "imports.columns", {"start": "Begintijd"}),
        ('[numbers]\ncountries = ["NL", "BE"]', "schedule.region.texted", {"NL", "BE"}),
        ("[numbers]", "schedule.region.texted", set()),
        ('[gateway]\nname = "spryng"', "gateway.name", "spryng"),
        ('[gateway]\nbase_url = "http://127.0.0.1:1"', "gateway.base_url", "http://127.0.0.1:1"),
        ('[gateway]\nbase_url = ""', "gateway.base_url", None),
        ('[gateway]\ntimeout = "2m"', "gateway.timeout", timedelta(minutes=2)),
        ("[gateway]\nconnections = 256", "gateway.connections", 256),
        ("[gateway]\nper_second = 10000", "gateway.per_second", 10_000),
        ('[poll]\ngive_up_after = "90m"', "give_up_after", timedelta(minutes=90)),
        ('[poll]\ngive_up_after = "30d"', "give_up_after", timedelta(days=30)),
        ('[poll]\ngive_up_after = "1s"', "give_up_after", timedelta(seconds=1)),
        ('[billing]\nrate = "0.0875"', "billing.rate", Decimal("0.0875")),
        ('[billing]\ncurrency = "GBP"', "billing.currency", "GBP"),
        ('[billing]\nvat = "0"', "billing.vat", Decimal(0)),
        ('[billing]\nvat = "100"', "billing.vat", Decimal(100)),
    ],
)
def test_what_stands_in_the_file_counts(tmp_path: Path, content: str, attribute: str, expected: object) -> None:
    assert value_of(settings_of(tmp_path, content), attribute) == expected


def test_money_keeps_its_last_digits(tmp_path: Path) -> None:
    assert str(settings_of(tmp_path, '[billing]\nrate = "0.1000"').billing.rate) == "0.1000"


# The database


@pytest.mark.parametrize(
    ("content", "environment", "expected"),
    [
        ("", {}, "smsreminders.db"),
        ('database = "data/practice.db"', {}, "data/practice.db"),
        ('database = "/var/lib/smsreminders.db"', {}, "/var/lib/smsreminders.db"),
        ("", {"SMSREMINDERS_DATABASE": "/srv/other.db"}, "/srv/other.db"),
        ('database = "own.db"', {"SMSREMINDERS_DATABASE": ""}, "own.db"),
        ('database = "own.db"', {"SMSREMINDERS_DATABASE": "/srv/other.db"}, "/srv/other.db"),
    ],
)
def test_the_database_stands_beside_the_configuration_or_where_a_setting_says(
    tmp_path: Path, content: str, environment: dict[str, str], expected: str
) -> None:
    assert settings_of(tmp_path, content, environment).database == tmp_path / expected


def test_a_relative_file_is_never_taken_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "")
    monkeypatch.chdir(tmp_path)
    assert read_settings(Path("config.toml"), {}).database == tmp_path / "smsreminders.db"


# A file that can't be used


def test_a_missing_configuration_is_an_error_that_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        read_settings(tmp_path / "config.toml", {})
    assert str(raised.value) == f"{tmp_path}/config.toml: there is no configuration; run `smsreminders init`"


def test_a_folder_in_place_of_the_configuration_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        read_settings(tmp_path, {})
    assert str(raised.value) == f"{tmp_path} can't be read: Is a directory"


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "", mode=0o000)
    with bound_by_modes(), pytest.raises(ConfigError) as raised:
        read_settings(path, {})
    assert str(raised.value) == f"{path} can't be read: Permission denied"


@pytest.mark.parametrize(
    "content",
    [
        "time_zone",
        "a = 1\na = 2",
        'language = "not closed',
        "language = nl",
        "[schedule",
        "\x00",
        b"\xff\xfe[\x00",
        b'language = "\xe9"',
        pytest.param(f"[schedule]\ndaily_limit = {'9' * 5000}", id="a number of 5000 digits"),
        pytest.param(f"language = {'[' * 5000}", id="5000 brackets"),
    ],
)
def test_an_error_about_broken_toml_is_one_line(tmp_path: Path, content: str | bytes) -> None:
    message = error_of(tmp_path, content)
    assert message.startswith(" is not TOML: ")
    assert len(message.splitlines()) == 1


def test_a_file_of_another_encoding_is_told_with_the_line_and_what_to_do(tmp_path: Path) -> None:
    message = error_of(tmp_path, 'language = "nl"\n# patiënt\n'.encode("cp1252"))
    assert message == " is not TOML: line 2 is no UTF-8: save the file as UTF-8"


def test_the_byte_order_mark_of_an_editor_is_no_part_of_the_file(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, b'\xef\xbb\xbflanguage = "en"\r\n')
    assert settings.schedule.region.language == "en"


@pytest.mark.parametrize("value", ["[" * 5000, "{a=" * 5000, "[{a=" * 2000], ids=["lists", "tables", "both"])
def test_a_value_that_is_nested_too_deep_does_not_fill_the_stack(tmp_path: Path, value: str) -> None:
    with stack_watched() as full:
        message = error_of(tmp_path, f"language = {value}")
    assert message == " is not TOML: it is nested deeper than 64 levels"
    assert full == []


def test_a_key_of_thousands_of_names_does_not_fill_the_stack(tmp_path: Path) -> None:
    with stack_watched() as full:
        message = error_of(tmp_path, f"language{'.a' * 5000} = 1")
    assert "language: write it as text" in message
    assert full == []
