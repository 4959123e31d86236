"""What a practice's database keeps: after a year of weekly purges its texts take no more room than after a quarter.

python -m tests.long.kept_for_a_year [--texts N]

A practice lives by the real jobs: a file each night, a round and a poll each working day, replies, a close each month,
a purge each week. The room of texts is what its file takes beyond what is left of it when the last text is purged:
keys, counts, patients. One more life has no purge, to compare.
"""

import argparse
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.keep.retention import Retention
from smsreminders.domain.local_time import to_utc
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.domain.text.message import Wording
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord
from smsreminders.jobs.bill.close import close_month
from smsreminders.jobs.keep.purge import purge
from smsreminders.store.database import opened
from tests.builders import RECEPTION, a_database, as_text
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, ZONE, a_practice, own_rules
from tests.jobs.clock import FixedClock
from tests.jobs.hearing import HearingGateway, received

FIRST = date(2027, 1, 4)  # a Monday
WORDING = Wording(
    {
        "nl": "Beste {patient}, u heeft {day} {date} om {time} een afspraak bij {practice}. Kunt u niet komen? Bel ons"
        " dan uiterlijk een werkdag tevoren: {phone}."
    }
)
TERMS = MoneyTerms(RATE, Decimal(21), "EUR")


@dataclass(frozen=True, slots=True)
class Pace:
    """How a practice lives: its texts a day, how far a file looks ahead, what is kept how long, a quarter's days."""

    texts: int
    ahead: int = 28
    retention: Retention = Retention()  # noqa: RUF009  # frozen
    quarter: int = 91


SHORT = Pace(
    texts=40,
    ahead=2,
    retention=Retention(texts=timedelta(days=7), source_rows=timedelta(days=2)),
    quarter=7,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The bytes of a database file at a moment, those of them that its texts take, and how many texts there were."""

    file: int
    of_texts: int
    texts: int


class Life:
    """A practice whose rounds all arrive."""

    def __init__(self, bench: Bench, pace: Pace) -> None:
        self.bench, self.pace = bench, pace
        self.gateway = bench.gateway = HearingGateway()
        self.practice = a_practice(bench.db)
        self.draw = random.Random(1)  # noqa: S311
        self.agenda: dict[date, list[AppointmentRecord]] = {}
        self.number = 0

    def live(self, days: int, *, purges: bool) -> None:
        """So many days, each seventh of which ends with a purge."""
        for day in (FIRST + timedelta(days=number) for number in range(days)):
            self.night(day)
            if day.weekday() < 5:
                self.morning(day)
            if day.day == 6 and day.month != FIRST.month:
                month = day.replace(day=1) - timedelta(days=1)
                period = Period(month.year, month.month)
                close_month(
                    self.bench.db, period, terms=TERMS, zone=ZONE, force=True, as_csv=as_text, clock=self.bench.clock
                )
            if purges and day.weekday() == 6:
                purge_all(self.bench, self.pace.retention)

    def night(self, day: date) -> None:
        self.bench.clock.go_to(at(day, clock_time(6)))
        rows = [row for number in range(self.pace.ahead + 1) for row in self.of_day(day + timedelta(days=number))]
        self.bench.imports(self.practice, Kind.APPOINTMENTS, rows, source="nightly", content=str(day), sure=True)

    def morning(self, day: date) -> None:
        self.bench.clock.go_to(at(day, clock_time(9)))
        before = len(self.gateway.journal)
        own = {self.practice.code: own_rules(wording=WORDING, daily_limit=100_000)}
        self.bench.round(own=own)
        went = self.gateway.journal[before:]
        self.gateway.reports = [DeliveryReport(sms.reference, Status.DELIVERED, "DELIVRD") for sms in went]
        now = self.bench.clock.now()
        self.gateway.pages = [
            [received("Dank u, tot dan!", sms.reference, phone=sms.phone, at=now) for sms in went[::20]]
        ]
        self.bench.clock.go_to(at(day, clock_time(12)))
        self.bench.poll()

    def of_day(self, day: date) -> list[AppointmentRecord]:
        if day not in self.agenda:
            count = self.pace.texts if day.weekday() < 5 else 0
            self.agenda[day] = [self.a_row(day, minute * 540 // count) for minute in range(count)]
        return self.agenda[day]

    def a_row(self, day: date, minute: int) -> AppointmentRecord:
        self.number += 1
        patient = self.draw.randrange(self.pace.texts * 60)
        person = PatientRecord("", f"P{patient}", f"Naam {patient}", f"06-1{patient:07}", consent=True)
        starts_at = at(day, clock_time(8)) + timedelta(minutes=minute)
        return AppointmentRecord(
            "", f"{1_000_000 + self.number}", person, starts_at, location="Kamer 3", practitioner="Dr. Jansen"
        )


def at(day: date, time: clock_time) -> datetime:
    return to_utc(datetime.combine(day, time), ZONE)


def purge_all(bench: Bench, retention: Retention) -> None:
    purge(bench.db, retention, access=replace(RECEPTION, at=bench.clock.now()), clock=bench.clock)


def kept(bench: Bench, pace: Pace) -> Kept:
    """What the file takes now, and would without its texts."""
    file = bench.path.stat().st_size
    (texts,) = bench.db.execute("select count(*) from notifications").fetchone()
    with TemporaryDirectory() as folder:
        path = Path(folder) / bench.path.name
        shutil.copytree(bench.path.parent, folder, dirs_exist_ok=True)
        with opened(path) as db:
            later = bench.clock.now() + pace.retention.texts + timedelta(days=pace.ahead + 1)
            purge_all(Bench(path, db, FixedClock(later)), pace.retention)
        return Kept(file, file - path.stat().st_size, texts)


def quarter_and_year(pace: Pace, *, purges: bool = True) -> Iterator[Kept]:
    """What is kept after a quarter and after a year; the same life each time."""
    for quarters in (1, 4):
        with TemporaryDirectory() as folder, opened(path := a_database(Path(folder))) as db:
            db.execute("pragma synchronous = off")
            bench = Bench(path, db)
            Life(bench, pace).live(quarters * pace.quarter, purges=purges)
            yield kept(bench, pace)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--texts", type=int, default=40, help="appointments of a working day")
    pace = Pace(parser.parse_args().texts)
    for purges in (True, False):
        quarter, year = quarter_and_year(pace, purges=purges)
        sys.stdout.write(
            f"{'purged each week' if purges else 'never purged'}: after a quarter {quarter.texts} texts, file "
            f"{quarter.file:,} bytes, {quarter.of_texts:,} of them of texts; after a year {year.texts} texts, file "
            f"{year.file:,} ({year.file / quarter.file:.2f} times), of texts {year.of_texts:,} "
            f"({year.of_texts / quarter.of_texts:.2f} times); what stays of a text: "
            f"{(year.file - year.of_texts) // year.texts} bytes\n"
        )
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
