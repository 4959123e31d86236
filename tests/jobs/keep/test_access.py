"""The access log: no change and no look without its line, and what was done to the lines is found."""

import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest

from smsreminders.domain.appointments import Appointment, Outcome
from smsreminders.domain.changes import PatientChange
from smsreminders.domain.consent import ConsentEvent, How
from smsreminders.domain.keep.access import Broken, Verb
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Word
from smsreminders.domain.round.sending import Uncertain
from smsreminders.errors import AdministratorNeeded, UsageError
from smsreminders.jobs.desk.appointment import (
    add_appointment,
    cancel_appointment,
    confirm_appointment,
    keep_outcome,
    move_appointment,
)
from smsreminders.jobs.desk.consent import record_consent
from smsreminders.jobs.desk.patient import add_patient, edit_patient
from smsreminders.jobs.desk.settle import settle
from smsreminders.jobs.desk.stopped import lift_number, stop_number
from smsreminders.jobs.keep.access import anchor, look, recorded, verify
from smsreminders.store.database import opened
from smsreminders.store.keep.access import Asked, count_lines, lines_shown
from smsreminders.store.keep.access_head import head_file
from smsreminders.store.patients import patient_by_id
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, local, phone_of

MORNING, LATER = local("2026-11-23 08:30"), local("2026-11-25 09:00")
GIVEN = ConsentEvent(True, MORNING, How.DESK)
Change = Callable[[Bench, Practice], object]
CHANGES: dict[str, Change] = {
    "patient add": lambda b, p: add_patient(b.db, p, "P2", PatientChange("K. de Vries"), access=RECEPTION),
    "patient edit": lambda b, p: edit_patient(b.db, p, "P1", PatientChange(phone="06-87654321"), access=RECEPTION),
    "consent": lambda b, p: record_consent(b.db, p, "P1", GIVEN, access=RECEPTION, clock=b.clock),
    "add": lambda b, p: add_appointment(b.db, p, Appointment("A2", "P1", LATER), access=RECEPTION, clock=b.clock),
    "move": lambda b, p: move_appointment(b.db, p, "A1", starts_at=LATER, access=RECEPTION, clock=b.clock),
    "cancel": lambda b, p: cancel_appointment(b.db, p, "A1", access=RECEPTION),
    "confirm": lambda b, p: confirm_appointment(b.db, p, "A1", access=RECEPTION),
    "outcome": lambda b, p: keep_outcome(b.db, p, "A0", Outcome.ATTENDED, access=RECEPTION, clock=b.clock),
    "stop": lambda b, p: stop_number(b.db, p, phone_of("P1"), by="anna", access=RECEPTION, now=MORNING),
    "lift": lambda b, p: lift_number(b.db, p, phone_of("P5"), by="anna", access=RECEPTION, now=MORNING),
    "settle": lambda b, _: settle(b.db, "1", Word.SENT, access=RECEPTION, clock=b.clock),
}


@pytest.fixture
def busy(bench: Bench, linde: Practice) -> Bench:
    """A patient with an appointment that was, one to come, and a text of which nobody knows; and P5, who is stopped."""
    a_patient(bench.db, linde)
    a_patient(bench.db, linde, "P5")
    stop_number(bench.db, linde, phone_of("P5"), by="anna", access=RECEPTION, now=MORNING)
    an_appointment(bench.db, linde, "A0", start="2026-11-23 08:00")
    an_appointment(bench.db, linde)
    bench.gateway.in_order.append(Uncertain("read time-out"))
    bench.round()
    return bench


def told(bench: Bench) -> list[tuple[int, str, str, str | None, tuple[str, ...]]]:
    """Of each line: its number, who, what, and of whom."""
    return [(line.number, line.by, line.verb, line.practice, line.patients) for line in lines_shown(bench.db, Asked())]


def looks(bench: Bench, times: int) -> None:
    for _ in range(times):
        look(bench.db, RECEPTION, [("linde", "P1")])


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_at_the_desk_has_its_line(busy: Bench, linde: Practice, name: str) -> None:
    CHANGES[name](busy, linde)
    patient = {"patient add": "P2", "lift": "P5"}.get(name, "P1")
    assert told(busy)[1:] == [(2, "anna", "changed", "linde", (patient,))]
    assert verify(busy.db) is None


@pytest.mark.parametrize("name", CHANGES)
def test_what_cannot_be_logged_is_not_changed(busy: Bench, linde: Practice, name: str) -> None:
    head_file(busy.db).unlink()
    head_file(busy.db).mkdir()
    before = list(busy.db.conn.iterdump())
    with pytest.raises(AdministratorNeeded, match="nothing was shown or changed, for it could not be logged"):
        CHANGES[name](busy, linde)
    assert list(busy.db.conn.iterdump()) == before


def test_a_change_that_is_refused_has_no_line(busy: Bench, linde: Practice) -> None:
    with pytest.raises(UsageError):
        add_patient(busy.db, linde, "P1", PatientChange("K. de Vries"), access=RECEPTION)
    cancel_appointment(busy.db, linde, "A1", access=RECEPTION)
    cancel_appointment(busy.db, linde, "A1", access=RECEPTION)  # of which nothing is written
    assert len(told(busy)) == 2


def test_a_look_has_a_line_for_each_practice(busy: Bench, duin: Practice) -> None:
    a_patient(busy.db, duin)
    look(busy.db, RECEPTION, [("linde", "P5"), ("linde", "P1"), ("duin", None), ("nobody", "P1"), ("linde", "P1")])
    assert told(busy)[1:] == [(2, "anna", "looked", "linde", ("P1", "P5")), (3, "anna", "looked", "duin", ())]
    look(busy.db, RECEPTION, [])
    assert len(told(busy)) == 3


