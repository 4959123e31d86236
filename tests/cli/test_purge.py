"""`purge`: what is too old is counted, asked for, taken away and logged; the limits stand in the configuration."""

from pathlib import Path

import pytest

from tests.cli.running import Program
from tests.config.files import error_of


@pytest.fixture
def old(agenda: Program) -> Program:
    """A hundred days after a round."""
    agenda.does("dispatch")
    return agenda.at("2027-03-05T09:00:00+01:00")


def test_what_is_too_old_goes_once_a_person_or_cron_says_so(old: Program) -> None:
    would = "3 texts, 10 outcomes of rounds, 11 rows of sources"
    assert old("purge --dry-run").said == [f"Would purge {would}."]
    assert "nothing was purged" in old("purge --yes").err  # by a clock that may have leapt
    old.does("reconcile --by-hand")
    ended = old("purge")
    assert (ended.code, f"{would}: they go for good. If you mean it, say --yes" in ended.err) == (2, True)
    assert old("purge --json --yes").json["texts"] == 3
    assert b"Canaria, u heeft" not in old.database.read_bytes()
    assert old("purge --yes").said == ["Purged nothing."]
    assert old("--quiet purge --yes").said == []
    assert [line["verb"] for line in old("log list --json").json] == ["purged"]


def test_the_limits_are_those_of_the_configuration(old: Program) -> None:
    old.configure('[retention]\ntexts = "1y"\nsource_rows = "1y"\n')
    assert old("purge --dry-run").said == ["Would purge nothing."]


@pytest.mark.parametrize(
    ("key", "term", "message"),
    [
        ("texts", "30d", "at least 36d, and at most 100y"),
        ("source_rows", "3h", 'write days or years, like "90d" or "5y"'),
        ("log", "90d", "at least 366d, and at most 100y"),
        ("bills", "7y", "unknown key"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused(tmp_path: Path, key: str, term: str, message: str) -> None:
    assert message in error_of(tmp_path, f'[retention]\n{key} = "{term}"')
