"""Erasing by killing: SIGKILL at every write of `patient erase`, `purge` and `practice remove`, then the same again.

python -m tests.long.erase_sweep [--points N]: N points spread over the calls of each (0: all of them). After the kill
the database is as one of the transactions left it, as a whole, and the access log is sound with the lines of just
these; done again it ends as if nobody had died, no byte of who is gone is left, and the bill is the same.
"""

import argparse
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from shutil import rmtree
from typing import Any

from smsreminders.domain.keep.access import Access
from smsreminders.domain.keep.retention import Retention
from smsreminders.domain.practices import Practice as Owner
from smsreminders.gateways.sandbox import forget
from smsreminders.jobs.keep.erase import erase_patient
from smsreminders.jobs.keep.purge import purge
from smsreminders.jobs.keep.removing import remove_practice
from smsreminders.store.database import Database, opened
from smsreminders.store.practices import all_practices
from tests.jobs.clock import FixedClock
from tests.long.kill_sweep import AT_A_TIME, Point, spread
from tests.long.setting import DAY, ZONE, Practice, figures, must, name_of, prepare, tell
from tests.long.tracing import counted, counts, injected

CALLS = ("pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink", "rename")
CLOSE_AT = datetime(2026, 12, 5, 6, tzinfo=ZONE)
THEN = DAY + timedelta(days=366 + 100, hours=9)
BILL = ("report", "--month", "2026-11", "--format", "csv")
VERIFY = ("log", "verify")
REPLY = "Kanarie kan later komen"
BROKEN: tuple[str, ...] = (
    "corrupt",
    "half",
    "log not sound",
    "not done again",
    "other contents",
    "words left",
    "another bill",
)
BROKEN += ("open to others", "bugs", "hardly killed")

Contents = dict[str, list[tuple[Any, ...]]]
Job = Callable[[Database, Owner, Access, Callable[[Collection[str]], None]], object]
_SHORT = Retention(log=timedelta(days=366))
_CONFIG = '[gateway]\nper_second = 10000\n[retention]\nlog = "366d"\n'
_COLUMNS = {"access_log": "number, at, verb, practice_id, patients, note", "access_base": "number"}


@dataclass(frozen=True, slots=True)
class Deed:
    """A command that takes away, the job that it runs, and the words of which no byte is left after it."""

    words: tuple[str, ...]
    job: Job
    gone: tuple[str, ...]


DEEDS = {
    "erase": Deed(
        ("patient", "erase", "P0000", "--yes"),
        lambda db, owner, access, forgets: erase_patient(
            db, owner, "P0000", access=access, forget=forgets, clock=FixedClock(THEN)
        ),
        (name_of(0), "12345000", REPLY),
    ),
    "purge": Deed(
        ("purge", "--yes"),
        lambda db, _owner, access, _forgets: purge(db, _SHORT, access=access, clock=FixedClock(THEN)),
        ("kanarietekst", REPLY),
    ),
    "remove": Deed(
        ("practice", "remove", "linde", "--yes"),
        lambda db, owner, access, forgets: remove_practice(
            db, owner, access=access, forget=forgets, clock=FixedClock(THEN)
        ),
        ("Kanarie", "12345"),
    ),
}


@dataclass(frozen=True, slots=True)
class Ready:
    """A practice before a deed; what each of its transactions leaves, the first that nothing is done yet; its calls."""

    practice: Practice
    deed: Deed
    states: list[Contents]
    bill: bytes
    points: list[list[Point]]


