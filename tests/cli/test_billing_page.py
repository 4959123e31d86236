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


def test_the_worked_examples_are_what_the_program_prints(agenda: Program) -> None:
    agenda.does("dispatch")
    agenda.does("poll")
    assert len(examples()) == 21
    for at, words, lines in examples():
        ended = agenda.at(at)(words)
        assert (ended.code, words, ended.out.removeprefix("\ufeff").splitlines()) == (0, words, lines)
