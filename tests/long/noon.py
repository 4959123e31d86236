"""The promise of the call list: at noon each covered appointment was delivered or is on the list, none in neither.

python -m tests.long.noon [--days N] [--seed N]

A practice lives for a year by the real jobs: a night's file, what the desk does, the round and the polls of a morning,
with a gateway that takes or not, answers or not and reports or not, and a process of ours that dies. At noon the call
list is compared with what the gateway reported of what it took. What a text tells is read from its words: a phone, a
day and a time. An appointment is *told* where the last of such words that left for it since it stands at its start was
reported as delivered. Each practice has a database of its own.
"""

import argparse
import re
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from smsreminders.cli.show.call_words import DUTCH, ENGLISH
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.unreached import NEXT_ROUND, WAITS
from smsreminders.jobs.unreached import to_call
from smsreminders.store.database import opened
from smsreminders.store.practices import all_practices
from tests.accounts import only
from tests.long.bench import SCHEDULE
from tests.long.model import MONTHS, free_days, to_utc
from tests.long.noon_life import Known, Life
from tests.long.scripted import Taken
from tests.long.setting import figures, tell

FIRST, YEAR = date(2027, 1, 1), 365
BROKEN = ("in neither", "in both", "listed and not covered", "listed twice", "without words", "waits for nothing")
_MEMORY = Path("/dev/shm")  # noqa: S108  # no power is cut here
_TOLD = re.compile(r"(\d+) (\w+) om ([\d:, en]+) bij")
_NOTICE = SCHEDULE.minimum_notice


class Noon(Life):
    """A practice whose call list is judged each noon."""

    def __init__(self, folder: Path, seed: int, first: date) -> None:
        super().__init__(folder, seed, first)
        self.first = first

    def live(self, days: int) -> Counter[str]:
        """So many days; the figures."""
        for day in (self.first + timedelta(days=number) for number in range(days)):
            self.morning(day)
            self.judge(day)
            self.evening(day)
        return self.tally

    def judge(self, day: date) -> None:
        """Compare the call list of this moment with the appointments, and with what the gateway has reported."""
        now = self.clock.now()
        with opened(self.house.database, read_only=True) as db:
            calls = to_call(db, all_practices(db), accounts=only(self.account()), terms=self.terms(), clock=self.clock)
        listed = Counter(call.due.appointment for call in calls)
        self.tally.update(f"listed: {call.reason}" for call in calls)
        covered = {
            id_: known
            for id_, known in self.known.items()
            if known.booked and now < known.starts_at < _end_of(next_working_day(day))
        }
        self.tally["days"] += 1
        self.tally["covered"] += len(covered)
        self.tally["to call"] += sum(1 for call in calls if call.reason not in WAITS)
        for id_, known in covered.items():
            last = self.last_told(known)
            is_told = last is not None and self.was_reported(last)
            self.tally["delivered"] += is_told
            if id_ not in listed and not is_told:
                self.broken("in neither", day, id_, known)
            since_it_stands = last is not None and last.sms.handed_over_at >= known.since
            if id_ in listed and is_told and since_it_stands and not self.has_a_double(known):
                self.broken("in both", day, id_, known)
        for call in calls:
            if call.reason not in DUTCH or call.reason not in ENGLISH:
                id_ = call.due.appointment
                self.broken("without words", day, f"{call.reason} {id_}", self.known[id_])
            if call.reason in (NEXT_ROUND, Status.QUEUED) and call.starts_at <= now + _NOTICE:
                self.broken("waits for nothing", day, call.due.appointment, self.known[call.due.appointment])
        for id_, lines in listed.items():
            if id_ not in covered:
                self.broken("listed and not covered", day, id_, self.known[id_])
            if lines > 1:
                self.broken("listed twice", day, id_, self.known[id_])

    def was_reported(self, taken: Taken) -> bool:
        """Whether the program was told that it was delivered, and nobody took that back."""
        return taken.sms.reference in self.gateway.told_delivered - self.taken_back

    def last_told(self, known: Known) -> Taken | None:
        """What the gateway has of an appointment: a delivered text of its start as it stands, else the last one.

        None where the last words that left for it told of another start, at which it stood then.
        """
        mine: list[Taken] = []
        for taken in self.gateway.taken:
            if taken.sms.phone not in known.phones:
                continue
            says = _told_by(taken.sms.text, taken.sms.handed_over_at)
            if known.starts_at in says:
                mine.append(taken)
            elif [start for at, start in known.stood if at <= taken.sms.handed_over_at][-1:] in [
                [said] for said in says
            ]:
                mine.clear()
        return next((taken for taken in mine if self.was_reported(taken)), mine[-1] if mine else None)

    def has_a_double(self, known: Known) -> bool:
        """Whether another appointment has, or once had, the same words for the same phone: a text may be its."""
        others = (other for other in self.known.values() if other is not known and other.phones & known.phones)
        return any(start == known.starts_at for other in others for _, start in other.stood)

    def broken(self, what: str, day: date, id_: str, known: Known) -> None:
        self.tally[what] += 1
        if self.tally[what] <= 3:
            tell(f"{what}: {id_} at {known.starts_at} on {day} (seed {self.seed}, {self.combine}, {self.remind})")


def next_working_day(day: date) -> date:
    """The next day from Monday to Friday that is no Dutch holiday."""
    after = day + timedelta(days=1)
    while after.weekday() > 4 or after in free_days(after.year):
        after += timedelta(days=1)
    return after


def _end_of(day: date) -> datetime:
    return to_utc(datetime.combine(day + timedelta(days=1), clock_time.min))


def _told_by(text: str, at: datetime) -> set[datetime]:
    """The starts that a text names; UTC."""
    starts = set()
    for day, month, times in _TOLD.findall(text):
        number = MONTHS.index(month) + 1
        year = at.year + (number < at.month)
        for hour, minute in re.findall(r"(\d\d):(\d\d)", times):
            starts.add(to_utc(datetime(year, number, int(day), int(hour), int(minute))))  # noqa: DTZ001  # local
    return starts


def a_year(seed: int, days: int, first: date = FIRST) -> Counter[str]:
    """A practice of so many days, in a folder of its own; the figures."""
    with TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        return Noon(Path(folder), seed, first).live(days) + Counter({"practices": 1})


def run(*, days: int, seed: int) -> Counter[str]:
    """Live so many days, a practice a year, two at a time; the figures of all."""
    years = [min(YEAR, days - begun) for begun in range(0, days, YEAR)]
    with ProcessPoolExecutor(2) as pool:
        lived = list(pool.map(a_year, count(seed), years))
    tally: Counter[str] = Counter(dict.fromkeys(BROKEN, 0))
    for figures_of_year in lived:
        tally.update(figures_of_year)
    return tally


def main() -> int:
    """Live the days, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.noon", description=__doc__)
    parser.add_argument("--days", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    tally = run(days=given.days, seed=given.seed)
    tell(f"{time.monotonic() - began:.0f} s")
    return figures(dict(sorted(tally.items())), broken=BROKEN)


if __name__ == "__main__":
    raise SystemExit(main())
