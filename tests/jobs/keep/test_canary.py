"""The canary: every column that may tell of a patient is marked; what is erased, purged or removed has no mark left.

The columns are read from the database itself, so that a new one is marked too, until it is named here with a reason.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.changes import PatientChange
from smsreminders.domain.keep.retention import Retention
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord
from smsreminders.jobs.bill.close import close_month
from smsreminders.jobs.desk.patient import edit_patient
from smsreminders.jobs.desk.stopped import stop_number
from smsreminders.jobs.keep.access import look
from smsreminders.jobs.keep.erase import erase_patient
from smsreminders.jobs.keep.patient_export import export_patient
from smsreminders.jobs.keep.purge import purge
from smsreminders.jobs.keep.removing import remove_practice
from smsreminders.store.database import write_transaction
from smsreminders.store.keep.leaving import unsealed
from smsreminders.store.round.number_words import note_dead
from smsreminders.store.soundness import tables_of
from tests.builders import RECEPTION, as_text
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, ZONE, local, phone_of
from tests.jobs.hearing import HearingGateway, received

MARK = "Kanarie"
# the patient's name, id and numbers, in every way in which they may be written, and the mark
CANARY = re.compile(rb"(?i)kanarie|vogelaar|PK7|1[ -]?2[ -]?3[ -]?4[ -]?5[ -]?6[ -]?0[ -]?[19]")
NEVER = {  # no patient is in these tables, for the reason
    "_sqlite_migrations": "our own",
    "installation": "our own",
    "rounds": "when",
    "round_practices": "counts of a practice",
    "practices": "the practice's",
    "practice_days": "the practice's",
    "practice_holidays": "the practice's",
    "services": "the practice's",
    "service_assignments": "the practice's",
    "sources": "the practice's",
    "last_files": "counts of a source",
    "imports": "names of files, counts",
    "price_events": "prices",
    "inbox_marks": "a gateway's",
    "closed_periods": "sums",
    "closed_practices": "the practice's",
    "closed_totals": "sums",
    "invoice_lines": "sums",
    "charges": "numbers of rows only",
    "waivers": "numbers of rows only",
    "reply_practices": "numbers of rows only",
    "reply_appointments": "numbers of rows only",
    "round_outcomes": "numbers of rows, and one of our own words",
    "access_log": "numbers of rows, and what the staff did; chained, so that nothing is changed",
    "access_base": "a hash",
    "erasing": "the door",
    "last_lacked": "ids of appointments, which stay",
    "erased_patients": "hashes with a salt",
    "erased_appointments": "hashes with a salt",
    "erased_stops": "hashes with a salt",
}
JOINED = {  # by these a row is found, so they aren't marked: they hold the patient's own id and numbers
    *("patients.source_id", "patients.phone", "patients.e164", "said_patients.source_id", "said_patients.phone"),
    *("said_appointments.source_id", "said_appointments.patient", "appointments.source_id"),
    *("notifications.phone", "replies.phone", "stop_events.e164", "number_words.e164"),
}
STAYS = {  # what isn't the patient's own, or is kept: docs/privacy.md says so
    "notification_events.status": "one of our own words",
    "notifications.reference": "a hash",
    "notifications.sender_id": "the practice's",
    "notifications.gateway": "ours",
    "notifications.account": "ours",
    "notifications.gateway_id": "the gateway's, of which a bill is counted",
    "notifications.gateway_price": "the gateway's",
    "replies.gateway": "ours",
    "replies.account": "ours",
    "replies.gateway_id": "the gateway's",
    "replies.answered": "the practice's number",
    "replies.done_by": "who of the staff it was",
}
# hashes, by which it is known whether something is the same again
NOT_EXPORTED = ["covers.words", "said_appointments.lacked_by", "said_appointments.unread", "said_patients.unread"]
OF_THE_PATIENT = {"patients", "consent_events", "appointments", "former_appointments", "said_patients"}  # until erased
LATER = local("2026-12-07 09:00") + timedelta(days=91)


@pytest.fixture
def marked(bench: Bench, linde: Practice) -> Bench:
    """A patient has been in every table; each text that may tell of them begins with the mark."""
    bench.gateway = HearingGateway()
    for hour in ("10:30", "11:30"):  # moved
        patient = PatientRecord("", "PK7", "K. Vogelaar", "06-12345601", language="nl", consent=True)
        row = AppointmentRecord(
            "", "A1", patient, local(f"2026-11-24 {hour}"), location="Kamer 3", practitioner="Dr. Wit", type="controle"
        )
        bench.imports(linde, Kind.APPOINTMENTS, [row])
    bench.round()
    bench.gateway.reports = [DeliveryReport(bench.sms().reference, Status.DELIVERED, "DELIVRD", reported_at="now")]
    bench.gateway.pages = [[received("Kan het een uur later?", phone=phone_of("P1"))]]
    bench.poll()
    stop_number(bench.db, linde, phone_of("P1"), by="anna", access=RECEPTION, now=bench.clock.now())
    edit_patient(bench.db, linde, "PK7", PatientChange(phone="06-12345609"), access=RECEPTION)
    look(bench.db, RECEPTION, [("linde", "PK7")])
    bench.clock.go_to(local("2026-12-07 09:00"))
    terms = MoneyTerms(RATE, Decimal(21), "EUR")
    close_month(bench.db, Period(2026, 11), terms=terms, zone=ZONE, force=False, as_csv=as_text, clock=bench.clock)
    with write_transaction(bench.db), unsealed(bench.db):
        note_dead(bench.db, bench.notification().id, bench.clock.now())
        bench.db.execute("update replies set done_at = recorded_at")
        for table, column in columns(bench):
            begun = f'update "{table}" set "{column}" = ? || coalesce("{column}", \'\')'  # noqa: S608
            with suppress(sqlite3.IntegrityError):  # a word of our own: the schema takes no other
                bench.db.execute(begun, [f"{MARK} {table}.{column} "])
    return bench


def columns(bench: Bench) -> Iterator[tuple[str, str]]:
    """The columns that may tell of a patient: not a time, not one by which a row is found, not one that stays."""
    for table in set(tables_of(bench.db)) - set(NEVER):
        (count,) = bench.db.execute(f'select count(*) from "{table}"').fetchone()  # noqa: S608
        assert count, f"say in NEVER why no patient is in {table}, or let the fixture put one there"
        for _, column, type_, *_ in bench.db.execute(f'pragma table_info("{table}")').fetchall():
            is_time = column.endswith(("_at", "_on", "as_of")) or column == "at"
            if type_ == "TEXT" and not is_time and not {f"{table}.{column}"} & (JOINED | set(STAYS)):
                yield table, column


def left(bench: Bench) -> set[str]:
    """Where a mark is left, by column; and the files with any byte of the patient."""
    found = set()
    for table in tables_of(bench.db):
        for _, column, *_ in bench.db.execute(f'pragma table_info("{table}")').fetchall():
            values = bench.db.execute(f'select cast("{column}" as blob) from "{table}"').fetchall()  # noqa: S608
            if any(value and CANARY.search(value) for (value,) in values):
                found.add(f"{table}.{column}")
    return found | {path.name for path in bench.path.parent.iterdir() if CANARY.search(path.read_bytes())}


def erased(bench: Bench, practice: Practice) -> None:
    erase_patient(bench.db, practice, "PK7", access=RECEPTION, forget=lambda _references: None, clock=bench.clock)


def removed(bench: Bench, practice: Practice) -> None:
    remove_practice(bench.db, practice, access=RECEPTION, forget=lambda _references: None, clock=bench.clock)


def test_the_marks_are_in_every_table_that_may_tell_of_a_patient(marked: Bench) -> None:
    tables = {place.split(".")[0] for place in left(marked)}
    assert tables - {"smsreminders"} == set(tables_of(marked.db)) - set(NEVER)
    names = {f"{table}.{column}" for table, column in columns(marked)}
    known = {*(name.split(".")[0] for name in (*JOINED, *STAYS)), *NEVER}
    assert known <= set(tables_of(marked.db))
    assert names & {*JOINED, *STAYS} == set()


@pytest.mark.parametrize("deed", [erased, removed])
def test_no_byte_of_a_patient_who_is_erased_or_whose_practice_is_removed_stays(
    marked: Bench, linde: Practice, deed: Callable[[Bench, Practice], None]
) -> None:
    deed(marked, linde)
    assert left(marked) == set()


def test_what_is_purged_is_in_no_table_but_the_patients_own(marked: Bench) -> None:
    marked.clock.go_to(LATER)
    purge(marked.db, Retention(), access=replace(RECEPTION, at=LATER), clock=marked.clock)
    assert {place.split(".")[0] for place in left(marked)} - {"smsreminders"} == OF_THE_PATIENT
    marked.db.execute("pragma foreign_keys = off")
    with write_transaction(marked.db), unsealed(marked.db):
        for table in OF_THE_PATIENT:
            marked.db.execute(f"delete from {table}")  # noqa: S608
    assert left(marked) == set()


def test_an_export_has_every_column_that_may_tell_of_the_patient(marked: Bench, linde: Practice) -> None:
    stored = b"".join(path.read_bytes() for path in marked.path.parent.iterdir()).decode(errors="replace")
    known = json.dumps(export_patient(marked.db, linde, "PK7", access=RECEPTION).tables)
    marks = {f"{table}.{column}": f"{MARK} {table}.{column} " for table, column in columns(marked)}
    assert [name for name, mark in sorted(marks.items()) if mark in stored and mark not in known] == NOT_EXPORTED
