"""The end of a file: what is cut off lacks it, whatever its format."""

import io
import zipfile
from pathlib import Path

import pytest

from smsreminders.importers.ends import lacks_end

CSV, CALENDAR, JSON = "its last line has no end", "it has no END:VCALENDAR", "its JSON is cut off"
ZIP = "the end of the spreadsheet is missing"
BUNDLE = '{\n"resourceType": "Bundle", "entry": [{"a": {}}]\n}'
LINES = '{"resourceType": "Patient"}\n{"resourceType": "Appointment"}'


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("format_name", "content", "lack"),
    [
        ("csv", "id;naam\n1;x\n", None),
        ("csv", "id;naam\r1;x\r", None),
        ("csv", "id;naam\r\n1;x", CSV),
        ("csv", "id;naam\r\n1;x\r\n\x1a", None),
        ("csv", "", CSV),
        ("csv", "id;naam\n1;x\n".encode("utf-16-le"), None),
        ("csv", "id;naam\n1;x\r".encode("utf-16-be"), None),
        ("csv", "id;naam\n1;x".encode("utf-16-le"), CSV),
        ("hl7", b"\x0bMSH|^~\\&|\rSCH|1\r\x1c", None),
        ("hl7", "MSH|^~\\&|\rSCH|1", CSV),
        ("ics", "BEGIN:VCALENDAR\r\nend:vcalendar\r\n\r\n", None),
        ("ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", CALENDAR),
        ("fhir", BUNDLE, None),
        ("fhir", BUNDLE[:-1], JSON),
        ("fhir", BUNDLE[: BUNDLE.index("}") + 1], JSON),
        ("fhir", LINES, None),
        ("fhir", LINES[:-9], JSON),
        ("fhir", "", JSON),
        ("xlsx", zipped(), None),
        ("xlsx", zipped()[:-30], ZIP),
        ("xlsx", b"\xd0\xcf\x11\xe0 an old one says nothing of its end", None),
        ("xlsx", "", ZIP),
        (None, "x", None),
    ],
)
def test_a_file_that_is_cut_off_lacks_its_end(
    tmp_path: Path, format_name: str | None, content: str | bytes, lack: str | None
) -> None:
    file = tmp_path / "file"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert lacks_end(file, format_name) == lack


@pytest.mark.parametrize(("format_name", "content"), [("fhir", BUNDLE), ("csv", "id\n1\n"), ("ics", "END:VCALENDAR")])
def test_what_is_cut_at_any_byte_lacks_its_end_or_ends_with_a_line(
    tmp_path: Path, format_name: str, content: str
) -> None:
    file = tmp_path / "file"
    whole = []
    for length in range(len(content)):
        file.write_text(content[:length], encoding="utf-8")
        if lacks_end(file, format_name) is None:
            whole.append(content[:length])
    assert all(format_name == "csv" and text.endswith("\n") for text in whole)
