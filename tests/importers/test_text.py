"""A file's text: the encoding is sure or the file is refused; what is no text file is refused in one clear line."""

import gzip
import os
from pathlib import Path

import pytest

from smsreminders.errors import InputFileError
from smsreminders.importers.records import PatientRecord
from smsreminders.importers.text import find_text
from tests.importers.tables import patients
from tests.store.files import bound_by_modes

TABLE = "patient_id;name\n1;Anaïs Çelik\n2;Zoë\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_each_encoding_reads_the_same(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding in {"utf-16-le", "utf-16-be"} else ""
    assert patients(tmp_path, (mark + TABLE).encode(encoding)) == [
        PatientRecord("line 2", "1", "Anaïs Çelik"),
        PatientRecord("line 3", "2", "Zoë"),
    ]


def test_a_second_mark_is_ignored(tmp_path: Path) -> None:
    assert patients(tmp_path, "\ufeff\ufeffpatient_id\n1\n") == [PatientRecord("line 2", "1")]


def test_cp1252_has_the_euro_and_curly_quotes(tmp_path: Path) -> None:
    assert patients(tmp_path, b"patient_id;name\n1;\x80 \x91Zo\xeb\x92\n")[0].name == "€ ‘Zoë’"


@pytest.mark.parametrize("encoding", ["mac_roman", "cp1252", "utf-8"])
def test_lines_that_end_as_on_an_old_mac_have_the_letters_that_they_show(tmp_path: Path, encoding: str) -> None:
    names = "Zoë Müller", "René Citroën"
    content = f"patient_id;name\r1;{names[0]}\r2;{names[1]}\r".encode(encoding)
    assert tuple(patient.name for patient in patients(tmp_path, content)) == names


REFUSED = {
    "empty": (b"", "the file is empty"),
    "blanks alone": (b" \r\n\t\n", "the file is empty"),
    "a mark alone": (b"\xef\xbb\xbf", "no line with the names of the columns"),
    "delimiters alone": (b";;\n;;\n", 'no column "patient_id": there are ;;'),
    "gzip": (gzip.compress(TABLE.encode()), "not a text file but a gzip archive: unpack it first"),
    "xlsx": (b"PK\x03\x04\x14\x00\x06\x00", "not a text file but an Excel file .xlsx. or a zip archive"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not a text file but an old Excel file"),
    "calendar": (
        b"\xef\xbb\xbfBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        "not a table but a calendar .*: give it that ending",
    ),
    "json": (
        b'{"resourceType":"Patient","name":"J. Jansen"}\n',
        "not a table but JSON, such as FHIR .*: give it that ending$",
    ),
    "hl7": (b"MSH|^~\\&|A|B\rSCH|1\r", "not a table but HL7 messages .*: give it that ending"),
    "pdf": (b"%PDF-1.7\n", "not a text file but a PDF"),
    "sqlite": (b"SQLite format 3\x00\x10\x00", "not a text file but a database"),
    "undefined in cp1252": (b"patient_id;name\n1;Jan\n2;\x81\xe9\n", "line 3: the bytes there are no cp1252"),
    "lines of a Mac, letters of nobody": (b"patient_id;name\r1;\x8f", "those of an old Excel on a Mac"),
    "letters of a Mac, lines of Windows": (
        "patient_id;name\r\n1;Zoë Müller\r\n".encode("mac_roman"),
        "those of an old Excel on a Mac",
    ),
    "not what the mark says": (b"\xef\xbb\xbfpatient_id\n1\n\xe9\n", "line 3: the bytes there are no utf-8"),
    "half a character of UTF-16": ("\ufeffpatient_id\r\n1".encode("utf-16-le")[:-1], "line 2: .* no utf-16-le"),
    "a lone surrogate in UTF-16": (b"\xff\xfe\x00\xd8a\x00", "line 1: .* no utf-16-le"),
    "UTF-8, cut in a character": ("patient_id;name\n1;Zoë\n2;Noë".encode()[:-1], "line 3: .* though the rest is"),
    "UTF-8 and cp1252": ("patient_id;name\n1;Zoë\n".encode() + b"2;No\xeb\n", "line 3: .* though the rest is"),
    "UTF-16 without a mark": ("patient_id\n1\n".encode("utf-16-le"), "NUL characters in the first line"),
    "UTF-32": ("\ufeffpatient_id\n1\n".encode("utf-32-le"), "NUL characters in the first line"),
}


@pytest.mark.parametrize(("content", "told"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_table_in_a_sure_encoding_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(InputFileError, match=rf"^.*file\.csv: .*{told}"):
        patients(tmp_path, content)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="this is a folder, not a file"):
        find_text(tmp_path)


def test_a_fifo_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.csv")
    with pytest.raises(InputFileError, match="not a regular file"):
        find_text(tmp_path / "fifo.csv")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"missing\.csv: No such file or directory$"):
        find_text(tmp_path / "missing.csv")


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.touch(mode=0)
    with bound_by_modes(), pytest.raises(InputFileError, match=r"secret\.csv: Permission denied$"):
        find_text(path)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_a_file_that_is_still_being_written_is_refused() -> None:
    with pytest.raises(InputFileError, match="the file changed while it was read"):
        find_text(Path("/proc/self/status"))  # its size is said to be 0, as that of a file which grew since


LONG = "patient_id;name\n" + "1;Jan\n" * 400_000  # more than what is looked at together


def test_a_long_file_is_read_line_by_line_as_it_stands(tmp_path: Path) -> None:
    content = LONG + "2;Zoë\r\n"
    path = tmp_path / "long.csv"
    path.write_bytes(content.encode())
    assert "".join(find_text(path).lines()) == content


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("2;Zoë\n3;Noë".encode()[:-1], "line 400003: .* though the rest is"),
        (b"2;\x81\xe9\xe9\xe9\n", "line 400002: the bytes there are no cp1252"),
    ],
)
def test_damage_at_the_end_of_a_long_file_is_found_with_its_line(tmp_path: Path, last: bytes, told: str) -> None:
    (tmp_path / "long.csv").write_bytes(LONG.encode() + last)
    with pytest.raises(InputFileError, match=told):
        find_text(tmp_path / "long.csv")


def test_blanks_before_the_text_are_not_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "blank.csv").write_bytes(b"\n" * 1_100_000 + b"1\n")
    assert list(find_text(tmp_path / "blank.csv").lines())[-1] == "1\n"


@pytest.mark.parametrize("now", [b"patient_id\n1\n2\n", b"patient_id\n\xff\n", None])
def test_a_file_that_changes_before_it_is_read_again_is_refused(tmp_path: Path, now: bytes | None) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"patient_id\n1\n")
    text = find_text(path)
    path.unlink()
    if now is not None:
        path.write_bytes(now)
    with pytest.raises(InputFileError, match="No such file" if now is None else "the file changed while it was read"):
        list(text.lines())
