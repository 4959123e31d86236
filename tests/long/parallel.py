"""Eight processes at once, again and again, with imports and withdrawals between and one of them killed: none twice.

python -m tests.long.parallel [--seconds N] [--processes N] [--seed N]

Each wave starts `dispatch` and `poll` as cron and hurried people would, an import of new, moved and cancelled
appointments, withdrawals of consent while texts leave, and kills one process by its id. Two practices have an account
each; their patients have one to three appointments on a day, some with two reminders. The fakes, wrong now and then,
take it all, give the same ids, and keep the order in which requests and withdrawals came.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from smsreminders.domain.round.guards import A_COPY
from tests.gateways.faults import Seen
from tests.long.bench import CANARY, MovingClock
from tests.long.faulty_spryng import FaultySpryng
from tests.long.setting import ZONE, Practice, Ran, at, doubles_of, ended, figures, name_of, patient_of, rows_of
from tests.long.two_practices import CODES, export, point_at, prepare

ALLOWED = {0, 3, 75, -9}
NOT_IMPORTED = ("consent", 2)  # of a patient whose import was killed
LOSERS_TAKE = 1.0  # seconds at most that are its own: computing, reading or waiting, but not in line for a processor
STALLED = 0.05  # of the losers may take longer: a stall of the disk or of the machine can't be told from a wait
A_WAVE = 30  # new appointments
CONNECTIONS = 4  # of each account
BROKEN = ["doubles", "texts after a withdrawal", "database is locked", "other exit codes", "tracebacks", "leaks"]
BROKEN += ["losers with another exit code", "losers take too long", "not reminded in the end"]
BROKEN += ["left open in the end", "damaged", "open to others", "backups that are no whole copy"]


class OrderedSpryng(FaultySpryng):
    """Keeps the order in which requests came and withdrawals had ended: ("request" or "withdrawn", number)."""

    def __init__(self, clock: MovingClock, *, seed: int) -> None:
        super().__init__(clock, seed=seed, longest_lag=20)
        self.refuses_account = False
        self.order: list[tuple[str, str]] = []
        self.busy = threading.Event()

    def answer(self, request: Seen) -> tuple[int, object]:
        if isinstance(request.body, dict):
            self.note_order("request", request.body["recipients"][0]["msisdn"])
            self.busy.set()
        return super().answer(request)

    def note_order(self, what: str, phone: str) -> None:
        with self.lock:
            self.order.append((what, phone))

    def after_withdrawal(self) -> list[str]:
        """The numbers of requests that came after the command of the withdrawal had ended."""
        withdrawn, late = set(), []
        for what, phone in self.order:
            if what == "withdrawn":
                withdrawn.add(phone)
            elif phone in withdrawn:
                late.append(phone)
        return late


def place_of(number: int) -> int:
    """Whose an appointment is, as a place in `CODES`: the practices take turns, a wave each."""
    return number // A_WAVE % len(CODES)


@dataclass(slots=True)
class Agenda:
    """The practices' own records: appointments on the next working day, and some two working days later."""

    dice: random.Random
    starts: dict[int, datetime] = field(default_factory=dict)
    cancelled: set[int] = field(default_factory=set)

    def changed(self, today: datetime) -> tuple[str, list[str]]:
        """The next export, as a practice's code and its rows: new appointments, some moved, cancelled, booked again."""
        new = range(len(self.starts), len(self.starts) + A_WAVE)
        place = place_of(new[0])
        known = [number for number in list(self.starts)[-5 * A_WAVE :] if place_of(number) == place]
        changing = self.dice.sample(known, min(8, len(known)))
        for number in changing[:3]:
            self.cancelled ^= {number}
        for number in [*changing[3:], *new]:
            day = _next_working_day(today)
            if patient_of(number) % 12 == 1:
                day = _next_working_day(_next_working_day(day))
            self.starts[number] = day + timedelta(hours=12, minutes=15 * self.dice.randrange(32))
        return CODES[place], [self._row(number) for number in [*changing, *new]]

    def _row(self, number: int) -> str:
        status, patient = "cancelled" if number in self.cancelled else "booked", patient_of(number)
        who = f"{name_of(patient)},06{12_300_000 + patient},nl,yes"
        return f"A{number:05d},P{patient:05d},{self.starts[number]:%Y-%m-%d %H:%M},,{status},,Kanarie Tandarts,{who}"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended; its seconds by the clock on the wall, and without those in line for a processor."""

    command: str
    ran: Ran
    wall: float
    own: float


@dataclass(slots=True)
class Trial:
    """The practices, their accounts and the clock, and how every process ended."""

    practice: Practice
    spryngs: Sequence[OrderedSpryng]
    clock: MovingClock
    dice: random.Random
    agenda: Agenda
    withdrawn: set[int] = field(default_factory=set)
    ran: list[Ended] = field(default_factory=list)
    copies: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, *arguments: str) -> tuple[subprocess.Popen[bytes], float]:
        return self.practice.start(*arguments, at=self.clock.now().astimezone(ZONE)), time.monotonic()

    def end(self, command: str, process: subprocess.Popen[bytes], began: float) -> Ran:
        in_line = _in_line(process)
        wall = time.monotonic() - began
        ran = ended(process)
        with self.lock:
            self.ran.append(Ended(command, ran, wall, wall - in_line))
        return ran

    def wave(self, pool: ThreadPoolExecutor, processes: int) -> None:
        """Run processes of all kinds at once; then move the clock on."""
        for spryng in self.spryngs:
            spryng.busy.clear()
        patients = {patient_of(number) for number in list(self.agenda.starts)[-2 * A_WAVE :]}
        leaving = sorted(patients - self.withdrawn)
        commands = [["dispatch"]] * (processes - 2) + [["poll"]] * 2
        self.dice.shuffle(commands)
        copy = self.practice.files / "copy.db"
        started = [(words[0], *self.start(*words)) for words in [self.export(), ["backup", str(copy)], *commands]]
        ends: list[Future[Ran] | Future[None]] = [pool.submit(self.end, *process) for process in started]
        ends += [pool.submit(self.withdraw, number) for number in self.dice.sample(leaving, min(3, len(leaving)))]
        ends.append(pool.submit(self.kill, self.dice.choice(started)[1], self.dice.uniform(0.3, 2.5)))
        for end in ends:
            end.result()
        self.look_at(copy)
        self.clock.move_on(timedelta(minutes=self.dice.choice([1, 2, 3, 45])))
        local = self.clock.now().astimezone(ZONE)
        if local.hour >= 19:
            self.clock.move_to(_next_working_day(local) + timedelta(hours=8, minutes=30))

    def export(self) -> list[str]:
        """The agenda of a practice as it is now, changed; the words of the command that imports it."""
        code, rows = self.agenda.changed(self.clock.now().astimezone(ZONE))
        return [*export(self.practice, code, "export", rows)]

    def look_at(self, copy: Path) -> None:
        """A backup that has its name is a whole copy that says so; one that was killed has left a part at the most."""
        if copy.exists():
            whole = rows_of(copy, "pragma integrity_check") == [("ok",)]
            marked = rows_of(copy, "select runs from installation") == [(A_COPY,)]
            self.copies["whole" if whole and marked else "not"] += 1
            copy.unlink()
        for part in self.practice.files.glob("copy.db.*.part"):
            self.copies["part"] += 1
            part.unlink()

    def withdraw(self, patient: int) -> None:
        """Withdraw a consent as soon as texts leave; what comes after the command's end comes too late."""
        place = place_of(patient)
        self.spryngs[place].busy.wait(5)
        who = (f"P{patient:05d}", "--practice", CODES[place])
        ran = self.end("consent", *self.start("--quiet", "consent", "withdraw", *who))
        if ran.code == 0:
            self.withdrawn.add(patient)
            self.spryngs[place].note_order("withdrawn", f"+316{12_300_000 + patient}")

    def kill(self, process: subprocess.Popen[bytes], after: float) -> None:
        """Kill a process of ours, unless it ends before that."""
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()

    def settle(self) -> None:
        """In good weather: until nothing is open, at most so often."""
        for spryng in self.spryngs:
            spryng.wrong = {"POST": 0.0, "GET": 0.0}
        for _ in range(8):
            for command in ("poll", "dispatch"):
                self.end(command, *self.start(command))
                self.clock.move_on(timedelta(minutes=2))
            if not self.open():
                return

    def open(self) -> int:
        """How many notifications are queued, in sending or uncertain."""
        return sum(status in {"queued", "sending", "uncertain"} for status in self.practice.statuses().values())


