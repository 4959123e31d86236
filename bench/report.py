"""The bill of a month out of a database with many, against the same SQL in the sqlite3 shell."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

from bench.filled import NUMBERS, OTHER_CHANCE, PRACTICES, make
from bench.measure import Figure, Goal, must, seconds_of, times
from bench.size import Size
from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.practices import Practice
from smsreminders.jobs.bill.show import Bill, bill
from smsreminders.store.bill.billing import usage
from smsreminders.store.database import Database, opened
from smsreminders.store.practices import all_practices

_MONTH = Period(2026, 10)
_MOST_OF_ONE = 0.2  # seconds
_FINEST = 0.0005  # seconds: the shell rounds to thousandths
# One after another as they were sent: the last ones in the month, the others in the 600 days before it. Their
# appointments aren't there: a bill doesn't look at them.
_NOTIFICATIONS = f"""{NUMBERS}, days (n, day) as (select n, case when n > :ids - :month
        then date('2026-10-01', ((n + :month - :ids - 1) * 31 / :month) || ' days')
        else date('2026-10-01', (n * 600 / :ids - 600) || ' days') end from ids)
    insert into notifications (id, reference, practice_id, service_id, appointment_id, patient_id, notification_type,
        channel, revision, occasion, attempt, rehearsed, starts_at, phone, sender_id, text, encoding, segments,
        status, created_at,
        sent_at, sent_on, delivered_at, gateway, account, gateway_id)
    select n, printf('%032x', n), {OTHER_CHANCE} % {PRACTICES} + 1, {OTHER_CHANCE} % {PRACTICES} + 1, n, n / 5,
        'appointment-reminder', 'sms', 1, 1, 1, 0, day || 'T10:30:00Z', '+31612345678', 'Praktijk',
        'Beste mevrouw De Vries, u heeft morgen om 10:30 een afspraak bij Praktijk De Linde.', 'GSM-7', 1 + (n % 9 = 0),
        case n % 20 when 0 then 'failed' when 1 then 'expired' else 'delivered' end, day || 'T07:00:00Z',
        day || 'T07:01:00Z', day, day || 'T07:02:00Z', 'spryng', '', printf('%032x', n)
    from days"""


def run(size: Size) -> Iterator[Figure]:
    """All practices against the shell, and one practice against a fifth of a second.

    Ours is the whole job: what is sent back to Python, the rates, the lines and their sums. It holds a sum for each
    practice, service and day, so its memory knows nothing of the number of notifications; it only reads, so there is
    nothing that a crash could leave half done.

    The month is read from the index by status, which the queue and the poll need anyway and which covers it. It is the
    one index that a change of status writes (tests/store/test_plans.py), in 13 µs; one for the bill alone would be a
    second, for 2 µs more each, and a month stored beside the date of sending a second truth.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.db"
        make(path, [(_NOTIFICATIONS, {"ids": size.notifications, "month": size.month})])
        with opened(path, read_only=True) as db:
            practices = all_practices(db)
            yield from _against_the_shell(db, path, practices, size)
            yield _of_one(db, practices[0], size)


def _against_the_shell(db: Database, path: Path, practices: Sequence[Practice], size: Size) -> Iterator[Figure]:
    if not (shell := shutil.which("sqlite3")):
        print("report: the sqlite3 shell isn't installed, so there is nothing to compare with")
        return
    statement = _statement(db, practices)
    _, told = _in_the_shell(shell, path, statement)
    ours = sum(line.notifications for line in _bill(db, practices).lines)
    must(ours == told == size.month * 18 // 20, f"{ours} are billed, {told} the shell counts")
    yield times(
        lambda: seconds_of(partial(_bill, db, practices)),
        lambda: _in_the_shell(shell, path, statement)[0],
        turns=size.turns,
        goal=Goal(1.3),
        what=f"report of {size.month:,} among {size.notifications:,}",
        against="the sqlite3 shell",
    )


def _of_one(db: Database, practice: Practice, size: Size) -> Figure:
    seconds = tuple(seconds_of(partial(_bill, db, [practice])) for _ in range(size.turns))
    return Figure(
        f"report of one practice of {PRACTICES}",
        "a fifth of a second",
        tuple(one / _MOST_OF_ONE for one in seconds),
        Goal(1),
        f"{min(seconds) * 1000:.3g} ms at the quickest",
    )


def _bill(db: Database, practices: Sequence[Practice]) -> Bill:
    return bill(db, _MONTH, practices, MoneyTerms(Decimal("0.10"), Decimal(21), "EUR"))


def _statement(db: Database, practices: Sequence[Practice]) -> str:
    """What the program asks SQLite for, with its values in it."""
    statements: list[str] = []
    db.conn.set_trace_callback(statements.append)
    list(usage(db, _MONTH, [practice.id for practice in practices]))
    db.conn.set_trace_callback(None)
    return statements[0]


def _in_the_shell(shell: str, path: Path, statement: str) -> tuple[float, int]:
    """The seconds that the shell itself measures when it has opened the file, and how many notifications it counts."""
    asked = f"{statement};\n.timer on\n{statement};\n"
    command = [shell, "-batch", "-init", "/dev/null", "-readonly", str(path)]
    ended = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    *rows, time = ended.stdout.splitlines()
    found = re.match(r"Run Time: real ([0-9.]+)", time)
    must(found is not None, f"the shell doesn't say how long it took, but {time!r}")
    seconds = float(found[1]) if found else 0.0
    return max(seconds, _FINEST), sum(int(row.split("|")[5]) for row in rows) // 2
