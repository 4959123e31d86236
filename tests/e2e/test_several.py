"""Two reminders an appointment, one text a patient and day: a week of a practice, as its administrator sees it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.running import Program
from tests.cli.spryng import send_by
from tests.gateways.fake_spryng import FakeSpryng

MONDAY, TUESDAY, THURSDAY = (f"2026-11-{day}T09:00:00+01:00" for day in (23, 24, 26))
AGENDA = """\
appointment_id,patient_id,start,patient_name,phone,consent
A1,1,2026-11-27 10:00,A. Canaria,0612345671,ja
A2,1,2026-11-27 11:30,A. Canaria,0612345671,ja
A3,2,2026-11-27 10:20,B. Canaria,0612345672,ja
"""
BOTH = "Beste A. Canaria, u heeft vrijdag 27 november om 10:00 en 11:30 afspraken bij Linde."


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[tuple[Program, FakeSpryng]]:
    program = Program(tmp_path, MONDAY)
    program.does("--quiet init")
    with FakeSpryng(now=datetime.fromisoformat(MONDAY)) as spryng:
        send_by(spryng, program, connections=1)
        with program.config.open("a") as file:
            file.write('\n[schedule]\nremind = ["3wd", "1wd"]\n')
        (tmp_path / "agenda.csv").write_text(AGENDA, encoding="utf-8")
        program.does("-q practice add linde --name Linde --sender-id Linde")
        program.does("-q service add --name Notificaties --channel sms --notification-type appointment-reminder")
        program.does("-q import agenda.csv --kind appointments")
        yield program, spryng


def texts(program: Program) -> list[tuple[str, list[str], int, str, str]]:
    """Occasion, covers, attempt, status and phone of each notification."""
    return [
        (row["occasion"], row["covers"], row["attempt"], row["status"], row["phone"])
        for row in program("notifications list --json --show-numbers").json
    ]


def test_a_week_with_two_reminders_and_a_text_for_two_appointments(practice: tuple[Program, FakeSpryng]) -> None:
    program, spryng = practice
    assert program("dispatch --json").json["queued"] == 0  # the round of Monday covers Thursday at most
    tuesday, thursday = program.at(TUESDAY), program.at(THURSDAY)
    planned = tuesday("dispatch --dry-run --json").json
    assert [(row["appointment"], row["segments"]) for row in planned["appointments"]] == [
        ("A1", 1),
        ("A3", 1),
        ("A2", 0),
    ]
    assert planned["segments"] == 2
    spryng.now = datetime.fromisoformat(TUESDAY)
    tuesday.does("dispatch")
    assert [row["text"].startswith(BOTH) for row in tuesday("notifications list --json").json] == [True, False]
    spryng.report("+31612345671", "Failed", "NoSuchNumber")
    spryng.report("+31612345672", "Delivered", "")
    tuesday.does("poll")
    tuesday.does("patient edit 1 --phone 0612345679")
    assert "once more, to the number that the patient has now" in tuesday("notifications explain A2").out
    tuesday.does("dispatch")
    spryng.report("+31612345679", "Delivered", "")
    spryng.now = datetime.fromisoformat(THURSDAY)
    thursday.does("dispatch")
    assert texts(thursday) == [
        ("3wd", ["A1", "A2"], 1, "failed", "+31612345671"),
        ("3wd", ["A3"], 1, "delivered", "+31612345672"),
        ("3wd", ["A1", "A2"], 2, "sent", "+31612345679"),
        ("1wd", ["A1", "A2"], 1, "sent", "+31612345679"),
        ("1wd", ["A3"], 1, "sent", "+31612345672"),
    ]
    assert thursday("dispatch --json").json["queued"] == 0
    assert "attempt 2, for A1, A2 together" in thursday("notifications explain A2").out
    page = thursday("notifications show 1").lines
    assert "Other reminders of it" in page
    thursday.does("poll")
    lines = thursday("report --month 2026-11 --format csv").lines
    assert lines[1].split(",")[6:8] == ["2", "2"]  # the second attempt of two appointments, and the other's first text