def run(folder: Path, *, seconds: float, processes: int = 8, from_seed: int = 1) -> dict[str, object]:
    """Wave after wave for so long; the figures."""
    dice = random.Random(from_seed)  # noqa: S311  # no secret
    practice = prepare(folder, patients=0)
    clock = MovingClock(at(9))
    with OrderedSpryng(clock, seed=from_seed) as first, OrderedSpryng(clock, seed=from_seed + 1000) as second:
        point_at(practice, [first, second], connections=CONNECTIONS)
        text = practice.config.read_text(encoding="utf-8").replace('"10s"', '"1s"\nsettle_time = "1m"')
        text = text.replace("[schedule]", "[schedule]\ndaily_limit = 100000")
        practice.config.write_text(text, encoding="utf-8")
        for spryng in (first, second):
            spryng.wrong = {"POST": 0.2, "GET": 0.05}
        trial = Trial(practice, [first, second], clock, dice, Agenda(dice))
        began, waves = time.monotonic(), 0
        trial.end("import", *trial.start(*trial.export()))
        with ThreadPoolExecutor(processes + 6) as pool:
            while not waves or time.monotonic() - began < seconds:
                trial.wave(pool, processes)
                waves += 1
        trial.settle()
        return {"seconds": round(time.monotonic() - began, 1), "waves": waves, **_figures(trial)}


