"""The schema refuses what must never be: a second notification for one, a status without its time, a changed event."""

import sqlite3

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import NEVER_SENT, Status
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient
from tests.builders import a_notification, an_appointment

NO_REFERENCE = {"source_id", "gateway_id", "sender_id"}  # what others call something


@pytest.fixture
def sent(db: Database, practice: Practice, patient: Patient) -> int:
    """A notification that was sent."""
    return a_notification(db, practice, an_appointment(db, practice, patient), Status.SENT, gateway_id="g1")


def own_tables(db: Database) -> list[str]:
    return [table for table in db.table_names() if not table.startswith(("sqlite_", "_sqlite"))]


def test_every_table_is_strict(db: Database) -> None:
    strict = {name for _, name, _, _, _, is_strict in db.execute("pragma table_list") if is_strict}
    assert strict == set(own_tables(db))


def test_every_id_of_a_row_elsewhere_is_a_foreign_key(db: Database) -> None:
    columns = {(table, column.name) for table in own_tables(db) for column in db.table(table).columns}
    referring = {(table, key.column) for table in own_tables(db) for key in db.table(table).foreign_keys}
    assert referring == {
        (table, column) for table, column in columns if column.endswith("_id") and column not in NO_REFERENCE
    }


@pytest.mark.parametrize("column", ["practice_id", "service_id", "appointment_id", "patient_id"])
def test_a_notification_is_of_rows_that_exist(db: Database, sent: int, column: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        db.execute(f"update notifications set {column} = 99 where id = ?", [sent])  # noqa: S608


@pytest.mark.parametrize("table", ["practices", "services", "appointments", "patients", "notifications"])
def test_what_others_refer_to_is_not_removed(db: Database, sent: int, table: str) -> None:
    assert sent
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        db.execute(f"delete from {table}")  # noqa: S608


SECOND = """
    insert into covers select appointment_id, notification_type, {revision}, {occasion}, {attempt}, {rehearsed},
        notification_id, words from covers
"""
SLOT = {"revision": 1, "occasion": 1, "attempt": 1, "rehearsed": 0}


def test_nothing_covers_an_appointments_revision_occasion_and_attempt_twice(db: Database, sent: int) -> None:
    assert sent
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        db.execute(SECOND.format(**SLOT))


@pytest.mark.parametrize("other", [{"revision": 2}, {"occasion": 3}, {"attempt": 2}, {"rehearsed": 1}], ids=str)
def test_another_reminder_of_it_stands_beside_the_first(db: Database, sent: int, other: dict[str, int]) -> None:
    db.execute(SECOND.format(**SLOT | other))
    assert db.execute("select count(*) from covers where notification_id = ?", [sent]).fetchone() == (2,)


@pytest.mark.parametrize("change", ["delete from covers", "update covers set words = 'other'"])
@pytest.mark.parametrize("status", sorted(set(Status) - NEVER_SENT - {Status.QUEUED}))
def test_what_was_perhaps_sent_covers_its_appointments_for_ever(
    db: Database, sent: int, status: Status, change: str
) -> None:
    db.execute("update notifications set status = ?, delivered_at = sent_at where id = ?", [status.value, sent])
    with pytest.raises(sqlite3.IntegrityError, match="for ever"):
        db.execute(change)


@pytest.mark.parametrize(
    ("change", "refused_by"),
    [
        ("status = 'lost'", "CHECK"),
        ("status = 'SENT'", "CHECK"),
        ("status = null", "NOT NULL"),
        ("status = 'sent', sent_at = null", "CHECK"),
        ("status = 'sent', sent_on = null", "CHECK"),
        *((f"status = '{status}', sent_at = null", "CHECK") for status in ("sending", "failed", "expired")),
        *((f"status = '{status}', sent_on = null", "CHECK") for status in ("rejected", "uncertain")),
        ("status = 'delivered'", "CHECK"),  # without delivered_at
        ("segments = 0", "CHECK"),
        ("segments = 'two'", "cannot store TEXT value in INTEGER column"),
        ("segments = 1.5", "cannot store REAL value in INTEGER column"),
        ("encoding = 'gsm'", "CHECK"),
        ("channel = 'email'", "CHECK"),
        ("notification_type = 'birthday'", "CHECK"),
        ("phone = null", "NOT NULL"),
        ("text = null", "NOT NULL"),
        ("reference = null", "NOT NULL"),
    ],
)
def test_a_notification_cannot_be_written_with(db: Database, sent: int, change: str, refused_by: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=refused_by):
        db.execute(f"update notifications set {change} where id = ?", [sent])  # noqa: S608


@pytest.mark.parametrize("status", ["queued", "cancelled"])
def test_what_was_never_claimed_has_no_time_of_sending(db: Database, sent: int, status: str) -> None:
    db.execute("update notifications set status = ?, sent_at = null, sent_on = null where id = ?", [status, sent])
    assert db.execute("select status from notifications").fetchone() == (status,)


def test_two_notifications_cannot_share_a_reference(
    db: Database, practice: Practice, patient: Patient, sent: int
) -> None:
    other = a_notification(db, practice, an_appointment(db, practice, patient, "A2"))
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        db.execute(
            "update notifications set reference = (select reference from notifications where id = ?) where id = ?",
            [sent, other],
        )


def test_two_notifications_of_a_gateway_cannot_share_its_id(
    db: Database, practice: Practice, patient: Patient, sent: int
) -> None:
    assert sent
    other = a_notification(db, practice, an_appointment(db, practice, patient, "A2"), Status.SENT)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        db.execute("update notifications set gateway_id = 'g1' where id = ?", [other])


def test_two_gateways_may_give_the_same_id(db: Database, practice: Practice, patient: Patient, sent: int) -> None:
    assert sent
    appointment = an_appointment(db, practice, patient, "A2")
    a_notification(db, practice, appointment, Status.SENT, gateway="spryng", gateway_id="g1")
    assert list(db.execute("select gateway_id from notifications")) == [("g1",), ("g1",)]


@pytest.mark.parametrize("statement", ["update {} set at = '2020-01-01T00:00:00Z'", "delete from {}"])
@pytest.mark.parametrize(
    ("table", "what"), [("consent_events", "consent events"), ("notification_events", "notification events")]
)
def test_events_are_only_ever_added(db: Database, sent: int, table: str, what: str, statement: str) -> None:
    assert sent
    before = list(db.query(f"select * from {table}"))  # noqa: S608
    with pytest.raises(sqlite3.IntegrityError, match=f"{what} are append-only"):
        db.execute(statement.format(table))
    assert list(db.query(f"select * from {table}")) == before  # noqa: S608


@pytest.mark.parametrize(
    ("statement", "refused_by"),
    [
        ("insert into consent_events values (null, 99, 'sms', 1, '', 'desk', '', '', '')", "FOREIGN KEY"),
        ("insert into consent_events values (null, 1, 'email', 1, '', 'desk', '', '', '')", "CHECK"),
        ("insert into consent_events values (null, 1, 'sms', 2, '', 'desk', '', '', '')", "CHECK"),
        ("insert into consent_events values (null, 1, 'sms', 1, '', 'guess', '', '', '')", "CHECK"),
        ("insert into notification_events values (null, 99, '', 'sent', null, null)", "FOREIGN KEY"),
        ("insert into round_outcomes values (1, 1, 1, 'bad-luck')", "CHECK"),
        ("insert into round_outcomes values (99, 1, 1, null)", "FOREIGN KEY"),
        ("insert into price_events values (null, '', '', 'rate', 'added', '0.10', '2026-01-01', 99)", "FOREIGN KEY"),
        ("insert into price_events values (null, '', '', 'vat', 'added', '21', '2026-01-01', 1)", "CHECK"),
        ("insert into price_events values (null, '', '', 'tip', 'added', '21', '2026-01-01', null)", "CHECK"),
        ("insert into price_events values (null, '', '', 'vat', 'changed', '21', '2026-01-01', null)", "CHECK"),
        ("update appointments set status = 'maybe'", "CHECK"),
        ("update appointments set revision = 0", "CHECK"),
        ("update services set type = 'telepathy'", "CHECK"),
        ("update services set enabled = 2", "CHECK"),
        ("update service_assignments set channel = 'email'", "CHECK"),
        ("insert into practice_days values (1, '2026-12-24', 2)", "CHECK"),
        ("insert into sources values (9, 1, 'by hand', 'letters', '{}', '', '', '', null)", "CHECK"),
        ("insert into said_patients values (9, 'P1', null, null, null, 1, null, null)", "FOREIGN KEY"),
        (
            "insert into said_appointments (from_source_id, source_id, status) values (9, 'A1', 'moved')",
            "CHECK",
        ),
        (
            "insert into practices values (null, 'tandarts', '', '', '', null, '', '', '', '', '', '', '', null, null)",
            "UNIQUE",
        ),
        ("insert into patients values (null, 1, 'P1', '', '', null, null, null, null, null)", "UNIQUE"),
        ("insert into services values (null, 1, 'notifications', 'Notificaties', 1)", "UNIQUE"),
    ],
)
def test_the_schema_refuses(db: Database, sent: int, statement: str, refused_by: str) -> None:
    assert sent
    db.execute("insert into rounds (started_at) values ('')")
    with pytest.raises(sqlite3.IntegrityError, match=refused_by):
        db.execute(statement)
