"""The import of a file: its good rows in one go, its bad ones told, a bad file refused, and what `complete` cancels."""

from collections.abc import Callable, Iterable
from datetime import date

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.practices import Practice
from smsreminders.importers.records import (
    AppointmentRecord,
    ConsentRecord,
    Kind,
    PatientRecord,
    Record,
    RowError,
)
from smsreminders.jobs.agenda.import_files import BadFile, Complete, ImportResult, Order, Source, import_files
from smsreminders.jobs.agenda.tally import Change
from smsreminders.store.agenda.imports import last_import
from smsreminders.store.appointments import appointments_between
from smsreminders.store.patients import all_patients
from tests.importers.tables import line_of
from tests.jobs.bench import Bench
from tests.jobs.builders import ZONE, a_patient, a_word, an_appointment, local

ADDED, CHANGED, UNCHANGED, CANCELLED = Change.ADDED, Change.CHANGED, Change.UNCHANGED, Change.CANCELLED
THIS_WEEK = Complete(date(2026, 11, 23), date(2026, 11, 29), ZONE)
UNREADABLE = RowError("line 9", "Begintijd", "can't be read as a time", "A9")
WITHOUT_ID = RowError("line 9", "Nummer", "is empty: every row needs its id")


def row(number: int, start: str = "2026-11-24 10:30", *, booking: Booking = Booking.BOOKED) -> AppointmentRecord:
    """The row of A1 of P1, and so on."""
    patient = PatientRecord("", f"P{number}", name="J. de Vries", phone="06-12345601", consent=True)
    return AppointmentRecord(f"line {number + 1}", f"A{number}", patient, local(start), booking=booking)


def rows(*numbers: int) -> list[AppointmentRecord]:
    return [row(number) for number in numbers]


def imported(
    bench: Bench,
    practice: Practice,
    records: Iterable[Record | RowError],
    kind: Kind = Kind.APPOINTMENTS,
    *,
    complete: Complete | None = None,
    dry_run: bool = False,
    sure: bool = False,
    show: Callable[[Iterable[Record]], None] | None = None,
) -> ImportResult:
    (report,) = bench.imports(practice, kind, records, complete=complete, dry_run=dry_run, sure=sure, show=show)
    return report


def counts(report: ImportResult) -> dict[Change, int]:
    return {change: count for change, count in report.changes.items() if count}


def agenda(bench: Bench, practice: Practice) -> dict[str, str]:
    appointments = appointments_between(bench.db, practice.id)
    return {appointment.source_id: appointment.booking.value for _, appointment in appointments}


def test_good_rows_are_imported_and_counted_by_what_they_changed(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(1, 2, 3))
    report = imported(
        bench, linde, [row(1), row(2, "2026-11-24 11:00"), row(3, booking=Booking.CANCELLED), row(4), row(5)]
    )
    assert (report.read, counts(report)) == (5, {ADDED: 2, CHANGED: 1, UNCHANGED: 1, CANCELLED: 1})
    assert agenda(bench, linde) == {"A1": "booked", "A2": "booked", "A3": "cancelled", "A4": "booked", "A5": "booked"}


def test_the_same_file_again_changes_nothing(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(1, 2, 3))
    before = list(appointments_between(bench.db, linde.id))
    bench.clock.go_to(local("2026-11-24 02:00"))
    assert counts(imported(bench, linde, rows(1, 2, 3))) == {UNCHANGED: 3}
    assert list(appointments_between(bench.db, linde.id)) == before


@pytest.mark.parametrize(
    ("kind", "told", "change"),
    [
        (Kind.PATIENTS, PatientRecord("line 2", "P1", name="J. Bakker"), CHANGED),
        (Kind.CONSENTS, ConsentRecord("line 2", "P1", given=False), ADDED),
        (Kind.APPOINTMENTS, row(1), ADDED),
    ],
)
def test_each_kind_of_row_is_imported_and_its_file_remembered(
    bench: Bench, linde: Practice, kind: Kind, told: Record, change: Change
) -> None:
    a_patient(bench.db, linde)
    understood: list[Record] = []
    report = imported(bench, linde, [told], kind, show=understood.extend)
    assert (counts(report), understood, report.errors) == ({change: 1}, [told], [])
    assert [last_import(bench.db, linde.id, each.value) for each in Kind] == [
        bench.clock.now() if each is kind else None for each in Kind
    ]


