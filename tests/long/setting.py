"""The setting of the long tests: a practice of made-up patients in a folder of its own, and the program run on it.

practice = prepare(folder / "template", appointments=20)
with FakeSpryng() as spryng:
    here = practice.copy(folder / "1")
    here.point_at(spryng, connections=1)
    ran = here.run("dispatch", at=at(9))                  # on 2026-11-23 at 09:00, for the appointments of the 24th
    here.statuses()                                       # {reference: status}
    here.leaks(ran)                                       # where a name, number or text of a patient turned up
"""

import io
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.cli.running import run_here
from tests.gateways.fake_spryng import FakeSpryng

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("Europe/Amsterdam")
DAY = datetime(2026, 11, 23, tzinfo=ZONE)  # a Monday: its rounds cover the 24th
LONGEST = 120  # seconds that a run of the program may take here, however busy the machine is
CANARY = re.compile(rb"kanarie|\b12[ -]?34[ -]?5[0-9][ -]?[0-9]{2}\b|12345[0-9]{3}(?![0-9])", re.IGNORECASE)
MAY_BE_LEFT = {0, 2, 3, 65, 75, 78, 130}  # the exit codes of the table; 1 is a bug

HEADER = "appointment_id,patient_id,start,end,status,location,practitioner,patient_name,phone,language,consent"
SMS = ("--channel", "sms", "--notification-type", "appointment-reminder")

