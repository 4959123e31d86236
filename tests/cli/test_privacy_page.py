"""docs/privacy.md says what there is: the keys of an export, what is stored of a file, the limits of what is kept."""

import json
import re
from pathlib import Path

from smsreminders.config.wording import shipped_texts
from smsreminders.domain.keep.retention import SHORTEST_FOR_TEXTS, Retention
from smsreminders.gateways.by_name import names
from tests.cli.running import Program

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return PAGE.split(f"\n## {heading}")[1].split("\n## ")[0]


def test_the_keys_of_an_export_stand_there(agenda: Program) -> None:
    agenda.does("patient export 1001 --output 1001.json")
    known = json.loads((agenda.home / "1001.json").read_text(encoding="utf-8"))
    rows = [row.split("|")[1] for row in section("What is known of a patient").splitlines() if row.startswith("| `")]
    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == set(known)


def test_of_a_column_that_no_reminder_needs_nothing_is_stored(agenda: Program) -> None:
    (agenda.home / "more.csv").write_text(
        "patient_id,name,phone,consent,BSN,Geboortedatum,Diagnose\n"
        "3001,Z. Canaria,06-12345690,ja,123456782,1961-03-04,Kanariepokken\n"
    )
    agenda.does("import more.csv --kind patients --source more")
    stored = agenda.database.read_bytes()
    assert b"Z. Canaria" in stored
    assert [word for word in (b"123456782", b"1961-03-04", b"Kanariepokken") if word in stored] == []


def test_what_is_kept_how_long_is_what_purge_goes_by() -> None:
    kept = Retention()
    told = section("What goes by itself")
    assert f'`texts = "{kept.texts.days}d"`' in told
    assert f"({SHORTEST_FOR_TEXTS.days} days at least" in told
    assert f'`source_rows = "{kept.source_rows.days}d"`' in told
    assert f'`log = "{kept.log.days // 366}y"`' in told


def test_no_text_that_comes_with_the_program_says_where_with_whom_or_why() -> None:
    said = {word for text in shipped_texts().values() for word in re.findall(r"{(\w+)}", text)}
    assert said == {"patient", "day", "date", "time", "times", "count", "practice", "call"}


def test_each_gateway_stands_among_the_sub_processors() -> None:
    told = re.findall(r"^\| `(\w+)` \|", section("Sub-processors, by gateway"), re.MULTILINE)
    assert sorted(told) == sorted(set(names()) - {"sandbox"})
