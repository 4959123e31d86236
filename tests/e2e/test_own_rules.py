"""A clinic with rules of its own beside a practice without: what goes out, when, and what is said of the rest."""

from pathlib import Path

import pytest

from tests.cli.running import Program

CONFIGURATION = """
[import.columns]
type = "Soort"

[gateway]
per_second = 10000

[practices.kliniek]
sending_hours = ["13:00", "17:00"]
except_types = ["psychologie"]
except_practitioners = ["B. de Bos"]

[practices.kliniek.messages]
nl = "Tot {day} {date} om {time}."
"""
AGENDA = """\
appointment_id,patient_id,start,patient_name,phone,consent,Soort,practitioner
A1,1,2026-11-25 10:00,A. Canaria,0612345671,ja,Controle,
A2,2,2026-11-25 10:10,B. Canaria,0612345672,ja,Psychologie,
A3,3,2026-11-25 10:20,C. Canaria,0612345673,ja,Controle,b. de bos
A4,4,2026-11-25 10:30,D. Canaria,0612345674,ja,,
"""
NINE, ONE = "2026-11-24T09:00:00+01:00", "2026-11-24T13:00:00+01:00"


@pytest.fixture
def clinic(tmp_path: Path) -> Program:
    """A practice and a clinic with the same agenda, at nine."""
    program = Program(tmp_path, NINE)
    program.does("--quiet init")
    program.configure(CONFIGURATION)
    (tmp_path / "agenda.csv").write_text(AGENDA, encoding="utf-8")
    for code in ("linde", "kliniek"):
        program.does(f"-q practice add {code} --name {code.title()} --sender-id {code.title()}")
        pair = "--channel sms --notification-type appointment-reminder"
        program.does(f"-q service add --practice {code} --name Notificaties {pair}")
        program.does(f"-q import agenda.csv --kind appointments --practice {code}")
    return program


def texted(program: Program, code: str) -> dict[str, str]:
    listed = program(f"notifications list --practice {code} --json").json
    return {row["appointment"]: row["text"] for row in listed}


def test_each_practice_is_texted_in_its_own_hours_and_not_of_what_it_leaves_out(clinic: Program) -> None:
    morning = clinic.process("dispatch")
    assert morning.code == 0
    assert "Not planned, outside their own sending hours: kliniek (13:00 to 17:00)." in morning.said
    assert clinic("--quiet dispatch --if-missed").err == ""
    assert clinic("dispatch --practice kliniek").code == 75
    assert (sorted(texted(clinic, "linde")), texted(clinic, "kliniek")) == (["A1", "A2", "A3", "A4"], {})
    afternoon = clinic.at(ONE)
    assert afternoon("dispatch --json").json["skipped"] == {"already-reminded": 4, "excluded": 2}
    text = "Tot woensdag 25 november om {}."
    assert texted(afternoon, "kliniek") == {"A1": text.format("10:00"), "A4": text.format("10:30")}
    assert len(texted(afternoon, "linde")) == 4


def test_why_nobody_was_texted_is_explained(clinic: Program) -> None:
    afternoon = clinic.at(ONE)
    afternoon.does("dispatch")
    for appointment in ("A2", "A3"):
        explained = afternoon(f"notifications explain {appointment} --practice kliniek")
        assert "The practice leaves out appointments of this type" in " ".join(explained.out.split())
    doctor = afternoon("doctor")
    assert "kliniek: 1 of 4 appointments to come have no type, so except_types leaves none of them out" in doctor.out


def test_another_type_before_the_round_counts_and_after_it_is_no_second_text(clinic: Program) -> None:
    agenda, afternoon = clinic.home / "agenda.csv", clinic.at(ONE)
    agenda.write_text(AGENDA.replace("ja,,", "ja,Psychologie,"), encoding="utf-8")
    afternoon.does("-q import agenda.csv --kind appointments --practice kliniek")
    afternoon.does("dispatch --practice kliniek")
    assert list(texted(afternoon, "kliniek")) == ["A1"]
    agenda.write_text(AGENDA.replace("Controle,\n", "Intake,A. Ander\n"), encoding="utf-8")
    afternoon.does("-q import agenda.csv --kind appointments --practice kliniek")
    again = afternoon("dispatch --practice kliniek --json").json
    assert (sorted(texted(afternoon, "kliniek")), again["skipped"]) == (
        ["A1", "A4"],
        {"already-reminded": 1, "excluded": 2},
    )
