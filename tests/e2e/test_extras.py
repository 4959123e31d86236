"""Without an extra: each command that doesn't need it works, and what needs it says how it is installed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MODULES = ("python_calamine", "icalendar", "hl7")
FILES = {
    "xlsx": ("agenda.xlsx", b"PK\x03\x04"),
    "ics": ("agenda.ics", b"BEGIN:VCALENDAR\n"),
    "hl7": ("a.hl7", b"MSH|^~\\&|"),
}
COMMANDS = (
    "import agenda.csv --kind appointments",
    "import --try agenda.csv",
    "reconcile",
    "dispatch",
    "poll",
    "check --json",
    "doctor",
    "preview",
    "notifications list",
    "notifications explain A1",
    "rounds list",
    "unreached",
    "replies list",
    "stopped list",
    "patient list",
    "consent list",
    "appointment list",
    "practice list",
    "service list",
    "rate list",
    "vat list",
    "report --month 2026-11",
    "schedule",
    "backup copy.db",
    "demo",
)
OF_AN_EXTRA = {
    "xlsx": "import agenda.xlsx --kind appointments",
    "ics": "import agenda.ics --kind appointments --patient-pattern '(?P<patient>.*)'",
    "hl7": "import a.hl7 --kind appointments",
}
SCRIPT = """
import json
import sys
from pathlib import Path

absent, commands = map(json.loads, sys.argv[1:])
sys.modules.update(dict.fromkeys(absent))  # as if they were not installed: their import fails

from tests.commanding import installed

program = installed(Path.cwd())
ended = {command: program(command) for command in commands}
print(json.dumps({command: [end.code, end.err] for command, end in ended.items()}))
"""


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """How each command ended where no extra is installed: its exit code and what it said."""
    home = tmp_path_factory.mktemp("home")
    for name, content in FILES.values():
        (home / name).write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(MODULES), json.dumps([*COMMANDS, *OF_AN_EXTRA.values()])],
        cwd=home,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": str(home), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))


def test_without_any_extra_every_other_command_works(ended: dict[str, list[Any]]) -> None:
    assert {command: ended[command] for command in COMMANDS if ended[command][0] not in {0, 3}} == {}


@pytest.mark.parametrize("extra", OF_AN_EXTRA)
def test_what_needs_an_extra_says_how_it_is_installed(ended: dict[str, list[Any]], extra: str) -> None:
    code, said = ended[OF_AN_EXTRA[extra]]
    assert (code, said.endswith(f"{sys.executable} -m pip install 'smsreminders[{extra}]'\n")) == (78, True), said
