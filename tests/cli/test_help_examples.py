"""The example in the help of every command runs as it stands."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.answering import answered
from tests.cli.running import Program, Terminal
from tests.cli.test_help import OPTIONS

SERVICE = "service add --name Notificaties --channel sms --notification-type appointment-reminder"
NEW = {  # what goes before in an empty home; of all others: in a practice after its round
    "init": [],
    "practice add": ["init"],
    "service add": ["init --practice Linde"],
    "service assign": ["init --practice Linde", "service add --name Notificaties"],
    "patient add": ["init --practice Linde"],
    "appointment add": ["init --practice Linde", "patient add 1001 --name X --phone 06-12345671"],
}
BEFORE = {
    "patient erase": ["poll"],
    "practice remove": [
        "poll",
        *(f"replies done {n} --by anna" for n in (1, 2, 3)),
    ],
    "practice rename": ["practice rename linde tandarts-de-linde"],
    "stopped lift": ["stopped add 06-12345678 --by anna"],
    "rate remove": ["rate add 0.09 --from 2027-01-01"],
    "vat remove": ["vat add 21 --from 2027-01-01"],
}
TYPED = {"patient erase": "1001\n", "practice remove": "linde\n"}
NOW, THEN = "2026-11-24T14:00:00+01:00", "2026-11-25T14:00:00+01:00"  # the day of the appointments
ELSEWHERE = ("demo",)  # tests/e2e/test_demo.py runs it


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A practice after its round: twenty texts of which the 17th is uncertain, three replies."""
    made = Program(tmp_path_factory.mktemp("examples"))
    made.does("init --practice 'Tandartspraktijk De Linde'")
    made.configure("[gateway]\nper_second = 10000\n")
    made.does(SERVICE)
    rows = [f"A{n},{1000 + n},X. Canaria,06-12345{n:02}1,ja,25-11-2026 {8 + n // 6:02}:{n % 6}0" for n in range(1, 21)]
    header = "appointment_id,patient_id,patient_name,phone,consent,start"
    (made.home / "agenda.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    made.does('import agenda.csv --kind appointments --time-format "%d-%m-%Y %H:%M"')
    made.does("dispatch")
    answered(made, "een uur later?", "wie is dit?", "nee", phone="+31612345011")
    with closing(sqlite3.connect(made.database)) as db, db:
        db.execute("update notifications set status = 'uncertain' where id = 17")
    return made


def example_of(program: Program, command: str) -> str:
    shown = program.does(f"{command} --help").partition("Example: smsreminders ")[2].partition("\n\n")[0]
    return re.sub(r"(-?)\n +", lambda broken: broken[1] or " ", shown)


@pytest.mark.parametrize("command", [command for command in OPTIONS if command not in ELSEWHERE])
def test_the_example_runs(full: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    if command not in NEW:
        shutil.copytree(full.home, tmp_path, dirs_exist_ok=True)
    program = Program(tmp_path, THEN if command == "appointment outcome" else NOW)
    for first in NEW.get(command) or BEFORE.get(command, []):
        program.does(first)
    example = example_of(program, command)
    for folder in ("/var/backups", "/etc/systemd/system"):
        here = tmp_path / folder.strip("/")
        here.mkdir(parents=True, exist_ok=True)
        example = example.replace(folder, str(here))
    if command in TYPED:
        monkeypatch.setattr("sys.stdin", Terminal(TYPED[command]))
    ended = program(example)
    assert ended.code in {0, 3}, ended
