"""The import of HL7 files: messages count by their time, in whatever order, repeated or cut they come."""

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.errors import InputFileError
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import Kind, Layout
from smsreminders.jobs.agenda.import_files import BadFile, Complete, ImportResult, Order, Source, import_files
from smsreminders.jobs.agenda.tally import Change
from smsreminders.store.appointments import appointments_between
from tests.jobs.bench import Bench
from tests.jobs.builders import ZONE, local


def message(minute: int, event: str, start: str = "202611241030", id_: str = "A1") -> bytes:
    """What was written of an appointment at a minute of this morning."""
    segments = (
        rf"MSH|^~\&|HIS|LINDE|SMS|LINDE|2026112308{minute:02}00||SIU^{event}|{minute}|P|2.5",
        f"SCH||{id_}|||||||||^^^{start}",
        "PID|1||600||de Vries^J.||||||||0612345601",
        "RGS|1",
    )
    return "".join(f"{segment}\r" for segment in segments).encode()


BOOKED, MOVED = message(1, "S12"), message(2, "S13", "202611251400")
CANCELLED, REBOOKED = message(3, "S15", "202611251400"), message(4, "S12", "202611261000")


def imported(
    bench: Bench, practice: Practice, folder: Path, *messages: bytes, complete: Complete | None = None
) -> ImportResult:
    (folder / "file.hl7").write_bytes(b"".join(messages))
    reading = read_file(folder / "file.hl7", Kind.APPOINTMENTS, Layout(ZONE, bench.clock.now()))
    source = Source("file.hl7", reading, changes_only=reading.changes_only)
    order = Order(practice.id, Kind.APPOINTMENTS, complete=complete)
    (result,) = import_files(bench.db, order, [source], now=bench.clock.now())
    return result


def stored(bench: Bench, practice: Practice) -> list[tuple[str, str, str]]:
    every = appointments_between(bench.db, practice.id, None, None)
    return [(one.source_id, f"{one.starts_at.astimezone(ZONE):%d %H:%M}", one.booking.value) for _, one in every]


def changes(result: ImportResult) -> dict[Change, int]:
    return {change: count for change, count in result.changes.items() if count}


def test_a_move_a_cancellation_and_a_new_booking_each_count_once(bench: Bench, linde: Practice, tmp_path: Path) -> None:
    for told, change, expected in [
        (BOOKED, Change.ADDED, ("A1", "24 10:30", "booked")),
        (MOVED, Change.CHANGED, ("A1", "25 14:00", "booked")),
        (CANCELLED, Change.CANCELLED, ("A1", "25 14:00", "cancelled")),
        (REBOOKED, Change.CHANGED, ("A1", "26 10:00", "booked")),
    ]:
        assert changes(imported(bench, linde, tmp_path, told)) == {change: 1}
        assert changes(imported(bench, linde, tmp_path, told)) == {Change.UNCHANGED: 1}
        assert stored(bench, linde) == [expected]


@pytest.mark.parametrize("order", list(permutations([BOOKED, MOVED, CANCELLED])), ids=lambda order: str(len(order)))
def test_the_newest_message_counts_in_whatever_order_they_come(
    bench: Bench, linde: Practice, tmp_path: Path, order: Sequence[bytes]
) -> None:
    for told in order:
        imported(bench, linde, tmp_path, told)
    assert [row[2] for row in stored(bench, linde) or [("", "", "cancelled")]] == ["cancelled"]
    imported(bench, linde, tmp_path, *order, REBOOKED)
    assert stored(bench, linde) == [("A1", "26 10:00", "booked")]
    imported(bench, linde, tmp_path, *reversed(order))
    assert stored(bench, linde) == [("A1", "26 10:00", "booked")]


def test_a_cancellation_of_what_is_not_known_yet_stands_against_an_older_booking(
    bench: Bench, linde: Practice, tmp_path: Path
) -> None:
    bare = CANCELLED.replace(b"202611251400", b"").replace(b"PID|", b"ZZZ|").replace(b"RGS|", b"ZZZ|")
    assert changes(imported(bench, linde, tmp_path, bare)) == {Change.UNCHANGED: 1}
    assert changes(imported(bench, linde, tmp_path, BOOKED)) == {Change.IGNORED: 1}
    assert stored(bench, linde) == []
    assert changes(imported(bench, linde, tmp_path, REBOOKED)) == {Change.ADDED: 1}


def test_a_change_of_what_was_cancelled_does_not_book_it_again(bench: Bench, linde: Practice, tmp_path: Path) -> None:
    imported(bench, linde, tmp_path, BOOKED)
    imported(bench, linde, tmp_path, CANCELLED)
    imported(bench, linde, tmp_path, message(9, "S14", "202611251500"))
    assert stored(bench, linde) == [("A1", "25 15:00", "cancelled")]


def test_messages_are_never_complete(bench: Bench, linde: Practice, tmp_path: Path) -> None:
    day = local("2026-11-24 00:00").astimezone(ZONE).date()
    with pytest.raises(BadFile, match=r"file\.hl7 tells changes only, so it can't be taken as complete"):
        imported(bench, linde, tmp_path, BOOKED, complete=Complete(day, day, ZONE))


def test_cut_at_any_byte_a_file_cancels_and_moves_nothing(bench: Bench, linde: Practice, tmp_path: Path) -> None:
    ids = [f"A{number}" for number in range(1, 13)]
    imported(bench, linde, tmp_path, *(message(1, "S12", id_=id_) for id_ in ids))
    before = stored(bench, linde)
    changed = b"".join(message(5, "S14", id_=id_) for id_ in ids[:2]) + message(5, "S15", id_="A12")
    cancels_at = changed.index(b"SCH||A12|") + len("SCH||A12|||||||||^^^202611241030")
    for length in range(1, len(changed)):
        try:
            imported(bench, linde, tmp_path, changed[:length])
        except InputFileError:
            continue
        if length <= cancels_at:  # from there on it is really told
            assert stored(bench, linde) == before


def test_a_cut_number_of_an_appointment_is_not_another_appointment(
    bench: Bench, linde: Practice, tmp_path: Path
) -> None:
    imported(bench, linde, tmp_path, message(1, "S12"))
    cut = message(5, "S15", id_="A12").split(b"2|||")[0]
    assert cut.endswith(b"SCH||A1")
    with pytest.raises(BadFile, match="1 of 1 rows are bad"):
        imported(bench, linde, tmp_path, cut)
    assert stored(bench, linde) == [("A1", "24 10:30", "booked")]
