"""The check-up of what this machine holds: files, clock, database, what waits in it."""

import stat
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from smsreminders.domain.clock import Clock
from smsreminders.domain.round.guards import LONGEST_CHECK, check_clock, check_runs
from smsreminders.domain.round.notifications import Status
from smsreminders.errors import AdministratorNeeded
from smsreminders.gateways.accounts import Accounts
from smsreminders.jobs.keep.access import WHAT_TO_DO, verify
from smsreminders.jobs.keep.accounts import judged_by_figures
from smsreminders.jobs.keep.doctor.findings import Check, Verdict, wrong
from smsreminders.store.database import Database
from smsreminders.store.installation import last_check, runs_seen
from smsreminders.store.keep.access import last_mark
from smsreminders.store.lock import last_beside
from smsreminders.store.practices import all_practices
from smsreminders.store.round.notification_counts import count_by_status
from smsreminders.store.schema import schema_of
from smsreminders.store.soundness import is_whole

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check_files(paths: Sequence[Path]) -> list[Check]:
    """Check that nobody but the owner can read the files with names, numbers and secrets."""
    checks = []
    for path in paths:
        if path.exists():
            open_to_others = bool(path.stat().st_mode & _OTHERS)
            checks.append(
                Check("file", Verdict.WRONG, f"others can read {path}", f"run `chmod 600 {path}`")
                if open_to_others
                else Check("file", Verdict.OK, f"{path} is readable by its owner only")
            )
    return checks


def check_time_zone(machine: tzinfo | None, zone: tzinfo, now: datetime) -> Check:
    """Compare the machine's clock with the practices': Debian's cron goes by the machine's time only."""
    here, there = now.astimezone(zone), now.astimezone(machine)
    if here.utcoffset() == there.utcoffset():
        return Check("time zone", Verdict.OK, f"the machine's clock shows {there:%H:%M}, as {zone} does")
    return Check(
        "time zone",
        Verdict.WARNING,
        f"the machine's clock shows {there:%H:%M}, {zone} {here:%H:%M}",
        "cron goes by the machine's: set it with `timedatectl set-timezone`, or move the lines of the crontab",
    )


def check_database(db: Database, *, clock: Clock) -> list[Check]:
    """Check the whole database file, however long that takes, and tell its schema and when rounds last did so."""
    schema, began = Check("schema", Verdict.OK, schema_of(db)), clock.elapsed()
    if not is_whole(db):
        advice = "stop the cron jobs and put the last backup back"
        return [schema, Check("database", Verdict.WRONG, "the file is damaged", advice)]
    seconds, last = clock.elapsed() - began, last_check(db)
    before = f"rounds last did so on {last.whole_at:%Y-%m-%d}" if last.whole_at else "no round has done so yet"
    found = f"the file is whole: all of it was checked in {seconds:.1f} s; {before}"
    if seconds > LONGEST_CHECK.total_seconds():
        found += ", by parts on several days, since it takes so long"
    return [schema, Check("database", Verdict.OK, found)]


def check_past(db: Database, database: Path, *, clock: Clock) -> list[Check]:
    """Check what `dispatch` would refuse: a lock, a clock or a database that isn't that of the last run."""
    runs, last_run_at = runs_seen(db)
    try:
        number, ended_at = last_beside(database)
        check_runs(runs, number, at=last_run_at, ended_at=ended_at)
        check_clock(clock.now(), last_run_at)
    except AdministratorNeeded as error:
        return [Check("runs", Verdict.WRONG, str(error))]
    return [Check("runs", Verdict.OK, f"{runs} so far, the same beside the lock")]


def check_access_log(db: Database) -> Check:
    """Check each line of the access log, and that it ends where it should."""
    try:
        broken = verify(db)
    except AdministratorNeeded as error:
        return wrong("access log", error)
    if broken:
        return Check("access log", Verdict.WRONG, f"it isn't as it was written: {broken.what}", WHAT_TO_DO)
    return Check("access log", Verdict.OK, f"it is whole, up to line {last_mark(db).number}")


def check_waiting(db: Database, accounts: Accounts) -> Check:
    """Count the notifications that wait, and warn where one waits for a person."""
    judged, rehearsal = judged_by_figures(all_practices(db), accounts)
    ids = {practice.id for practice in judged}
    counts = count_by_status(db, ids, [Status.UNCERTAIN, Status.REJECTED, Status.QUEUED], rehearsed=rehearsal)
    counted = ", ".join(f"{count} {status}" for status, count in counts.items())
    if not counts[Status.UNCERTAIN]:
        return Check("notifications", Verdict.OK, counted)
    return Check(
        "notifications",
        Verdict.WARNING,
        counted,
        "see `smsreminders notifications list --status uncertain`, then `notifications settle`",
    )
