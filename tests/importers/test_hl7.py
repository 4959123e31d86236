"""HL7 v2: what SIU messages say of appointments, by event, time and status; in files and in folders."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smsreminders.domain.appointments import Booking, Outcome
from smsreminders.errors import InputFileError, UsageError
from smsreminders.importers.formats import formats, read_file
from smsreminders.importers.records import AppointmentRecord, Layout, Part, Record, RowError
from tests.importers.golden import DATA, expected, lines_of
from tests.importers.tables import AMSTERDAM, APPOINTMENTS, NOW, PATIENTS, layout

TOMORROW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def test_hl7_is_a_format() -> None:
    assert "hl7" in formats()


def test_a_file_says_what_was_worked_out_by_hand() -> None:
    assert lines_of(DATA / "hl7" / "day.hl7", APPOINTMENTS) == expected("hl7/day.txt")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r\x0b", b"\x1c\r\x0b", b"\r\r\n\n"])
def test_any_end_of_a_line_will_do(tmp_path: Path, end: bytes) -> None:
    content = (DATA / "hl7" / "day.hl7").read_bytes()
    (tmp_path / "day.hl7").write_bytes(b"\x0b" + content.replace(b"\r", end))
    assert lines_of(tmp_path / "day.hl7", APPOINTMENTS) == expected("hl7/day.txt")


def test_a_file_of_any_ending_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    for name in ("out.txt", "out", "out.dat"):
        (tmp_path / name).write_bytes(b"\x0b" + message())
        assert len(list(read_file(tmp_path / name, APPOINTMENTS, layout()))) == 1


def message(
    *,
    event: str = "S12",
    sch: str = "SCH||A1|||||||||^^^202611241030",
    pid: str = "PID|1||600^^^LINDE^PI||de Wit^Anna||||||||0612345601",
    more: str = "RGS|1",
    msh7: str = "20261123080000",
    msh18: str = "",
    control: str = "1",
) -> bytes:
    msh = rf"MSH|^~\&|HIS|LINDE|SMS|LINDE|{msh7}||SIU^{event}|{control}|P|2.5||||||{msh18}"
    segments = [segment for segment in (msh, sch, pid, more) if segment]
    return "".join(f"{segment}\r" for segment in segments).encode(msh18 if msh18 == "cp1252" else "utf-8")


def rows(folder: Path, *messages: bytes, how: Layout | None = None) -> list[Record | RowError]:
    (folder / "file.hl7").write_bytes(b"".join(messages))
    return list(read_file(folder / "file.hl7", APPOINTMENTS, how or layout()))


def appointment(folder: Path, how: Layout | None = None, **parts: str) -> AppointmentRecord:
    [row] = rows(folder, message(**parts), how=how)
    assert isinstance(row, AppointmentRecord)
    return row


@pytest.mark.parametrize("event", ["S12", "S13"])
def test_what_is_booked_or_moved_is_booked(tmp_path: Path, event: str) -> None:
    row = appointment(tmp_path, event=event)
    assert (row.booking, row.starts_at, row.unread) == (Booking.BOOKED, TOMORROW, ())


@pytest.mark.parametrize("event", ["S14", "S18", "S19", "S20", "S21", "S22"])
def test_a_change_says_nothing_of_the_status_unless_it_tells_one(tmp_path: Path, event: str) -> None:
    row = appointment(tmp_path, event=event)
    assert (row.booking, row.starts_at, row.unread) == (None, TOMORROW, ())
    assert appointment(tmp_path, event=event, sch=with_status("Booked")).booking is Booking.BOOKED


@pytest.mark.parametrize("event", ["S15", "S16", "S17"])
def test_what_is_cancelled_discontinued_or_deleted_is_cancelled(tmp_path: Path, event: str) -> None:
    row = appointment(tmp_path, event=event, sch="SCH||A1" + "|" * 23 + "Booked", pid="", more="")
    assert (row.booking, row.starts_at, row.unread) == (Booking.CANCELLED, None, ())


@pytest.mark.parametrize("event", ["S23", "S24", "S99", ""])
def test_an_event_about_no_appointment_is_ignored(tmp_path: Path, event: str) -> None:
    assert appointment(tmp_path, event=event).ignored


def with_status(status: str, start: str = "202611241030") -> str:
    return f"SCH||A1|||||||||^^^{start}{'|' * 14}{status}"


@pytest.mark.parametrize("status", ["", "Booked", "Pending", "Overbook", "Started", "Gepland", "X17", "^Scheduled"])
def test_a_status_that_says_nothing_against_the_event_leaves_it(tmp_path: Path, status: str) -> None:
    assert appointment(tmp_path, sch=with_status(status)).booking is Booking.BOOKED


@pytest.mark.parametrize("status", ["Waitlist", "Blocked"])
def test_what_is_no_appointment_yet_is_ignored_unless_it_is_mapped(tmp_path: Path, status: str) -> None:
    assert appointment(tmp_path, sch=with_status(status)).ignored
    mapped = Layout(AMSTERDAM, NOW, words={"status": {status.casefold(): "booked"}})
    assert appointment(tmp_path, mapped, sch=with_status(status)).booking is Booking.BOOKED


@pytest.mark.parametrize("status", ["Cancelled", "CANCELED", "Dc", "Deleted", "Geannuleerd"])
def test_a_status_against_the_event_is_unclear_and_cancels_nothing(tmp_path: Path, status: str) -> None:
    row = appointment(tmp_path, sch=with_status(status))
    assert (row.booking, [cell.field for cell in row.unread]) == (None, ["status"])


@pytest.mark.parametrize(
    ("event", "status", "outcome"),
    [("S26", "", Outcome.NO_SHOW), ("S14", "Noshow", Outcome.NO_SHOW), ("S14", "Complete", Outcome.ATTENDED)],
)
def test_an_outcome_of_the_past_is_kept_and_one_to_come_is_unclear(
    tmp_path: Path, event: str, status: str, outcome: Outcome
) -> None:
    past = appointment(tmp_path, event=event, sch=with_status(status, "202611201030"))
    assert (past.booking, past.outcome, past.unread) == (None, outcome, ())
    unnamed = appointment(tmp_path, event=event, sch=with_status(status, "202611201030"), pid="", more="")
    assert (unnamed.outcome, unnamed.unread) == (outcome, ())
    to_come = appointment(tmp_path, event=event, sch=with_status(status))
    assert (to_come.booking, [cell.field for cell in to_come.unread]) == (None, ["status"])


@pytest.mark.parametrize(
    ("start", "msh7", "expected"),
    [
        ("202611241030", "20261123080000", TOMORROW),
        ("20261124103000.1234+0100", "20261123080000", TOMORROW),
        ("20261124093000+0000", "20261123080000+0100", TOMORROW),
        ("202611240930", "20261123070000+0000", TOMORROW),  # a sender on UTC
        ("202707011030", "20261123080000+0100", datetime(2027, 7, 1, 8, 30, tzinfo=UTC)),  # the local clock, in summer
        ("202707011030", "rubbish", datetime(2027, 7, 1, 8, 30, tzinfo=UTC)),
    ],
)
def test_a_time_has_its_offset_or_that_of_the_message_or_is_local(
    tmp_path: Path, start: str, msh7: str, expected: datetime
) -> None:
    assert appointment(tmp_path, sch=f"SCH||A1|||||||||^^^{start}", msh7=msh7).starts_at == expected


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("20261124", "is a date without a time of day"),
        ("2026", "is a date without a time of day"),
        ("2026112410", "is no time of HL7"),
        ("24-11-2026 10:30", "is no time of HL7"),
        ("202611241030+2900", "has an offset from UTC that there isn't"),
        ("202613241030", "is no time that there is"),
        ("202610250230", "2026-10-25 02:30 exists twice"),
        ("202703280230", "2027-03-28 02:30 does not exist"),
        ("202611240000", "begins at midnight"),
        ("206211241030", "the year 2062 can't be meant"),
        ("", "is missing in TQ1, SCH-11 and resources"),
    ],
)
def test_a_start_that_is_not_sure_is_unclear(tmp_path: Path, start: str, reason: str) -> None:
    row = appointment(tmp_path, sch=f"SCH||A1|||||||||^^^{start}")
    assert row.starts_at is None
    assert [(cell.field, cell.reason.startswith(reason)) for cell in row.unread] == [("start", True)]


def test_the_start_is_of_tq1_then_sch_11_then_the_resources(tmp_path: Path) -> None:
    tq1 = "TQ1|1||||||202611241030|202611241100"
    resources = "RGS|1\rAIS|1|A|X|202611241030\rAIL|1|A|POLI^4|||202611241015\rAIL|2|A|POLI^5|||202611241030"
    by_tq1 = appointment(tmp_path, sch=f"SCH||A1|||||||||^^^202611241200\r{tq1}", more=resources)
    assert (by_tq1.starts_at, by_tq1.ends_at) == (TOMORROW, datetime(2026, 11, 24, 10, tzinfo=UTC))
    assert [(cell.column, cell.reason) for cell in by_tq1.patient.unread] == [
        ("SCH-11", "another start than in TQ1-7, which counts")
    ]
    series = appointment(tmp_path, sch=f"SCH||A1\r{tq1}\rTQ1|2||||||202612011030")
    assert (series.starts_at, [cell.column for cell in series.patient.unread]) == (TOMORROW, ["TQ1-7"])
    by_service = appointment(tmp_path, sch="SCH||A1", more="RGS|1\rAIS|1|A|X|202611241030")
    assert (by_service.starts_at, by_service.patient.unread) == (TOMORROW, ())


def test_the_time_of_the_message_is_told_unless_it_is_still_to_come(tmp_path: Path) -> None:
    assert appointment(tmp_path).as_of == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert appointment(tmp_path, msh7="202610250230").as_of == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for unknown in ("", "20261123", "yesterday", "20621123080000"):
        assert appointment(tmp_path, msh7=unknown).as_of is None


def test_the_same_control_id_counts_once(tmp_path: Path) -> None:
    again = message(msh7="20261123090000")
    assert len(rows(tmp_path, message(), again, message(event="S15"), message(control=""), message(control=""))) == 4


def test_one_id_of_two_facilities_is_not_one_appointment(tmp_path: Path) -> None:
    elsewhere = message(control="2").replace(b"HIS|LINDE", b"HIS|DUIN")
    first, second = rows(tmp_path, message(), elsewhere)
    assert (first.source_id, isinstance(second, RowError), second.source_id) == ("A1", True, "A1")


@pytest.mark.parametrize(
    ("pid", "patient_id", "name", "phone"),
    [
        ("PID|1|77|", "77", None, None),
        ("PID|1||123456789^^^USSSA^SS~42||BEEBLEBROX^ZAPHOD", "42", "ZAPHOD BEEBLEBROX", None),
        ("PID|1||1^^^X^XX~2^^^LINDE^MR||&van&Dijk^Jan", "2", "Jan van Dijk", None),
        ('PID|1||1||D^J||||||||""', "1", "J D", ""),
        ("PID|1||1||D^J||||||||020-5550123|0612345602^WPN", "1", "J D", "0612345602"),
        ("PID|1||1||D^J||||||||0612345601^PRN^PH~0612345602^PRN^CP", "1", "J D", "0612345602"),
        ("PID|1||1||D^J||||||||^NET^Internet^j@example.nl~^PRN^PH^^^020^5550123", "1", "J D", "020 5550123"),
        ("PID|1||1||D^J" + "|" * 35 + "^PRN^CP^^31^6^12345603^^^^^0612345603", "1", "J D", "0612345603"),
    ],
)
def test_the_patient_is_the_records_own(
    tmp_path: Path, pid: str, patient_id: str, name: str | None, phone: str | None
) -> None:
    patient = appointment(tmp_path, pid=pid).patient
    assert (patient.source_id, patient.name, patient.phone) == (patient_id, name, phone)


@pytest.mark.parametrize("pid", ["PID|1||1\rPID|2||2", "PID|1||999911120^^^NLMINBIZA^NNNLD", "PID|1|", ""])
def test_several_patients_or_none_that_can_be_told_are_unclear(tmp_path: Path, pid: str) -> None:
    row = appointment(tmp_path, pid=pid, more="" if not pid else "RGS|1")
    assert (row.patient.source_id, [cell.field for cell in row.unread]) == ("", ["patient_id"])


def test_a_block_without_a_patient_is_ignored(tmp_path: Path) -> None:
    assert appointment(tmp_path, pid="").ignored


def test_a_patient_who_has_died_is_not_texted_any_more(tmp_path: Path) -> None:
    assert appointment(tmp_path, pid="PID|1||1" + "|" * 27 + "Y").patient.consent is False
    assert appointment(tmp_path, pid="PID|1||1" + "|" * 26 + "20260328").patient.consent is False
    assert appointment(tmp_path, pid="PID|1||1" + "|" * 27 + "N").patient.consent is None


def test_a_language_is_a_code_or_a_word_that_was_explained(tmp_path: Path) -> None:
    pid = "PID|1||1" + "|" * 12
    assert appointment(tmp_path, pid=pid + "nl-NL^Dutch").patient.language == "nl"
    assert appointment(tmp_path, pid=pid + "Nederlands").patient.language == "nl"
    row = appointment(tmp_path, pid=pid + "Brabants")
    assert (row.patient.language, [cell.field for cell in row.patient.unread]) == (None, ["language"])
    mapped = Layout(AMSTERDAM, NOW, words={"language": {"brabants": "nl"}})
    assert appointment(tmp_path, mapped, pid=pid + "Brabants").patient.language == "nl"


def test_the_place_is_its_description_or_where_it_is(tmp_path: Path) -> None:
    assert appointment(tmp_path, more="RGS|1\rAIL|1|A|POLI^4^^LINDE").location == "POLI 4"
    assert appointment(tmp_path, more="RGS|1\rAIL|1|A|POLI^4^^^^^^^Poli\\.br\\Oost").location == "Poli Oost"
    assert appointment(tmp_path).location is None


def test_the_type_is_that_of_the_appointment_and_its_services(tmp_path: Path) -> None:
    sch = "SCH||A1||||||C^Controle|||^^^202611241030"
    row = appointment(tmp_path, sch=sch, more="RGS|1\rAIS|1|A|GEBIT\rAIP|1|A|1^Bos^A.\rAIP|2|A|2^Vos")
    assert (row.type, row.practitioner) == ("Controle; GEBIT", "A. Bos; Vos")


@pytest.mark.parametrize("more", ["RGS|1\rAIS|1|A|GEBIT|202611241100", "RGS|1\rAIP|1|A|1^Bos^A."])
def test_who_and_what_a_last_segment_without_end_tells_is_read_but_no_time_of_it(tmp_path: Path, more: str) -> None:
    [row] = rows(tmp_path, message(sch="SCH||A1", more=more).rstrip(b"\r"))
    assert isinstance(row, AppointmentRecord)
    assert (row.starts_at, [cell.reason for cell in row.unread]) == (None, ["is missing: the message is cut off"])
    assert (row.type, row.practitioner) in {("GEBIT", None), (None, "A. Bos")}


def test_columns_and_other_kinds_are_not_of_hl7(tmp_path: Path) -> None:
    (tmp_path / "file.hl7").write_bytes(message())
    with pytest.raises(UsageError, match="--map"):
        read_file(tmp_path / "file.hl7", APPOINTMENTS, layout({"start": "Datum"}))
    with pytest.raises(UsageError, match="as appointments, not as patients"):
        read_file(tmp_path / "file.hl7", PATIENTS, layout())


def test_a_file_of_other_messages_is_refused(tmp_path: Path) -> None:
    (tmp_path / "adt.hl7").write_bytes(message().replace(b"SIU^S12", b"ADT^A08"))
    with pytest.raises(InputFileError, match="there is no SIU message in it, but 1 ADT"):
        list(read_file(tmp_path / "adt.hl7", APPOINTMENTS, layout()))


def test_a_folder_is_read_as_one_and_tells_what_became_of_each_file(tmp_path: Path) -> None:
    contents = {
        "1.hl7": message(),
        "2.hl7": message(sch="SCH||A2|||||||||^^^20261124", control="2"),
        "3.hl7": b"no message\n",
        "4.hl7": message(control="4").replace(b"SIU^S12", b"ADT^A08"),
        "5.hl7": message(sch="SCH||A5|||||||||^^^202611241030", control="5").rstrip(b"\r"),
        "6.hl7.tmp": b"MSH",
        "7.hl7": message(sch="SCH||A7|||||||||^^^202611241030", control="7").rstrip(b"\r"),
        ".hidden": b"MSH",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "done").mkdir()
    now = datetime.fromtimestamp((tmp_path / "5.hl7").stat().st_mtime, UTC)
    os.utime(tmp_path / "7.hl7", (now.timestamp() - 61, now.timestamp() - 61))
    reading = read_file(tmp_path, APPOINTMENTS, layout(now=now))
    assert [(row.place, row.source_id) for row in reading] == [
        ("1.hl7, message 1", "A1"),
        ("2.hl7, message 2", "A2"),
        ("3.hl7", None),
        ("5.hl7, message 5", "A5"),
        ("7.hl7, message 7", "A7"),
    ]
    assert {file.name: part for file, part in reading.parts.items()} == {
        "1.hl7": Part.READ,
        "2.hl7": Part.BAD,
        "3.hl7": Part.BAD,
        "4.hl7": Part.READ,
        "5.hl7": Part.UNFINISHED,
        "7.hl7": Part.READ,
    }
