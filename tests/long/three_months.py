"""Three months of rounds against a loopback gateway whose journal is summed independently: no cent off the bills.

python -m tests.long.three_months [--seed N] [--days 92] [--patients N]

The sum knows nothing of the program: it takes the gateway's journal, counts segments by a rule of its own, and what
became of each message from the script that told the gateway. Reports come early, late, very late or never; people take
some back; months are closed on the 5th, each with its late and correction lines, until nothing is left to come. The
second practice has rules and an account of its own: two reminders, one text for all of a phone. Who was not reached has
another number the next day.
"""

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from smsreminders.domain.bill.billing import MoneyTerms, Period, Rate
from smsreminders.domain.round.exclusions import NOTHING
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import Status, Word
from smsreminders.domain.round.practice_rules import PracticeRules
from smsreminders.domain.round.sending import AccountName
from smsreminders.gateways.base import Account, Options
from smsreminders.gateways.by_name import open_gateway
from smsreminders.importers.records import AppointmentRecord, PatientRecord
from smsreminders.jobs.bill.close import close_month
from smsreminders.jobs.bill.show import Bill, bill
from smsreminders.jobs.desk.settle import settle
from smsreminders.store.database import Database, opened, write_transaction
from smsreminders.store.practices import all_practices
from smsreminders.store.round.statuses import move
from smsreminders.store.times import to_text
from tests.accounts import several
from tests.builders import RECEPTION, add_rate, as_text
from tests.gateways.fake_spryng import FakeSpryng
from tests.long.bench import RATE, SCHEDULE, WORDING, ZONE, House, MovingClock, build

FIRST = date(2026, 9, 1)
NEW_RATE, NEW_RATE_FROM = Decimal("0.0825"), date(2026, 10, 16)
NAMES = ("Pim", "Zoë", "Ştefan", "Françoise van den Berg-Kanarievogel")
LATE = timedelta(days=35)
FAMILY = {"nl": "{count} afspraken op {day} {date}, de eerste om {time} bij {practice}, kanarie."}
RULES_OF_TWO = PracticeRules(
    replace(SCHEDULE, remind=(3, 1), combine=Combine.PHONE), replace(WORDING, family=FAMILY), NOTHING, "noord", {}
)
_OF_SEVERAL = "select count(*) from (select 1 from covers group by notification_id having count(*) > 1)"
_GSM_7 = frozenset(  # 3GPP TS 23.038, written out here once more: what the names and texts of this script hold
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:-èéùìòÇØøÅåÄÖÑÜäöñüà"
)


