"""Whatever is imported, sent, erased and purged, in any order: nothing goes twice, nothing is left of who is gone."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsreminders.domain.changes import PatientChange
from smsreminders.domain.keep.retention import Retention
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.errors import SmsremindersError
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord
from smsreminders.jobs.desk.patient import add_patient, edit_patient
from smsreminders.jobs.desk.stopped import lift_number, stop_number
from smsreminders.jobs.keep.access import look, verify
from smsreminders.jobs.keep.erase import erase_patient
from smsreminders.jobs.keep.purge import purge, to_purge
from smsreminders.store.database import opened
from smsreminders.store.patients import patients_among
from tests.builders import RECEPTION, a_database
from tests.jobs.bench import Bench
from tests.jobs.builders import a_practice, local, phone_of

NAMES = {"P1": "Canaria", "P2": "Vogel"}
PHONES = {"P1": "06-12345601", "P2": "06-12345602"}
PASSING = {"night": timedelta(days=1), "season": timedelta(days=91), "years": timedelta(days=5 * 366)}
STEPS = st.lists(
    st.sampled_from(
        [
            *("import", "round", "poll", "night", "season", "years", "look", "purge"),
            *("erase P1", "erase P2", "add P1", "edit P2", "stop P2", "lift P2"),
        ]
    ),
    max_size=12,
)


def nothing(_references: Collection[str]) -> None:
    """Nothing stands elsewhere."""


def do(bench: Bench, practice: Practice, step: str) -> None:
    bench.clock.go_to(bench.clock.now() + PASSING.get(step, timedelta()))
    access = replace(RECEPTION, at=bench.clock.now())
    match step.split():
        case ["import"]:
            start = bench.clock.now() + timedelta(days=1)
            bench.imports(
                practice,
                Kind.APPOINTMENTS,
                [
                    AppointmentRecord(
                        "the text",
                        f"{id_}-{start:%Y%m%d}",
                        PatientRecord("the text", id_, name, PHONES[id_], consent=True),
                        start,
                    )
                    for id_, name in NAMES.items()
                ],
                sure=True,
            )
        case ["round"]:
            bench.round()
        case ["poll"]:
            bench.gateway.reports = [
                DeliveryReport(sms.reference, Status.DELIVERED, "delivered") for sms in bench.gateway.journal
            ]
            bench.poll()
        case ["edit", id_]:
            edit_patient(bench.db, practice, id_, PatientChange(phone="06-12345609"), access=access)
        case ["stop" | "lift" as word, id_]:
            told = stop_number if word == "stop" else lift_number
            told(bench.db, practice, phone_of(id_), by="anna", access=access, now=access.at)
        case ["erase", id_]:
            erase_patient(bench.db, practice, id_, access=access, forget=nothing, clock=bench.clock)
        case ["add", id_]:
            add_patient(bench.db, practice, id_, PatientChange("Canaria", PHONES[id_]), access=access)
        case ["look"]:
            look(bench.db, access, [(practice.code, "P1"), (practice.code, "P2")])
        case ["purge"]:
            would = to_purge(bench.db, Retention(), clock=bench.clock)
            assert purge(bench.db, Retention(), access=access, clock=bench.clock) == would


@given(STEPS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_nobody_is_texted_twice_nothing_stays_of_who_is_gone_and_a_purge_does_what_was_counted(
    steps: list[str],
) -> None:
    with TemporaryDirectory() as folder, opened(path := a_database(Path(folder))) as db:
        db.execute("pragma synchronous = off")
        bench = Bench(path, db)
        bench.clock.go_to(local("2026-11-23 09:00"))
        practice = a_practice(db)
        for step in ("import", "round", "poll", *steps):
            try:
                do(bench, practice, step)
            except SmsremindersError:
                continue  # refused: there is no such patient, a text is under way, the clock jumped
        assert verify(db) is None
        assert list(db.execute("select * from erasing")) == []
        texts = [sms.reference for sms in bench.gateway.journal]
        assert len(texts) == len(set(texts))
        (count,) = db.execute("select count(*) from notifications where sent_at is not null").fetchone()
        assert count == len(texts)
        gone = set(NAMES) - set(patients_among(db, practice.id, NAMES))
        content = path.read_bytes()
        words = [NAMES[id_] for id_ in gone] + [PHONES["P1"][3:]] * ("P1" in gone)  # a person may stop P2's anew
        left = [word for word in words if word.encode() in content]
        assert left == []