def prepared(
    folder: Path, *, appointments: int = 60, more: int = 90, replies: int = 520, within: bool = False
) -> Practice:
    """A practice whose November is closed, with a look, a reply and a STOP; `more` patients have no appointment.

    Of patients more than a hundred are erased in several transactions, of replies more than five hundred purged so.
    """
    practice = prepare(folder, appointments=appointments, within=within)
    practice.config.write_text(f'database = "smsreminders.db"\n{_CONFIG}', encoding="utf-8")
    people = practice.files / "patients.csv"
    rows = [f"Q{number:04d},{name_of(900 + number)},06{12345900 + number},yes" for number in range(more)]
    people.write_text("\n".join(["patient_id,patient_name,phone,consent", *rows, ""]), encoding="utf-8")
    people.chmod(0o600)
    if more:
        must(practice, "import", str(people), "--kind", "patients")
    must(practice, "patient", "show", "P0000")
    for words, moment in ((("dispatch",), 9), (("poll",), 10), (("stopped", "add", "0612345000"), 11), (("poll",), 96)):
        if practice.runs(*words, at=DAY + timedelta(hours=moment)).code:
            raise RuntimeError(f"{words[0]} didn't end well")
    with closing(sqlite3.connect(practice.database)) as db, db:
        db.execute("update notifications set rehearsed = 0")  # as if the gateway sent
        for number in range(replies):
            db.execute(
                "insert into replies values (null, 'g', '', ?, '+31612345000', '', ?, 'other', ?, ?, ?, '')",
                [f"r{number}", REPLY, *["2026-11-23T12:00:00Z"] * 3],
            )
        db.execute("insert into reply_practices select id, 1 from replies")
    if practice.runs("report", "--month", "2026-11", "--close", at=CLOSE_AT).code:
        raise RuntimeError("the month didn't close")
    if practice.runs("reconcile", "--by-hand", at=THEN - timedelta(days=1)).code:  # the clock is right
        raise RuntimeError("the clock isn't believed")
    return practice


def ready(practice: Practice, folder: Path, name: str) -> Ready:
    """Do it undisturbed: once by its job, to see what each transaction leaves, and once to count its calls."""
    deed = DEEDS[name]
    by_job, compiled, traced = (practice.copy(folder / f"{name}-{way}") for way in ("by-job", "compiled", "traced"))
    compiled.run(*deed.words, at=THEN)  # what Python writes the first time isn't counted
    states: list[Contents] = []
    access = Access(THEN, "somebody", "", "here")
    with opened(by_job.database) as db:
        (owner,) = all_practices(db)
        db.conn.set_trace_callback(lambda sql: states.append(contents(by_job)) if sql == "begin immediate" else None)
        deed.job(db, owner, access, partial(forget, by_job.database))
    trace = traced.folder / "trace"
    ran = traced.run(*deed.words, at=THEN, under=counted(CALLS, trace))
    if ran.code:
        raise RuntimeError(f"{name} ended with {ran.code}: {ran.err.decode(errors='replace')}")
    states.append(contents(by_job))
    if contents(traced) != states[-1]:
        raise RuntimeError(f"the command {name} left something else than its job")
    bill = practice.runs(*BILL, at=THEN).out
    made = counts(trace)
    return Ready(
        practice,
        deed,
        [state for number, state in enumerate(states) if state not in states[:number]],
        bill,
        [[Point(1, call, when) for when in range(1, made[call] + 1)] for call in CALLS if made[call]],
    )


def outcome(template: Ready, folder: Path, point: Point) -> Counter[str]:
    """Kill it at a call, do it again, and count what is broken; the folder of what is broken stays."""
    practice = template.practice.copy(
        folder / f"{template.deed.words[0]}-{template.deed.words[1]}-{point.call}-{point.when}"
    )
    under = injected(point.call, "signal=SIGKILL", point.when)
    killed = practice.run(*template.deed.words, at=THEN, under=under)
    left, sound = contents(practice), practice.runs(*VERIFY, at=THEN)
    half = left not in template.states
    begun = left != template.states[0]
    is_done = left == template.states[-1]
    again = [] if is_done else [practice.runs(*template.deed.words, at=THEN)]
    later = [practice.runs(*VERIFY, at=THEN), practice.runs(*BILL, at=THEN)]
    tally = Counter(
        {
            "killed": int(killed.code < 0),
            "killed when it was begun": int(begun and not is_done),
            "corrupt": int(not practice.is_whole()),
            "half": int(half),
            "log not sound": sum(ran.code != 0 for ran in (sound, later[0])),
            "not done again": sum(ran.code != 0 for ran in again),
            "other contents": int(_without_log(contents(practice)) != _without_log(template.states[-1])),
            "words left": sum(word.encode() in _bytes_of(practice) for word in template.deed.gone),
            "another bill": int(later[1].out != template.bill),
            "open to others": len(practice.open_to_others()),
            "bugs": sum(b"Traceback" in ran.err for ran in (sound, *again, *later)),
        }
    )
    if broken := [name for name in BROKEN if tally[name]]:
        others = [[name for name in left if left[name] != state[name]] for state in template.states]
        tell(f"{', '.join(broken)}: SIGKILL at {point.call} {point.when}; {sound}; {others}; see {practice.folder}")
    else:
        rmtree(practice.folder)
    return tally


