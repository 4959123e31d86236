"""Texts that are nested too deep are refused before a parser sees them, and brackets in strings don't count."""

import json
import tomllib
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.agenda.nesting import MOST_LEVELS, check_nesting

DEEP = "[" * (MOST_LEVELS + 1)
BRACKETS = "[{" * MOST_LEVELS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * MOST_LEVELS + "]" * MOST_LEVELS,
        "[" * MOST_LEVELS + "]" * MOST_LEVELS + "[]",
        "{}" * (MOST_LEVELS + 1),
        "[" + "[]," * 1000 + "{}]",
        f'["{BRACKETS}"]',
        rf'["\"{BRACKETS}\\"]',
        f'a = "{BRACKETS}" # {BRACKETS}\nb = 1',
        f"a = '{BRACKETS}\\'",
        f'a = """{BRACKETS}\n"{BRACKETS}" ""\\"""{BRACKETS}"""',
        f"a = '''{BRACKETS}\n'{BRACKETS}' ''{BRACKETS}'''''",
    ],
)
def test_a_text_that_is_not_nested_deep_passes(text: str) -> None:
    check_nesting(text)


@pytest.mark.parametrize(
    "text",
    [
        DEEP,
        "[]" * 10 + DEEP,
        "[" * 200_000,
        '{"a":' * 200_000,
        "a = " + DEEP,
        "a = " + "{b=[" * MOST_LEVELS,
        f'{{"a": "\\"", "b": {DEEP}',
        f"a = '\\'\nb = {DEEP}",
        f"a = '''\\''' # it's\nb = {DEEP}",
        f'a = """\\""" """\nb = {DEEP}',
        f'a = """"" """\nb = {DEEP}',
        f'# a "quote" and it\'s end\nb = {DEEP}',
    ],
)
def test_a_text_that_is_nested_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^it is nested deeper than 64 levels$"):
        check_nesting(text)


@pytest.mark.parametrize("text", ['"' * 200_000, '"\\' * 200_000, "'" * 200_000, '"""\\' * 100_000, "''\\\n" * 200_000])
def test_strings_that_do_not_end_are_read_once(text: str) -> None:
    with suppress(ValueError):
        check_nesting(BRACKETS + text)
        check_nesting(text + "]" * 70 + BRACKETS)


VALUES = st.recursive(
    st.none() | st.text(alphabet="[]{}\"'\\#a\n é"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="[{\"'#", max_size=2), inner, max_size=3)
    ),
)


def levels_of(value: object) -> int:
    match value:
        case list():
            return 1 + max(map(levels_of, value), default=0)
        case dict():
            return 1 + max(map(levels_of, value.values()), default=0)
    return 0


@given(VALUES, st.integers(0, 70), st.booleans())
def test_a_json_text_passes_just_when_its_value_is_not_too_deep(value: Any, around: int, ascii_only: bool) -> None:  # noqa: ANN401
    for _ in range(around):
        value = [value]
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert is_refused(text) == (levels_of(value) > MOST_LEVELS)


@given(st.text(alphabet="[]{}=,\"'\\#a\n", max_size=40), st.integers(0, 70))
def test_a_toml_text_passes_just_when_its_value_is_not_too_deep(value: str, around: int) -> None:
    text = f"a = {'[' * around}{value}{']' * around}"
    try:
        parsed = tomllib.loads(text)
    except ValueError:
        return
    assert is_refused(text) == (levels_of(parsed) - 1 > MOST_LEVELS)


def is_refused(text: str) -> bool:
    try:
        check_nesting(text)
    except ValueError:
        return True
    return False
