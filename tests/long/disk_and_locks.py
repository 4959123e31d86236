"""The promise when the disk or a lock fails: nothing is sent without a claim on disk, and later runs finish the job.

python -m tests.long.disk_and_locks [--points N]: a full disk and a disk that fails at N points each, a file or a
folder that can't be written, a write lock and a run lock held by another process, and for root a tiny and a read-only
file system, and one that goes away during the run.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from itertools import count
from pathlib import Path

from tests.gateways.fake_spryng import FakeSpryng
from tests.gateways.faults import Seen
from tests.long import mounts
from tests.long.setting import LONGEST, Practice, Ran, at, doubles, ended, figures, lost, prepare, tell
from tests.long.tracing import counted, counts, injected, why_no_strace

LATER = (at(9, 11), at(9, 22), at(9, 33))
DONE = {"sent", "delivered"}
LATER_AGAIN, ADMINISTRATOR = 75, 78
BROKEN = (
    "sent without a claim",
    "other exit codes",
    "unclear errors",
    "doubles",
    "lost",
    "corrupt",
    "unfinished",
    "open to others",
    "canaries",
)
_WHILE_IT_WAITS = 2  # seconds after which a run that has not ended is taken to wait
_AS_OTHERS = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")  # so that modes count for root too

_HOLD_WRITE_LOCK = """
import signal, sqlite3, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
db.execute("begin immediate")
print("held", flush=True)
signal.sigwait({signal.SIGTERM})
"""
_HOLD_RUN_LOCK = """
import fcntl, os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
fcntl.flock(os.open(sys.argv[1] + ".lock", os.O_CREAT | os.O_RDWR, 0o600), fcntl.LOCK_EX)
print("held", flush=True)
signal.sigwait({signal.SIGTERM})
"""


class Hooked(FakeSpryng):
    """A gateway at which something happens within the n-th POST, before it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.hook: Callable[[], None] | None = None
        self.at_post = 3
        self._posts = count(1)

    def answer(self, request: Seen) -> tuple[int, object]:
        if request.method == "POST" and next(self._posts) == self.at_post and self.hook is not None:
            self.hook()
        return super().answer(request)


@dataclass
class Bench:
    """One disturbed run and what follows it: a fresh practice, its gateway, and what was found."""

    practice: Practice
    spryng: Hooked
    tally: Counter[str] = field(default_factory=Counter)
    ran: list[Ran] = field(default_factory=list)

    def disturbed(self, ran: Ran, *codes: int) -> None:
        """Judge a disturbed run: its exit code, its error, and that all that was sent has its claim."""
        self.ran.append(ran)
        self.tally["runs"] += 1
        self.tally["ended early"] += ran.code != 0
        self.tally["other exit codes"] += ran.code not in codes
        self.tally["unclear errors"] += bool(ran.err) if ran.code == 0 else not _one_line(ran)
        self.tally["sent before it ended"] += len(self.spryng.journal)
        for line in ran.err.decode(errors="replace").splitlines():
            self.tally[f'said "{line.replace(str(self.practice.files), "FOLDER")}"'] += 1
        self.look_at_claims()

    def look_at_claims(self) -> None:
        """Look into a copy, so that what the run left behind is left for the next run to find."""
        copy = self.practice.copy(self.practice.folder.with_name(f"{self.practice.folder.name}-look-{len(self.ran)}"))
        claimed = copy.claimed()
        self.tally["sent without a claim"] += sum(str(sms["reference"]) not in claimed for sms in self.spryng.journal)

    def finish(self) -> None:
        """Three more runs with all in order, then every appointment has exactly one SMS."""
        for moment in LATER:
            self.spryng.now = moment.astimezone(UTC)
            self.ran.append(self.practice.runs("dispatch", at=moment))
        statuses = self.practice.statuses().values()
        self.tally["doubles"] += doubles(self.spryng)
        self.tally["lost"] += lost(self.practice, self.spryng)
        self.tally["corrupt"] += not self.practice.is_whole()
        self.tally["unfinished"] += sum(status not in DONE for status in statuses) + (self.ran[-1].code != 0)
        self.tally["open to others"] += len(self.practice.open_to_others())
        self.tally["canaries"] += len(self.practice.leaks(*self.ran))