_LETTERS = str.maketrans("0123456789", "abcdefghij")
_CONFIG = """
database = "smsreminders.db"
[messages.appointment-reminder]
nl = "Beste {{patient}}, kanarietekst: {{day}} {{date}} om {{time}} een afspraak bij {{practice}}."
[gateway]
name = "spryng"
base_url = "{url}"
account_reference = "{account}"
api_key = "{key}"
timeout = "{timeout}"
connections = {connections}
per_second = 1000
"""


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of the day of the rounds, in the practice's zone."""
    return DAY + timedelta(hours=hour, minutes=minute)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run of the program ended: its exit code (negative: the signal that killed it) and what it wrote.

    `argv` is what every user of the machine could read of it while it ran, and of what it started.
    """

    code: int
    out: bytes
    err: bytes
    argv: bytes = b""

    @property
    def one_clear_line(self) -> bool:
        """Whether stderr is words of ours only, and no traceback."""
        lines = self.err.decode(errors="replace").splitlines()
        return bool(lines) and all(line.startswith("smsreminders: ") for line in lines) and b"Traceback" not in self.err


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice in `folder`: its files in `folder/practice`; home, temporary and working folder in `folder/around`.

    `within`: undisturbed runs of the program are made within the test's own process, at a tenth of the time.
    """

    folder: Path
    within: bool = False

    @property
    def files(self) -> Path:
        return self.folder / "practice"

    @property
    def around(self) -> Path:
        return self.folder / "around"

    @property
    def config(self) -> Path:
        return self.files / "config.toml"

    @property
    def database(self) -> Path:
        return self.files / "smsreminders.db"

    def copy(self, folder: Path) -> "Practice":
        """A fresh copy of it."""
        shutil.copytree(self.folder, folder)
        return Practice(folder, self.within)

    def point_at(self, spryng: FakeSpryng, *, connections: int = 8, timeout: str = "10s") -> None:
        """Send to this gateway from now on; it takes no practice's time, so set its `now` too."""
        text = _CONFIG.format(
            url=spryng.url,
            account=spryng.account_reference,
            key=spryng.api_key,
            connections=connections,
            timeout=timeout,
        )
        self.config.write_text(text, encoding="utf-8")
        self.config.chmod(0o600)

    def environment(self, moment: datetime) -> dict[str, str]:
        """All that the program sees of the machine: nothing else of ours reaches it, coverage neither."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "LANG": "C.UTF-8",
            "HOME": str(self.around / "home"),
            "TMPDIR": str(self.around / "tmp"),
            "SMSREMINDERS_CONFIG": str(self.config),
            "SMSREMINDERS_NOW": moment.isoformat(),
        }

    def start(
        self,
        *arguments: str,
        at: datetime,
        under: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start the program at this moment, `under` another one such as strace."""
        return subprocess.Popen(
            [*under, sys.executable, "-m", "smsreminders", *arguments],
            cwd=self.around,
            env={**self.environment(at), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(
        self,
        *arguments: str,
        at: datetime,
        under: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run the program to its end."""
        return ended(self.start(*arguments, at=at, under=under, environment=environment))

    def runs(self, *arguments: str, at: datetime) -> Ran:
        """Run the program undisturbed to its end."""
        if not self.within:
            return self.run(*arguments, at=at)
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run_here(list(arguments), self.environment(at), self.around)
        return Ran(code, out.getvalue().encode(), err.getvalue().encode())

    def statuses(self) -> dict[str, str]:
        """The status of each notification, by its reference, as another process reads it."""
        return dict(self.ask("select reference, status from notifications"))

    def claimed(self) -> set[str]:
        """The references that have a committed claim."""
        rows = self.ask(
            "select distinct reference from notifications n join notification_events e on e.notification_id = n.id"
            " where e.status = 'sending'"
        )
        return {reference for (reference,) in rows}

    def is_whole(self) -> bool:
        """Whether SQLite finds the whole database in order."""
        return self.ask("pragma integrity_check") == [("ok",)]

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        return rows_of(self.database, query)

    def open_to_others(self) -> list[str]:
        """The practice's files that have another mode than 0600."""
        files = [path for path in self.files.rglob("*") if path.is_file()]
        return [path.name for path in files if stat.S_IMODE(path.stat().st_mode) != 0o600]

    def leaks(self, *ran: Ran) -> list[str]:
        """List where a patient's name, number or text turned up outside the practice's own files."""
        places = [f"stdout of run {n}" for n, run in enumerate(ran) if CANARY.search(run.out)]
        places += [f"stderr of run {n}" for n, run in enumerate(ran) if CANARY.search(run.err)]
        places += [f"argv of run {n}" for n, run in enumerate(ran) if CANARY.search(run.argv)]
        files = [path for path in self.around.rglob("*") if path.is_file()]
        return places + [path.name for path in files if CANARY.search(path.name.encode() + path.read_bytes())]


def prepare(folder: Path, *, appointments: int = 20, within: bool = False) -> Practice:
    """A practice with so many appointments of consenting patients on the 24th from 10:00 on: see `patient_of`."""
    practice = plain(folder, within=within)
    must(practice, "service", "add", "--name", "Notificaties", *SMS)
    agenda = practice.files / "agenda.csv"
    agenda.write_text("\n".join([HEADER, *map(_row, range(appointments)), ""]), encoding="utf-8")
    agenda.chmod(0o600)
    must(practice, "import", str(agenda), "--kind", "appointments")
    return practice


def plain(folder: Path, *, within: bool = False) -> Practice:
    """A practice without a service and without patients."""
    practice = Practice(folder, within)
    for name in ("home", "tmp"):
        (practice.around / name).mkdir(parents=True)
    practice.files.mkdir(mode=0o700)
    must(practice, "init", "--practice", "Praktijk De Linde")
    return practice


def must(practice: Practice, *arguments: str) -> None:
    """Run the program before the first round. Raises RuntimeError unless it ends well."""
    ran = practice.runs(*arguments, at=at(8, 30))
    if ran.code:
        raise RuntimeError(f"{arguments[0]} ended with {ran.code}: {ran.err.decode(errors='replace')}")


def rows_of(database: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of a database file, as SQLite brings it back after whatever happened to it."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=rw", uri=True, timeout=60)) as db:
        return db.execute(query).fetchall()


def doubles(spryng: FakeSpryng) -> int:
    """How many messages the gateway took although it had one with that reference already."""
    return doubles_of(spryng.journal)


def doubles_of(journal: Sequence[Mapping[str, object]]) -> int:
    """How many messages of a journal have a reference that another one before them has."""
    references = Counter(taken["reference"] for taken in journal)
    return references.total() - len(references)


def lost(practice: Practice, spryng: FakeSpryng) -> int:
    """How many appointments no message is about that the gateway took."""
    (appointments,) = practice.ask("select count(*) from appointments")
    taken = {sms["reference"] for sms in spryng.journal}
    covers = practice.ask(
        "select c.appointment_id, n.reference from covers c join notifications n on n.id = c.notification_id"
    )
    return int(appointments[0]) - len({id_ for id_, reference in covers if reference in taken})


def ended(process: subprocess.Popen[bytes]) -> Ran:
    """How it ended; one that takes too long is killed and told as killed."""
    argv = seen_by_all(process.pid)
    try:
        out, err = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        out, err = process.communicate()
    return Ran(process.returncode, out, err, argv)


def seen_by_all(pid: int) -> bytes:
    """The arguments of a process and of its children, as /proc shows them to everybody; empty once it has ended."""
    try:
        there = Path(f"/proc/{pid}")
        children = (there / "task" / str(pid) / "children").read_bytes().split()
        return (there / "cmdline").read_bytes() + b"".join(seen_by_all(int(child)) for child in children)
    except OSError:
        return b""


def patient_of(number: int) -> int:
    """Whose an appointment is: of six in a row the patients have one, two and three."""
    return number - (0, 0, 1, 0, 1, 2)[number % 6]


def name_of(number: int) -> str:
    """A name that is found wherever it leaks; its number in letters, since a name with five digits is in no text."""
    return "Pim Kanarievogel" + f"{number:05d}".translate(_LETTERS)


def figures(counts: Mapping[str, object], *, broken: Iterable[str]) -> int:
    """Print figures, a line each, and which of them break a promise; the exit code."""
    bad = [name for name in broken if counts[name]]
    lines = [f"{name}: {value}" for name, value in counts.items()]
    tell("\n".join([*lines, "BROKEN: " + ", ".join(bad) if bad else "all promises kept"]))
    return 1 if bad else 0


def tell(line: str) -> None:
    """Say it on stdout at once: a long test is looked at while it runs."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _row(number: int) -> str:
    start = at(24 + 10) + timedelta(minutes=10 * (number % 42))
    starts, ends = (f"{moment:%Y-%m-%d %H:%M}" for moment in (start, start + timedelta(minutes=10)))
    patient = patient_of(number)
    who = f"{name_of(patient)},06{12345000 + patient},nl,yes"
    return f"A{number:04d},P{patient:04d},{starts},{ends},booked,,Kanarie Tandarts,{who}"