def _figures(trial: Trial) -> dict[str, object]:
    practice, journal = trial.practice, [sms for spryng in trial.spryngs for sms in spryng.journal]
    out = [process.ran.out + process.ran.err for process in trial.ran]
    losers = [
        process for process in trial.ran if process.command != "poll" and b"another run is busy" in process.ran.err
    ]
    slow = sum(loser.own > LOSERS_TAKE for loser in losers)
    codes = Counter(process.ran.code for process in trial.ran)
    answers = sum((spryng.answers for spryng in trial.spryngs), Counter[str]())
    return {
        "processes": dict(sorted(Counter(process.command for process in trial.ran).items())),
        "exit codes": dict(sorted(codes.items())),
        "killed": codes[-9],
        "losers of the lock": len(losers),
        "losers' wall seconds": _spread([loser.wall for loser in losers]),
        "losers' own seconds": _spread([loser.own for loser in losers]),
        "backups, parts of killed ones": f"{trial.copies['whole']}, {trial.copies['part']}",
        "appointments": len(trial.agenda.starts),
        "withdrawals": len(trial.withdrawn),
        "requests to send, wrong answers": f"{answers['POST']}, {answers['POST wrong']}",
        "taken": len(journal),
        "of these for several appointments": sum(" afspraken bij " in str(sms["text"]) for sms in journal),
        "statuses in the end": dict(sorted(Counter(practice.statuses().values()).items())),
        "bytes of output": sum(map(len, out)),
        "doubles": doubles_of(journal),
        "texts after a withdrawal": sum(len(spryng.after_withdrawal()) for spryng in trial.spryngs),
        "database is locked": sum(b"is locked" in output for output in out),
        "other exit codes": sum(
            process.ran.code not in ALLOWED and (process.command, process.ran.code) != NOT_IMPORTED
            for process in trial.ran
        ),
        "tracebacks": sum(b"Traceback" in output or b"this is a bug" in output for output in out),
        "leaks": sum(bool(CANARY.search(output.decode(errors="replace"))) for output in out)
        + len(practice.leaks(*(process.ran for process in trial.ran))),
        "losers with another exit code": sum(loser.ran.code not in {75, -9} for loser in losers),
        "losers that took more than a second": slow,
        "losers take too long": int(slow > max(1, STALLED * len(losers))),
        "not reminded in the end": _not_reminded(trial, {str(sms["reference"]) for sms in journal}),
        "left open in the end": trial.open(),
        "damaged": int(not practice.is_whole()),
        "backups that are no whole copy": trial.copies["not"],
        "open to others": len(practice.open_to_others()),
    }


def _not_reminded(trial: Trial, taken: set[str]) -> int:
    """How many appointments should be reminded, by what the database says, and have no text.

    A text was taken that covers it at its present revision, or was rejected; or the last round saw that another text
    of its patient told of it.
    """
    done = {reference for reference, status in trial.practice.statuses().items() if status == "rejected"} | taken
    rows = trial.practice.ask(
        "select a.id, n.reference, c.appointment_id = a.id and c.revision = a.revision,"  # noqa: S608  # a time of ours
        " (select reason from round_outcomes o where o.appointment_id = a.id order by round_id desc limit 1)"
        " from appointments a left join appointments other on other.patient_id = a.patient_id"
        " left join covers c on c.appointment_id in (a.id, other.id)"
        " left join notifications n on n.id = c.notification_id"
        " where a.status = 'booked' and 1 = (select given from consent_events e where e.patient_id = a.patient_id"
        " order by e.at desc, e.id desc limit 1)"
        f" and a.starts_at > '{trial.clock.now() + timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}'"
    )
    reminded = {
        id_
        for id_, reference, is_its_own, reason in rows
        if reference in done and (is_its_own or reason in {"covered", "already-reminded"})
    }
    return len({id_ for id_, *_ in rows} - reminded)


def _in_line(process: subprocess.Popen[bytes]) -> float:
    """Wait for a process to end, and say how many seconds it stood in line for a processor (proc(5), schedstat)."""
    try:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # still there to be looked at
        return int(Path(f"/proc/{process.pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (ChildProcessError, OSError):
        return 0.0  # somebody else has waited for it, or the machine doesn't count


def _spread(seconds: Sequence[float]) -> str:
    return f"median {statistics.median(seconds):.2f}, longest {max(seconds):.2f}" if seconds else "none"


def _next_working_day(now: datetime) -> datetime:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def main(arguments: Sequence[str] | None = None) -> int:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        shown = run(Path(folder) / "here", seconds=given.seconds, processes=given.processes, from_seed=given.seed)
        return figures(shown, broken=BROKEN)


if __name__ == "__main__":
    sys.exit(main())
