"""`practice export`: what a practice takes along, by the commands that read it."""

from tests.cli.running import Program

MONTH = "report --month 2026-11 --format csv"


def test_the_bills_of_an_export_are_the_practices_own(agenda: Program) -> None:
    agenda.does("practice add eik --name 'Huisarts Eik'")
    agenda.does("service add --practice eik --name N --channel sms --notification-type appointment-reminder")
    for file, kind in (("patients.csv", "patients"), ("agenda.csv", "appointments")):
        agenda.does(f"import {file} --practice eik --kind {kind}")
    agenda.sends()
    agenda.at("2026-11-24T13:00:00+01:00").does("poll")
    later = agenda.at("2026-12-07T09:00:00+01:00")
    later(f"{MONTH} --close --force")
    own_lines = later.does(f"{MONTH} --practice linde")
    ended = later("practice export linde --output linde.db")
    assert (ended.code, ended.out) == (0, "")
    copy = later.home / "linde.db"
    assert copy.stat().st_mode & 0o777 == 0o600
    here = {"SMSREMINDERS_DATABASE": str(copy)}
    assert later.does(MONTH, **here) == own_lines
    assert "eik" not in own_lines
    assert [row["code"] for row in later("practice list --json", **here).json] == ["linde"]
    assert later("patient list --json", **here).json == later("patient list --json --practice linde").json
    assert later("dispatch", **here).code == 78  # it says of itself that it is a copy
    line = later("log list --json").json[-1]
    assert (line["verb"], line["practice"], len(line["patients"])) == ("exported", "linde", 8)
