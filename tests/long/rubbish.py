"""Rubbish for every command: files, arguments, environments, configurations, databases, closed streams.

No traceback, no hang, no exit code but those that are promised, and nothing of a patient where it doesn't belong.

python -m tests.long.rubbish [--seed N] [--inputs 20000] [--processes 300] [--only NUMBER]
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typer.main

from smsreminders.store.database import opened
from tests.commanding import TUESDAY, Ended, Installed, run_here
from tests.long.rubbish_made import (
    AGENDA,
    CANARIES,
    OF_ITS_OWN,
    PATIENTS,
    a_command,
    a_configuration,
    a_file,
    a_value,
    damaged,
)

ALLOWED = {0, 2, 3, 65, 75, 78, 130}
PATIENCE = 60  # seconds for a run
SHOWN = 20  # failures
_AN_ID = re.compile('there is no patient ".*?"')
_SHELL = shutil.which("sh") or "sh"
_A_BUG = re.compile("this is a bug: (.*?);")
# what shows patients on purpose; of everything else stdout is searched too
SHOWS_PATIENTS = {"patient", "consent", "appointment", "notifications", "preview", "import", "dispatch"}
TOLD_AT_THE_DESK = {"patient", "consent", "appointment"}  # a change that went well says whom it touched
SHARES = {"file": 8, "arguments": 6, "environment": 2, "configuration": 3, "database": 2}
COMMANDS = (
    "patient list",
    "consent list",
    "appointment list",
    "notifications list",
    "notifications explain A1",
    "preview",
    "dispatch",
    "dispatch --dry-run",
    "dispatch --json",
    "poll",
    "check --json",
    "doctor",
    "report --month 2026-11",
    "reconcile",
    "practice show linde",
    "rate list",
    "backup copy.db",
    "import agenda.csv --kind appointments",
    "consent withdraw P1",
    "notifications settle 1 --as sent",
)


@dataclass(frozen=True)
class Input:
    """One run: its words, what its environment has besides, and the files that lie in its home."""

    number: int
    kind: str
    words: list[str]
    environment: dict[str, str | None] = field(default_factory=dict)  # None: not set
    files: dict[str, bytes] = field(default_factory=dict)
    redirection: str = ""  # of a process, as a shell writes it


class Hung(BaseException):
    """A run in this process took too long."""


class Field:
    """The home in which the inputs are tried, made anew for each."""

    def __init__(self, home: Path) -> None:
        self.home = home / "home"
        self.home.mkdir()
        self._keep = home / "keep"
        made = Installed(self.home)
        (self.home / "patients.csv").write_text(PATIENTS, encoding="utf-8")
        (self.home / "agenda.csv").write_text(AGENDA, encoding="utf-8")
        for command in (
            "init",
            "practice add linde --name 'Tandarts Linde'",
            "service add --name Notificaties --channel sms --notification-type appointment-reminder",
            "import patients.csv --kind patients",
            "import agenda.csv --kind appointments",
        ):
            made.does(command)
        for patient in ("P1", "P2"):
            made.does(f"patient edit {patient} --language nl")
        made.config.write_text(made.config.read_text(encoding="utf-8") + OF_ITS_OWN, encoding="utf-8")
        made.does("dispatch", at="2026-11-23T09:00:00+01:00")
        made.does("poll", at="2026-11-23T10:00:00+01:00")
        shutil.copytree(self.home, self._keep)
        self.config = made.config.relative_to(self.home)
        self.database = made.database.relative_to(self.home)
        with opened(made.database) as db:
            assert db.execute(
                "select max(n) from (select count(*) n from covers group by notification_id)"
            ).fetchone() > (1,)

    def prepare(self, files: dict[str, bytes]) -> None:
        shutil.rmtree(self.home)
        shutil.copytree(self._keep, self.home)
        for name, content in files.items():
            (self.home / name).write_bytes(content)

    def environment(self, input_: Input) -> dict[str, str]:
        base = {"HOME": str(self.home), "PATH": os.defpath, "LANG": "C.UTF-8", "SMSREMINDERS_NOW": TUESDAY}
        merged = base | {name: "" if value is None else value for name, value in input_.environment.items()}
        return {name: value for name, value in merged.items() if input_.environment.get(name, value) is not None}

    def here(self, input_: Input) -> Ended:
        """In this process, which is quick."""
        self.prepare(input_.files)
        with _not_for_ever(), _loopback_only():
            return run_here(input_.words, self.environment(input_), self.home)

    def process(self, input_: Input) -> Ended:
        """Run an input in a process of its own, with streams as a shell redirects them."""
        self.prepare(input_.files)
        python = [sys.executable, "-m", "smsreminders", *input_.words]
        started = [_SHELL, "-c", f'exec "$@" {input_.redirection}', "sh", *python]
        done = subprocess.run(
            [os.fsencode(word) for word in started],
            env=self.environment(input_),
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def inputs(field_: Field, *, seed: int, count: int, processes: int) -> Iterator[Input]:
    """The inputs of a seed; the one of a number is always the same. The last ones are processes."""
    kinds, weights = list(SHARES), list(SHARES.values())
    for number in range(count):
        draw = random.Random(f"{seed} {number}")  # noqa: S311  # the same rubbish each time
        if number >= count - processes:
            yield _a_process(draw, number)
            continue
        yield _MADE[draw.choices(kinds, weights)[0]](draw, number, field_)


def _a_file_input(draw: random.Random, number: int, _: Field) -> Input:
    name = draw.choice(["in.csv", "in.csv", "in.CSV", "in.txt", "in.tsv", "in.xlsx", "in", "ïn put.csv"])
    kind = draw.choice(["appointments", "patients", "consents"])
    words = ["import", name, "--kind", kind]
    if draw.random() < 0.2:
        words += ["--format", draw.choice(["csv", "auto", a_value(draw)])]
    if draw.random() < 0.2:
        words += [
            "--map",
            draw.choice([f"start={a_value(draw)}", "name=patient_id", a_value(draw), "start=start+start"]),
        ]
    if draw.random() < 0.2:
        words += ["--time-format", draw.choice(["%d-%m-%Y %H:%M", "%s", "%", a_value(draw), "%c", "%Y%Y", "%Z%z"])]
    if draw.random() < 0.1:
        words += ["--complete", draw.choice(["2026-11-24..2026-12-31", "2026-11-24..", "9999-12-31..9999-12-31", ".."])]
    words += [flag for flag in ("--dry-run", "--json", "--sure") if draw.random() < 0.2]
    return Input(number, "file", words, files={name: a_file(draw, kind)})


def _an_arguments_input(draw: random.Random, number: int, _: Field) -> Input:
    return Input(number, "arguments", a_command(draw), files={"in.csv": a_file(draw, "patients")})


def _an_environment_input(draw: random.Random, number: int, _: Field) -> Input:
    names = [
        *("SMSREMINDERS_NOW", "SMSREMINDERS_NOW", "SMSREMINDERS_CONFIG", "SMSREMINDERS_DATABASE", "HOME"),
        *("XDG_CONFIG_HOME", "COLUMNS", "NO_COLOR", "TERM", "CREDENTIALS_DIRECTORY", "HTTPS_PROXY", "LANG"),
    ]
    chosen = draw.sample(names, draw.randint(1, 3))
    environment = {name: draw.choice([None, a_value(draw), a_value(draw), a_value(draw, "time")]) for name in chosen}
    if "SMSREMINDERS_NOW" in environment:
        environment["SMSREMINDERS_NOW"] = a_value(draw, "time")
    return Input(number, "environment", draw.choice(COMMANDS).split(), environment)


def _a_configuration_input(draw: random.Random, number: int, field_: Field) -> Input:
    before = (field_.home.parent / "keep" / field_.config).read_bytes()
    content = a_configuration(draw, before)
    return Input(number, "configuration", draw.choice(COMMANDS).split(), files={str(field_.config): content})


def _a_database_input(draw: random.Random, number: int, field_: Field) -> Input:
    before = (field_.home.parent / "keep" / field_.database).read_bytes()
    files = {str(field_.database): damaged(draw, before)}
    if draw.random() < 0.1:
        files[f"{field_.database}-journal"] = damaged(draw, before[: draw.choice([0, 28, 512, 4096])])
    if draw.random() < 0.1:
        files[f"{field_.database}.lock"] = draw.randbytes(draw.randrange(40))
    if draw.random() < 0.1:
        files[f"{field_.database}.sandbox.jsonl"] = draw.randbytes(draw.randrange(400))
    return Input(number, "database", draw.choice(COMMANDS).split(), files=files)


_MADE: dict[str, Callable[[random.Random, int, Field], Input]] = {
    "file": _a_file_input,
    "arguments": _an_arguments_input,
    "environment": _an_environment_input,
    "configuration": _a_configuration_input,
    "database": _a_database_input,
}


def _a_process(draw: random.Random, number: int) -> Input:
    """What only a process of its own can be given: closed streams, bytes that are no text, another locale."""
    environment: dict[str, str | None] = {}
    if draw.random() < 0.5:
        environment |= draw.choice(
            [
                {"LANG": "C"},
                {"LC_ALL": "C", "LANG": None},
                {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
                {"PYTHONIOENCODING": "ascii"},
                {"LANG": "nl_NL.ISO-8859-1", "PYTHONIOENCODING": "latin-1"},
                {"HOME": None},
                {"HOME": None, "XDG_CONFIG_HOME": None, "PATH": ""},
                {"TZ": a_value(draw)},
                {"TZ": ":/etc/passwd"},
                {"TERM": "dumb", "COLUMNS": "-1"},
            ]
        )
    words = draw.choice([draw.choice(COMMANDS).split(), a_command(draw)])
    if draw.random() < 0.3:
        words = [*words, "caf\udce9\udcff"]
    redirection = draw.choice(["", "", "<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full"])
    return Input(number, "process", words, environment, {"in.csv": a_file(draw, "patients")}, redirection)


def broken(input_: Input, ended: Ended) -> str | None:
    """Which promise a run broke."""
    if "Traceback" in ended.err or "Traceback" in ended.out:
        return "traceback"
    if ended.code not in ALLOWED:
        bug = _A_BUG.search(ended.err)
        return f"exit code {ended.code}" + (f": {bug[1]}" if bug else "")
    shows = {"help"} if "--help" in input_.words else SHOWS_PATIENTS
    talk = "" if ended.code == 0 and TOLD_AT_THE_DESK & set(input_.words) else ended.err
    where = talk if shows & set(input_.words) else talk + ended.out
    shown_on_purpose = _names_of_columns(input_)
    if input_.kind == "file":  # what stands in the column of ids is taken for one, and ids are shown
        where = _AN_ID.sub("", where)
    canary = next((word for word in CANARIES if word in where.casefold() and word not in shown_on_purpose), None)
    return f"shows {canary}" if canary else None


def _names_of_columns(input_: Input) -> str:
    """The first line of a file to import: what stands there is taken for names of columns, and those are shown."""
    content = next(iter(input_.files.values())) if input_.kind == "file" else b""
    first = re.split(rb"[\r\n]", content.replace(b"\0", b"").lstrip())[0]
    return first.decode("utf-8", "replace").casefold()


def tried(field_: Field, input_: Input) -> tuple[str | None, Ended | None]:
    """Which promise an input breaks, and how its run ended."""
    try:
        ended = field_.process(input_) if input_.kind == "process" else field_.here(input_)
    except (Hung, subprocess.TimeoutExpired):
        return "hang", None
    return broken(input_, ended), ended


def smaller(field_: Field, input_: Input, what: str) -> Input:
    """Find an input that fails in the same way with fewer words and files, as far as a few dozen tries go."""
    best = input_
    for place in reversed(range(1, len(input_.words))):
        less = replace(best, words=best.words[:place] + best.words[place + 1 :])
        if tried(field_, less)[0] == what:
            best = less
    for name in list(best.files):
        if name in {"in.csv", "in.txt"} or input_.kind in {"file", "configuration"}:
            best = _with_less_in(field_, best, name, what)
    return best


def _with_less_in(field_: Field, input_: Input, name: str, what: str) -> Input:
    best, size = input_, max(1, len(input_.files[name]) // 2)
    while size:
        place = 0
        while place < len(best.files[name]) and size > 1:
            content = best.files[name]
            less = replace(best, files=best.files | {name: content[:place] + content[place + size :]})
            if tried(field_, less)[0] == what:
                best = less
            else:
                place += size
        size = size // 4
    return best


def shown(input_: Input, ended: Ended | None) -> str:
    """An input in a few lines."""
    words = " ".join(repr(word) if len(word) < 80 else repr(word[:60]) + f"... ({len(word)})" for word in input_.words)
    lines = [f"  number {input_.number}, {input_.kind}: {words} {input_.redirection}"]
    lines += [f"    {name}={value!r:.100}" for name, value in input_.environment.items()]
    if input_.kind != "database":
        lines += [f"    {name}: {content!r:.300}" for name, content in input_.files.items() if name in _used(input_)]
    if ended:
        lines.append(f"    -> {ended.code}: {ended.err[-300:]!r}")
    return "\n".join(lines) + "\n"


def _used(input_: Input) -> Sequence[str]:
    return list(input_.files) if input_.kind == "configuration" else input_.words


@contextmanager
def _not_for_ever() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _one_tree_of_commands() -> Iterator[None]:
    """Typer makes its tree of commands anew for each run, which takes three quarters of the time: here, once."""
    before = typer.main.get_command
    typer.main.get_command = cache(before)
    try:
        yield
    finally:
        typer.main.get_command = before


_guarded = False


@contextmanager
def _loopback_only() -> Iterator[None]:
    """No rubbish may reach another machine; Python tells before each connection and each name that is looked up."""
    global _guarded  # noqa: PLW0603  # an audit hook can't be taken away again
    if not _hooked:
        sys.addaudithook(_refuse_others)
        _hooked.append(True)
    _guarded = True
    try:
        yield
    finally:
        _guarded = False


_hooked: list[bool] = []


def _refuse_others(event: str, arguments: tuple[object, ...]) -> None:
    if not _guarded or event not in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        return
    address = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    host = address[0] if isinstance(address, tuple) else address
    if host not in {"127.0.0.1", "::1", "localhost"}:
        raise Hung(f"a connection to {host!r}")


@dataclass
class Tally:
    """What came of all inputs."""

    tried: Counter[str] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


def run(folder: Path, *, seed: int, count: int, processes: int, only: int | None = None) -> Tally:
    """Try them all."""
    with _one_tree_of_commands():
        return _run(Field(folder), seed=seed, count=count, processes=processes, only=only)


def _run(field_: Field, *, seed: int, count: int, processes: int, only: int | None) -> Tally:
    tally = Tally()
    for input_ in inputs(field_, seed=seed, count=count, processes=processes):
        if only is not None and input_.number != only:
            continue
        what, ended = tried(field_, input_)
        tally.tried[input_.kind] += 1
        if ended:
            tally.codes[ended.code] += 1
        if what:
            tally.broken[what] += 1
            if len(tally.examples) < SHOWN and tally.broken[what] == 1:
                small = smaller(field_, input_, what)
                tally.examples.append(f"  {what}\n" + shown(small, tried(field_, small)[1]))
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description="Rubbish for every command.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=300, help="how many of them are processes of their own")
    parser.add_argument("--only", type=int, help="the input of this number alone")
    parser.add_argument("--folder", type=Path, help="where to work; quickest on a disk in memory")
    options = parser.parse_args()
    began = time.monotonic()
    with TemporaryDirectory(prefix="smsreminders-rubbish-", dir=options.folder) as folder:
        tally = run(
            Path(folder), seed=options.seed, count=options.inputs, processes=options.processes, only=options.only
        )
    of = ", ".join(f"{count} {kind}" for kind, count in sorted(tally.tried.items()))
    codes = ", ".join(f"{count} x {code}" for code, count in sorted(tally.codes.items()))
    sys.stdout.write(
        f"seed {options.seed}: {tally.tried.total()} inputs ({of}) in {time.monotonic() - began:.0f} s; "
        f"exit codes {codes}; {tally.broken.total()} broken promises {dict(tally.broken)}\n"
    )
    sys.stdout.write("".join(tally.examples))
    return 1 if tally.broken or not tally.tried else 0


if __name__ == "__main__":
    sys.exit(main())
