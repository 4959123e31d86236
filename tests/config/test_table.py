"""What a setting may not be: the error names the key and says what may stand there; nothing else ever comes of it."""

import json
import tomllib
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.config.settings import Settings
from smsreminders.errors import ConfigError
from tests.config.files import error_of, settings_of

TEXT = 'write it as text, in quotes: "..."'
DURATION = 'write a duration like "10s", "90m", "2h" or "3d"'
DAYS = "write a list of mon, tue, wed, thu, fri, sat, sun"
HOURS = 'write two times, as in ["08:00", "20:00"]'
ORDER = "the first time must be before the second, both without an offset"
ZONE = 'no such time zone; write it like "Europe/Amsterdam"'

TEXTS = {
    "": ["database", "time_zone", "country", "language"],
    "schedule": ["minimum_notice", "combine"],
    "messages.appointment-reminder": ["nl", "en", "nl_several", "nl_family"],
    "import": ["time_format"],
    "import.columns": ["start"],
    "gateway": ["name", "base_url", "timeout", "secret_file", "secret_env", "api_key", "of_its_own"],
    "poll": ["give_up_after"],
    "billing": ["rate", "currency", "vat"],
    "practices.linde": ["minimum_notice", "combine", "gateway"],
    "practices.linde.messages": ["nl", "nl_several"],
}
OTHERS = {
    "schedule": ["working_days", "sending_hours", "daily_limit", "remind"],
    "messages": ["plain_letters"],
    "gateway": ["connections", "per_second"],
    "numbers": ["countries"],
    "practices.linde": ["sending_hours", "daily_limit", "remind", "except_types", "except_practitioners"],
}
TEXT_KEYS = [(table, key) for table, keys in TEXTS.items() for key in keys]
OTHER_KEYS = [(table, key) for table, keys in OTHERS.items() for key in keys]
TABLES = sorted((TEXTS.keys() | OTHERS.keys()) - {""})


def setting(table: str, key: str, value: str) -> str:
    return f"[{table}]\n{key} = {value}" if table else f"{key} = {value}"


def name(table: str, key: str) -> str:
    return f"{table}.{key}" if table else key


@pytest.mark.parametrize(("table", "key"), TEXT_KEYS)
@pytest.mark.parametrize("value", ["1", "0.10", "true", '["x"]', "{}", "2026-11-24", "10:30:00"])
def test_what_is_text_must_be_text(tmp_path: Path, table: str, key: str, value: str) -> None:
    assert error_of(tmp_path, setting(table, key, value)) == f": {name(table, key)}: {TEXT}"


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("value", ["1", '"x"', "[]", "true"])
def test_a_table_must_be_a_table(tmp_path: Path, table: str, value: str) -> None:
    above, _, key = table.rpartition(".")
    expected = f": {table}: it is a table: write [{table}]"
    assert error_of(tmp_path, setting(above, key, value)) == expected


@pytest.mark.parametrize(
    ("table", "key", "expected"),
    [
        ("", "timezone", 'did you mean "time_zone"?'),
        ("", "schedul", 'did you mean "schedule"?'),
        ("", "api_key", "known are: billing, country, database, "),
        ("schedule", "working_day", 'did you mean "working_days"?'),
        ("schedule", "dayly_limit", 'did you mean "daily_limit"?'),
        ("schedule", "x", "known are: agenda_old, "),
        ("messages", "plain_leters", 'did you mean "plain_letters"?'),
        ("messages", "appointment-reminders", 'did you mean "appointment-reminder"?'),
        ("import", "timeformat", 'did you mean "time_format"?'),
        ("numbers", "country", 'did you mean "countries"?'),
        ("poll", "give_up", 'did you mean "give_up_after"?'),
        ("billing", "rates", 'did you mean "rate"?'),
        ("billing", "VAT", "known are: currency, "),
    ],
)
def test_an_unknown_key_is_an_error_that_names_the_nearest_key(
    tmp_path: Path, table: str, key: str, expected: str
) -> None:
    message = error_of(tmp_path, setting(table, key, "{}"))
    assert message.startswith(f": {name(table, key)}: unknown key; {expected}")


