"""Made-up practices with what a round of theirs needs, and the settings that all benches share."""

import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from smsreminders.domain.round.guards import AgendaAges
from smsreminders.domain.round.window import Schedule
from smsreminders.domain.round.workdays import Region
from smsreminders.domain.text.message import Wording
from smsreminders.store.database import Database, create, opened, write_transaction

ZONE = ZoneInfo("Europe/Amsterdam")
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # a Tuesday, 09:00 in Amsterdam
TOMORROW = "2026-11-25"
RATE = Decimal("0.10")
WORDING = Wording({"nl": "Beste {patient}, u heeft {day} {date} om {time} een afspraak bij {practice}."})
SCHEDULE = Schedule(
    zone=ZONE,
    region=Region("NL", "nl"),
    weekdays=frozenset(range(5)),
    minimum_notice=timedelta(hours=2),
    sending_hours=(clock_time(8), clock_time(20)),
    daily_limit=1_000_000,
    longest_run=timedelta(hours=2),
    agenda_ages=AgendaAges(timedelta(days=4), timedelta(days=10)),
)


class RunningClock:
    """A clock that starts at MORNING and runs on from there."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The time of day."""
        return MORNING + timedelta(seconds=self.elapsed())

    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    def pause(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def fill(database: Path, *, practices: int, due: int) -> None:
    """Make a database of so many practices, whose patients have so many appointments tomorrow, all with consent."""
    create(database)
    with opened(database) as db, write_transaction(db):
        _add_practices(db, practices)
        db.execute(
            "insert into patients (id, practice_id, source_id, name, phone, e164)"
            " with recursive n (i) as (select 1 union all select i + 1 from n where i < ?)"
            " select i, 1 + i % ?, 'P' || i, char(65 + i % 26) || '. Jansen', printf('06%08d', 10000000 + i),"
            " printf('+316%08d', 10000000 + i) from n",
            [due, practices],
        )
        db.execute(
            "insert into consent_events (patient_id, channel, given, at, how, by_whom, wording, recorded_at)"
            " select id, 'sms', 1, '2026-01-05T09:00:00Z', 'desk', '', '', '2026-01-05T09:00:00Z' from patients"
        )
        db.execute(
            "insert into appointments (practice_id, source_id, patient_id, starts_at, location, practitioner, type,"
            " status, revision)"
            " select practice_id, 'A' || id, id, printf('%sT%02d:%02d:00Z', ?, 7 + id % 9, id % 12 * 5),"
            " '', '', '', 'booked', 1 from patients",
            [TOMORROW],
        )


def _add_practices(db: Database, practices: int) -> None:
    for number in range(1, practices + 1):
        db.execute(
            "insert into practices (id, code, name, sender_id, phone, legal_name, street, postcode, town, kvk_number,"
            " vat_number, buyer_reference) values (?, ?, ?, 'Praktijk', '', '', '', '', '', '', '', '')",
            [number, f"praktijk-{number}", f"Praktijk {number}"],
        )
        db.execute(
            "insert into services (id, practice_id, type, name, enabled) values (?, ?, 'notifications',"
            " 'Notificaties', 1)",
            [number, number],
        )
        db.execute(
            "insert into service_assignments (service_id, channel, notification_type)"
            " values (?, 'sms', 'appointment-reminder')",
            [number],
        )
