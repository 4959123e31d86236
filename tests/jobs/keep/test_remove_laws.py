"""Whatever three practices lived through: the removal of one leaves nothing of its patients and all of the others'."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.changes import PatientChange
from smsreminders.domain.keep.retention import Retention
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.errors import SmsremindersError
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord
from smsreminders.jobs.bill.close import close_month
from smsreminders.jobs.bill.show import bill
from smsreminders.jobs.desk.patient import edit_patient
from smsreminders.jobs.desk.reply import settle_replies, whole_reply
from smsreminders.jobs.desk.stopped import lift_number, stop_number
from smsreminders.jobs.keep.access import look, verify
from smsreminders.jobs.keep.erase import erase_patient
from smsreminders.jobs.keep.purge import purge
from smsreminders.jobs.keep.removing import remove_practice
from smsreminders.store.database import Database, opened, write_transaction
from smsreminders.store.keep import leaving
from smsreminders.store.practices import all_practices
from smsreminders.store.round.replies import replies
from tests.builders import RECEPTION, a_database, as_text
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, ZONE, a_practice, local
from tests.jobs.hearing import HearingGateway, received

CODES = ("linde", "duin", "eik")  # the first is removed
NUMBERS = {"shared": "06-12345601", "linde": "06-12345602", "duin": "06-12345603", "eik": "06-12345604"}
# what nobody but patients of the one that is removed has; and the number, unless another practice has a reply of it
CANARY, NUMBER_OF_LINDE = re.compile(rb"(?i)lindenaar|kamer linde"), b"12345602"
TERMS = MoneyTerms(RATE, Decimal(21), "EUR")
PASSING = {"night": timedelta(days=1), "season": timedelta(days=91)}
CODE, NUMBER = st.sampled_from(CODES), st.sampled_from(sorted(NUMBERS))
PERHAPS_STOP = "Graag geen berichten meer"
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["round", "poll", "night", "season", "purge"])),
        st.tuples(st.sampled_from(["import", "look"]), CODE),
        st.tuples(st.sampled_from(["edit", "erase"]), CODE, st.sampled_from(["P1", "P2"])),
        st.tuples(st.sampled_from(["stop", "lift"]), CODE, st.sampled_from(["shared", "own"])),
        st.tuples(st.just("reply"), NUMBER, st.sampled_from(["Wie is dit", PERHAPS_STOP])),
    ),
    max_size=14,
)


def e164(number: str) -> str:
    return f"+31{NUMBERS[number].replace('-', '')[1:]}"


class Three:
    """Three practices; a patient P1 of each has the same number, P2 one of its own."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.gateway = bench.gateway = HearingGateway()
        self.practices = {code: a_practice(bench.db, code) for code in CODES}

    def do(self, step: tuple[str, ...]) -> None:
        clock, db = self.bench.clock, self.bench.db
        clock.go_to(clock.now() + PASSING.get(step[0], timedelta()))
        access = replace(RECEPTION, at=clock.now())
        match step:
            case ["import", code]:
                self.bench.imports(self.practices[code], Kind.APPOINTMENTS, list(self.rows(code)), sure=True)
            case ["round"]:
                self.bench.round()
            case ["poll"]:
                self.poll()
            case ["reply", number, says]:
                self.gateway.pages = [[received(says, f"{clock.now()}{number}", phone=e164(number), at=clock.now())]]
                self.poll()
            case ["edit", code, id_]:
                change = PatientChange(phone=NUMBERS["shared" if id_ == "P2" else code])
                edit_patient(db, self.practices[code], id_, change, access=access)
            case ["erase", code, id_]:
                self.erase(code, id_)
            case ["stop" | "lift" as word, code, number]:
                told = stop_number if word == "stop" else lift_number
                phone = e164(code if number == "own" else number)
                told(db, self.practices[code], phone, by="anna", access=access, now=access.at)
            case ["look", code]:
                look(db, access, [(code, "P1")])
            case ["purge"]:
                purge(db, Retention(), access=access, clock=clock)

    def rows(self, code: str) -> Iterator[AppointmentRecord]:
        start = self.bench.clock.now() + timedelta(days=1)
        for id_, number in (("P1", "shared"), ("P2", code)):
            patient = PatientRecord("", id_, f"{code.title()}naar", NUMBERS[number], consent=True)
            yield AppointmentRecord("", f"{id_}-{start:%Y%m%d}", patient, start, location=f"Kamer {code}")

    def poll(self) -> None:
        self.gateway.reports = [DeliveryReport(sms.reference, Status.DELIVERED, "ok") for sms in self.gateway.journal]
        self.bench.poll()

    def erase(self, code: str, id_: str) -> None:
        access = replace(RECEPTION, at=self.bench.clock.now())
        practice = self.practices[code]
        erase_patient(self.bench.db, practice, id_, access=access, forget=lambda _: None, clock=self.bench.clock)

    def close(self) -> None:
        """Settle all that stands in the way: reports, replies, the months until now."""
        db, clock = self.bench.db, self.bench.clock
        self.poll()
        for reply in list(replies(db, [self.practices["linde"].id], done=False)):
            settle_replies(db, [reply.id], by="anna", stops=False, access=RECEPTION, clock=clock)
        month = Period(2026, 11)
        clock.go_to(clock.now() + timedelta(days=40))
        while (month.year, month.month) < (clock.now().year, clock.now().month):
            close_month(db, month, terms=TERMS, zone=ZONE, force=True, as_csv=as_text, clock=clock)
            month = Period(month.year + month.month // 12, month.month % 12 + 1)

    def remove(self) -> None:
        access = replace(RECEPTION, at=self.bench.clock.now())
        practice = self.practices["linde"]
        remove_practice(self.bench.db, practice, access=access, forget=lambda _: None, clock=self.bench.clock)

    def of(self, code: str) -> list[str]:
        """All that is of a practice, row by row."""
        with copied(self.bench.db) as copy:
            with write_transaction(copy), leaving.unsealed(copy):
                leaving.keep_only(copy, self.practices[code].id)
            return sorted(copy.conn.iterdump())

    def bills(self) -> list[object]:
        everyone = all_practices(self.bench.db, removed=True)
        rows = self.bench.db.execute("select * from closed_periods").fetchall()
        return [*rows, bill(self.bench.db, Period(2026, 11), everyone, TERMS)]


@contextmanager
def copied(db: Database) -> Iterator[Database]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    db.conn.backup(connection)
    yield Database(connection, execute_plugins=False)
    connection.close()


@given(STEPS)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_of_a_removed_practice_nothing_stays_but_its_bills_and_of_the_others_everything(
    steps: list[tuple[str, ...]],
) -> None:
    with TemporaryDirectory() as folder, opened(path := a_database(Path(folder))) as db:
        db.execute("pragma synchronous = off")
        three = Three(Bench(path, db))
        three.bench.clock.go_to(local("2026-11-23 09:00"))
        for step in (*(("import", code) for code in CODES), *steps):
            try:
                three.do(step)
            except SmsremindersError:
                continue  # refused: there is no such patient, a text is under way, nothing to lift
        three.close()
        others, bills = {code: three.of(code) for code in CODES[1:]}, three.bills()
        three.remove()
        assert {code: three.of(code) for code in CODES[1:]} == others
        assert three.bills() == bills
        left = list(replies(db, [three.practices[code].id for code in CODES[1:]], done=True))
        content = b"".join(file.read_bytes() for file in path.parent.iterdir())
        assert CANARY.findall(content) == []
        assert (NUMBER_OF_LINDE in content) == any(reply.phone == e164("linde") for reply in left)
        assert verify(db) is None
        for reply in left:
            whole_reply(db, reply.id)
            settle_replies(db, [reply.id], by="anna", stops=True, access=RECEPTION, clock=three.bench.clock)
