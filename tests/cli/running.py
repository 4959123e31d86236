"""Two ways to run the program: within the test's own process, and as a process of its own."""

import io
import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from smsreminders.cli.main import run

TUESDAY = "2026-11-24T09:00:00+01:00"
WEDNESDAY = "2026-11-25T09:00:00+01:00"

# what no run may ever say: every patient of these tests is called Canaria, every number begins with 06 1234
_NUMBER = re.compile(r"(\+31|0031|0)[ -]?6[ -]?1234")
_CANARY = re.compile(rf"canaria|canary|{_NUMBER.pattern}", re.IGNORECASE)

# but to the person at the desk, who is told whom they changed
_AT_THE_DESK = (
    {"patient", "consent", "appointment"},
    {"add", "edit", "give", "withdraw", "move", "cancel", "confirm", "outcome"},
)
# whose output has numbers in full: what an import understood, and the list that is made for calling
_IN_FULL = (["import"], ["unreached"])

_commands_of = cache(typer.main.get_command)  # typer makes them anew for every run: four fifths of its time


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code, its data, its talk."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401  # whatever the command shows
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """The data as a list of lines."""
        return self.out.splitlines()

    @property
    def said(self) -> list[str]:
        """The talk as a list of lines."""
        return self.err.splitlines()


class Terminal(io.StringIO):
    """What the program takes for a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Program:
    """The program with a home of its own: a call runs it in this process, `process` as one of its own.

    Whatever a run says on stderr is searched for names, numbers and secrets, its data for numbers in full.
    """

    def __init__(self, home: Path, at: str = TUESDAY) -> None:
        self.home = home
        self.environment = {
            "HOME": str(home),
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "SMSREMINDERS_NOW": at,
        }

    @property
    def config(self) -> Path:
        return self.home / ".config" / "smsreminders" / "config.toml"

    @property
    def database(self) -> Path:
        return self.config.with_name("smsreminders.db")

    def at(self, moment: str) -> "Program":
        """The program at another moment."""
        return Program(self.home, moment)

    def configure(self, text: str) -> None:
        """Put another configuration there; every key that is left out has its usual value."""
        self.config.write_text(text, encoding="utf-8")

    def __call__(self, command: str, **environment: str) -> Ended:
        """Run a command line in this process."""
        return self._run(command, io.StringIO(), io.StringIO(), environment)

    def on_a_terminal(self, command: str, **environment: str) -> Ended:
        """The program where both streams are a terminal."""
        return self._run(command, Terminal(), Terminal(), {"TERM": "xterm"} | environment)

    def _run(self, command: str, out: io.StringIO, err: io.StringIO, environment: dict[str, str]) -> Ended:
        words = shlex.split(command)
        with redirect_stdout(out), redirect_stderr(err):
            code = run_here(words, self.environment | environment, self.home)
        return discreet(words, Ended(code, out.getvalue(), err.getvalue()))

    def does(self, command: str, **environment: str) -> str:
        """Run a command line that must go well; its data."""
        ended = self(command, **environment)
        assert ended.code == 0, ended
        return ended.out

    def sends(self) -> None:
        """Run a round as if its gateway sent: what the sandbox takes is rehearsed otherwise, and in no bill."""
        self.does("dispatch")
        self.were_sent()

    def were_sent(self) -> None:
        """Let what was rehearsed be as if it was sent."""
        with closing(sqlite3.connect(self.database)) as db, db:
            [(trigger,)] = db.execute("select sql from sqlite_master where name = 'covers_stay'")
            db.execute("drop trigger covers_stay")  # it holds what was sent, as the rehearsed were not
            db.execute("update covers set rehearsed = 0")
            db.execute("update notifications set rehearsed = 0")
            db.execute(trigger)

    def process(self, command: str, *, code: str | None = None, **environment: str) -> Ended:
        """Run a command line as a process of its own; or some `code` in its place, which sees the command as argv."""
        words = shlex.split(command)
        done = subprocess.run(
            [sys.executable, *(["-c", code] if code else ["-m", "smsreminders"]), *words],
            env=self.environment | environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return discreet(words, Ended(done.returncode, done.stdout, done.stderr))


def run_here(words: list[str], environment: Mapping[str, str], folder: Path) -> int:
    """Run the program in this process, in a folder and with an environment of its own: its exit code."""
    mask = os.umask(0)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name in set(os.environ) - {"COLUMNS"}:
                patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.chdir(folder)
            patch.setattr(typer.main, "get_command", _commands_of)
            return run(words)
    finally:
        os.umask(mask)


def discreet(words: list[str], ended: Ended) -> Ended:
    """A run that tells nobody's name and number, and no secret."""
    things, changes = _AT_THE_DESK
    changed = ended.code == 0 and set(words[:1]) <= things and set(words[1:2]) <= changes
    changed |= "--try" in words and "--initials" not in words  # a person sees what was understood of whom
    assert (_NUMBER if changed else _CANARY).findall(ended.err) == [], ended.err
    if "--show-numbers" not in words and words[:1] not in _IN_FULL and not ended.out.startswith("Usage:"):
        assert _NUMBER.findall(ended.out) == []
    return ended
