"""`import` of FHIR and HL7: what is told, what becomes of a folder's files, and no number or name in it."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.running import Program

DATA = Path(__file__).parents[1] / "data"
BAD = b"no message\n"


def message(number: int, event: str = "S12", start: str = "202611271030") -> bytes:
    segments = (
        rf"MSH|^~\&|HIS|LINDE|SMS|LINDE|2026112408{number:02}00||SIU^{event}|{number}|P|2.5",
        f"SCH||H{number}|||||||||^^^{start}",
        "PID|1||1009||Canaria^A.||||||||0612345671",
        "RGS|1",
    )
    return "".join(f"{segment}\r" for segment in segments).encode()


@pytest.fixture
def folder(linde: Program) -> Path:
    folder = linde.home / "in"
    folder.mkdir()
    for number in (1, 2, 3):
        (folder / f"{number}.hl7").write_bytes(message(number))
    (folder / "4.hl7").write_bytes(BAD)
    return folder


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_a_folder_of_ours_is_emptied_into_done_and_bad(linde: Program, folder: Path) -> None:
    before = files(folder)
    for options in ("--dry-run --move", ""):
        assert linde(f"import in --kind appointments {options}").code == 3
        assert files(folder) == before
    ended = linde("import in --kind appointments --move --json")
    assert (ended.code, ended.json["unchanged"], ended.json["rejected"]) == (3, 3, 1)
    assert ended.said == [
        "smsreminders: in, 4.hl7, file: there is no HL7 message in it: none of its lines begins with MSH"
    ]
    assert files(folder) == ["bad/4.hl7", "done/1.hl7", "done/2.hl7", "done/3.hl7"]
    again = linde("import in --kind appointments --format hl7 --move --json")
    assert (again.code, again.json["read"]) == (0, 0)


def test_a_source_may_be_a_folder_that_is_emptied_at_each_run(linde: Program, folder: Path) -> None:
    linde.configure(f'[[sources]]\nname = "hospital"\npath = "{folder}"\nformat = "hl7"\nmove = true\n')
    for options, read, code in (("--dry-run", 4, 3), ("", 4, 3), ("", 0, 0)):
        ended = linde(f"import --all --json {options}")
        assert (ended.code, ended.json[0]["read"], ended.json[0]["file"]) == (code, read, str(folder))
    assert files(folder) == ["bad/4.hl7", "done/1.hl7", "done/2.hl7", "done/3.hl7"]


def test_of_a_refused_folder_nothing_is_moved(linde: Program, folder: Path) -> None:
    for number in (1, 2, 3):
        (folder / f"{number}.hl7").write_bytes(BAD)
    before = files(folder)
    refused = linde("import in --kind appointments --move --format hl7")
    assert refused.code == 65
    assert "4 of 4 rows are bad: the reasons are told with each; nothing was imported" in refused.err
    assert files(folder) == before


def test_only_a_folder_is_moved_from(linde: Program, folder: Path) -> None:
    ended = linde(f"import {folder / '1.hl7'} --kind appointments --move")
    assert (ended.code, files(folder)[0]) == (2, "1.hl7")


def test_messages_and_columns_or_completeness_do_not_go_together(linde: Program, folder: Path) -> None:
    assert linde("import in --kind appointments --map start=Datum").code == 2
    refused = linde(f"import {folder / '1.hl7'} --kind appointments --complete 2026-11-25..2026-11-27")
    assert refused.code == 65
    assert "1.hl7 tells changes only, so it can't be taken as complete" in refused.err


def test_a_bundle_is_imported_and_what_it_lacks_is_told(linde: Program) -> None:
    shutil.copy(DATA / "fhir" / "agenda.json", linde.home)
    ended = linde("import agenda.json --kind appointments --json")
    assert (ended.code, ended.json["added"], ended.json["ignored"], ended.json["rejected"]) == (3, 3, 1, 2)
    bundle = json.loads((linde.home / "agenda.json").read_text(encoding="utf-8")) | {"total": 9}
    (linde.home / "agenda.json").write_text(json.dumps(bundle), encoding="utf-8")
    page = linde("import agenda.json --kind appointments")
    assert "Note: agenda.json: the record has 9, the file only 7 of them: fetch all pages." in page.said
    refused = linde("import agenda.json --kind appointments --complete 2026-11-24..2026-11-30")
    assert refused.code == 65