@pytest.mark.parametrize(
    ("table", "key", "value", "expected"),
    [
        # durations
        *(
            ("schedule", "minimum_notice", value, DURATION)
            for value in ('""', '"2"', '"h"', '"2 h"', '"2H"', '"2w"', '"-2h"', '"1.5h"', '"2h30m"', '"9999999s"')
        ),
        ("schedule", "minimum_notice", '"13h"', "at most 720m"),
        ("schedule", "minimum_notice", '"721m"', "at most 720m"),
        ("schedule", "minimum_notice", '"999999d"', "at most 720m"),
        ("poll", "give_up_after", '"31d"', "at most 43200m"),
        ("gateway", "timeout", '"121s"', "at most 2m"),
        ("gateway", "timeout", '"0s"', "it must be longer than nothing"),
        *(
            (
                "gateway",
                "settle_time",
                value,
                "at least 1m: lists lag, and what they don't show yet would be sent again",
            )
            for value in ('"0s"', '"59s"')
        ),
        # whole numbers
        *(
            ("schedule", "daily_limit", value, "write a whole number from 0 to 1000000")
            for value in ("-1", "1000001", "1.0", '"500"', "true", "nan", "[500]")
        ),
        *(
            ("gateway", "connections", value, "write a whole number from 1 to 256")
            for value in ("0", "257", "-1", '"8"', "true")
        ),
        ("gateway", "per_second", "0", "write a whole number from 1 to 10000"),
        ("gateway", "per_second", "10001", "write a whole number from 1 to 10000"),
        # true or false
        *(("messages", "plain_letters", value, "write true or false") for value in ("1", "0", '"true"', "[]")),
        # money
        *(
            ("billing", "rate", f'"{text}"', f'"{text}" is no amount: write it like 0.10')
            for text in ("", "0,10", "-0.10", "€ 0.10", ".10", "1e-1", "0.10000", "0.1 ", "NaN", "1_000", "٣")
        ),
        *(
            ("billing", "vat", f'"{text}"', f'"{text}" is no percentage from 0 to 100: write it like 21')
            for text in ("21%", "-1", "100.01", "210", "0.00001", "")
        ),
        *(
            ("billing", "currency", f'"{text}"', f'"{text}" is no currency: write its three capitals, like EUR')
            for text in ("", "eur", "Euro", "€", "EURO", "EÜR")
        ),
        # working days
        ("schedule", "working_days", '"mon"', DAYS),
        ("schedule", "working_days", "[]", DAYS),
        ("schedule", "working_days", "5", DAYS),
        ("schedule", "working_days", '["mon", "tues"]', '"tues" can\'t stand here; did you mean "tue"?'),
        ("schedule", "working_days", '["Mon"]', '"Mon" can\'t stand here; did you mean "mon"?'),
        (
            *("schedule", "working_days", "[1]"),
            '"1" can\'t stand here; known are: fri, mon, sat, sun, thu, tue, wed',
        ),
        # countries
        *(
            ("numbers", "countries", value, 'write a list of texts, as in ["...", "..."]')
            for value in ('"NL"', "[]", "[1]", "5")
        ),
        *(
            (
                "numbers",
                "countries",
                f'["NL", "{code}"]',
                f'"{code}" is no code of a country: write them like ["NL", "BE"]',
            )
            for code in ("nl", "Nederland", "31", "ZZ", "")
        ),
        # sending hours
        *(
            ("schedule", "sending_hours", value, HOURS)
            for value in (
                *('"08:00"', "8", "[]", '["08:00"]', '["08:00", "12:00", "20:00"]', "[8, 20]", "true"),
                *(
                    '{"08:00" = 1, "20:00" = 2}',
                    '["8:00", "20:00"]',
                    '["08:00", "24:00"]',
                    '["8 uur", "20 uur"]',
                    "[08:00:00, 20:00:00]",
                ),
            )
        ),
        ("schedule", "sending_hours", '["20:00", "08:00"]', ORDER),
        ("schedule", "sending_hours", '["08:00", "08:00"]', ORDER),
        ("schedule", "sending_hours", '["08:00+01:00", "20:00+01:00"]', ORDER),
        ("schedule", "sending_hours", '["08:00", "20:00+01:00"]', ORDER),
        ("schedule", "sending_hours", '["08:00Z", "20:00"]', ORDER),
        # time zones and languages
        *(
            ("", "time_zone", f'"{text}"', ZONE)
            for text in ("", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "Europe", ".", "a\\u0000b", "x" * 300)
        ),
        *(
            ("", "language", f'"{text}"', f'"{text}" is no language: write its code, like nl or en')
            for text in ("", "NL", "n", "dutch", "nl-NL", "n1")
        ),
        ("messages.appointment-reminder", "NL", '"Morgen."', '"NL" is no language: write its code, like nl or en'),
    ],
)
def test_a_wrong_value_is_an_error_that_says_what_may_stand_there(
    tmp_path: Path, table: str, key: str, value: str, expected: str
) -> None:
    assert error_of(tmp_path, setting(table, key, value)) == f": {name(table, key)}: {expected}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "text"),
        (r" \n ", "text"),
        ("Beste {patiënt}", 'unknown placeholder "patiënt"; did you mean "patient"?'),
        ("{practise}", 'unknown placeholder "practise"; did you mean "practice"?'),
        ("Op {}", 'unknown placeholder ""; known are: call, date, day, location, patient, phone, practice, time'),
        ("{0}", 'unknown placeholder "0"; known are: call, date, day, location, patient, phone, practice, time'),
        ("{patient.__class__}", 'unknown placeholder "patient.__class__"'),
        ("{time:%H}", "{time} takes nothing behind its name"),
        ("{time!r}", "{time} takes nothing behind its name"),
        ("Om {", "brace"),
        ("Om }", "brace"),
    ],
)
def test_a_wrong_text_is_an_error_that_names_its_key_and_what_is_wrong(
    tmp_path: Path, text: str, expected: str
) -> None:
    message = error_of(tmp_path, f'[messages.appointment-reminder]\nnl = "Morgen."\nen = "{text}"')
    assert message.startswith(": messages.appointment-reminder.en: ")
    assert expected in message