def test_bad_rows_are_told_and_the_good_ones_kept(bench: Bench, linde: Practice) -> None:
    understood: list[Record] = []
    report = imported(bench, linde, [row(1), UNREADABLE, row(2)], show=understood.extend)
    assert (report.read, counts(report), report.errors) == (3, {ADDED: 2}, [UNREADABLE])
    assert understood == rows(1, 2)


def test_a_row_that_cannot_be_saved_is_a_bad_row_by_its_line(bench: Bench, linde: Practice) -> None:
    nameless = AppointmentRecord("line 7", "A7", PatientRecord("line 7", "P7"), local("2026-11-24 10:30"))
    report = imported(bench, linde, [row(1), nameless])
    message = 'there is no patient "P7", and the row has no name to add one'
    assert report.errors == [RowError("line 7", "patient_id", message, "A7")]
    assert agenda(bench, linde) == {"A1": "booked"}


def test_an_agenda_before_its_patients_is_told_to_wait_for_them(bench: Bench, linde: Practice) -> None:
    starts = local("2026-11-24 10:30")
    agenda_alone = [AppointmentRecord(f"line {n}", f"A{n}", PatientRecord("", f"P{n}"), starts) for n in range(2, 11)]
    with pytest.raises(
        BadFile, match=r"10 of 10 rows are bad: .* import them first, with --kind patients; nothing was"
    ):
        imported(bench, linde, [*agenda_alone, UNREADABLE])


def test_a_consent_of_nobody_known_is_a_bad_row(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, consent=None)
    report = imported(
        bench,
        linde,
        [ConsentRecord("line 2", "P1", given=True), ConsentRecord("line 3", "P7", given=True)],
        Kind.CONSENTS,
    )
    assert [(line_of(error), error.field, error.source_id) for error in report.errors] == [(3, "patient_id", "P7")]
    assert [patient.consent for patient in all_patients(bench.db, linde.id)] == [Consent.GIVEN]


def test_a_consent_in_the_future_is_a_bad_row_by_its_time(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, consent=None)
    records = [
        ConsentRecord("line 2", "P1", given=True),
        ConsentRecord("line 3", "P1", False, local("2026-11-24 09:00")),
    ]
    report = imported(bench, linde, records, Kind.CONSENTS)
    assert [(line_of(error), error.field) for error in report.errors] == [(3, "at")]


def test_a_withdrawal_at_the_desk_is_not_undone_by_the_next_nights_file(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(1))
    a_word(bench.db, linde, given=False, at="2026-11-23 10:00")
    bench.clock.go_to(local("2026-11-24 02:00"))
    imported(bench, linde, rows(1))
    assert [patient.consent for patient in all_patients(bench.db, linde.id)] == [Consent.WITHDRAWN]


def test_half_of_the_rows_may_be_bad(bench: Bench, linde: Practice) -> None:
    assert counts(imported(bench, linde, [row(1), UNREADABLE])) == {ADDED: 1}


def test_a_file_of_which_more_than_half_is_bad_is_refused_as_a_whole(bench: Bench, linde: Practice) -> None:
    with pytest.raises(BadFile, match=r"agenda-1\.csv: 2 of 3 rows are bad.*nothing was imported") as refused:
        imported(bench, linde, [row(1), UNREADABLE, WITHOUT_ID])
    assert (refused.value.file, refused.value.errors) == ("agenda-1.csv", [UNREADABLE, WITHOUT_ID])
    assert (agenda(bench, linde), list(all_patients(bench.db, linde.id))) == ({}, [])
    assert last_import(bench.db, linde.id, "appointments") is None


