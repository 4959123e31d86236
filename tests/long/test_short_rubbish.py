"""Some rubbish of each kind for the commands, a few of them as processes with closed and full streams."""

from pathlib import Path

import pytest

from tests.long.rubbish import ALLOWED, SHARES, Field, Input, broken, run, tried


def test_rubbish_breaks_no_promise(tmp_path: Path) -> None:
    tally = run(tmp_path, seed=7, count=150, processes=0)
    assert (tally.broken, tally.examples) == ({}, [])
    assert tally.tried.keys() == SHARES.keys()
    assert tally.codes.keys() <= ALLOWED


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Field:
    return Field(tmp_path_factory.mktemp("rubbish"))


@pytest.mark.parametrize(
    ("redirection", "expected"),
    [("<&-", 0), (">&-", 0), ("2>&-", 0), ("<&- >&- 2>&-", 0), (">/dev/full", 75), ("2>/dev/full", 0)],
)
def test_a_stream_that_is_closed_or_full_is_no_bug(field: Field, redirection: str, expected: int) -> None:
    input_ = Input(0, "process", ["patient", "list"], redirection=redirection)
    what, ended = tried(field, input_)
    assert (what, ended and ended.code) == (None, expected)


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"TZ": "Mars/Olympus"},
        {"TZ": ":/etc/passwd"},
    ],
)
def test_another_locale_is_no_bug(field: Field, environment: dict[str, str | None]) -> None:
    for words in (["consent", "list", "--json"], ["dispatch"], ["patient", "add", "caf\udce9", "--name", "x"]):
        input_ = Input(0, "process", words, environment)
        what, ended = tried(field, input_)
        assert what is None, ended


def test_what_a_run_shows_of_a_patient_would_be_found(field: Field) -> None:
    input_ = Input(0, "arguments", ["patient", "list"])
    _, ended = tried(field, input_)
    assert ended
    assert broken(input_, ended) is None  # it is meant to
    assert broken(Input(0, "arguments", ["poll"]), ended) == "shows zilvervink"
