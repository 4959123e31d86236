"""The promise by killing: SIGKILL and SIGTERM at every system call that matters, then the rest of the story.

python -m tests.long.kill_sweep [--points N] [--naive]: N points spread over all calls (0: all of them), each once with
either signal. Two practices with an account each send side by side; the story is that of two_practices. At every fourth
kill the next round is killed as well; at every third it is that of the crontab, `dispatch --if-missed`. After SIGTERM
the run must have ended by itself with nothing left in `sending`.
--naive is the control experiment: after the kill, what was claimed is queued again, as a program does that has no
claims; it must be found broken.
"""

import argparse
import random
import signal
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

from tests.long.setting import MAY_BE_LEFT, Practice, Ran, at, figures, tell
from tests.long.tracing import counted, counts, injected
from tests.long.two_practices import LAST, Fakes, Step, broken, cents, cents_of, most_in_doubt, point_at, prepare, story

CALLS = ("pwrite64", "fdatasync", "fsync", "ftruncate", "unlink", "connect", "sendto", "recvfrom")
CONNECTIONS = (1, 8)  # of each account: one after the other, so that each call has its number; and as is usual
AT_A_TIME = 2
PATIENTS = 12  # of each practice
DONE = {"delivered", "failed", "cancelled"}
SIGNALS = ("SIGKILL", "SIGTERM")
ENDS_BY_ITSELF = {0, 130}  # how a run may end at SIGTERM
BILL = ("--quiet", "report", "--month", "2026-11", "--format", "csv")
BROKEN = (
    "doubles",
    "told twice",
    "covered twice",
    "lost",
    "without text or reason",
    "cents of difference",
    "uncertain beyond the connections",
    "corrupt",
    "unfinished",
    "open to others",
    "other texts",
    "bugs",
    "canaries",
    "SIGTERM not obeyed",
    "left in sending by SIGTERM",
    "hardly killed",
)


class Point(NamedTuple):
    """The place at which a run is killed: the n-th call of this kind in a thread."""

    connections: int
    call: str
    when: int


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill of the first run and perhaps one of the second; `number` makes it the same each time."""

    number: int
    first: Point
    second: Point | None
    signal: str
    if_missed: bool = False

    def __str__(self) -> str:
        again = f", then at {self.second.call} {self.second.when}" if self.second else ""
        first = self.first
        return f"{self.signal} at {first.call} {first.when} with {first.connections} connections{again}"


def sweep(folder: Path, *, wanted: int, patients: int = PATIENTS, naive: bool = False) -> Counter[str]:
    """Kill at so many points (0: at all) and count what became of it."""
    template = prepare(folder / "template", patients=patients)
    points = spread([list(some) for some in all_points(template)], wanted)
    kills = [_kill(number, point, points, name) for number, point in enumerate(points) for name in SIGNALS]
    tally: Counter[str] = Counter({"points": len(points), "kills": len(kills)})
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for number, fates in enumerate(
            pool.map(lambda kill: outcome(template, folder, kill, patients=patients, naive=naive), kills), 1
        ):
            tally += fates
            if number % 50 == 0:
                tell(f"... {number} of {len(kills)}: {tally['killed']} killed")
    tally["hardly killed"] = int(tally["killed"] < len(kills) * 0.9)  # a sweep that misses proves nothing
    return tally


def all_points(template: Practice) -> Iterator[Iterator[Point]]:
    """Each call of an undisturbed run, the calls of one name together."""
    for connections in CONNECTIONS:
        with Fakes() as fakes:
            practice = template.copy(template.folder.with_name(f"counted-{connections}"))
            point_at(practice, fakes.each, connections=connections)
            trace = practice.folder / "trace"
            ran = practice.run("dispatch", at=at(9), under=counted(CALLS, trace))
            if ran.code:
                raise RuntimeError(f"the undisturbed run ended with {ran.code}")
        for call, count in sorted(counts(trace).items()):
            yield (Point(connections, call, when) for when in range(1, count + 1))


def spread(groups: Sequence[Sequence[Point]], wanted: int) -> list[Point]:
    """Choose points to kill at, evenly within a group: a small group wholly, and large ones share the rest."""
    chosen: list[Point] = []
    wanted = wanted or sum(map(len, groups))
    for place, group in enumerate(sorted(groups, key=len)):
        share = min(len(group), (wanted - len(chosen)) // (len(groups) - place))
        chosen += [group[number * len(group) // share] for number in range(share)]
    return chosen


def _kill(number: int, point: Point, points: Sequence[Point], name: str) -> Kill:
    second = random.Random(number).choice(points)._replace(connections=point.connections)  # noqa: S311
    return Kill(number, point, second if number % 4 == 3 else None, name, if_missed=number % 3 == 2)


def outcome(
    template: Practice, folder: Path, kill: Kill, *, patients: int = PATIENTS, naive: bool = False
) -> Counter[str]:
    """Kill once (or twice), play the story to its end, and count what is broken; the folder of what is broken stays."""
    practice = template.copy(folder / f"{kill.number}-{kill.signal}")
    with Fakes() as fakes:
        point_at(practice, fakes.each, connections=kill.first.connections)
        first = practice.run("dispatch", at=at(9), under=_under(kill.first, kill.signal))
        in_doubt = most_in_doubt(practice)
        obeyed = _obeyed(practice, first) if kill.signal == "SIGTERM" else Counter()
        if naive:
            _forget_claims(practice)
        steps = story(practice, patients=patients, once_more=kill.second is not None)
        later = [_run(practice, fakes, kill, step) for step in steps]
        bill = practice.runs(*BILL, at=LAST + timedelta(hours=10))
        tally = broken(practice, fakes, patients=patients) + _broken(practice, [first, *later, bill], kill)
        tally["cents of difference"] = abs(cents(bill) - cents_of(fakes.journal))
    tally["uncertain beyond the connections"] = max(0, in_doubt - kill.first.connections)
    tally += obeyed
    tally["killed"] += first.code != 0
    tally["killed again"] += sum(ran.code < 0 for ran in later)
    tally["uncertain after the kill"] += _events(practice, "status = 'uncertain'")
    tally["of these proved absent"] += _events(practice, "detail like '%asked twice%'")
    if names := [name for name in BROKEN if tally[name]]:
        tell(f"{', '.join(names)}: {kill}; codes {[ran.code for ran in (first, *later)]}; see {practice.folder}")
    else:
        rmtree(practice.folder)
    return tally


def _run(practice: Practice, fakes: Fakes, kill: Kill, step: Step) -> Ran:
    """Run a step of the story; its first round is killed where there is a second kill, or is that of the crontab."""
    fakes.move_to(step.moment)
    if step.reports:
        fakes.report_all()
    is_first = step.is_round and step.moment == at(9, 11)
    under = _under(kill.second, kill.signal) if kill.second and is_first else ()
    words = (*step.words, "--if-missed") if kill.if_missed and is_first else step.words
    return practice.run(*words, at=step.moment, under=under) if under else practice.runs(*words, at=step.moment)


def _obeyed(practice: Practice, first: Ran) -> Counter[str]:
    """What a run didn't do that was told to end: it ends by itself, and what it claimed has its outcome."""
    left = sum(status == "sending" for status in practice.statuses().values())
    return Counter({"SIGTERM not obeyed": int(first.code not in ENDS_BY_ITSELF), "left in sending by SIGTERM": left})