def test_an_empty_file_is_no_bad_one(bench: Bench, linde: Practice) -> None:
    report = imported(bench, linde, [])
    assert (report.read, counts(report)) == (0, {})


def test_a_dry_run_counts_the_same_and_writes_nothing(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(1, 2, 3))
    bench.clock.go_to(local("2026-11-23 12:00"))
    before = list(appointments_between(bench.db, linde.id))
    records: list[Record | RowError] = [row(1), row(2, "2026-11-24 11:00"), row(4), UNREADABLE]
    rehearsed = imported(bench, linde, records, complete=THIS_WEEK, dry_run=True)
    assert list(appointments_between(bench.db, linde.id)) == before
    assert len(list(all_patients(bench.db, linde.id))) == 3
    assert last_import(bench.db, linde.id, "appointments") == local("2026-11-23 09:00")
    assert rehearsed == imported(bench, linde, records, complete=THIS_WEEK)
    assert counts(rehearsed) == {ADDED: 1, CHANGED: 1, UNCHANGED: 1, CANCELLED: 1}


def test_a_dry_run_refuses_what_the_import_refuses(bench: Bench, linde: Practice) -> None:
    with pytest.raises(BadFile):
        imported(bench, linde, [UNREADABLE], dry_run=True)


def test_what_a_complete_file_lacks_is_cancelled(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(1, 2, 3))
    report = imported(bench, linde, rows(1, 3), complete=THIS_WEEK)
    assert (counts(report), agenda(bench, linde)) == (
        {UNCHANGED: 2, CANCELLED: 1},
        {"A1": "booked", "A2": "cancelled", "A3": "booked"},
    )
    assert counts(imported(bench, linde, rows(1, 3), complete=THIS_WEEK)) == {UNCHANGED: 2}


def test_without_the_word_complete_nothing_is_cancelled(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(1, 2))
    imported(bench, linde, rows(1))
    assert agenda(bench, linde) == {"A1": "booked", "A2": "booked"}


