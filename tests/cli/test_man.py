"""The man page has every command once, with its own options, and is written as man(7) wants it."""

import re
import shutil
import subprocess
import sys

import pytest

from smsreminders.cli.man import man_page
from tests.cli.test_help import OPTIONS


def test_each_command_stands_in_it_once_with_its_options() -> None:
    sections = re.split(r"^\.S[SH] ", man_page().replace(r"\-", "-"), flags=re.MULTILINE)
    of_commands = [section for section in sections if section.startswith("smsreminders ")]
    by_name = {section.partition(" [")[0].removeprefix("smsreminders "): section for section in of_commands}
    assert (sorted(by_name), len(of_commands)) == (sorted(OPTIONS), len(OPTIONS))
    lacking = [
        (command, option)
        for command, options in OPTIONS.items()
        for option in options.split()
        if option != "--by" and option not in re.split(r"[\s,]+", by_name[command])
    ]
    assert lacking == []
    assert [section for section in of_commands if section.count("\n.EX\n") != 1] == []


def test_the_options_of_the_program_stand_in_it_once() -> None:
    names = re.findall(r"^\.TP\n\.B (.*)$", man_page().replace(r"\-", "-"), re.MULTILINE)
    assert [names.count(option) for option in ("--config FILE", "--by WHO", "-h, --help")] == [1, 1, 1]


@pytest.mark.skipif(not shutil.which("groff"), reason="groff isn't installed")
def test_groff_has_nothing_to_say_of_it() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-k", "-ww"],  # noqa: S607  # wherever it is
        input=man_page(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert (done.stderr, "smsreminders" in done.stdout) == ("", True)


def test_the_module_prints_it() -> None:
    words = [sys.executable, "-m", "smsreminders.cli.man"]
    assert subprocess.run(words, capture_output=True, encoding="utf-8", check=True).stdout == man_page()
