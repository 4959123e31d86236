"""A close by killing: SIGKILL at every write of it, then the same close again: one closed month, the same bytes.

python -m tests.long.close_sweep [--points N]: N points spread over all calls (0: all of them). The close writes a late
and a correction line beside the regular ones, and its CSV into a file.
"""

import argparse
import sqlite3
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

from tests.long.kill_sweep import AT_A_TIME, Point, spread
from tests.long.setting import DAY, ZONE, Practice, figures, prepare, tell
from tests.long.tracing import counted, counts, injected

CALLS = ("openat", "pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink", "rename")
FIRST_CLOSE, SECOND_CLOSE = (datetime(year, month, 5, 6, tzinfo=ZONE) for year, month in ((2026, 12), (2027, 1)))
CLOSE = ("report", "--close", "--format", "csv", "--output")
BILL = "december.csv"
BROKEN = ("corrupt", "not closed", "other bytes", "other contents", "half a file", "left beside", "hardly killed")
_TABLES = ("closed_practices", "closed_totals", "invoice_lines", "charges")


@dataclass(frozen=True, slots=True)
class Ready:
    """A practice on the morning of its second close, and what an undisturbed one makes of it."""

    practice: Practice
    bill: bytes
    contents: list[Any]
    points: list[list[tuple[str, int]]]


def ready(folder: Path, *, appointments: int = 12, within: bool = False) -> Ready:
    """November is closed; December has its own, a late one, one that was taken back and one that came too late."""
    practice = prepare(folder / "template", appointments=appointments, within=within)
    practice.config.write_text('database = "smsreminders.db"\n[gateway]\nper_second = 10000\n', encoding="utf-8")
    for words, moment in ((("dispatch",), DAY.replace(hour=9)), (("poll",), DAY.replace(hour=10))):
        if practice.runs(*words, at=moment).code:
            raise RuntimeError(f"{words[0]} didn't end well")
    _change(
        practice,
        "update notifications set rehearsed = 0",  # as if the gateway sent
        "update notifications set status = 'sent', delivered_at = null where id in (1, 2)",
    )
    _must_close(practice, "november.csv", FIRST_CLOSE)
    _change(
        practice,
        "update notifications set status = 'failed' where id = 3",
        "update notifications set status = 'delivered', delivered_at = '2026-12-20T12:00:00Z' where id = 1",
        "update notifications set status = 'delivered', delivered_at = '2026-12-31T12:00:00Z' where id = 2",
        "insert into notification_events (notification_id, at, status)"
        " select id, delivered_at, status from notifications where id in (1, 2)",
    )
    whole = practice.copy(folder / "whole")
    trace = folder / "trace"
    _must_close(whole, BILL, SECOND_CLOSE, counted(CALLS, trace))
    made = counts(trace)
    points = [[(call, when) for when in range(1, made[call] + 1)] for call in CALLS if made[call]]
    return Ready(practice, (whole.around / BILL).read_bytes(), _contents(whole), points)


def outcome(template: Ready, folder: Path, call: str, when: int) -> Counter[str]:
    """Kill a close at a call, close again, and count what is broken; the folder of what is broken stays."""
    practice = template.practice.copy(folder / f"{call}-{when}")
    file = practice.around / BILL
    killed = practice.run(*CLOSE, BILL, at=SECOND_CLOSE, under=injected(call, "signal=SIGKILL", when))
    between = file.read_bytes() if file.exists() else None
    again = practice.runs(*CLOSE, BILL, at=SECOND_CLOSE)
    third = practice.runs(*CLOSE, BILL, at=SECOND_CLOSE.replace(day=9))
    bill = file.read_bytes()
    beside = [path.name for path in practice.around.glob(f".{BILL}.*")]
    tally = Counter(
        {
            "killed": int(killed.code < 0),
            "corrupt": int(not practice.is_whole()),
            "not closed": int((again.code, third.code) != (0, 0)),
            "other bytes": int(bill != template.bill),
            "other contents": int(_contents(practice) != template.contents),
            "half a file": int(between not in {None, template.bill}),
            "left beside": int(len(beside) > 1),  # of a killed run one may stay
        }
    )
    if broken := [name for name in BROKEN if tally[name]]:
        tell(f"{', '.join(broken)}: SIGKILL at {call} {when}; codes {again.code} {third.code}; see {practice.folder}")
    else:
        rmtree(practice.folder)
    return tally


def sweep(folder: Path, *, wanted: int) -> Counter[str]:
    """Kill at so many points (0: at all) and count what became of it."""
    template = ready(folder)
    points = _points(template, wanted)
    tally: Counter[str] = Counter({"points": len(points)})
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for fates in pool.map(lambda point: outcome(template, folder, *point), points):
            tally += fates
    tally["hardly killed"] = int(tally["killed"] < len(points) * 0.9)
    return tally


def _points(template: Ready, wanted: int) -> list[tuple[str, int]]:
    groups = [[Point(1, call, when) for call, when in group] for group in template.points]
    return [(point.call, point.when) for point in spread(groups, wanted)]


def _contents(practice: Practice) -> list[Any]:
    """Every row of the closed months, but for the second at which they were closed and what is made of it."""
    rows = [practice.ask(f"select * from {table} order by 1, 2, 3") for table in _TABLES]  # noqa: S608
    months = practice.ask("select id, period, currency, vat_rate, general_rate, csv, csv_sha256 from closed_periods")
    return [*rows, months, practice.ask("select * from waivers order by 1")]


def _change(practice: Practice, *statements: str) -> None:
    with closing(sqlite3.connect(practice.database)) as db, db:
        for statement in statements:
            db.execute(statement)


def _must_close(practice: Practice, file: str, moment: datetime, under: list[str] | None = None) -> None:
    ran = practice.run(*CLOSE, file, at=moment, under=under or ())
    if ran.code:
        raise RuntimeError(f"the undisturbed close ended with {ran.code}: {ran.err.decode(errors='replace')}")


def main() -> int:
    """Sweep, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.close_sweep", description=__doc__)
    parser.add_argument("--points", type=int, default=0, help="0: all")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="close-sweep-"))
    began = datetime.now(UTC)
    tally = sweep(folder, wanted=options.points)
    seconds = round((datetime.now(UTC) - began).total_seconds())
    if not any(tally[name] for name in BROKEN):
        rmtree(folder)
    return figures({name: tally[name] for name in ("points", "killed", *BROKEN)} | {"seconds": seconds}, broken=BROKEN)


if __name__ == "__main__":
    raise SystemExit(main())
