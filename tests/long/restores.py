"""The promise after a restore: the gateway is asked, and the texts are those of a practice that lost nothing.

python -m tests.long.restores [--stories N] [--seed N]

Each story is played twice by the real jobs: by a practice that loses nothing, and by one whose database is put back
from a backup in its middle, with the agenda told again and `reconcile`. Appointments are booked, moved, cancelled and
booked again, before the backup, after it, and after the restore; in the time that is lost each at most twice. What a
patient was told is a phone, a day and a time. Told twice is what the second practice told again, more often than the
first. Lost is what only the first told, unless `reconcile` said to call that patient, or one of that patient's
appointments was moved twice in the lost time (docs/reliability.md says so): these are counted apart.
"""

import argparse
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from smsreminders.domain.appointments import Booking
from smsreminders.domain.round.grouping import Combine
from tests.guarding import NOW, SCHEDULE, House, a_house
from tests.long.setting import figures, tell

PATIENTS, APPOINTMENTS = 4, 10
BROKEN = ("told twice", "lost")
_DAYS = 5
_MEMORY = Path("/dev/shm")  # noqa: S108  # no power is cut here
_TOLD = re.compile(r"(\d+ november) om ([\d:, en]+) bij")


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment as the practice's record has it."""

    patient: str
    starts_at: datetime
    booking: Booking = Booking.BOOKED


@dataclass
class Story:
    """What the practices of a story are told and do, drawn by a seed."""

    seed: int
    agenda: dict[str, Visit] = field(default_factory=dict)
    moves: Counter[str] = field(default_factory=Counter)  # in the lost time, by appointment

    def __post_init__(self) -> None:
        self.draw = Random(self.seed)  # noqa: S311  # the same story each time, no secret
        self.combine = self.draw.choice(list(Combine))
        self.remind = self.draw.choice([(1,), (1,), (3, 1)])
        self.backup_at, self.restored_at = sorted(self.draw.sample(range(1, 2 * _DAYS - 2), 2))

    def changes(self, part: int, now: datetime) -> Iterator[tuple[str, Visit]]:
        """What the record says anew in a half day."""
        lost = self.backup_at <= part < self.restored_at
        for _ in range(self.draw.randrange(6) if part else APPOINTMENTS):
            id_ = f"A{self.draw.randrange(APPOINTMENTS)}"
            before = self.agenda.get(id_)
            if lost and self.moves[id_] == 2:
                continue
            after = self._changed(before, now)
            if before is not None and after != before:
                self.moves[id_] += lost
            self.agenda[id_] = after
            yield id_, after

    def _changed(self, visit: Visit | None, now: datetime) -> Visit:
        start = (now + timedelta(days=self.draw.choice([0, 1, 1, 1, 2, 3]))).replace(hour=self.draw.randrange(9, 17))
        start = start.replace(minute=15 * self.draw.randrange(4))
        if visit is None:
            return Visit(f"P{self.draw.randrange(PATIENTS) + 1}", start)
        if self.draw.random() < 0.3:
            is_booked = visit.booking is Booking.BOOKED
            return replace(visit, booking=Booking.CANCELLED if is_booked else Booking.BOOKED)
        return replace(visit, starts_at=start, booking=Booking.BOOKED)


def outcome(seed: int, folder: Path) -> Counter[str]:
    """Play a story by both practices, and count what differs between what they told."""
    story = Story(seed)
    houses = [_house(story, folder / name) for name in ("spared", "restored")]
    spared, restored = houses
    tally: Counter[str] = Counter({"stories": 1})
    called: set[str] = set()
    for part in range(2 * _DAYS):
        now = NOW + timedelta(days=part // 2, hours=4 * (part % 2))
        for house in houses:
            house.clock.go_to(now)
        for id_, visit in story.changes(part, now):
            for house in houses:
                _tell(house, id_, visit)
        if part == story.backup_at:
            shutil.copyfile(restored.path, folder / "backup.db")
        for house in houses:
            house.round()
        if part == story.restored_at:
            shutil.copyfile(folder / "backup.db", restored.path)
            for id_, visit in story.agenda.items():
                _tell(restored, id_, visit)
            for house in houses:
                house.clock.go_to(now + timedelta(hours=1))
            restored.imported()
            result = restored.reconcile()
            called = {guessed.due.patient for guessed in result.guessed}
            tally += Counter({"found at the gateway": result.taken, "told by a guess": len(result.guessed)})
    moved_twice = {story.agenda[id_].patient for id_, moves in story.moves.items() if moves > 1}
    return tally + judged(_told(spared), _told(restored), called=called, moved_twice=moved_twice)


def judged(
    spared: Counter[tuple[str, str, str]],
    restored: Counter[tuple[str, str, str]],
    *,
    called: set[str],
    moved_twice: set[str],
) -> Counter[str]:
    """Compare what two practices told: a phone, a day and a time, and how often."""
    tally: Counter[str] = Counter({"told": spared.total()})
    for said, count in (restored - spared).items():
        tally["told twice" if restored[said] > 1 else "told besides"] += count
    for said, count in (spared - restored).items():
        patient = f"P{said[0][-1]}"
        if restored[said]:
            tally["told once less"] += count
        elif patient in called:
            tally["not told, to be called"] += count
        else:
            tally["not told, moved twice" if patient in moved_twice else "lost"] += count
    return tally


def _house(story: Story, folder: Path) -> House:
    folder.mkdir()
    house = a_house(folder)
    house.schedule = replace(SCHEDULE, remind=story.remind, combine=story.combine)
    return house


def _tell(house: House, id_: str, visit: Visit) -> None:
    house.told(id_, visit.patient, starts_at=visit.starts_at, booking=visit.booking)


def _told(house: House) -> Counter[tuple[str, str, str]]:
    """What was told: a phone, a day and a time, and how often."""
    times_told: Counter[tuple[str, str, str]] = Counter()
    for sms in house.gateway.taken:
        ((day, times),) = _TOLD.findall(sms.text)
        times_told.update((sms.phone, day, time) for time in re.findall(r"\d\d:\d\d", times))
    return times_told


def run(*, stories: int, from_seed: int) -> Counter[str]:
    """Play so many stories; the figures."""
    tally: Counter[str] = Counter(dict.fromkeys(BROKEN, 0))
    for seed in range(from_seed, from_seed + stories):
        with TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
            fates = outcome(seed, Path(folder))
        if names := [name for name in BROKEN if fates[name]]:
            tell(f"{', '.join(names)}: story {seed}")
        tally.update(fates)
    return tally


def main() -> int:
    """Play the stories, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.restores", description=__doc__)
    parser.add_argument("--stories", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    return figures(run(stories=given.stories, from_seed=given.seed), broken=BROKEN)


if __name__ == "__main__":
    raise SystemExit(main())
