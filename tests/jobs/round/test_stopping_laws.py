"""The law of stopped numbers: in any order of rounds, imports, consents, replies and the desk, no text goes to one."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.sending import Outgoing
from smsreminders.domain.round.stopped import How, standing
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord
from smsreminders.jobs.round.stopping import lift, start, stop
from smsreminders.store.database import opened, write_transaction
from smsreminders.store.patients import patients_among
from smsreminders.store.round.stopped import stop_history
from tests.builders import a_database
from tests.jobs.bench import Bench
from tests.jobs.builders import a_practice, a_word, local, phone_of

PHONES = ["06-12345601", "+31 6 12345601 (moeder)", "0031612345601", "06-12345602", "020-5550123", ""]
NUMBERS = (phone_of("P1"), phone_of("P2"))
PATIENTS, HOURS = st.sampled_from(["P1", "P2", "P3"]), st.integers(11, 18)

Step = Callable[[Bench, Practice], object]


def tells(patient: str, phone: str, hour: int, *, consent: bool | None) -> Step:
    """A file in which a patient comes tomorrow, with this number."""
    who = PatientRecord("line 2", patient, f"Patient {patient}", phone, "nl", consent)
    record = AppointmentRecord("line 2", f"A{patient}", who, local(f"2026-11-24 {hour}:00"))
    return lambda bench, linde: bench.imports(linde, Kind.APPOINTMENTS, [record])


def says(patient: str) -> Step:
    """Consent given at the desk, if the patient is known."""

    def say(bench: Bench, linde: Practice) -> None:
        if patients_among(bench.db, linde.id, [patient]):
            a_word(bench.db, linde, patient, given=True)

    return say


def changes(what: str, how: How, number: str) -> Step:
    """A number stopped, started or lifted."""

    def change(bench: Bench, linde: Practice) -> None:
        now = bench.clock.now()
        with write_transaction(bench.db):
            if what == "stop":
                stop(bench.db, [linde.id], number, how=how, at=now, now=now)
            elif what == "start":
                start(bench.db, [linde.id], number, at=now, now=now)
            else:
                lift(bench.db, linde.id, number, by="anna", now=now)

    return change


def goes(number: str | None) -> Step:
    """A round, in the midst of which a number may be stopped."""

    def go(bench: Bench, linde: Practice) -> None:
        def meanwhile(_: Outgoing) -> None:
            if number is not None:
                with bench.elsewhere() as db, write_transaction(db):
                    stop(db, [linde.id], number, how=How.REPLY, at=bench.clock.now(), now=bench.clock.now())

        before = len(bench.gateway.journal)
        stopped = {each for each in NUMBERS if standing(stop_history(bench.db, linde.id, each)) is not None}
        bench.gateway.at_send = meanwhile
        bench.round()
        texted = [sms.phone for sms in bench.gateway.journal[before:]]
        assert stopped.isdisjoint(texted)
        assert number not in texted[1:]

    return go


EITHER = st.sampled_from(NUMBERS)
STEPS = st.lists(
    st.one_of(
        st.builds(tells, PATIENTS, st.sampled_from(PHONES), HOURS, consent=st.sampled_from([True, True, None])),
        st.builds(says, PATIENTS),
        st.builds(changes, st.sampled_from(["stop", "stop", "start", "lift"]), st.sampled_from(How), EITHER),
        st.builds(goes, st.one_of(st.none(), EITHER)),
    ),
    min_size=4,
    max_size=10,
)


@settings(max_examples=7, database=None)
@given(STEPS)
def test_no_text_goes_to_a_stopped_number_in_whatever_order(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder, opened(a_database(Path(folder))) as db:
        db.execute("pragma synchronous = off")
        bench = Bench(Path(folder) / "smsreminders.db", db)
        linde = a_practice(db)
        for step in [tells("P1", PHONES[0], 11, consent=True), tells("P2", PHONES[3], 12, consent=True), *steps]:
            step(bench, linde)
        goes(None)(bench, linde)
