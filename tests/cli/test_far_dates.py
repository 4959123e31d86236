"""The ends of the calendar are no dates that anybody means: told as usage, never as a bug."""

import pytest

from tests.commanding import Installed, installed


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return installed(tmp_path_factory.mktemp("dates"))


@pytest.mark.parametrize(
    "command",
    [
        "appointment list --from 0001-01-01",
        "appointment list --to 9999-12-31",
        "notifications list --from 0001-01-01",
        "notifications list --to 9999-12-31",
        "appointment add A9 --patient P1 --start '0001-01-01 00:00'",
        "appointment move A1 --start 9999-12-31T23:59:59-14:00",
        "consent withdraw P1 --at 0001-01-01T00:00:00+14:00",
        "practice days linde --closed-on 9999-12-31",
        "rate add 0.10 --from 0001-01-01",
        "import agenda.csv --kind appointments --complete 9999-12-31..9999-12-31",
    ],
)
def test_a_date_at_the_end_of_the_calendar_is_a_usage_error(program: Installed, command: str) -> None:
    ended = program(command)
    assert (ended.code, ended.out) == (2, "")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59Z"])
@pytest.mark.parametrize("command", ["check", "dispatch --dry-run", "report"])
def test_a_clock_at_the_end_of_the_calendar_is_a_usage_error(program: Installed, moment: str, command: str) -> None:
    ended = program(command, at=moment)
    assert (ended.code, ended.out, len(ended.said)) == (2, "", 1)


def test_words_that_are_no_text_are_a_usage_error(program: Installed) -> None:
    for words in ("patient add P9\udcff --name x", "patient add P9 --name caf\udce9", "patient show P1\udcff"):
        ended = program(words)
        assert (ended.code, ended.out, len(ended.said)) == (2, "", 1)