def sweep(folder: Path, *, wanted: int) -> Counter[str]:
    """Kill each deed at so many points (0: at all) and count what became of it."""
    practice = prepared(folder / "template", within=True)
    templates = {name: ready(practice, folder, name) for name in DEEDS}
    kills = [(name, point) for name, template in templates.items() for point in spread(template.points, wanted)]
    tell(
        f"... {Counter(name for name, _ in kills)}; states: {[len(template.states) for template in templates.values()]}"
    )
    tally: Counter[str] = Counter({"points": len(kills)})
    with get_context("fork").Pool(AT_A_TIME, _inherit, [templates, folder]) as pool:  # each runs the program within it
        for number, fates in enumerate(pool.imap_unordered(_outcome_of, kills), 1):
            tally += fates
            if number % 100 == 0:
                tell(f"... {number} of {len(kills)}: {tally['killed']} killed")
    tally["hardly killed"] = int(tally["killed"] < len(kills) * 0.9)
    return tally


_inherited: list[tuple[dict[str, Ready], Path]] = []


def _inherit(templates: dict[str, Ready], folder: Path) -> None:
    _inherited.append((templates, folder))


def _outcome_of(kill: tuple[str, Point]) -> Counter[str]:
    templates, folder = _inherited[0]
    return outcome(templates[kill[0]], folder, kill[1])


def contents(practice: Practice) -> Contents:
    """Every row of the database but for what names the user, the hashes over that, and the second at which it was."""
    with closing(sqlite3.connect(practice.database, timeout=60)) as db:
        db.execute("begin")
        tables = db.execute("select name from sqlite_master where type = 'table' order by 1").fetchall()
        return {
            name: [tuple(map(_timeless, row)) for row in db.execute(f'select {_COLUMNS.get(name, "*")} from "{name}"')]  # noqa: S608
            for (name,) in tables
        }


def _timeless(value: object) -> object:
    """Take a time of the deed itself for one: a busy machine takes more than a second for it."""
    return "now" if isinstance(value, str) and value.startswith(f"{THEN.astimezone(UTC):%Y-%m-%dT%H:}") else value


def _without_log(state: Contents) -> Contents:
    return {name: rows for name, rows in state.items() if not name.startswith("access_")}


def _bytes_of(practice: Practice) -> bytes:
    return b"".join(path.read_bytes() for path in practice.files.glob("smsreminders.db*") if "sandbox" not in path.name)


def main() -> int:
    """Sweep, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.erase_sweep", description=__doc__)
    parser.add_argument("--points", type=int, default=0, help="0: all")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="erase-sweep-"))
    began = datetime.now(UTC)
    tally = sweep(folder, wanted=options.points)
    seconds = round((datetime.now(UTC) - began).total_seconds())
    if not any(tally[name] for name in BROKEN):
        rmtree(folder)
    names = ("points", "killed", "killed when it was begun", *BROKEN)
    return figures({name: tally[name] for name in names} | {"seconds": seconds}, broken=BROKEN)


if __name__ == "__main__":
    raise SystemExit(main())