class Benches:
    """Fresh ones, from one template, each in a folder of its own."""

    def __init__(self, folder: Path, *, appointments: int = 20, within: bool = False) -> None:
        self.folder = folder
        self.template = prepare(folder / "template", appointments=appointments, within=within)
        self._numbers = count(1)

    def count(self, call: str) -> int:
        """How many of these calls an undisturbed run makes."""
        practice = self.template.copy(self.folder / f"counted-{call}")
        trace = practice.folder / "trace"
        with FakeSpryng() as spryng:
            practice.point_at(spryng)
            practice.run("dispatch", at=at(9), under=counted([call], trace))
        return counts(trace)[call]

    @contextmanager
    def fresh(self, *, connections: int = 8) -> Iterator[Bench]:
        """One; its disturbed run follows in the body, and after it three more runs."""
        practice = self.template.copy(self.folder / str(next(self._numbers)))
        with Hooked() as spryng:
            practice.point_at(spryng, connections=connections)
            bench = Bench(practice, spryng)
            yield bench
            bench.finish()


def at_each_call(benches: Benches, call: str, error: str, *codes: int, points: int) -> Counter[str]:
    """The error at this many of the calls of an undisturbed run; every other one lasts from there on."""
    total = benches.count(call)
    tally: Counter[str] = Counter()
    points = min(points, total)
    for number in range(points):
        when = number * total // points + 1
        with benches.fresh() as bench:
            under = injected(call, f"error={error}", f"{when}+" if number % 2 else when)
            bench.disturbed(bench.practice.run("dispatch", at=at(9), under=under), *codes)
        tally += bench.tally
    return tally


def not_writable(benches: Benches, *names: str) -> Counter[str]:
    """A database file, and a folder, that may only be read: nothing is sent."""
    tally: Counter[str] = Counter()
    for name in names or ("file", "folder", "folder after a run"):
        with benches.fresh() as bench:
            if name == "folder after a run":
                bench.practice.runs("poll", at=at(8, 50))
            there = bench.practice.database if name == "file" else bench.practice.files
            mode = there.stat().st_mode
            there.chmod(mode & 0o555)
            ran = bench.practice.run("dispatch", at=at(9), under=() if os.geteuid() else _AS_OTHERS)
            there.chmod(mode)
            bench.disturbed(ran, ADMINISTRATOR)
        tally += bench.tally
    return tally


def write_lock(benches: Benches, *, released: bool) -> Counter[str]:
    """Another process has the write lock at a claim; `released`, or held until the run gives up."""
    held_by_now = threading.Event()
    with ExitStack() as held, benches.fresh(connections=1) as bench:

        def hold() -> None:
            held.enter_context(_holding(_HOLD_WRITE_LOCK, bench.practice.database))
            held_by_now.set()

        bench.spryng.hook = hold
        process = bench.practice.start("dispatch", at=at(9))
        if released:
            held_by_now.wait(LONGEST)
            try:
                process.wait(_WHILE_IT_WAITS)
            except subprocess.TimeoutExpired:
                bench.tally["waited for the lock"] += 1
            bench.look_at_claims()
            held.close()
        ran = ended(process)
        held.close()
        bench.disturbed(ran, *((0,) if released else (LATER_AGAIN,)))
    return bench.tally


def run_lock(benches: Benches) -> Counter[str]:
    """Another run is busy: nothing is sent."""
    with benches.fresh() as bench:
        with _holding(_HOLD_RUN_LOCK, bench.practice.database):
            ran = bench.practice.run("dispatch", at=at(9))
        bench.disturbed(ran, LATER_AGAIN)
    return bench.tally


