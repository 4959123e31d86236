"""The promise by killing: SIGKILL and SIGTERM at every system call that matters, then up to three more runs.

python -m tests.long.kill_sweep [--points N] [--naive]: N points spread over all calls (0: all of them), each once with
either signal. At every fourth kill the next run is killed as well; at every third the later rounds are those of the
crontab, `dispatch --if-missed`. After SIGTERM the run must have ended by itself with nothing left in `sending`.
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
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

from tests.gateways.fake_spryng import FakeSpryng
from tests.long.setting import MAY_BE_LEFT, Practice, Ran, at, doubles, figures, lost, prepare, tell
from tests.long.tracing import counted, counts, injected

CALLS = ("pwrite64", "fdatasync", "fsync", "ftruncate", "unlink", "connect", "sendto", "recvfrom")
CONNECTIONS = (1, 8)  # one after the other, so that each call has its number; and as a practice has it
AT_A_TIME = 2
DONE = {"sent", "delivered"}
SIGNALS = ("SIGKILL", "SIGTERM")
ENDS_BY_ITSELF = {0, 130}  # how a run may end at SIGTERM
ROUND, MISSED, POLL = ("dispatch",), ("dispatch", "--if-missed"), ("poll",)
LATER = ((ROUND, at(9, 11)), (POLL, at(9, 22)), (ROUND, at(9, 33)))  # ten minutes apart: settle_time
BROKEN = (
    "doubles",
    "lost",
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


def sweep(folder: Path, *, wanted: int, appointments: int = 20, naive: bool = False) -> Counter[str]:
    """Kill at so many points (0: at all) and count what became of it."""
    template = prepare(folder / "template", appointments=appointments)
    points = spread([list(some) for some in all_points(template)], wanted)
    kills = [_kill(number, point, points, name) for number, point in enumerate(points) for name in SIGNALS]
    found: Counter[str] = Counter({"points": len(points), "kills": len(kills)})
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for number, one in enumerate(pool.map(lambda kill: outcome(template, folder, kill, naive=naive), kills), 1):
            found += one
            if number % 50 == 0:
                tell(f"... {number} of {len(kills)}: {found['killed']} killed")
    found["hardly killed"] = int(found["killed"] < len(kills) * 0.9)  # a sweep that misses proves nothing
    return found


def all_points(template: Practice) -> Iterator[Iterator[Point]]:
    """Each call of an undisturbed run, the calls of one name together."""
    for connections in CONNECTIONS:
        with FakeSpryng() as spryng:
            practice = template.copy(template.folder.with_name(f"counted-{connections}"))
            practice.point_at(spryng, connections=connections)
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


def outcome(template: Practice, folder: Path, kill: Kill, *, naive: bool = False) -> Counter[str]:
    """Kill once (or twice), run again, and count what is broken; the folder of what is broken stays."""
    practice = template.copy(folder / f"{kill.number}-{kill.signal}")
    with FakeSpryng() as spryng:
        practice.point_at(spryng, connections=kill.first.connections)
        first = practice.run("dispatch", at=at(9), under=_under(kill.first, kill.signal))
        obeyed = _obeyed(practice, first) if kill.signal == "SIGTERM" else Counter()
        if naive:
            _forget_claims(practice)
        later = list(_later(practice, spryng, kill))
        found = _broken(practice, spryng, [first, *later], kill)
    found += obeyed
    found["killed"] += first.code != 0
    found["killed again"] += bool(kill.second) and later[0].code < 0
    found["uncertain after the kill"] += _events(practice, "status = 'uncertain'")
    found["of these proved absent"] += _events(practice, "detail like '%asked twice%'")
    if broken := [name for name in BROKEN if found[name]]:
        tell(f"{', '.join(broken)}: {kill}; codes {[one.code for one in (first, *later)]}; see {practice.folder}")
    else:
        rmtree(practice.folder)
    return found


def _later(practice: Practice, spryng: FakeSpryng, kill: Kill) -> Iterator[Ran]:
    for number, (command, moment) in enumerate(LATER):
        spryng.now = moment.astimezone(UTC)
        under = _under(kill.second, kill.signal) if kill.second and number == 0 else ()
        if command == POLL:
            for taken in spryng.journal:
                spryng.report(str(taken["reference"]), "Delivered")
        words = MISSED if kill.if_missed and command == ROUND else command
        ran = practice.run(*words, at=moment, under=under)
        yield ran
        if ran.code == 0 and kill.number % 5 and _is_done(practice, spryng):
            return  # nothing is left to do: the other runs are spared, but for every fifth point


def _obeyed(practice: Practice, first: Ran) -> Counter[str]:
    """What a run didn't do that was told to end: it ends by itself, and what it claimed has its outcome."""
    left = sum(status == "sending" for status in practice.statuses().values())
    return Counter({"SIGTERM not obeyed": int(first.code not in ENDS_BY_ITSELF), "left in sending by SIGTERM": left})


def _is_done(practice: Practice, spryng: FakeSpryng) -> bool:
    return not lost(practice, spryng) and set(practice.statuses().values()) <= DONE


def _broken(practice: Practice, spryng: FakeSpryng, ran: Sequence[Ran], kill: Kill) -> Counter[str]:
    statuses = practice.statuses()
    texts = dict(practice.ask("select reference, text from notifications"))
    counts = {
        "doubles": doubles(spryng),
        "lost": lost(practice, spryng),
        "corrupt": not practice.is_whole(),
        "unfinished": sum(status not in DONE for status in statuses.values()) + (ran[-1].code != 0),
        "open to others": len(practice.open_to_others()),
        "other texts": sum(texts.get(str(sms["reference"])) != sms["text"] for sms in spryng.journal),
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
    found = sweep(folder, wanted=options.points, naive=options.naive)
    seconds = (datetime.now(UTC) - began).total_seconds()
    if not any(found[name] for name in BROKEN):
        rmtree(folder)
    names = ("points", "kills", "killed", "killed again", "uncertain after the kill", "of these proved absent", *BROKEN)
    return figures({name: found[name] for name in names} | {"seconds": round(seconds)}, broken=BROKEN)


if __name__ == "__main__":
    raise SystemExit(main())
