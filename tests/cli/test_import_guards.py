"""`import` of a file that is too unlike the last one: refused with its figures, told by `check`, let in with --sure."""

from tests.cli.running import Program

HEADER = "appointment_id,patient_id,start,patient_name,phone"


def write(program: Program, name: str, clock: str = "{:02}:30") -> None:
    rows = [f"B{hour},C{hour},2026-11-26 {clock.format(hour)},Canaria {hour},06-123456{hour}" for hour in range(10, 18)]
    (program.home / name).write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")


def test_a_file_unlike_the_last_one_is_refused_with_its_figures_until_somebody_is_sure(linde: Program) -> None:
    write(linde, "monday.csv")
    write(linde, "tuesday.csv", "{:02}:00")
    linde.does("import monday.csv --kind appointments --source agenda")
    told = (
        "tuesday.csv: 8 of 8 starts to come are 30 minutes earlier: look at the export, and if it is right, import it "
        "with --source agenda --sure; nothing was imported"
    )
    again = "import tuesday.csv --kind appointments --source agenda"
    tried, refused = linde(f"{again} --dry-run"), linde(again)
    assert (tried.code, tried.said, refused.code, refused.said) == (65, [f"smsreminders: {told}"]) * 2
    assert "T10:30" in linde("appointment show B10 --json").json["starts_at"]
    assert told in linde("check").out
    let_in = linde(f"{again} --sure")
    assert (let_in.code, let_in.said) == (
        0,
        ["Note: tuesday.csv was let in, though 8 of 8 starts to come are 30 minutes earlier."],
    )
    assert "was refused" not in linde("check").out
    assert "T10:00" in linde("appointment show B10 --json").json["starts_at"]
