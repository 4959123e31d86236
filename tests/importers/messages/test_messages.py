"""HL7 messages: cut out of any bytes, decoded and split as they say; what is wrong with one costs only itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smsreminders.errors import InputFileError
from smsreminders.importers.formats import read_file
from smsreminders.importers.messages import framing
from smsreminders.importers.messages.framing import Frame, read_frames
from smsreminders.importers.messages.message import Message, MessageError, parse
from smsreminders.importers.records import AppointmentRecord, RowError
from tests.importers.golden import DATA
from tests.importers.tables import APPOINTMENTS, layout
from tests.shared_data import shared_data

MSH = rb"MSH|^~\&|HIS|LINDE|SMS|LINDE|20261123080000||SIU^S12|1|P|2.5"


def frames(folder: Path, content: bytes) -> list[Frame | RowError]:
    (folder / "file.hl7").write_bytes(content)
    return list(read_frames(folder / "file.hl7"))


def parsed(folder: Path, content: bytes) -> Message:
    [frame] = frames(folder, content)
    assert isinstance(frame, Frame)
    return parse(frame)


def test_only_what_is_read_of_a_message_is_kept_and_lines_go_on(tmp_path: Path) -> None:
    content = MSH + b"\rSCH|a\nmore\rNTE|1||x\nSCHmore\nmore\rZZZ|1\rPID|1\r"
    [frame] = frames(tmp_path, b"\xef\xbb\xbfrubbish\n" + content)
    assert isinstance(frame, Frame)
    assert (frame.segments, frame.is_cut) == ([MSH, b"SCH|a more", b"PID|1"], False)


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (MSH + b"\rSCH|a\rPID|1", [MSH, b"SCH|a"]),
        (MSH + b"\rSCH|a\nmo", [MSH]),
        (MSH + b"\rSCH|a\rNTE|1\nmo", [MSH, b"SCH|a"]),
        (MSH + b"\rSCH|a\rPI", [MSH]),
        (MSH + b"\rSCH|a\rAIP|1|A|X", [MSH, b"SCH|a", b"ZIP|1|A|X"]),
        (MSH, []),
    ],
)
def test_a_last_segment_without_end_is_not_believed(tmp_path: Path, content: bytes, kept: list[bytes]) -> None:
    [frame] = frames(tmp_path, content)
    assert isinstance(frame, Frame)
    assert (frame.segments, frame.is_cut) == (kept, True)


def lacking(folder: Path, content: bytes) -> list[str]:
    return [frame.reason for frame in frames(folder, content) if isinstance(frame, RowError)]


def test_a_batch_that_lacks_messages_is_told(tmp_path: Path) -> None:
    assert lacking(tmp_path, b"BHS|\r" + MSH + b"\rBTS|1\r") == []
    assert lacking(tmp_path, b"BHS|\r" + MSH + b"\rBTS\r") == []
    assert lacking(tmp_path, b"BHS|\r" + MSH + b"\rBTS|2\r") == [
        "a batch says that it has 2 messages, there are 1 of them"
    ]
    assert lacking(tmp_path, b"BHS|\r" + MSH + b"\r") == ["a batch has no end (BTS)"]


@pytest.mark.parametrize("content", [b"", b"\r\n", b"PID|1\r", b"\x00" * 9, "MSH|^~\\&".encode("utf-16")])
def test_a_file_without_a_message_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputFileError, match="there is no HL7 message in it"):
        frames(tmp_path, content)


def test_a_segment_or_a_message_without_end_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "LONGEST", 100)
    monkeypatch.setattr(framing, "_MOST", 3)
    for content, problem in [
        (MSH + b"\rOBX|" + b"x" * 500_000 + b"\rSCH|a\r", None),
        (MSH + b"\rSCH|" + b"x" * 500_000 + b"\r", "a segment is longer than 100 bytes"),
        (MSH + b"\rSCH|a\n" + b"x\n" * 100, "a segment is longer than 100 bytes"),
        (MSH + b"\rPID|1" * 10 + b"\r", "it has more than 3 segments"),
    ]:
        [frame] = frames(tmp_path, content)
        assert isinstance(frame, Frame)
        assert (frame.problem, sum(map(len, frame.segments)) < 300) == (problem, True)


@pytest.mark.parametrize(
    ("told", "encoding"),
    [
        ("", "utf-8"),
        ("", "cp1252"),
        ("ASCII", "cp1252"),
        ("UNICODE UTF-8", "utf-8"),
        ("8859/1", "cp1252"),
        ("8859/15~UNICODE UTF-8", "iso8859-15"),
    ],
)
def test_a_message_is_decoded_as_it_says_itself(tmp_path: Path, told: str, encoding: str) -> None:
    content = MSH + b"||||||" + told.encode() + b"\rPID|1||1||" + "Anaïs".encode(encoding) + b"\r"
    assert parsed(tmp_path, content).text("PID", 5) == "Anaïs"


def test_bytes_that_are_not_what_the_message_says_are_told(tmp_path: Path) -> None:
    with pytest.raises(MessageError, match="its bytes are no utf-8, though MSH-18 says so"):
        parsed(tmp_path, MSH + b"||||||UTF-8\rPID|1||1||Ana\xefs\r")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        (r"Poli Oost \T\ West", "Poli Oost & West"),
        (r"\F\\S\\R\\E\ ", "|^~\\"),
        (r"\.br\x\.in+4\y\H\z\N\ ", "xyz"),
        (r"Ana\XC3AF\s", "Anaïs"),
        (r"\XZZ\a\.in99999999999\b", "ab"),
        ("a\\b", "a\\b"),
    ],
)
def test_escapes_stand_for_their_signs(tmp_path: Path, written: str, plain: str) -> None:
    assert parsed(tmp_path, MSH + b"\rPID|1||1||" + written.encode() + b"\r").text("PID", 5) == plain


def test_a_message_with_signs_of_its_own_is_split_by_them(tmp_path: Path) -> None:
    content = rb"MSH#*~\&#HIS#LINDE#SMS#LINDE#20261123080000##SIU*S12#1" + b"\rSCH##A1*X\r"
    message = parsed(tmp_path, content)
    assert (message.text("MSH", 9, 2), message.text("SCH", 2)) == ("S12", "A1")


@pytest.mark.parametrize("header", [b"MSH", b"MSH|", b"MSH|^^^^|HIS|LINDE|SMS", b"MSH|^~", b"MSH^~\\&"])
def test_a_header_that_does_not_tell_how_to_split_is_told(tmp_path: Path, header: bytes) -> None:
    with pytest.raises(MessageError):
        parsed(tmp_path, header + b"\rSCH||A1\r")


def test_a_file_that_is_cut_anywhere_says_nothing_but_what_stands_there(tmp_path: Path) -> None:
    whole = (DATA / "hl7" / "day.hl7").read_bytes()
    said = {row.source_id: row for row in read_file(DATA / "hl7" / "day.hl7", APPOINTMENTS, layout())}
    path = tmp_path / "day.hl7"
    for length in range(0, len(whole), 3):
        path.write_bytes(whole[:length])
        try:
            rows = list(read_file(path, APPOINTMENTS, layout()))
        except InputFileError:
            continue
        for row in rows[-2:]:  # the others are whole
            if not isinstance(row, RowError):
                known = said[row.source_id]
                assert not isinstance(known, RowError)
                assert getattr(row, "starts_at", None) in {None, *starts_of(row.source_id)}


def starts_of(source_id: str) -> set[object]:
    rows = read_file(DATA / "hl7" / "day.hl7", APPOINTMENTS, layout())
    return {getattr(row, "starts_at", None) for row in rows if row.source_id == source_id}


@given(st.binary(max_size=60), st.integers(0, 2000))
@example(b"\rSCH||A1\r", 66)
@settings(max_examples=150)
def test_whatever_the_bytes_there_are_rows_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, rubbish: bytes, at: int
) -> None:
    whole = (DATA / "hl7" / "day.hl7").read_bytes()
    path = tmp_path_factory.mktemp("rubbish") / "day.hl7"
    path.write_bytes(whole[:at] + rubbish + whole[at + len(rubbish) :])
    try:
        rows = list(read_file(path, APPOINTMENTS, layout()))
    except InputFileError:
        return
    assert all(row.place for row in rows)


MIRTH = "github.com/nextgenhealthcare/connect"
MICROSOFT = "github.com/microsoft/FHIR-Converter"


@pytest.mark.parametrize(
    ("name", "source", "year", "expected"),
    [
        (
            "FHIR-Converter__SIU-S12-01.hl7",
            MICROSOFT,
            2021,
            ("36996", "2021-09-24T07:15:00+00:00", "booked", "PATID1234"),
        ),
        (
            "FHIR-Converter__SIU-S13-01.hl7",
            MICROSOFT,
            2021,
            ("36996", "2021-09-24T07:15:00+00:00", "booked", "PATID1234"),
        ),
        (
            "FHIR-Converter__SIU-S15-01.hl7",
            MICROSOFT,
            2021,
            ("36996", "2021-09-24T07:15:00+00:00", "cancelled", "PATID1234"),
        ),
        (
            "FHIR-Converter__SIU-S16-01.hl7",
            MICROSOFT,
            2021,
            ("36996", "2021-09-24T07:15:00+00:00", "cancelled", "PATID1234"),
        ),
        (
            "FHIR-Converter__SIU-S17-01.hl7",
            MICROSOFT,
            2021,
            ("36996", "2021-09-24T07:15:00+00:00", "cancelled", "PATID1234"),
        ),
        ("mirth__nonbatch_01.hl7", MIRTH, 2011, ("2196178", "2011-06-17T06:45:00+00:00", "booked", "42")),
        ("mirth__nonbatch_02.hl7", MIRTH, 2011, ("2196178", "2011-06-17T06:45:00+00:00", "booked", "42")),
    ],
)
def test_messages_of_others_say_what_their_own_converters_make_of_them(
    name: str, source: str, year: int, expected: tuple[str, ...]
) -> None:
    path = shared_data(f"import/hl7v2/{name}", source=source)
    [row] = read_file(path, APPOINTMENTS, layout(now=datetime(year, 6, 1, tzinfo=UTC)))
    assert isinstance(row, AppointmentRecord)
    assert row.starts_at is not None
    assert row.booking is not None
    told = row.source_id, row.starts_at.isoformat(), row.booking.value, row.patient.source_id
    assert told == expected
    assert [cell.reason.startswith("another start than in") for cell in row.patient.unread] == [True]
