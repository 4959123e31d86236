"""docs/billing.md: its worked examples are what the program prints."""

import re
from pathlib import Path

from tests.cli.running import Program

PAGE = Path(__file__).parents[2] / "docs" / "billing.md"
COMMAND = re.compile(r"(?P<at>\d{4}-\S+) \$ smsreminders (?P<words>.*)")


def examples() -> list[tuple[str, str, list[str]]]:
    """Each command of the page with the moment at which it is run and the lines that it prints."""
    found: list[tuple[str, str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            if command := COMMAND.fullmatch(line):
                found.append((command["at"], command["words"], []))
            else:
                found[-1][2].append(line)
    return found


FILES = {  # what the practice exports, by the page's names of its files
    "january.csv": "appointment_id,patient_id,start\nB1,1001,2027-01-04 10:30\n",
    "february.csv": "appointment_id,patient_id,start\nB2,1001,2027-01-29 10:30\nB3,1001,2027-02-01 10:30\n",
}


def test_the_worked_examples_are_what_the_program_prints(agenda: Program) -> None:
    agenda.sends()
    agenda.does("poll")
    for name, text in FILES.items():
        (agenda.home / name).write_text(text, encoding="utf-8")
    assert len(examples()) == 18
    for at, words, lines in examples():
        ended = agenda.at(at)(words)
        agenda.were_sent()
        assert (ended.code, words, ended.out.removeprefix("\ufeff").splitlines()) == (0, words, lines)