def test_a_complete_file_is_complete_of_its_days_and_its_practice_only(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    a_patient(bench.db, linde)
    starts = {
        "before": "2026-11-23 23:45",
        "first": "2026-11-24 00:00",
        "last": "2026-11-25 23:45",
        "after": "2026-11-26 00:00",
    }
    for source_id, start in starts.items():
        an_appointment(bench.db, linde, source_id, start=start)
    a_patient(bench.db, duin)
    an_appointment(bench.db, duin, "elsewhere")
    imported(bench, linde, [row(1)], complete=Complete(date(2026, 11, 24), date(2026, 11, 25), ZONE))
    assert agenda(bench, linde) == {
        "before": "booked",
        "first": "cancelled",
        "A1": "booked",
        "last": "cancelled",
        "after": "booked",
    }
    assert agenda(bench, duin) == {"elsewhere": "booked"}


def test_what_is_past_is_not_cancelled(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    for source_id, start in (("past", "2026-11-23 08:59"), ("now", "2026-11-23 09:00"), ("next", "2026-11-23 09:01")):
        an_appointment(bench.db, linde, source_id, start=start)
    imported(bench, linde, [row(1)], complete=THIS_WEEK)
    assert agenda(bench, linde) == {"past": "booked", "now": "cancelled", "next": "cancelled", "A1": "booked"}


def test_one_that_moved_out_of_the_complete_days_is_moved_not_cancelled(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(1, 2))
    imported(bench, linde, [row(1), row(2, "2026-12-14 09:00")], complete=THIS_WEEK)
    assert agenda(bench, linde) == {"A1": "booked", "A2": "booked"}


@pytest.mark.parametrize(("there", "gone", "refused"), [(8, 5, False), (8, 6, True), (40, 8, False), (40, 9, True)])
def test_a_complete_file_that_lacks_more_than_five_and_a_fifth_is_refused(
    bench: Bench, linde: Practice, there: int, gone: int, *, refused: bool
) -> None:
    imported(bench, linde, rows(*range(there)))
    records = rows(*range(gone, there))
    if refused:
        expected = (
            f"lacks {gone} of the {there} appointments from 2026-11-23 to 2026-11-29.*--sure; nothing was imported"
        )
        with pytest.raises(BadFile, match=expected):
            imported(bench, linde, records, complete=THIS_WEEK)
    else:
        imported(bench, linde, records, complete=THIS_WEEK)
    assert list(agenda(bench, linde).values()).count("cancelled") == (0 if refused else gone)


def test_who_is_sure_cancels_however_many(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(*range(10)))
    assert counts(imported(bench, linde, rows(1), complete=THIS_WEEK, sure=True)) == {UNCHANGED: 1, CANCELLED: 9}
    assert counts(imported(bench, linde, [], complete=THIS_WEEK, sure=True)) == {CANCELLED: 1}


def test_a_complete_file_without_rows_is_refused(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(1))
    with pytest.raises(BadFile, match="lacks 1 of the 1 appointments"):
        imported(bench, linde, [], complete=THIS_WEEK)
    assert agenda(bench, linde) == {"A1": "booked"}


def test_a_bad_row_protects_its_appointment(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(1, 2, 9))
    report = imported(bench, linde, [row(1), UNREADABLE], complete=THIS_WEEK)
    assert (counts(report), agenda(bench, linde)) == (
        {UNCHANGED: 1, CANCELLED: 1},
        {"A1": "booked", "A2": "cancelled", "A9": "booked"},
    )


@pytest.mark.parametrize("sure", [False, True])
def test_a_row_of_which_not_even_the_id_could_be_read_forbids_the_word_complete(
    bench: Bench, linde: Practice, *, sure: bool
) -> None:
    imported(bench, linde, rows(1, 2))
    with pytest.raises(BadFile, match="a row of which not even the id could be read") as refused:
        imported(bench, linde, [row(1), row(3), WITHOUT_ID], complete=THIS_WEEK, sure=sure)
    assert (refused.value.errors, agenda(bench, linde)) == ([WITHOUT_ID], {"A1": "booked", "A2": "booked"})


def test_each_file_has_a_report_of_its_own(bench: Bench, linde: Practice) -> None:
    first, second = bench.imports(linde, Kind.APPOINTMENTS, rows(1, 2), [row(2), row(3), UNREADABLE])
    assert [(first.read, counts(first)), (second.read, counts(second))] == [
        (2, {ADDED: 2}),
        (3, {ADDED: 1, UNCHANGED: 1}),
    ]
    assert [first.errors, second.errors] == [[], [UNREADABLE]]


def test_a_bad_file_among_others_is_told_and_nothing_of_any_is_imported(bench: Bench, linde: Practice) -> None:
    with pytest.raises(BadFile, match=r"agenda-2\.csv: 1 of 1 rows are bad") as refused:
        bench.imports(linde, Kind.APPOINTMENTS, rows(1), [UNREADABLE], rows(2))
    assert (refused.value.file, refused.value.errors, agenda(bench, linde)) == ("agenda-2.csv", [UNREADABLE], {})


def test_half_of_the_rows_may_be_bad_in_each_file_for_itself(bench: Bench, linde: Practice) -> None:
    with pytest.raises(BadFile, match=r"agenda-2\.csv: 2 of 3 rows"):
        bench.imports(linde, Kind.APPOINTMENTS, rows(*range(20)), [row(1), UNREADABLE, UNREADABLE])


def test_files_are_complete_together(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(1, 2, 3))
    first, second = bench.imports(linde, Kind.APPOINTMENTS, rows(1), rows(3), complete=THIS_WEEK)
    assert (counts(first), counts(second)) == ({UNCHANGED: 1}, {UNCHANGED: 1, CANCELLED: 1})
    assert agenda(bench, linde) == {"A1": "booked", "A2": "cancelled", "A3": "booked"}


def test_files_that_lack_too_much_together_are_refused_together(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(*range(10)))
    with pytest.raises(BadFile, match=r"agenda-1\.csv, agenda-2\.csv: it lacks 8 of the 10 appointments"):
        bench.imports(linde, Kind.APPOINTMENTS, rows(1), rows(2), complete=THIS_WEEK)
    assert set(agenda(bench, linde).values()) == {"booked"}


def test_what_somebody_else_writes_while_a_file_is_read_stands(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(*range(1, 30)))

    def told() -> Iterable[Record | RowError]:
        yield from rows(*range(1, 29))
        with bench.elsewhere() as other:  # A1 has long been looked at
            an_appointment(other, linde, start="2026-11-23 17:30")
        yield row(29)

    assert counts(imported(bench, linde, told())) == {UNCHANGED: 29}
    starts = [appointment.starts_at for _, appointment in appointments_between(bench.db, linde.id)]
    assert starts == [local("2026-11-23 17:30"), *[local("2026-11-24 10:30")] * 28]


def test_what_is_rejected_for_a_later_row_changes_nothing(bench: Bench, linde: Practice) -> None:
    report = imported(bench, linde, [row(1), row(2), row(3), row(1, "2026-11-24 11:30")])
    assert (counts(report), len(report.errors)) == ({ADDED: 2}, 2)
    assert list(agenda(bench, linde)) == ["A2", "A3"]


def test_each_of_several_files_is_compared_with_what_the_one_before_it_wrote(bench: Bench, linde: Practice) -> None:
    first, second = bench.imports(linde, Kind.APPOINTMENTS, rows(1, 2), [row(1), row(2, "2026-11-24 11:30")])
    assert (counts(first), counts(second)) == ({ADDED: 2}, {CHANGED: 1, UNCHANGED: 1})


def test_an_appointment_that_moves_to_a_new_patient_is_changed(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(1))
    moved = row(1)._replace(patient=row(2).patient)
    assert counts(imported(bench, linde, [moved])) == {CHANGED: 1}
    assert counts(imported(bench, linde, [moved])) == {UNCHANGED: 1}


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_bad_record_hides_no_good_one_of_the_same_place(bench: Bench, linde: Practice, *, dry_run: bool) -> None:
    whole = "line 1"  # as a file has it that is one line
    nameless = AppointmentRecord(whole, "A7", PatientRecord("", "P7"), local("2026-11-24 10:30"))
    good = [row._replace(place=whole) for row in rows(1, 2, 3)]
    understood: list[Record] = []
    bad = RowError(whole, "start", "can't be read as a time", "A9")
    report = imported(bench, linde, [bad, *good, nameless], dry_run=dry_run, show=understood.extend)
    assert (understood, [error.source_id for error in report.errors]) == (good, ["A9", "A7"])


def test_what_contradicts_is_told_by_the_column_that_the_user_named(bench: Bench, linde: Practice) -> None:
    columns = {"appointment_id": "Nummer", "patient_id": "Patiënt"}
    records: list[Record | RowError] = [row(1), row(1, "2026-11-24 11:30"), *rows(2, 3, 5)]
    records.append(row(4)._replace(patient=PatientRecord("", "P9")))
    order = Order(linde.id, Kind.APPOINTMENTS)
    files = [Source("agenda.csv", records, columns=columns)]
    [report] = import_files(bench.db, order, files, now=bench.clock.now())
    assert [error.field for error in report.errors] == ["Nummer", "Nummer", "Patiënt"]


def test_rows_that_contradict_each_other_protect_their_appointment(bench: Bench, linde: Practice) -> None:
    imported(bench, linde, rows(1, 2, 3, 4))
    contradicting = [row(1), row(1, "2026-11-24 11:30"), row(2), row(3)]
    report = imported(bench, linde, contradicting, complete=THIS_WEEK)
    assert (counts(report), agenda(bench, linde)) == (
        {UNCHANGED: 2, CANCELLED: 1},
        {"A1": "booked", "A2": "booked", "A3": "booked", "A4": "cancelled"},
    )