def tiny_disk(benches: Benches, *, free: tuple[int, ...]) -> Counter[str]:
    """A real disk with so many pages left."""
    tally: Counter[str] = Counter()
    for pages in free:
        with ExitStack() as mounted, benches.fresh() as bench:
            mounted.enter_context(mounts.on_tmpfs(bench.practice.files, free=pages))
            ran = bench.practice.run("dispatch", at=at(9))
            mounts.make_room(bench.practice.files)
            bench.disturbed(ran, 0, LATER_AGAIN)
        tally += bench.tally
    return tally


def read_only_disk(benches: Benches) -> Counter[str]:
    """A disk that is mounted for reading only: nothing is sent."""
    with ExitStack() as mounted, benches.fresh() as bench:
        mounted.enter_context(mounts.on_tmpfs(bench.practice.files, free=1000))
        mounts.make_read_only(bench.practice.files)
        ran = bench.practice.run("dispatch", at=at(9))
        mounts.make_writable(bench.practice.files)
        bench.disturbed(ran, ADMINISTRATOR)
    return bench.tally


def disk_goes_away(benches: Benches, *, at_post: int) -> Counter[str]:
    """The disk goes away while this request is under way, and comes back for the next run."""
    with ExitStack() as mounted, benches.fresh() as bench:
        files, kept = bench.practice.files, bench.practice.folder / "kept"
        mounted.enter_context(mounts.elsewhere(files, kept))
        bench.spryng.at_post = at_post
        bench.spryng.hook = lambda: mounts.take_away(files)
        ran = bench.practice.run("dispatch", at=at(9))
        bench.tally["files beside it"] += len(list(files.iterdir()))
        mounts.bring_back(files, kept)
        bench.disturbed(ran, LATER_AGAIN, ADMINISTRATOR)
    return bench.tally


@contextmanager
def _holding(program: str, database: Path) -> Iterator[None]:
    """A process that has a lock, and gives it back at a signal."""
    command = [sys.executable, "-c", program, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _one_line(ran: Ran) -> bool:
    return ran.one_clear_line and len(ran.err.splitlines()) == 1


def all_troubles(benches: Benches, points: int) -> Iterator[tuple[str, Counter[str]]]:
    """Each trouble with what was found."""
    if reason := why_no_strace():
        tell(f"full and failing disk: skipped, {reason}")
    else:
        yield "full disk", at_each_call(benches, "pwrite64", "ENOSPC", LATER_AGAIN, points=points)
        # SQLite takes no notice of a folder that can't be synced (os_unix.c, unixSync): such a run ends well
        yield "failing disk", at_each_call(benches, "fdatasync", "EIO", 0, ADMINISTRATOR, points=points)
        # the last of these only notes when the run ended, which may fail
        yield "failing count of runs", at_each_call(benches, "fsync", "EIO", 0, ADMINISTRATOR, points=points)
    yield "not writable", not_writable(benches)
    yield "run lock held", run_lock(benches)
    yield "write lock held for a while", write_lock(benches, released=True)
    yield "write lock held on", write_lock(benches, released=False)
    if reason := mounts.why_no_mounts():
        tell(f"tiny, read-only and vanishing disk: skipped, {reason}")
    else:
        yield "tiny disk", tiny_disk(benches, free=(0, 1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 40, 50, 60))
        yield "read-only disk", read_only_disk(benches)
        for post in (1, 4, 20):
            yield f"disk goes away at POST {post}", disk_goes_away(benches, at_post=post)


def main() -> int:
    """Disturb, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.disk_and_locks", description=__doc__)
    parser.add_argument("--points", type=int, default=30, help="of the full and of the failing disk, each")
    options = parser.parse_args()
    tally: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="disk-and-locks-") as name:
        for trouble, fates in all_troubles(Benches(Path(name)), options.points):
            tell(f"{trouble}: " + ", ".join(f"{count} {what}" for what, count in fates.items() if count))
            tally += fates
    names = ("runs", "ended early", "sent before it ended", "waited for the lock", *BROKEN)
    return figures({name: tally[name] for name in names}, broken=BROKEN)


if __name__ == "__main__":
    raise SystemExit(main())