def test_there_must_be_a_text_in_the_language_of_the_configuration(tmp_path: Path) -> None:
    expected = "messages.appointment-reminder.it: there is no text in the language of the configuration"
    assert error_of(tmp_path, 'language = "it"\n[messages.appointment-reminder]\nnl = "Morgen."') == f": {expected}"
    assert settings_of(tmp_path, 'language = "de"').wording.language == "de"


@pytest.mark.parametrize("duration", ["90s", "3m", "2h", "0d", "007m"])
def test_every_unit_of_a_duration_is_known(tmp_path: Path, duration: str) -> None:
    assert settings_of(tmp_path, f'[schedule]\nminimum_notice = "{duration}"')


@pytest.mark.parametrize("content", ['"a\\nb" = 1', '[schedule]\nworking_days = ["a\\nb"]'])
def test_an_error_is_one_line_whatever_stands_in_the_file(tmp_path: Path, content: str) -> None:
    assert len(error_of(tmp_path, content).splitlines()) == 1


# Any value for any key

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NEARLY_RIGHT = st.one_of(
    st.from_regex(r"[0-9]{1,7}[smhd]", fullmatch=True),
    st.from_regex(r"-?[0-9]{0,7}(\.[0-9]{0,5})?", fullmatch=True),
    st.times().map(time.isoformat),
    st.from_regex(r"[A-Z][a-z]{1,8}/[A-Z][a-z]{1,8}", fullmatch=True),
    st.from_regex(r"[a-z]{1,4}", fullmatch=True),
    st.lists(st.sampled_from(["{", "}", "patient", "time", " om ", "!r", ":"])).map("".join),
)
SIMPLE = st.one_of(
    WORDS, NEARLY_RIGHT, st.booleans(), st.integers(), st.floats(), st.dates(), st.times(), st.datetimes()
)
VALUES = st.one_of(
    SIMPLE, st.lists(SIMPLE, max_size=3), st.lists(NEARLY_RIGHT, min_size=2, max_size=2), st.dictionaries(WORDS, SIMPLE)
)
PLACES = st.one_of(
    st.sampled_from(TEXT_KEYS + OTHER_KEYS),
    st.sampled_from([(above, key) for above, _, key in (table.rpartition(".") for table in TABLES)]),
    st.tuples(st.sampled_from(["", *TABLES]), WORDS),
)


def as_toml(value: object) -> str:
    """A value as TOML writes it: text with JSON's escapes, which are TOML's too, but for DEL."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list():
            return f"[{', '.join(map(as_toml, value))}]"
        case dict():
            return f"{{{', '.join(f'{as_toml(key)} = {as_toml(inner)}' for key, inner in value.items())}}}"
        case date() | time() | datetime():
            return value.isoformat()
        case _:
            return repr(value)


def settings_or_error(folder: Path, content: str) -> Settings | str:
    try:
        return settings_of(folder, content)
    except ConfigError as error:
        return str(error)


@given(place=PLACES, value=VALUES)
def test_any_value_for_any_key_gives_settings_or_an_error_of_the_configuration(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[str, str], value: object
) -> None:
    table, key = place
    content = setting(table, as_toml(key), as_toml(value))
    assert tomllib.loads(content)
    made = settings_or_error(tmp_path_factory.getbasetemp(), content)
    assert isinstance(made, Settings) or len(made.splitlines()) == 1