def test_lines_are_found_by_patient_practice_and_time(busy: Bench, linde: Practice, duin: Practice) -> None:
    a_patient(busy.db, duin)
    look(busy.db, replace(RECEPTION, at=LATER), [("linde", "P1"), ("duin", "P1")])
    for asked, expected in [
        (Asked(patient="P1"), [2, 3]),
        (Asked(patient="P5"), [1]),
        (Asked(practice_id=linde.id), [1, 2]),
        (Asked(practice_id=duin.id, patient="P5"), []),
        (Asked(start=LATER), [2, 3]),
        (Asked(end=LATER), [1]),
    ]:
        assert [line.number for line in lines_shown(busy.db, asked)] == expected
        assert count_lines(busy.db, asked) == len(expected)
    assert [line.number for line in lines_shown(busy.db, Asked(), limit=2)] == [2, 3]


def test_a_change_that_dies_leaves_the_log_as_it_was(busy: Bench, linde: Practice) -> None:
    before = head_file(busy.db).read_text()

    def dies() -> None:
        with recorded(busy.db, RECEPTION) as touched:
            touched.add(linde.id)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dies()
    assert (head_file(busy.db).read_text(), len(told(busy)), verify(busy.db)) == (before, 1, None)


@pytest.mark.parametrize("committed", [True, False])
def test_a_death_at_the_commit_breaks_nothing(busy: Bench, *, committed: bool) -> None:
    head = head_file(busy.db)
    first = head.read_text().split(" coming")[0]
    kept = busy.path.with_name("kept")
    shutil.copy(busy.path, kept)
    looks(busy, 1)
    second = head.read_text().split(" coming")[0]
    head.write_text(f"{first} coming {second} lost -\n")
    if not committed:
        shutil.copy(kept, busy.path)
    with busy.elsewhere() as db:
        assert verify(db) is None
        look(db, RECEPTION, [("linde", "P5")])
        assert verify(db) is None
        assert count_lines(db, Asked()) == 2 + committed


@pytest.mark.parametrize(
    "sql",
    [
        "update access_log set by_whom = 'bo' where number = 2",
        "delete from access_log where number = 2",
        "insert into access_log values (9, '2026-11-23T08:00:00Z', 'me', 'bo', 'x', 'looked', null, '[]', '', '')",
        "replace into access_log values (3, '2026-11-23T08:00:00Z', 'me', 'bo', 'x', 'looked', null, '[]', '', '')",
    ],
)
def test_the_database_refuses_to_change_a_line(busy: Bench, sql: str) -> None:
    looks(busy, 2)
    with pytest.raises(Exception, match="the access log is append-only"):
        busy.db.execute(sql)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("update access_log set by_whom = 'bo' where number = 2", 2),
        ("delete from access_log where number = 2", 2),
        ("delete from access_log where number > 1", 2),
        ("update access_base set number = 1, hash = (select hash from access_log where number = 1)", 1),
    ],
)
def test_verify_names_the_line_that_somebody_changed(busy: Bench, sql: str, expected: int) -> None:
    looks(busy, 2)
    for trigger in ("access_log_stays", "access_log_is_kept"):
        busy.db.execute(f"drop trigger {trigger}")
    if "base" in sql:
        sql, last = "delete from access_log where number = 1", sql
        busy.db.execute(last)
    busy.db.execute(sql)
    broken = verify(busy.db)
    assert broken is not None
    assert broken.number == expected


def test_after_a_restore_the_log_goes_on_and_says_what_it_lacks_once_a_person_has_looked(
    busy: Bench, linde: Practice
) -> None:
    kept = busy.path.with_name("kept")
    shutil.copy(busy.path, kept)
    looks(busy, 2)
    shutil.copy(kept, busy.path)
    with opened(busy.path) as db:
        assert verify(db) == Broken(2, "line 2 is missing, as are those after it up to 3")
        record_consent(db, linde, "P1", replace(GIVEN, given=False), access=RECEPTION, clock=busy.clock)
        look(db, RECEPTION, [("linde", "P1")])
        look(db, RECEPTION, [("linde", "P1")])
        lost = "the log was once at line 3 and went on otherwise: lines were cut off or put back"
        assert verify(db) == Broken(3, lost)
        assert anchor(db, RECEPTION)
        assert verify(db) is None
        assert not anchor(db, RECEPTION)
        *_, line = lines_shown(db, Asked())
        assert (line.number, line.verb, line.note.startswith("known were lines up to 3 ")) == (5, Verb.ANCHORED, True)


def test_no_line_holds_a_name_or_a_number(busy: Bench, linde: Practice) -> None:
    for change in CHANGES.values():
        change(busy, linde)
    stored = str([tuple(row) for row in busy.db.execute("select * from access_log")])
    patient = patient_by_id(busy.db, linde.id, "P1")
    assert [word for word in (patient.name, "12345601", "87654321", "P1") if word in stored] == []


def test_a_line_that_comes_while_the_log_is_proved_is_no_line_that_was_added(busy: Bench) -> None:
    looks(busy, 1)
    comes = iter(["access_base"])

    def another_looks(sql: str) -> None:
        if "access_base" in sql and next(comes, None):
            with busy.elsewhere() as other:
                look(other, RECEPTION, [("linde", "P1")])

    with busy.elsewhere() as db:
        db.conn.set_trace_callback(another_looks)
        assert verify(db) is None
    assert count_lines(busy.db, Asked()) == 3
