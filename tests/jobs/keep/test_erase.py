"""Erasing: as a whole or not at all, and what is left of a patient says nothing of them."""

import re
from collections.abc import Collection

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.inbound import Mark
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.errors import AdministratorNeeded, TryAgainLater, UsageError
from smsreminders.jobs.keep.erase import Erased, erase_patient
from smsreminders.jobs.round.stopping import mark_number
from smsreminders.store.database import write_transaction
from smsreminders.store.keep.access_head import head_file
from smsreminders.store.keep.patient_known import known_of
from smsreminders.store.patients import patient_by_id
from smsreminders.store.round.number_words import note_dead, note_delivered
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, phone_of
from tests.jobs.hearing import HearingGateway, received


def nothing(_references: Collection[str]) -> None:
    """Nothing stands elsewhere."""


def erased(bench: Bench, practice: Practice, source_id: str = "P1") -> Erased:
    return erase_patient(bench.db, practice, source_id, access=RECEPTION, forget=nothing, clock=bench.clock)


@pytest.fixture
def reminded(bench: Bench, linde: Practice) -> Bench:
    """P1 and P2 have a text that arrived, each of their own appointment."""
    for number in ("1", "2"):
        a_patient(bench.db, linde, f"P{number}")
        an_appointment(bench.db, linde, f"A{number}", f"P{number}")
    bench.round()
    bench.gateway.reports = [
        DeliveryReport(sms.reference, Status.DELIVERED, "delivered") for sms in bench.gateway.journal
    ]
    bench.poll()
    return bench


def test_what_is_left_of_an_erased_patient_says_nothing_of_them(reminded: Bench, linde: Practice) -> None:
    id_ = patient_by_id(reminded.db, linde.id, "P1").id
    other = known_of(reminded.db, patient_by_id(reminded.db, linde.id, "P2").id)
    assert erased(reminded, linde) == Erased(texts=1, withdrawn=0, copies=[])
    left = known_of(reminded.db, id_).tables
    assert [name for name in ("numbers", "said_of_patient", "replies", "stopped", "number_words") if left[name]] == []
    [patient], [text] = left["patient"], left["texts"]
    assert (patient["name"], patient["phone"]) == ("", "")
    assert re.fullmatch(rf"erased-{id_}-[0-9a-f]{{12}}", patient["id"])
    assert (text["phone"], text["text"], text["status"], text["segments"]) == ("", "", "delivered", 1)
    assert known_of(reminded.db, patient_by_id(reminded.db, linde.id, "P2").id) == other
    with pytest.raises(UsageError, match='no patient "P1"'):
        erased(reminded, linde)


def test_an_erasing_that_dies_has_not_begun(reminded: Bench, linde: Practice) -> None:
    before = list(reminded.db.conn.iterdump())

    def dies(_references: Collection[str]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        erase_patient(reminded.db, linde, "P1", access=RECEPTION, forget=dies, clock=reminded.clock)
    head_file(reminded.db).mkdir()
    with pytest.raises(AdministratorNeeded):
        erased(reminded, linde)  # all was done but the line of the log
    assert list(reminded.db.conn.iterdump()) == before


def test_a_text_that_waits_is_withdrawn_and_one_under_way_is_waited_for(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round(interrupted=lambda: True)
    assert erased(bench, linde).withdrawn == 1
    [(status,)] = bench.db.execute("select status from notifications")
    assert status == Status.CANCELLED
    a_patient(bench.db, linde, "P2")
    an_appointment(bench.db, linde, "A2", "P2")
    bench.round()
    with pytest.raises(TryAgainLater, match="nothing was erased"):
        erased(bench, linde, "P2")


def test_a_round_leaves_the_appointments_of_an_erased_patient_alone(reminded: Bench, linde: Practice) -> None:
    erased(reminded, linde)
    before = len(reminded.gateway.journal)
    reminded.round()
    assert len(reminded.gateway.journal) == before
    assert {phone_of("P1")} & set(reminded.texted()[before:]) == set()


def test_a_late_word_of_a_gateway_on_an_erased_number_is_kept_of_none(reminded: Bench, linde: Practice) -> None:
    id_ = reminded.notification("A1").id
    erased(reminded, linde)
    mark_number(reminded.db, id_, Mark.OPTED_OUT, now=reminded.clock.now(), reported=True)
    note_dead(reminded.db, id_, reminded.clock.now())
    note_delivered(reminded.db, id_, reminded.clock.now())
    assert [*reminded.db.execute("select 1 from stop_events union all select 1 from number_words")] == []


@pytest.mark.parametrize("table", ["consent_events", "notification_events"])
def test_without_the_door_append_only_rows_stay(reminded: Bench, table: str) -> None:
    with pytest.raises(Exception, match="append-only"):
        reminded.db.execute(f"update {table} set at = ''")  # noqa: S608


def test_a_patient_may_come_back_and_be_erased_again(reminded: Bench, linde: Practice) -> None:
    for _ in range(2):
        erased(reminded, linde)
        a_patient(reminded.db, linde)
    assert known_of(reminded.db, patient_by_id(reminded.db, linde.id, "P1").id).tables["texts"] == []


@pytest.mark.parametrize(
    ("others", "stop_events", "traces"), [pytest.param("P2", 1, 0, id="shared"), pytest.param("P3", 0, 1, id="own")]
)
def test_who_may_have_asked_to_stop_when_they_were_erased_has_asked(
    reminded: Bench, linde: Practice, others: str, stop_events: int, traces: int
) -> None:
    a_patient(reminded.db, linde, others, phone=phone_of("P1"))
    if others == "P3":
        a_patient(reminded.db, linde, "P3", phone=phone_of("P3"))
    hearing = HearingGateway()
    reminded.gateway, hearing.pages = hearing, [[received("geen sms meer aub")]]
    reminded.poll()
    erased(reminded, linde)
    [counts] = reminded.db.execute("select (select count(*) from stop_events), (select count(*) from erased_stops)")
    assert counts == (stop_events, traces)


def test_a_reply_that_another_practice_has_too_stays_with_it(reminded: Bench, linde: Practice, duin: Practice) -> None:
    for id_, practices in ((1, [linde.id]), (2, [linde.id, duin.id])):
        with write_transaction(reminded.db):
            values = [id_, f"r{id_}", phone_of("P1")]
            reminded.db.execute(
                "insert into replies values (?, 'g', '', ?, ?, '', 'Wie is dit?', 'other', '', '', null, '')", values
            )
            for practice_id in practices:
                reminded.db.execute("insert into reply_practices values (?, ?)", [id_, practice_id])
    erased(reminded, linde)
    left = list(reminded.db.execute("select id, text, done_at is null from replies order by id"))
    assert left == [(1, "", 0), (2, "Wie is dit?", 1)]
