"""The homes that the tests of the commands start from; each is made once and copied for every test."""

import shutil
from pathlib import Path

import pytest

from tests.cli.running import Program

# the last digit is the sandbox's: 1 is delivered, 7 fails, 9 has no report
PATIENTS = """\
patient_id,name,phone,language,consent
1001,J. Canaria,06-12345671,,ja
1002,P. Canaria,06 1234 5677,en,ja
1003,K. Canaria,+31612345679,,ja
1004,L. Canaria,06-12345672,,
1005,M. Canaria,06-12345673,,nee
1006,N. Canaria,020-7654321,,ja
1007,O. Canaria,,,ja
1008,Q. Canaria,06-123,,ja
"""
AGENDA = """\
appointment_id,patient_id,start,end,status,location,practitioner
A1,1001,2026-11-25 10:30,2026-11-25 10:40,booked,Kamer 1,dr. Prins
A2,1002,2026-11-25 10:40,,,,
A3,1003,2026-11-25 10:50,,,,
A4,1004,2026-11-25 11:00,,,,
A5,1005,2026-11-25 11:10,,,,
A6,1006,2026-11-25 11:20,,,,
A7,1007,2026-11-25 11:30,,,,
A8,1008,2026-11-25 11:40,,,,
A9,1001,2026-11-25 11:50,,cancelled,,
A10,1001,2026-11-24 10:00,,,,
A11,1001,2026-11-26 10:00,,,,
"""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program before anything was set up."""
    return Program(tmp_path)


@pytest.fixture(scope="session")
def home_of_linde(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Program(tmp_path_factory.mktemp("linde"))
    made.does("init")
    made.configure("[gateway]\nper_second = 10000\n")
    made.does("practice add linde --name 'Tandarts Linde' --sender-id Linde")
    made.does("service add --name Notificaties --channel sms --notification-type appointment-reminder")
    return made.home


@pytest.fixture(scope="session")
def home_with_agenda(home_of_linde: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = _copy(home_of_linde, tmp_path_factory.mktemp("agenda"))
    (made.home / "patients.csv").write_text(PATIENTS, encoding="utf-8")
    (made.home / "agenda.csv").write_text(AGENDA, encoding="utf-8")
    made.does("import patients.csv --kind patients")
    made.does("import agenda.csv --kind appointments")
    return made.home


@pytest.fixture
def linde(home_of_linde: Path, tmp_path: Path) -> Program:
    """One practice with its service; nobody else yet."""
    return _copy(home_of_linde, tmp_path)


@pytest.fixture
def agenda(home_with_agenda: Path, tmp_path: Path) -> Program:
    """That practice with patients and appointments, on the Tuesday before they come."""
    return _copy(home_with_agenda, tmp_path)


@pytest.fixture
def two(linde: Program) -> Program:
    """Two practices."""
    linde.does("practice add eik --name 'Huisarts Eik'")
    return linde


def _copy(home: Path, to: Path) -> Program:
    shutil.copytree(home, to, dirs_exist_ok=True)
    return Program(to)
