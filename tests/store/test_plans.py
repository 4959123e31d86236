"""How SQLite answers the queries of every run: by index, however many rows there are."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from smsreminders.domain.bill.billing import Period
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import AccountName, DeliveryReport
from smsreminders.store import patients
from smsreminders.store.agenda import imports, said
from smsreminders.store.agenda.said import SourceRow
from smsreminders.store.appointments import appointments_among, appointments_between
from smsreminders.store.bill import billing, closing
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient
from smsreminders.store.round import claims, inbox, notification_counts, notifications, outbox, replies, reports, rounds
from smsreminders.store.round.due import due_between, next_due
from smsreminders.store.round.statuses import move
from smsreminders.store.round.stopped import stopped_among
from tests.builders import NOW, a_notification, an_appointment

# the aliases under which the queries know the tables that grow
BIG = {
    *("a", "appointments", "p", "patients", "consent_events", "said_patients", "said_appointments"),
    *("n", "q", "notifications", "notification_events", "o", "round_outcomes", "x", "round_practices"),
    *("i", "before", "imports"),
}
SOURCE = SourceRow(1, 1, "export", "patients", {})
BOUNDS = re.compile(r"INDEX notifications_\w+ \((.*)\)")
STEP = re.compile(r"(SEARCH|SCAN) (\w+)(?: USING (?:COVERING )?(?:INDEX (\w+)|(INTEGER PRIMARY KEY|PRIMARY KEY)))?")


def explained(db: Database, call: Callable[[Database], object]) -> list[str]:
    """What SQLite says that it does for the statements of a call."""
    statements: list[str] = []
    db.conn.set_trace_callback(statements.append)
    try:
        call(db)
    finally:
        db.conn.set_trace_callback(None)
    return [row[3] for sql in statements for row in db.execute(f"explain query plan {sql}")]


def steps_of(db: Database, call: Callable[[Database], object]) -> list[tuple[str, str, str]]:
    """How SQLite walks through each table for the statements of a call: (search or scan, table, index)."""
    found = map(STEP.match, explained(db, call))
    return [(step[1], step[2], step[3] or step[4] or "") for step in found if step]


def index_of(steps: list[tuple[str, str, str]], table: str) -> list[tuple[str, str]]:
    return [(way, index) for way, name, index in steps if name == table]


def indexes_written(db: Database, call: Callable[[Database], object]) -> list[int]:
    """How many entries of indexes each statement of a call that writes puts in, apart from indexes of few rows."""
    statements: list[str] = []
    db.conn.set_trace_callback(statements.append)
    try:
        call(db)
    finally:
        db.conn.set_trace_callback(None)
    programs = [[(row[1], row[2], row[3]) for row in db.execute(f"explain {sql}")] for sql in statements]
    of_few = {root for (root,) in db.execute("select rootpage from sqlite_master where sql like 'create%) where %'")}
    written = [
        {cursor for step, cursor, root in program if step == "OpenWrite" and root not in of_few} for program in programs
    ]
    return [
        sum(step == "IdxInsert" and cursor in of_tables for step, cursor, _ in program)
        for program, of_tables in zip(programs, written, strict=True)
        if of_tables
    ]


def the_due(db: Database) -> object:
    return due_between(db, 1, NOW, NOW + timedelta(days=4), rehearsed=False)


def the_bill(db: Database) -> object:
    return list(billing.usage(db, Period(2026, 11), [1, 2]))


def what_is_not_final(db: Database) -> object:
    return reports.not_final(db, [1, 2], NOW, failed_since=NOW)


def test_a_round_finds_the_due_by_start_their_notification_by_its_key_and_their_consent_by_patient(
    db: Database,
) -> None:
    steps = steps_of(db, the_due)
    assert index_of(steps, "a") == [("SEARCH", "appointments_by_start")]
    assert index_of(steps, "c") == [("SEARCH", "PRIMARY KEY")]
    assert index_of(steps, "n") == [("SEARCH", "INTEGER PRIMARY KEY")]
    assert index_of(steps, "consent_events") == [("SEARCH", "consent_events_in_force")]
    assert index_of(steps, "p") == [("SEARCH", "INTEGER PRIMARY KEY")]


def test_a_round_finds_stopped_and_dead_numbers_by_practice_and_number_and_who_has_one_by_it(db: Database) -> None:
    steps = steps_of(db, the_due)
    assert ("SEARCH", "stop_events_of") in index_of(steps, "s")
    assert index_of(steps, "m") == [("SEARCH", "number_words_of")]
    assert {index for _, index in index_of(steps, "l")} == {"stop_events_of", "number_words_of"}
    holders = steps_of(db, lambda db: patients.patients_of_number(db, "+31612345678"))
    assert index_of(holders, "p") == [("SEARCH", "patients_of_number")]
    among = steps_of(db, lambda db: stopped_among(db, [(1, "+31612345678")]))
    assert index_of(among, "s") == [("SEARCH", "stop_events_of")]


def test_a_round_finds_who_may_have_asked_to_stop_by_an_index_of_nothing_else(db: Database) -> None:
    assert ("SEARCH", "replies_holding") in index_of(steps_of(db, the_due), "r")
    among = steps_of(db, lambda db: replies.perhaps_stopped_among(db, [(1, "+31612345678")]))
    assert index_of(among, "r") == [("SEARCH", "replies_holding")]
    assert index_of(among, "x") == [("SEARCH", "PRIMARY KEY")]


def test_a_poll_finds_whose_a_reply_is_by_its_phone_and_what_waits_by_an_index_of_nothing_else(db: Database) -> None:
    account = AccountName("spryng")
    by_phone = steps_of(db, lambda db: (inbox.texted(db, account, "+316", NOW), inbox.told_to(db, "+316", [1])))
    assert {step for step in by_phone if step[1] in {"n", "notifications"}} == {
        ("SEARCH", "notifications", "notifications_to"),
        ("SEARCH", "n", "notifications_to"),
    }
    known = steps_of(db, lambda db: inbox.known_ids(db, account, ["r1", "r2"]))
    assert index_of(known, "replies") == [("SEARCH", "sqlite_autoindex_replies_1")]
    waiting = steps_of(db, lambda db: replies.count_replies(db, [1], done=False))
    assert index_of(waiting, "r") == [("SCAN", "replies_waiting")]
    confirmed = index_of(steps_of(db, the_due), "k")
    assert confirmed == [("SEARCH", "reply_appointments_of")]


def test_the_key_of_covers_is_on_appointment_type_revision_occasion_attempt_and_rehearsed(db: Database) -> None:
    keys = sorted((row[5], row[1]) for row in db.execute("pragma table_info(covers)") if row[5])
    columns = ["appointment_id", "notification_type", "revision", "occasion", "attempt", "rehearsed"]
    assert [name for _, name in keys] == columns


@pytest.mark.parametrize(
    "call",
    [
        lambda db: outbox.queue(db, [1, 2]),
        the_bill,
        claims.in_sending,
        lambda db: outbox.uncertain(db, [1], rehearsed=False),
        lambda db: notification_counts.count_by_status(db, [1], [Status.SENT], rehearsed=False),
        lambda db: reports.still_sent(db, [1, 2]),
    ],
    ids=["queue", "usage", "in_sending", "uncertain", "count_by_status", "still_sent"],
)
def test_queries_by_status_use_an_index(db: Database, call: Callable[[Database], object]) -> None:
    by_status = [step for step in steps_of(db, call) if step[1] in {"n", "notifications"}]
    assert by_status == [("SEARCH", by_status[0][1], "notifications_by_status")]


@pytest.mark.parametrize(
    "call",
    [
        the_bill,
        lambda db: billing.has_rehearsed(db, Period(2026, 11)),
        lambda db: notification_counts.count_by_status(db, [1], [Status.SENT], rehearsed=False),
        lambda db: notification_counts.texts_by_day(db, [1], NOW.date(), NOW.date(), rehearsed=False),
        lambda db: outbox.uncertain(db, [1], rehearsed=False),
    ],
    ids=["usage", "has_rehearsed", "count_by_status", "texts_by_day", "uncertain"],
)
def test_counts_are_read_from_the_index_alone(db: Database, call: Callable[[Database], object]) -> None:
    details = [detail for detail in explained(db, call) if "notifications_by_status" in detail]
    assert details
    assert all("COVERING INDEX" in detail for detail in details)


def test_what_is_not_final_is_found_by_its_status(db: Database) -> None:
    steps = index_of(steps_of(db, what_is_not_final), "notifications")
    assert set(steps) == {("SEARCH", "notifications_by_status")}


def bounds_of(db: Database, call: Callable[[Database], object]) -> set[str]:
    """By which columns of an index SQLite finds rows for a call, as it says itself."""
    return {found[1] for found in map(BOUNDS.search, explained(db, call)) if found}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (what_is_not_final, {"status=?", "status=? AND sent_on>?"}),
        (lambda db: notification_counts.counted_differently(db, NOW.date()), {"status=? AND sent_on>?"}),
        (
            lambda db: notification_counts.texts_by_day(db, [1], NOW.date(), NOW.date(), rehearsed=False),
            {"status=? AND sent_on>? AND sent_on<?"},
        ),
        (
            lambda db: notification_counts.without_report(db, [1], NOW, NOW, rehearsed=False),
            {"status=? AND sent_on>?"},
        ),
        (lambda db: reports.has_reported(db, 1), {"practice_id=? AND sent_on>?"}),
        (lambda db: outbox.queue(db, [1, 2]), {"status=? AND sent_on=? AND practice_id=?"}),
    ],
    ids=["not_final", "counted_differently", "texts_by_day", "without_report", "has_reported", "queue"],
)
def test_what_is_of_some_days_or_practices_is_found_by_them_and_not_among_all_of_its_status(
    db: Database, call: Callable[[Database], object], expected: set[str]
) -> None:
    assert bounds_of(db, call) == expected


def test_a_claim_looks_at_its_own_notifications_however_many_wait(db: Database) -> None:
    steps = steps_of(db, lambda db: outbox.queued(db, [1, 2, 3]))
    assert index_of(steps, "notifications") == [("SEARCH", "INTEGER PRIMARY KEY")]


@pytest.mark.parametrize(
    "call",
    [
        the_due,
        the_bill,
        what_is_not_final,
        lambda db: next_due(db, 1, NOW),
        lambda db: list(appointments_between(db, 1, NOW, NOW + timedelta(days=1))),
        lambda db: appointments_among(db, 1, ["A1", "A2"]),
        lambda db: reports.known_of(db, [1, 2]),
        lambda db: list(closing.deliveries(db, date.min, date(2026, 12, 1))),
        lambda db: list(closing.deliveries(db, date.min, date(2026, 12, 1), after_event=7)),
        closing.last_event,
        lambda db: outbox.queue(db, [1, 2]),
        lambda db: outbox.queued(db, [1, 2, 3]),
        lambda db: outbox.sent_today(db, 1, NOW.date(), rehearsed=False),
        lambda db: patients.patients_among(db, 1, ["P1", "P2"]),
        lambda db: list(patients.all_patients(db, 1)),
        lambda db: patients.consent_history(db, 1),
        lambda db: said.patients_said(db, SOURCE, ["P1", "P2"]),
        lambda db: said.appointments_said(db, SOURCE, ["A1"]),
        lambda db: notifications.notifications_of_appointment(db, 1),
        lambda db: notifications.notifications(db, start=NOW),
        lambda db: notifications.events_of(db, 1),
        lambda db: imports.last_import(db, 1, "appointments"),
        lambda db: imports.refusals(db, 1),
        lambda db: rounds.was_completed(db, 1, NOW.date()),
        lambda db: rounds.last_round(db, 1),
        lambda db: rounds.rounds_of_day(db, [1, 2], NOW.date(), NOW),
        lambda db: notification_counts.texts_by_day(db, [1, 2], NOW.date(), NOW.date(), rehearsed=False),
        lambda db: rounds.outcomes_of(db, 1),
    ],
    ids=lambda call: ".".join(call.__code__.co_names[:2]) or call.__name__,
)
def test_no_big_table_is_read_from_end_to_end(db: Database, call: Callable[[Database], object]) -> None:
    assert {way for way, table, _ in steps_of(db, call) if table in BIG} == {"SEARCH"}


@pytest.mark.parametrize(
    ("old", "new"), [(Status.SENDING, Status.SENT), (Status.SENT, Status.DELIVERED), (Status.SENT, Status.FAILED)]
)
def test_a_change_of_status_writes_one_index_and_that_of_its_event(
    db: Database, practice: Practice, patient: Patient, old: Status, new: Status
) -> None:
    id_ = a_notification(db, practice, an_appointment(db, practice, patient), old)
    assert indexes_written(db, lambda db: move(db, id_, old, new, now=NOW)) == [1, 1]


def test_a_report_that_says_nothing_new_writes_nothing(db: Database, practice: Practice, patient: Patient) -> None:
    id_ = a_notification(db, practice, an_appointment(db, practice, patient), Status.SENT, gateway_id="g1")
    report = DeliveryReport("reference", Status.SENT, "sent", "g1", segments=1, price="0.07 EUR")
    written = [
        indexes_written(db, lambda db: reports.note_report(db, id_, reports.known_of(db, [id_])[id_], report))
        for _ in range(2)
    ]
    assert written == [[0], []]


def test_what_may_be_late_is_found_by_the_events_since_and_what_was_taken_back_by_an_index_of_nothing_else(
    db: Database,
) -> None:
    late = steps_of(db, lambda db: list(closing.deliveries(db, date.min, date(2026, 12, 1), after_event=7)))
    assert index_of(late, "n") == [("SEARCH", "INTEGER PRIMARY KEY")]
    assert index_of(late, "notification_events") == [("SEARCH", "INTEGER PRIMARY KEY")]
    back = steps_of(db, lambda db: list(closing.taken_back(db)))
    assert ("SCAN", "notifications_taken_back") in index_of(back, "n")
