"""`schedule`: the crontab that ships, with the paths of this installation."""

import sys
from pathlib import Path

from smsreminders.cli.schedule import EXAMPLE
from tests.cli.running import Program


def lines_of_the_example() -> list[str]:
    return EXAMPLE.read_text(encoding="utf-8").splitlines()


def test_the_crontab_has_the_paths_of_this_installation(linde: Program) -> None:
    lines = linde.does("schedule").splitlines()
    new = [line for line in lines if line not in lines_of_the_example()]
    programs = Path(sys.executable).parent
    assert new == [f"PATH={programs}:/usr/bin:/bin", f"SMSREMINDERS_CONFIG={linde.config}"]
    assert [line for line in lines_of_the_example() if line not in lines] == [
        "PATH=/opt/smsreminders/.venv/bin:/usr/bin:/bin"
    ]
    assert lines.index(new[1]) == lines.index(new[0]) + 1


def test_a_database_that_the_environment_names_is_one_for_cron_too(linde: Program) -> None:
    ended = linde("schedule --quiet", SMSREMINDERS_DATABASE="other.db")
    assert (ended.code, f"SMSREMINDERS_DATABASE={linde.home}/other.db" in ended.lines) == (0, True)


def test_without_a_configuration_there_is_nothing_to_schedule(program: Program) -> None:
    assert program("schedule").code == 78
