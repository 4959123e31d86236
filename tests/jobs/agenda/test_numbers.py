"""Numbers that files bring are known at once, however they are written, and no file lifts what stopped one."""

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.stopped import How
from smsreminders.importers.records import Kind, PatientRecord
from smsreminders.jobs.round.stopping import stop
from smsreminders.store.database import write_transaction
from smsreminders.store.patients import patients_of_number
from tests.jobs.bench import Bench
from tests.jobs.builders import an_appointment

NUMBER = "+31612345601"


def told(source_id: str, phone: str) -> PatientRecord:
    return PatientRecord("line 2", source_id, f"Patient {source_id}", phone, "nl", True)


def holders(bench: Bench, practice: Practice, number: str = NUMBER) -> list[str]:
    return [patient.source_id for patient in patients_of_number(bench.db, number).get(practice.id, ())]


def test_a_number_is_known_from_the_file_that_brings_it_to_the_file_that_has_another(
    bench: Bench, linde: Practice
) -> None:
    bench.imports(
        linde, Kind.PATIENTS, [told("P1", "06-12345601"), told("P2", "+31 6 12345601 (moeder)"), told("P3", "")]
    )
    assert holders(bench, linde) == ["P1", "P2"]
    bench.imports(linde, Kind.PATIENTS, [told("P1", "020-5550123"), told("P3", "0031612345601")])
    assert (holders(bench, linde), holders(bench, linde, "+31205550123")) == (["P2", "P3"], ["P1"])


def test_no_file_lifts_a_stop_be_it_of_a_new_patient_with_that_number(bench: Bench, linde: Practice) -> None:
    with write_transaction(bench.db):
        stop(bench.db, [linde.id], NUMBER, how=How.REPLY, at=bench.clock.now(), now=bench.clock.now())
    for phone in ("06-12345601", "06 1234 5601"):
        bench.imports(linde, Kind.PATIENTS, [told("P1", phone)])
        an_appointment(bench.db, linde)
        bench.round()
    assert bench.texted() == []
    assert [outcome.reason for outcome in bench.outcomes(linde)] == ["stopped", "stopped"]
