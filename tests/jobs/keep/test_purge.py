"""Purge: what is kept too long goes byte for byte, bills and keys stay, and what is young stays as it is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.changes import PatientChange
from smsreminders.domain.keep.retention import Retention
from smsreminders.domain.practices import Practice
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord
from smsreminders.jobs.desk.patient import edit_patient
from smsreminders.jobs.desk.reply import settle_replies
from smsreminders.jobs.desk.stopped import stop_number
from smsreminders.jobs.keep.access import look, verify
from smsreminders.jobs.keep.purge import purge, to_purge
from smsreminders.store.agenda.said import keep_missing, source_of
from smsreminders.store.database import write_transaction
from smsreminders.store.keep import purging
from smsreminders.store.keep.access import Asked, lines_shown
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, local, phone_of
from tests.jobs.hearing import HearingGateway, received

KEPT = Retention()
NOTHING = dict.fromkeys(purging.QUERIES, 0)
KEYS = "select appointment_id, revision, occasion, attempt, rehearsed, notification_id from covers"
WORDS = (b"J. de Vries, dinsdag", b"kan het een uur later", b"12345601")


@pytest.fixture
def lived(bench: Bench, linde: Practice) -> Bench:
    """P1 was texted and answered, was stopped, and has another number and another name by now."""
    bench.gateway = HearingGateway()
    start = local("2026-11-24 10:30")
    patient = PatientRecord("the text", "P1", "J. de Vries", "06-12345601", consent=True)
    bench.imports(linde, Kind.APPOINTMENTS, [AppointmentRecord("the text", "A1", patient, start)])
    bench.round()
    bench.gateway.pages = [[received("kan het een uur later")]]
    bench.poll()
    stop_number(bench.db, linde, phone_of("P1"), by="anna", access=RECEPTION, now=bench.clock.now())
    edit_patient(bench.db, linde, "P1", PatientChange("K. Bakker", "06-87654321"), access=RECEPTION)
    return bench


def after(bench: Bench, days: int) -> dict[str, int]:
    """What a purge takes away so many days after the appointment."""
    bench.clock.go_to(local("2026-11-24 10:30") + timedelta(days=days, minutes=1))
    access = replace(RECEPTION, at=bench.clock.now())
    return purge(bench.db, KEPT, access=access, clock=bench.clock)


def left(bench: Bench) -> Iterator[bytes]:
    for path in bench.path.parent.iterdir():
        content = path.read_bytes()
        yield from (word for word in WORDS if word in content)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (29, {}),
        (30, {"source_rows": 1}),
        (88, {"source_rows": 1}),
        (91, {"source_rows": 1, "texts": 1, "replies": 1, "outcomes": 1, "stops": 1}),
        (5 * 366, {"source_rows": 1, "texts": 1, "replies": 1, "outcomes": 1, "stops": 1, "log_lines": 2}),
    ],
)
def test_each_goes_at_its_time_and_once(lived: Bench, days: int, expected: dict[str, int]) -> None:
    lived.clock.go_to(local("2026-11-24 10:30") + timedelta(days=days, minutes=1))
    would = to_purge(lived.db, KEPT, clock=lived.clock)
    assert would == NOTHING | expected
    assert after(lived, days) == NOTHING | expected
    assert after(lived, days) == NOTHING
    assert verify(lived.db) is None


def test_no_byte_of_what_was_purged_stays_and_the_keys_do(lived: Bench) -> None:
    keys = list(lived.db.execute(KEYS))
    bill = list(lived.db.execute("select status, segments, sent_at, gateway_id from notifications"))
    assert set(left(lived)) >= {WORDS[1], WORDS[2]}
    after(lived, 91)
    lived.db.execute("delete from said_patients")  # what its source said last is of a patient who is still one
    assert list(left(lived)) == []
    assert list(lived.db.execute(KEYS)) == keys
    assert list(lived.db.execute("select words from covers")) == [("",)]
    assert list(lived.db.execute("select status, segments, sent_at, gateway_id from notifications")) == bill
    assert list(lived.db.execute("select * from erasing")) == []


def test_a_number_that_was_stopped_and_purged_is_stopped_when_it_comes_back(lived: Bench, linde: Practice) -> None:
    after(lived, 91)
    assert list(lived.db.execute("select * from stop_events")) == []
    edit_patient(lived.db, linde, "P1", PatientChange(phone="06-12345601"), access=RECEPTION)
    [(e164,)] = lived.db.execute("select e164 from stop_events")
    assert e164 == phone_of("P1")


def test_what_takes_several_transactions_is_done_whole(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    many = purging.AT_ONCE + 1
    with bench.elsewhere() as db:
        db.execute("begin")
        for number in range(many):
            db.execute(
                "insert into replies values (null, 'g', 'a', ?, '+31612345601', '', 'x', 'other', ?, '', null, '')",
                [str(number), "2026-08-01T08:00:00Z"],
            )
        db.execute("commit")
    assert after(bench, 0)["replies"] == many


def test_the_log_says_what_was_purged_and_up_to_which_line(lived: Bench) -> None:
    look(lived.db, RECEPTION, [("linde", "P1")])
    after(lived, 6 * 366)
    lines = [(line.number, line.verb, line.note.split(" ")[0]) for line in lines_shown(lived.db, Asked())]
    assert lines == [(4, "purged", "lines"), (5, "purged", "texts")]
    assert verify(lived.db) is None
    lived.db.execute("update access_base set number = 2")
    assert verify(lived.db) is not None


def test_an_appointment_to_come_keeps_all(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round()
    assert purge(bench.db, KEPT, access=RECEPTION, clock=bench.clock) == NOTHING
    assert list(lines_shown(bench.db, Asked())) == []


def test_lines_of_a_clock_that_was_put_back_are_counted_as_they_go(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    now = bench.clock.now()
    for days in (0, -9):
        look(bench.db, replace(RECEPTION, at=now + timedelta(days=days)), [("linde", "P1")])
    bench.clock.go_to(now + KEPT.log - timedelta(days=5))
    would = to_purge(bench.db, KEPT, clock=bench.clock)
    assert would == purge(bench.db, KEPT, access=replace(RECEPTION, at=bench.clock.now()), clock=bench.clock)
    assert would["log_lines"] == 2


@pytest.mark.usefixtures("linde")
def test_what_may_ask_for_no_more_texts_stays_until_it_is_read(bench: Bench) -> None:
    hearing = HearingGateway()
    bench.gateway, hearing.pages = hearing, [[received("geen sms meer aub"), received("hoe laat?", "r2")]]
    bench.poll()
    assert after(bench, 91)["replies"] == 1
    assert list(bench.db.execute("select text from replies order by id")) == [("geen sms meer aub",), ("",)]
    settle_replies(bench.db, [1], by="anna", stops=True, access=RECEPTION, clock=bench.clock)
    assert after(bench, 92)["replies"] == 1


def test_a_text_that_waited_for_a_round_that_never_came_is_withdrawn_and_blanked(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round(interrupted=lambda: True)
    assert after(bench, 91) == NOTHING | {"texts": 1, "outcomes": 1}
    assert list(bench.db.execute("select status, text, phone from notifications")) == [("cancelled", "", "")]
    assert after(bench, 92) == NOTHING


def test_what_a_source_said_without_a_start_goes_with_the_appointment(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    with write_transaction(bench.db):
        source = source_of(bench.db, linde.id, "nightly", "appointments")
        keep_missing(bench.db, source, [1], "a hash", bench.clock.now())
    assert after(bench, 29) == NOTHING
    assert after(bench, 31) == NOTHING | {"source_rows": 1}
