"""`demo`: a practice's whole day on made-up data, each command as it is run, and nothing is left of it."""

from pathlib import Path

from tests.cli.running import Program

STEPS = [
    "init",
    "service add",
    "import patients.csv",
    "import agenda.csv",
    "consent withdraw",
    "preview",
    "dispatch --dry-run",
    "dispatch",
    "poll",
    "appointment move",
    "appointment cancel",
    "dispatch",
    "poll",
    "poll",
    "notifications list",
    "notifications explain",
    "notifications explain",
    "report",
]


def test_the_demo_shows_each_command_and_ends_with_the_bill(tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    user = Program(tmp_path / "home")
    user.home.mkdir()
    user.does("init --practice Linde")
    before = user.config.read_bytes(), user.database.read_bytes(), sorted(user.home.rglob("*"))

    ended = user.process(
        "demo",
        TMPDIR=str(folder),
        SMSREMINDERS_CONFIG=str(user.config),
        SMSREMINDERS_DATABASE=str(user.database),
    )

    assert ended.code == 0, ended
    shown = [line.removeprefix("$ smsreminders ") for line in ended.lines if line.startswith("$ ")]
    assert [step for step, command in zip(STEPS, shown, strict=True) if not command.startswith(step)] == []
    bill = ended.out.partition("$ smsreminders report --month 2027-05\n")[2].splitlines()
    assert (
        bill[0]
        == "Rekening mei 2027, een oefening: er wordt niets echt verstuurd, en niemand hoeft er iets voor te betalen"
    )
    assert [line.split()[:2] for line in bill[-5:-2]] == [["zonder", "btw"], ["btw", "21%"], ["met", "btw"]]
    assert "Nothing was sent, and the folder of the demo is gone." in bill[-1]
    assert list(folder.iterdir()) == []
    assert (user.config.read_bytes(), user.database.read_bytes(), sorted(user.home.rglob("*"))) == before


def test_the_demo_reminds_on_friday_and_on_saturday_only_of_what_changed(tmp_path: Path) -> None:
    ended = Program(tmp_path)("demo", SMSREMINDERS_NOW="")
    assert ended.code == 0
    rounds = [line.split()[0] for line in ended.lines if line.endswith(" waiting")]
    assert rounds[-1] == "1"
    assert int(rounds[0]) > 10
    assert len([line for line in ended.said if "agenda.csv, line 27, start: " in line]) == 1
