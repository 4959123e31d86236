"""The lines of a calendar file: unfolded, in an encoding that is sure, and whole or refused."""

import os
import re
from pathlib import Path

import pytest

from smsreminders.errors import InputFileError
from smsreminders.importers.calendars import lines
from smsreminders.importers.calendars.lines import read_calendars
from tests.importers.calendars.samples import rows_of

SAMPLES = Path(__file__).parents[2] / "data" / "calendars"
EVENT = "BEGIN:VEVENT\nUID:e\nEND:VEVENT\n"


def calendar(folder: Path, content: str | bytes) -> Path:
    path = folder / "file.ics"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines_of(path: Path) -> list[str]:
    [read] = read_calendars(path)
    return [line for event in read.events for line in event.lines]


@pytest.mark.parametrize("name", ["google.ics", "cancel.ics"])
def test_a_calendar_that_is_cut_at_any_byte_is_refused(tmp_path: Path, name: str) -> None:
    whole = (SAMPLES / name).read_bytes().rstrip()
    for size in range(len(whole)):
        path = calendar(tmp_path, whole[:size])
        with pytest.raises(InputFileError, match=re.escape(str(path))):
            rows_of(path)
    assert rows_of(calendar(tmp_path, whole)) == rows_of(SAMPLES / name)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("<html>Log in</html>", "line 1: no calendar"),
        ("Subject,Start Date\n", "line 1: no calendar"),
        (EVENT, "line 1: no whole calendar: it doesn't begin with BEGIN:VCALENDAR"),
        (f"BEGIN:VCALENDAR\n{EVENT}", "it doesn't end with END:VCALENDAR"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "line 3: the end of something that isn't open"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n", "line 3: no calendar"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\nmore", "line 3: no calendar"),
        ("BEGIN:VCALENDAR\n" + "BEGIN:X\n" * 9, "line 9: more stands in one another"),
        (b"BEGIN:VCALENDAR\nX:\xc3\xab\xc3\xab\xc3\n\xff\nEND:VCALENDAR\n", "damaged"),
        (b"BEGIN:VCALENDAR\nX:\x81\nEND:VCALENDAR\n", "damaged"),
    ],
)
def test_what_is_no_whole_calendar_is_refused_with_the_reason(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    with pytest.raises(InputFileError, match=re.escape(reason)):
        read_calendars(calendar(tmp_path, content))


def test_a_line_is_unfolded_also_inside_of_a_letter(tmp_path: Path) -> None:
    content = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nLOCATION:Zaal Belv\u00e9".encode()
    folded = content[:-1] + b"\r\n " + content[-1:] + "d\r\n\t\u00e8re\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()
    assert lines_of(calendar(tmp_path, folded)) == ["LOCATION:Zaal Belv\u00e9d\u00e8re"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_calendar_is_read_with_any_line_ends_and_letters(tmp_path: Path, end: str, encoding: str) -> None:
    content = f"BEGIN:VCALENDAR\n\nbegin:vevent\nLOCATION:caf\u00e9\n{EVENT}end:vevent\nEND:VCALENDAR\n\n"
    assert lines_of(calendar(tmp_path, content.replace("\n", end).encode(encoding))) == ["LOCATION:caf\u00e9"]


def test_of_an_event_only_what_stands_directly_in_it_is_kept_and_no_line_without_bound(tmp_path: Path) -> None:
    alarm = "BEGIN:VALARM\nSUMMARY:x\nEND:VALARM"
    event = f"BEGIN:VEVENT\nUID:e\n{alarm}\nATTACH:x\nDESCRIPTION:{'x' * 10_000}\nEND:VEVENT"
    content = f"BEGIN:VCALENDAR\n{event}\nBEGIN:VTODO\nUID:t\nEND:VTODO\nEND:VCALENDAR\n"
    assert [line[:20] for line in lines_of(calendar(tmp_path, content))] == ["UID:e", "DESCRIPTION:xxxxxxxx"]
    assert max(map(len, lines_of(calendar(tmp_path, content)))) == 4_000


def test_several_calendars_in_a_file_are_read_each_for_itself(tmp_path: Path) -> None:
    first = f"BEGIN:VCALENDAR\nMETHOD:Cancel\nX-WR-TIMEZONE:Europe/Paris\n{EVENT}END:VCALENDAR\n"
    read = read_calendars(calendar(tmp_path, f"{first}BEGIN:VCALENDAR\n{EVENT}{EVENT}END:VCALENDAR\n"))
    assert [(each.method, each.zone, len(each.events)) for each in read] == [("CANCEL", "Europe/Paris", 1), ("", "", 2)]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.ics")
    for name, reason in {"fifo.ics": "not a regular file", "none.ics": "No such file"}.items():
        with pytest.raises(InputFileError, match=reason):
            read_calendars(tmp_path / name)


def test_a_calendar_too_large_to_be_held_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LARGEST", 1 << 20)
    with pytest.raises(InputFileError, match="larger than 1 MB"):
        read_calendars(calendar(tmp_path, b" " * ((1 << 20) + 1)))