def _broken(practice: Practice, ran: Sequence[Ran], kill: Kill) -> Counter[str]:
    counts = {
        "corrupt": not practice.is_whole(),
        "unfinished": sum(status not in DONE for status in practice.statuses().values()) + (ran[-1].code != 0),
        "open to others": len(practice.open_to_others()),
        "bugs": sum(_is_bug(run, kill.signal) for run in ran),
        "canaries": len(practice.leaks(*ran)),
    }
    return Counter({name: int(count) for name, count in counts.items()})


def _is_bug(ran: Ran, name: str) -> bool:
    """Whether a run ended otherwise than the table of exit codes says, or told something else than lines of ours."""
    ended = ran.code in MAY_BE_LEFT or ran.code == -signal.Signals[name].value
    return not ended or bool(ran.err and not ran.one_clear_line)


def _under(point: Point, name: str) -> list[str]:
    return injected(point.call, f"signal={name}", point.when)


def _events(practice: Practice, condition: str) -> int:
    ((count,),) = practice.ask(f"select count(*) from notification_events where {condition}")  # noqa: S608
    return int(count)


def _forget_claims(practice: Practice) -> None:
    with closing(sqlite3.connect(practice.database)) as db, db:
        db.execute("update notifications set status = 'queued' where status = 'sending'")


def main() -> int:
    """Sweep, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.kill_sweep", description=__doc__)
    parser.add_argument("--points", type=int, default=300, help="0: all")
    parser.add_argument("--naive", action="store_true", help="the control experiment")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kill-sweep-"))
    began = datetime.now(UTC)
    tally = sweep(folder, wanted=options.points, naive=options.naive)
    seconds = (datetime.now(UTC) - began).total_seconds()
    if not any(tally[name] for name in BROKEN):
        rmtree(folder)
    names = ("points", "kills", "killed", "killed again", "uncertain after the kill", "of these proved absent", *BROKEN)
    return figures({name: tally[name] for name in names} | {"seconds": round(seconds)}, broken=BROKEN)


if __name__ == "__main__":
    raise SystemExit(main())
