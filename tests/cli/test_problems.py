"""What keeps a practice from being planned is told by a round and by its dry run alike, with exit code 78."""

from pathlib import Path

import pytest

from tests.commanding import installed


@pytest.mark.parametrize(
    "command", ["dispatch", "dispatch --dry-run", "dispatch --dry-run --json", "--quiet dispatch -n"]
)
def test_a_text_that_wants_a_missing_phone_is_told(tmp_path: Path, command: str) -> None:
    program = installed(tmp_path, '[messages.appointment-reminder]\nnl = "Afspraak {day}, bel {phone}"\n')
    ended = program(command)
    assert (ended.code, len(ended.said)) == (78, 1)
    assert "the text has {phone}, but practice linde has none" in ended.err


@pytest.mark.parametrize("command", ["dispatch", "dispatch --dry-run"])
def test_an_agenda_whose_export_has_stopped_is_told(tmp_path: Path, command: str) -> None:
    program = installed(tmp_path)
    ended = program(command, at="2026-12-16T09:00:00+01:00")
    assert (ended.code, len(ended.said)) == (78, 1)
    assert "the agenda of linde has brought nothing new since 2026-11-24: nobody is reminded from it" in ended.err


@pytest.mark.parametrize(("changes", "code"), [(False, 78), (True, 0)])
def test_the_same_old_file_every_night_is_no_export_that_runs(tmp_path: Path, *, changes: bool, code: int) -> None:
    program = installed(tmp_path)
    with (program.home / "agenda.csv").open("a", encoding="utf-8") as file:
        for day in range(1, 17):
            if changes:
                file.write(f"B{day},P1,K. Canaria,06-12345671,ja,2026-12-{day + 5:02} 10:00\n")
                file.flush()
            program.does("import agenda.csv --kind appointments", at=f"2026-12-{day:02}T06:00:00+01:00")
    assert program("dispatch", at="2026-12-16T09:00:00+01:00").code == code