@dataclass
class Figures:
    """What the months came to; `cents` is the sum of all differences, of each line of each bill."""

    rounds: int = 0
    texts: int = 0
    late: int = 0
    corrections: int = 0
    waived: int = 0
    several: int = 0
    again: int = 0
    bills: int = 0
    cents: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether no cent is off, and there was something to be off by."""
        happened = (self.texts, self.late, self.corrections, self.waived, self.several, self.again)
        return self.cents == 0 and min(happened) > 0


@dataclass
class Fate:
    """What becomes of a message: when its delivery is told (None: never), when a person takes it back.

    `fails_first`: until then it is told to have failed.
    """

    told_at: datetime | None
    taken_back: datetime | None
    fails_first: bool = False


class Months:
    """The script: it acts on the program, on the gateway, and keeps what it told."""

    def __init__(self, folder: Path, spryngs: Mapping[str, FakeSpryng], *, seed: int, days: int, patients: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311  # the same months each time
        self.spryngs, self.days, self.patients = spryngs, days, patients
        self.clock = MovingClock(moment(FIRST, 8), frozen=True)
        self.house = House(folder / "months.db", self.clock)
        build(self.house.database, practices=2)
        self.accounts = several({name: self.account(name) for name in spryngs}, {"praktijk-2": "noord"})
        self.rows: dict[str, AppointmentRecord] = {}  # as the practices have them, by id
        self.fates: dict[str, Fate] = {}
        self.known: dict[str, datetime] = {}  # when the program was told, by our clock
        self.reversed: dict[str, datetime] = {}
        self.closes: list[tuple[Period, datetime]] = []
        self.figures = Figures()

    def account(self, name: str) -> Account:
        spryng = self.spryngs[name]
        own = {"api_key": spryng.api_key, "account_reference": spryng.account_reference}
        options = Options(beside=self.house.database, base_url=spryng.url, timeout=30, own=own, secret=None)
        gateway = open_gateway("spryng", options)
        return Account(AccountName("spryng", name), gateway, 8, 1_000_000, timedelta(minutes=10))

    @property
    def journal(self) -> list[dict[str, object]]:
        """What both accounts took."""
        return [sms for spryng in self.spryngs.values() for sms in spryng.journal]

    def run(self) -> Figures:
        """The days, then so many more polls and closes that nothing can come any more."""
        with opened(self.house.database) as db, write_transaction(db):
            add_rate(db, Rate(NEW_RATE, NEW_RATE_FROM))
        for number in range(self.days + 100):
            day = FIRST + timedelta(days=number)
            self.go_to(moment(day, 9))
            if number < self.days:
                self.agenda_comes(day)
                self.numbers_change()
                self.house.dispatch(self.accounts, practices={"praktijk-2": RULES_OF_TWO})
                self.figures.rounds += 1
            self.go_to(moment(day, 18))
            self.reports_come()
            self.people_speak()
            self.go_to(moment(day, 19))
            if day.day == 5:
                self.close(Period.of(day).previous)
        self.figures.texts = len(self.journal)
        self.compare()
        return self.figures

    def go_to(self, when: datetime) -> None:
        self.clock.move_to(when)
        for spryng in self.spryngs.values():
            spryng.now = self.clock.now()

    def agenda_comes(self, day: date) -> None:
        """Appointments for the next days, of both practices; of some patients and phones several on a day."""
        for practice_id in (1, 2):
            rows: list[AppointmentRecord] = []
            for _ in range(self.draw.randrange(self.patients)):
                number = self.draw.randrange(10_000)
                start = day + timedelta(days=self.draw.choice((1, 1, 2, 4)))
                patients = [f"P{number}"] * self.draw.choice((1, 1, 2)) + [f"Q{number}"] * self.draw.choice((0, 0, 1))
                names = {patient: self.draw.choice(NAMES) for patient in patients}
                for patient in patients:
                    who = PatientRecord("", patient, names[patient], f"06{12_300_000 + number}", "nl", True)
                    id_ = f"A{practice_id}-{day}-{len(rows)}"
                    rows.append(AppointmentRecord("", id_, who, moment(start, self.draw.randrange(10, 17))))
            self.tell(practice_id, rows)

    def numbers_change(self) -> None:
        """Who was not reached has another number."""
        with opened(self.house.database, read_only=True) as db:
            failed = db.execute(
                "select n.practice_id, a.source_id from notifications n join covers c on c.notification_id = n.id"
                " join appointments a on a.id = c.appointment_id"
                " where n.status = 'failed' and n.attempt = 1 and a.starts_at > ?",
                [to_text(self.clock.now())],
            ).fetchall()
        for practice_id, id_ in failed:
            patient = self.rows[id_].patient._replace(phone=f"06{12_310_000 + self.draw.randrange(10_000)}")
            self.tell(practice_id, [self.rows[id_]._replace(patient=patient)])

    def tell(self, practice_id: int, rows: Sequence[AppointmentRecord]) -> None:
        self.rows |= {row.source_id: row for row in rows}
        if rows:
            self.house.tell(*rows, practice_id=practice_id)

    def reports_come(self) -> None:
        """What the gateway has by now; a fate is drawn for what it took since."""
        now = self.clock.now()
        for spryng in self.spryngs.values():
            for sms in spryng.journal:
                reference = str(sms["reference"])
                if reference not in self.fates:
                    fate = self.fates[reference] = self.a_fate(now)
                    if fate.fails_first or (fate.told_at is None and self.draw.random() < 0.5):
                        spryng.report(reference, "Failed")
                told_at = self.fates[reference].told_at
                if told_at and told_at <= now:
                    spryng.report(reference, "Delivered")
                    self.known.setdefault(reference, now)  # the poll that follows must find it
        self.house.poll(self.accounts)

    def a_fate(self, now: datetime) -> Fate:
        days = self.draw.choices((0, 1, 8, 20, 33, None), weights=(60, 15, 6, 6, 6, 7))[0]
        told_at = None if days is None else now + timedelta(days=days)
        back = told_at + timedelta(days=self.draw.randrange(1, 45)) if told_at and self.draw.random() < 0.05 else None
        return Fate(told_at, back, fails_first=days == 1 and self.draw.random() < 0.5)

    def people_speak(self) -> None:
        """A person takes a delivered one back; and knows of one that the gateway forgot, long after."""
        now = self.clock.now()
        with opened(self.house.database) as db:
            for reference, fate in self.fates.items():
                if fate.taken_back and fate.taken_back <= now and reference in self.known.keys() - self.reversed.keys():
                    settle(db, reference, Word.NOT_DELIVERED, clock=self.clock, access=RECEPTION)
                    self.reversed[reference] = now
            self.remember_one(db, now)

    def remember_one(self, db: Database, now: datetime) -> None:
        """Once: what expired long ago is known to be delivered after all, too late to be billed."""
        if self.figures.waived or now < moment(FIRST, 18) + timedelta(days=50):
            return
        row = db.execute(
            "select id, reference from notifications where status = 'expired' and sent_on < ? order by id limit 1",
            [(now - LATE).date().isoformat()],
        ).fetchone()
        if row:
            with write_transaction(db):
                move(db, row[0], Status.EXPIRED, Status.DELIVERED, now=now)
            self.known[row[1]] = now
            self.fates[row[1]] = Fate(now, None)
            self.figures.waived += 1

    def close(self, period: Period) -> None:
        if period < Period.of(FIRST):
            return
        terms = MoneyTerms(RATE, Decimal(21), "EUR")
        with opened(self.house.database) as db:
            close_month(db, period, terms=terms, zone=ZONE, force=False, as_csv=as_text, clock=self.clock)
        self.closes.append((period, self.clock.now()))

    def compare(self) -> None:
        """Every bill, line by line in cents, against the sum over the journal."""
        expected = self.expected()
        with opened(self.house.database) as db:
            (self.figures.several,) = db.execute(_OF_SEVERAL).fetchone()
            (self.figures.again,) = db.execute("select count(*) from notifications where attempt > 1").fetchone()
            practices = all_practices(db)
            for period, _ in self.closes:
                month = bill(db, period, practices, MoneyTerms(RATE, Decimal(21), "EUR"))
                self.count(month)
                lines = {
                    (line.practice_name, line.kind, str(line.usage_month), str(line.rate)): int(line.amount * 100)
                    for line in month.lines
                }
                for key in lines.keys() | expected[str(period)].keys():
                    off = lines.get(key, 0) - expected[str(period)].get(key, 0)
                    self.figures.cents += abs(off)
                    if off:
                        self.figures.examples.append(f"{period} {key}: {off} cents")

    def count(self, month: Bill) -> None:
        self.figures.bills += len(month.totals)
        for line in month.lines:
            self.figures.late += line.notifications if line.kind == "late" else 0
            self.figures.corrections -= line.notifications if line.kind == "correction" else 0

    def expected(self) -> dict[str, dict[tuple[str, str, str, str], int]]:
        """Cents by period and line, from the journal: what each close could know."""
        segments: dict[str, Counter[tuple[str, str, str, str]]] = defaultdict(Counter)
        for sms in self.journal:
            reference, text = str(sms["reference"]), str(sms["text"])
            sent = sms["at"]
            assert isinstance(sent, datetime)
            local = sent.astimezone(ZONE)
            own, count = f"{local:%Y-%m}", parts(text)
            rate = "0.0825" if local.date() >= NEW_RATE_FROM else "0.10"
            practice = text[text.index("Kanarie Praktijk") :][: len("Kanarie Praktijk 1")]
            charged = None
            for period, closed_at in self.closes:
                known, back = self.known.get(reference), self.reversed.get(reference)
                if charged is None and str(period) >= own and known and known <= closed_at:
                    if back and back <= closed_at:
                        break
                    kind = "regular" if str(period) == own else "late"
                    if kind == "late" and known - sent.replace(microsecond=0) > LATE:
                        break
                    segments[str(period)][practice, kind, own, rate] += count
                    charged = period
                elif charged and back and back <= closed_at:
                    segments[str(period)][practice, "correction", own, rate] -= count
                    break
        return {
            period: {key: cents(count, key[3]) for key, count in lines.items()} for period, lines in segments.items()
        } | {str(period): {} for period, _ in self.closes if str(period) not in segments}


def parts(text: str) -> int:
    """Segments, counted plainly: this script's texts have no character of two units."""
    alone, joined = (160, 153) if set(text) <= _GSM_7 else (70, 67)
    return 1 if len(text) <= alone else -(-len(text) // joined)


def cents(segments: int, rate: str) -> int:
    """Segments times a rate in whole cents, half away from zero, by integers."""
    ten_thousandths = abs(segments) * int(Decimal(rate).scaleb(4))
    return (1 if segments > 0 else -1) * ((ten_thousandths + 50) // 100)


def moment(day: date, hour: int) -> datetime:
    """A local hour, in UTC."""
    return datetime.combine(day, time(hour), ZONE).astimezone(UTC)


def run(*, seed: int, days: int = 92, patients: int = 8) -> Figures:
    """The months in a folder of their own."""
    with TemporaryDirectory(prefix="smsreminders-months-") as folder, FakeSpryng() as spryng, FakeSpryng() as other:
        return Months(Path(folder), {"": spryng, "noord": other}, seed=seed, days=days, patients=patients).run()


def main() -> int:
    """Run, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.three_months", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=92)
    parser.add_argument("--patients", type=int, default=8, help="at most so many appointments a practice and day")
    options = parser.parse_args()
    figures = run(seed=options.seed, days=options.days, patients=options.patients)
    sys.stdout.write(
        f"seed {options.seed}: {figures.rounds} rounds, {figures.texts} texts, {figures.several} for several, "
        f"{figures.again} second attempts, {figures.late} late, "
        f"{figures.corrections} corrections, {figures.waived} waived, {figures.bills} bills: "
        f"{figures.cents} cents of difference\n"
    )
    sys.stdout.write("".join(f"  {example}\n" for example in figures.examples))
    return 0 if figures.kept else 1


if __name__ == "__main__":
    sys.exit(main())
