"""The table of every list at 80, 100 and 140 columns, as it is drawn on a terminal.

A list that has no file yet in `golden` gets one: look at it, and let the test compare it from then on.
"""

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.answering import answered
from tests.cli.lists import lists
from tests.cli.running import Program

GOLDEN = Path(__file__).with_name("golden")
WIDTHS = (80, 100, 140)
MORE = (
    "dispatch --dry-run",
    "rate list --history",
    "vat list --history",
    "notifications list --practice linde",
    "unreached",
    "rounds list --coming 7 --practice linde",
)
OF = {"consent show": "consent show 1001 --practice linde", "rounds show": "rounds show 1"}
MADE = (
    "practice edit linde --phone 020-1234567",
    "practice add eik --name 'Huisartsenpraktijk De Oude Eik aan de Lange Nieuwe Gracht' --language nl",
    "service add --practice eik --name Notificaties --channel sms --notification-type appointment-reminder",
    "service add --practice linde --name Brieven",
    "service disable --practice linde Brieven",
    "patient add 9001 --practice eik --phone 06-12345672 --language en --name 'J. M. Canaria van den Berg tot Zuylen'",
    "consent give 9001 --practice eik --how form --by anna --wording 'Ik wil herinneringen per SMS (versie 2 van mei)'",
    "appointment add AAMkAGI2TG93AAA= --practice eik --patient 9001 --start '2026-11-25 08:05' --with 'dr. A. Prins'",
    "appointment add E2 --practice eik --patient 9001 --start '2026-11-30 08:05' --location 'Lange Gracht 7, kamer 12'",
    "consent withdraw 1001 --practice linde --how phone --by anna --at '2026-11-20 09:00'",
    "consent give 1001 --practice linde --how desk --by piet --at '2026-11-21 16:30'",
    "stopped add 06-12345672 --practice linde --by anna",
    "rate add 0.0825 --practice linde --from 2026-12-01 --by anna",
    "rate add 0.11 --from 2027-01-01 --by anna",
    "vat add 9 --from 2027-01-01 --by anna",
)


@pytest.fixture(scope="module")
def full(home_with_agenda: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Two practices with something in every list, after the round of Tuesday."""
    home = tmp_path_factory.mktemp("golden")
    shutil.copytree(home_with_agenda, home, dirs_exist_ok=True)
    made = Program(home)
    for command in MADE:
        made.does(command)
    made.does("dispatch")
    answered(made, "Kan het een uur later?", "nee")
    answered(made, "Wie is dit?", phone="+31687654321")
    made.at("2026-11-24T09:30:00+01:00").does("poll")
    return made.at("2026-11-24T10:00:00+01:00")


@pytest.mark.parametrize("command", [*lists(), *MORE])
def test_the_table_of_every_list_is_as_it_was_drawn(full: Program, tmp_path: Path, command: str) -> None:
    shutil.copytree(full.home, tmp_path, dirs_exist_ok=True)  # what one shows is logged, and another shows that log
    program = Program(tmp_path, full.environment["SMSREMINDERS_NOW"])
    drawn = ""
    for width in WIDTHS:
        ended = program.on_a_terminal(OF.get(command, command), COLUMNS=str(width), NO_COLOR="1")
        assert ended.code == 0, ended
        drawn += f"{width:-<{width}}\n{ended.out}{ended.err}\n"
    drawn = re.sub(r"user [^,]+, verb", "user receptie, verb", drawn)  # whoever runs the tests
    file = GOLDEN / f"{command.replace(' --', '-').replace(' ', '-')}.txt"
    if not file.exists():
        file.write_text(drawn, encoding="utf-8")
        pytest.fail(f"{file.name} is new: look at it")
    assert drawn == file.read_text(encoding="utf-8")
    assert max(map(len, file.read_text(encoding="utf-8").splitlines())) <= WIDTHS[-1]
