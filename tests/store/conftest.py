"""What every test of the store stands on: an open database that doesn't wait for the disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.store.database import Database, opened
from smsreminders.store.patients import Patient
from tests.builders import a_database, a_patient, a_practice, a_service, an_appointment


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return a_database(tmp_path)


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    with opened(path) as opened_db:
        opened_db.execute("pragma synchronous = off")  # what is written is asked here, not what a power cut leaves
        yield opened_db


@pytest.fixture
def practice(db: Database) -> Practice:
    """A practice with a service that reminders are assigned to."""
    added = a_practice(db)
    a_service(db, added)
    return added


@pytest.fixture
def patient(db: Database, practice: Practice) -> Patient:
    """A patient who gave consent."""
    return a_patient(db, practice)


@pytest.fixture
def appointment(db: Database, practice: Practice, patient: Patient) -> int:
    """An appointment of the patient, by its row id."""
    return an_appointment(db, practice, patient)
