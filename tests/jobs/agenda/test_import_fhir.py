"""The import of FHIR files: moves, cancellations and new bookings as they come, and nothing of what is cut off."""

import json
from datetime import date
from pathlib import Path

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.practices import Practice
from smsreminders.errors import InputFileError
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import Kind, Layout
from smsreminders.jobs.agenda.import_files import BadFile, Complete, ImportResult
from smsreminders.jobs.agenda.tally import Change
from smsreminders.store.appointments import appointments_between
from tests.jobs.bench import Bench
from tests.jobs.builders import ZONE, local

THIS_WEEK = Complete(date(2026, 11, 23), date(2026, 11, 29), ZONE)
PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"text": "J. de Vries"}],
    "telecom": [{"system": "phone", "value": "0612345601"}],
}


def an_appointment(id_: str = "a1", start: str = "2026-11-24T10:30:00+01:00", status: str = "booked") -> object:
    participants = [{"actor": {"reference": "Patient/p1"}}]
    return {"resourceType": "Appointment", "id": id_, "status": status, "start": start, "participant": participants}


def bundle(*resources: object, **keys: object) -> str:
    entries = [{"resource": resource} for resource in (*resources, PATIENT)]
    return json.dumps({"resourceType": "Bundle", "type": "searchset", "entry": entries, **keys}, indent=1)


def imported(
    bench: Bench, practice: Practice, folder: Path, content: str, *, complete: Complete | None = None
) -> ImportResult:
    (folder / "agenda.json").write_text(content, encoding="utf-8")
    reading = read_file(folder / "agenda.json", Kind.APPOINTMENTS, Layout(ZONE, bench.clock.now()))
    (result,) = bench.imports(practice, Kind.APPOINTMENTS, reading, complete=complete)
    return result


def stored(bench: Bench, practice: Practice) -> dict[str, tuple[str, str, int]]:
    every = appointments_between(bench.db, practice.id, None, None)
    return {
        one.source_id: (f"{one.starts_at.astimezone(ZONE):%d %H:%M}", one.booking.value, one.revision)
        for _, one in every
    }


def changes(result: ImportResult) -> dict[Change, int]:
    return {change: count for change, count in result.changes.items() if count}


def test_a_move_a_cancellation_and_a_new_booking_each_count_once(bench: Bench, linde: Practice, tmp_path: Path) -> None:
    for content, change, expected in [
        (bundle(an_appointment()), Change.ADDED, ("24 10:30", "booked", 1)),
        (bundle(an_appointment(start="2026-11-25T09:00:00Z")), Change.CHANGED, ("25 10:00", "booked", 2)),
        (bundle(an_appointment(status="cancelled")), Change.CANCELLED, ("24 10:30", "cancelled", 3)),
        (bundle(an_appointment(status="pending")), Change.CHANGED, ("24 10:30", "booked", 4)),
    ]:
        assert changes(imported(bench, linde, tmp_path, content)) == {change: 1}
        assert stored(bench, linde) == {"a1": expected}
        assert changes(imported(bench, linde, tmp_path, content)) == {Change.UNCHANGED: 1}
        assert stored(bench, linde) == {"a1": expected}


def test_what_the_record_has_deleted_is_cancelled(bench: Bench, linde: Practice, tmp_path: Path) -> None:
    imported(bench, linde, tmp_path, bundle(an_appointment()))
    deleted = {"request": {"method": "DELETE", "url": "Appointment/a1"}}
    unknown = {"request": {"method": "DELETE", "url": "Appointment/a9"}}
    content = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": [deleted, unknown]})
    assert changes(imported(bench, linde, tmp_path, content))[Change.CANCELLED] == 1
    assert stored(bench, linde)["a1"][1] == Booking.CANCELLED


def test_a_bundle_that_is_not_all_is_told_and_never_complete(bench: Bench, linde: Practice, tmp_path: Path) -> None:
    imported(bench, linde, tmp_path, bundle(an_appointment("a1"), an_appointment("a2", "2026-11-25T10:30:00+01:00")))
    page = bundle(an_appointment("a1"), total=2)
    assert imported(bench, linde, tmp_path, page).partial == (
        "the record has 2, the file only 1 of them: fetch all pages"
    )
    with pytest.raises(BadFile, match="can't be taken as complete: the record has 2, the file only 1 of them"):
        imported(bench, linde, tmp_path, page, complete=THIS_WEEK)
    whole = bundle(an_appointment("a1"), total=1)
    assert imported(bench, linde, tmp_path, whole, complete=THIS_WEEK).gone == ["a2"]


def test_cut_at_any_byte_a_file_cancels_nothing(bench: Bench, linde: Practice, tmp_path: Path) -> None:
    ids = ("a1", "a2", "a3")
    imported(bench, linde, tmp_path, bundle(*map(an_appointment, ids)))
    before = stored(bench, linde)
    whole = bundle(*map(an_appointment, ids), total=3)
    lines = "".join(f"{json.dumps(resource)}\n" for resource in (PATIENT, *map(an_appointment, ids)))
    for content, step in ((whole, 7), (lines, 5)):
        for length in range(1, len(content) - 1, step):
            try:
                imported(bench, linde, tmp_path, content[:length])
            except InputFileError:
                continue
            assert stored(bench, linde) == before


def test_an_outcome_neither_cancels_nor_changes(bench: Bench, linde: Practice, tmp_path: Path) -> None:
    imported(bench, linde, tmp_path, bundle(an_appointment()))
    bench.clock.go_to(local("2026-11-24 12:00"))
    for status in ("fulfilled", "noshow"):
        imported(bench, linde, tmp_path, bundle(an_appointment(status=status), an_appointment("a2")))
        assert stored(bench, linde)["a1"] == ("24 10:30", "booked", 1)
