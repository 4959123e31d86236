"""The choice of a round among many appointments, against that among few with the same number due."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from bench.filled import CHANCE, COVERS, NUMBERS, OTHER_CHANCE, PRACTICES, make
from bench.made_up import RATE, SCHEDULE, WORDING, ZONE
from bench.measure import Figure, Goal, must, stopwatch, times
from bench.size import Size
from smsreminders.domain.local_time import day_start
from smsreminders.jobs.round.plan import holidays_of, plan_practice, rules_for
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import opened
from smsreminders.store.practices import all_practices
from smsreminders.store.round.due import due_between

_MONDAY = date(2026, 11, 23)  # its round covers what is left of it, and Tuesday
_WINDOW = (day_start(_MONDAY, ZONE), day_start(_MONDAY + timedelta(days=2), ZONE))
PATIENTS = f"""{NUMBERS} insert into patients (id, practice_id, source_id, name, phone, e164)
    select n, (n - 1) / :patients + 1, 'P' || n, 'Patiënt ' || n, printf('06%08d', 10000000 + n % 40000000),
        printf('+316%08d', 10000000 + n % 40000000) from ids"""
# all gave their consent; every tenth did so again after a withdrawal
CONSENTS = """insert into consent_events (patient_id, channel, given, at, how, by_whom, wording, recorded_at)
    select p.id, 'sms', x.given, x.at, 'desk', 'balie', '', x.at from patients p
    join (select 1 as given, '2025-01-06T09:00:00Z' as at, 1 as every union all select 0, '2025-06-02T09:00:00Z', 10
        union all select 1, '2025-09-01T09:00:00Z', 10) x on p.id % x.every = 0 order by x.at, p.id"""
# In the order of booking: the past of two years by its date; among the last quarter those of Tuesday, wherever they
# come to stand, and every tenth after the round.
_DUE = "(n > :ids - :recent and n * :due / :recent <> (n - 1) * :due / :recent)"
_DAY = f"""case when {_DUE} then 1 when n > :ids - :recent and {CHANCE} % 10 = 0 then 3 + {OTHER_CHANCE} % 60
    else n * 729 / :ids - 730 end"""
_APPOINTMENTS = f"""{NUMBERS} insert into appointments (id, practice_id, source_id, patient_id, starts_at, location,
        practitioner, type, status, revision)
    select n, {CHANCE} % {PRACTICES} + 1, 'A' || n,
        {CHANCE} % {PRACTICES} * :patients + {OTHER_CHANCE} % :patients + 1,
        strftime('%Y-%m-%dT%H:%M:00Z', '2026-11-23 07:30', ({_DAY}) || ' days', ({OTHER_CHANCE} % 540) || ' minutes'),
        'Kamer ' || n % 9, 'Dr. Jansen', 'Controle',
        case when not {_DUE} and {CHANCE} % 20 = 0 then 'cancelled' else 'booked' end, 1
    from ids"""
NOTIFICATIONS = """insert into notifications (reference, practice_id, service_id, appointment_id, patient_id,
        notification_type, channel, revision, occasion, attempt, rehearsed, starts_at, phone, sender_id, text,
        encoding, segments,
        status, created_at,
        sent_at, sent_on, delivered_at)
    select printf('%032d', id), practice_id, practice_id, id, patient_id, 'appointment-reminder', 'sms', 1, 1, 1, 0,
        starts_at,
        '+31612345678', 'Praktijk', 'Tot morgen.', 'GSM-7', 1,
        case id / :every % 20 when 0 then 'failed' when 1 then 'expired' else 'delivered' end, starts_at, starts_at,
        substr(starts_at, 1, 10), starts_at
    from appointments where id % :every = 0 and starts_at < '2026-11-23'"""


def run(size: Size) -> Iterator[Figure]:
    """Gathering alone, the whole plan, the steps that SQLite takes, and the memory of it all.

    The practices and their patients are the same on both sides: what differs is how much they did before. SQLite takes
    the same steps for both; what is left between them is that the rows of few appointments lie closer together.

    The plan of all practices is held at once, about 1.5 kB an appointment that is due: `dispatch` writes it in one
    transaction, so that a round is planned whole or not at all, and tells of every one that is skipped. It grows with
    what is due, not with what there is. Nothing is claimed yet: a process that dies meanwhile has done nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        many, few = Path(folder) / "many.db", Path(folder) / "few.db"
        for path, appointments in ((many, size.appointments), (few, size.few)):
            _fill(path, appointments, size.due, patients=max(size.appointments // 5 // PRACTICES, 1))
        against = f"among {size.few:,}"
        for what, work in (("gather", _gather), ("gather and decide", plan)):
            for path in (many, few):
                work(path)  # once beforehand: with all that is imported, and the file in the system's cache
            yield times(
                partial(_seconds, work, many, size.due),
                partial(_seconds, work, few, size.due),
                turns=size.turns,
                goal=Goal(1.5),
                what=f"{what} {size.due:,} due among {size.appointments:,}",
                against=against,
            )
        steps = [_steps(path) for path in (many, few)]
        must(steps[0] <= steps[1] * 1.1, "SQLite looks at more than what is due")  # so CI sees it, whatever its clock
        note = f"{steps[0]:,} to {steps[1]:,} hundreds"
        yield Figure("steps of SQLite for it", against, (steps[0] / steps[1],), Goal(1.1), note)
        peaks = [(_peak(many), _peak(few)) for _ in range(min(size.turns, 3))]
        note = f"{peaks[0][0] // 1024} MB to {peaks[0][1] // 1024} MB"
        ratios = tuple(mine / theirs for mine, theirs in peaks)
        yield Figure("memory at its peak for it", against, ratios, Goal(1.2), note)


def main(path: Path) -> None:
    """A process of its own that makes the plan and prints the most memory that it took, in kB."""
    plan(path)
    [peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    print(peak.split()[1])


def _fill(path: Path, appointments: int, due: int, *, patients: int) -> None:
    """Fill a database with this many appointments, of practices with this many patients each."""
    shape: dict[str, object] = {"ids": appointments, "recent": appointments // 4, "due": due, "patients": patients}
    make(
        path,
        [
            (PATIENTS, {"ids": patients * PRACTICES, "patients": patients}),
            (CONSENTS, {}),
            (_APPOINTMENTS, shape),
            (NOTIFICATIONS, {"every": 10}),
            (COVERS, {}),
        ],
    )


def _gather(path: Path) -> tuple[float, int]:
    """What is due of every practice, one after another, as a run that opens the database gets it."""
    with opened(path, read_only=True) as db:
        practices = all_practices(db)
        with stopwatch() as passed:
            found = sum(len(due_between(db, practice.id, *_WINDOW, rehearsed=False)) for practice in practices)
    return passed(), found


def plan(path: Path) -> tuple[float, int]:
    """The plans of all practices, as `dispatch` and its dry run make and hold them."""
    now = datetime.combine(_MONDAY, time(9), ZONE).astimezone(UTC)
    with opened(path, read_only=True) as db:
        practices = all_practices(db)
        with stopwatch() as passed:
            holidays = holidays_of(SCHEDULE)
            plans = [
                plan_practice(
                    db,
                    rules_for(db, practice, terms=Terms(SCHEDULE, WORDING, RATE), holidays=holidays, now=now),
                    daily_limit=SCHEDULE.daily_limit,
                )
                for practice in practices
            ]
    return passed(), sum(len(reminder.covers) for each in plans for reminder in each.plan.reminders)


def _seconds(work: Callable[[Path], tuple[float, int]], path: Path, due: int) -> float:
    seconds, found = work(path)
    must(found == due, f"{found} are due in {path.name}, not {due}")
    return seconds


def _steps(path: Path) -> int:
    """How many hundreds of steps SQLite's machine takes to gather: the same in every run."""
    with opened(path, read_only=True) as db:
        steps = [0]

        def step() -> None:
            steps[0] += 1

        practices = all_practices(db)
        db.conn.set_progress_handler(step, 100)
        for practice in practices:
            due_between(db, practice.id, *_WINDOW, rehearsed=False)
    return steps[0]


def _peak(path: Path) -> int:
    ended = subprocess.run([sys.executable, "-m", "bench.choice", path], capture_output=True, text=True, check=True)
    return int(ended.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
