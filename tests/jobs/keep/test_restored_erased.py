"""A backup that is older than an erasing: who was erased since is erased again, and who is a patient again stays."""

import shutil
from collections.abc import Collection

import pytest

from smsreminders.domain.changes import PatientChange
from smsreminders.domain.practices import Practice
from smsreminders.jobs.desk.patient import add_patient
from smsreminders.jobs.keep.erase import erase_again, erase_patient
from smsreminders.store.database import opened
from smsreminders.store.patients import patients_among
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment


def nothing(_references: Collection[str]) -> None:
    """Nothing stands elsewhere."""


def erased(bench: Bench, practice: Practice, *source_ids: str) -> None:
    for source_id in source_ids:
        erase_patient(bench.db, practice, source_id, access=RECEPTION, forget=nothing, clock=bench.clock)


def put_back(bench: Bench, practice: Practice) -> tuple[int, list[str], set[str]]:
    """Put the backup back; what is erased again, who waits, and who is left."""
    shutil.copy(bench.path.with_name("backup"), bench.path)
    with opened(bench.path) as db:
        again = erase_again(db, access=RECEPTION, forget=nothing, clock=bench.clock)
        return *again, set(patients_among(db, practice.id, ["P1", "P2", "P3", "P4"]))


@pytest.fixture
def backed_up(bench: Bench, linde: Practice) -> Bench:
    """Four patients, of whom P4 was erased already; a backup; P3 has a text that is under way by it."""
    for number in range(1, 5):
        a_patient(bench.db, linde, f"P{number}")
    an_appointment(bench.db, linde, patient="P3")
    erased(bench, linde, "P4")
    bench.round()
    shutil.copy(bench.path, bench.path.with_name("backup"))
    return bench


def test_who_was_erased_after_a_backup_is_erased_again_when_it_is_put_back(backed_up: Bench, linde: Practice) -> None:
    erased(backed_up, linde, "P1", "P2")
    assert put_back(backed_up, linde) == (2, [], {"P3"})
    assert b"12345601" not in backed_up.path.read_bytes()


def test_who_was_a_patient_again_since_stays(backed_up: Bench, linde: Practice) -> None:
    erased(backed_up, linde, "P1", "P2")
    add_patient(backed_up.db, linde, "P2", PatientChange("K. de Vries"), access=RECEPTION)
    assert put_back(backed_up, linde) == (1, [], {"P2", "P3"})


def test_of_whom_a_text_is_under_way_in_it_is_told(backed_up: Bench, linde: Practice) -> None:
    backed_up.db.execute("update notifications set status = 'expired'")
    erased(backed_up, linde, "P3")
    assert put_back(backed_up, linde) == (0, ["P3"], {"P1", "P2", "P3"})


def test_a_line_that_was_cut_off_hides_no_other(backed_up: Bench, linde: Practice) -> None:
    beside = backed_up.path.with_name(f"{backed_up.path.name}.erased")
    beside.write_text(f"{beside.read_text(encoding='ascii')}+ 1 00", encoding="ascii")
    erased(backed_up, linde, "P1")
    assert put_back(backed_up, linde) == (1, [], {"P2", "P3"})


def test_without_a_file_beside_it_nobody_is_erased(backed_up: Bench, linde: Practice) -> None:
    backed_up.path.with_name(f"{backed_up.path.name}.erased").unlink()
    assert put_back(backed_up, linde) == (0, [], {"P1", "P2", "P3"})
