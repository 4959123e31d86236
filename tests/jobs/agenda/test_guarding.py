"""What a file says beside what its source said before: each alarm refuses all of it, is kept, and yields to --sure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsreminders.domain.agenda.import_guards import Guard
from smsreminders.domain.appointments import Booking
from smsreminders.domain.practices import Practice
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, IdRange, Kind, PatientRecord, Record
from smsreminders.jobs.agenda.import_files import (
    BadFile,
    Complete,
    CompleteFor,
    ImportResult,
    Order,
    Source,
    import_files,
)
from smsreminders.store.agenda.imports import refusals
from smsreminders.store.appointments import appointments_between
from tests.jobs.bench import Bench
from tests.jobs.builders import ZONE, a_cancellation, an_appointment, local

NIGHT = datetime(2026, 11, 22, 1, tzinfo=UTC)
FORTNIGHT = Complete(date(2026, 11, 23), date(2026, 12, 6), ZONE)


def row(number: int, **said: object) -> AppointmentRecord:
    """One of forty appointments: four a day from 24 November on, each of a patient of their own, with three people."""
    start = local("2026-11-24 10:00") + timedelta(days=number // 4, minutes=30 * (number % 4))
    patient = PatientRecord(
        "", f"P{number}", f"Naam {number}", f"06-123456{number:02}", consent=number % 4 != 0 if number < 40 else None
    )
    record = AppointmentRecord(f"line {number + 2}", f"A{number}", patient, start, practitioner="ABC"[number % 3])
    return record._replace(**said)  # type: ignore[arg-type]


AGENDA = [row(number) for number in range(40)]


@dataclass
class Nightly:
    """A practice with a nightly source that had the agenda once."""

    bench: Bench
    practice: Practice

    def imports(
        self,
        records: Iterable[Record],
        *,
        complete: Complete | CompleteFor | None = None,
        sure: bool = False,
        dry_run: bool = False,
        content: str = "",
        written: datetime | None = None,
        kind: Kind = Kind.APPOINTMENTS,
        source: str = "agenda",
        changes_only: bool = False,
    ) -> ImportResult:
        order = Order(self.practice.id, kind, source, complete, sure=sure, dry_run=dry_run)
        file = Source("agenda.csv", records, content, written=written, changes_only=changes_only)
        [result] = import_files(self.bench.db, order, [file], now=self.bench.clock.now())
        return result

    def alarms(self, records: Iterable[Record], **how: object) -> list[Guard]:
        """What a file would be refused for."""
        return [alarm.guard for alarm in self.imports(records, sure=True, dry_run=True, **how).let_in]  # type: ignore[arg-type]


@pytest.fixture
def nightly(bench: Bench, linde: Practice) -> Nightly:
    night = Nightly(bench, linde)
    night.imports(AGENDA, content="first", written=NIGHT)
    return night


def shifted(minutes: int) -> list[AppointmentRecord]:
    by = timedelta(minutes=minutes)
    return [record._replace(starts_at=record.starts_at and record.starts_at + by) for record in AGENDA]


def of_others(change: Callable[[AppointmentRecord], AppointmentRecord], count: int) -> list[AppointmentRecord]:
    return [change(record) if number < count else record for number, record in enumerate(AGENDA)]


def with_patient(record: AppointmentRecord, **said: object) -> AppointmentRecord:
    return record._replace(patient=record.patient._replace(**said))  # type: ignore[arg-type]


def sorted_starts() -> list[AppointmentRecord]:
    """An agenda of which the column of times was sorted, and the others weren't: the last start comes first."""
    starts = [record.starts_at for record in reversed(AGENDA)]
    return [record._replace(starts_at=start) for record, start in zip(AGENDA, starts, strict=True)]


def another_practice() -> list[AppointmentRecord]:
    """Another practice's agenda, with ids of its own for all."""
    return [
        record._replace(source_id=f"X{number}", patient=record.patient._replace(source_id=f"Y{number}"))
        for number, record in enumerate(shifted(15))
    ]


@pytest.mark.parametrize("complete", [None, FORTNIGHT])
def test_the_same_file_again_raises_no_alarm(nightly: Nightly, complete: Complete | None) -> None:
    assert nightly.alarms(AGENDA, complete=complete, content="first", written=NIGHT) == []


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(AGENDA), gone=st.integers(0, 40))
def test_the_order_of_rows_does_not_matter(nightly: Nightly, order: list[AppointmentRecord], gone: int) -> None:
    assert nightly.alarms(order, complete=FORTNIGHT) == []
    left = [record for record in order if record not in AGENDA[:gone]]
    in_order = AGENDA[gone:]
    assert nightly.alarms(left, complete=FORTNIGHT) == nightly.alarms(in_order, complete=FORTNIGHT)


@pytest.mark.parametrize(
    ("records", "complete", "told"),
    [
        ([], None, [Guard.EMPTY]),
        ([], FORTNIGHT, [Guard.EMPTY, Guard.GONE, Guard.DAY, Guard.PRACTITIONER]),
        ([row(number, ignored=True) for number in range(40)], None, [Guard.EMPTY]),
        (AGENDA[9:], FORTNIGHT, [Guard.GONE, Guard.DAY]),
        (AGENDA[:35], FORTNIGHT, [Guard.DAY]),
        (AGENDA[3:], FORTNIGHT, []),
        (AGENDA[:20], None, []),
        ([record for record in AGENDA if record.practitioner != "B"], FORTNIGHT, [Guard.GONE, Guard.PRACTITIONER]),
        (AGENDA + another_practice()[:32], None, [Guard.STRANGE]),
        (AGENDA + another_practice()[:32], FORTNIGHT, [Guard.STRANGE]),
        (AGENDA + another_practice()[:26], FORTNIGHT, []),
        (sorted_starts(), None, [Guard.MOVED]),
        (shifted(60), None, [Guard.SHIFTED]),
        (shifted(-120), FORTNIGHT, [Guard.SHIFTED]),
        ([*shifted(30)[:20], *AGENDA[20:]], None, []),
        ([*shifted(30)[:21], *AGENDA[21:]], None, [Guard.SHIFTED]),
        (of_others(lambda record: with_patient(record, phone="06-87654321"), 12), None, []),
        (of_others(lambda record: with_patient(record, phone="06-87654321"), 13), None, [Guard.OTHERS]),
        (of_others(lambda record: with_patient(record, phone=f"+31 6 {record.patient.phone[3:]}"), 40), None, []),  # type: ignore[index]
        (of_others(lambda record: with_patient(record, name="J. Bakker"), 13), None, [Guard.OTHERS]),
        (of_others(lambda record: with_patient(record, source_id=f"Y{record.source_id}"), 13), None, [Guard.OTHERS]),
        (of_others(lambda record: record._replace(source_id=f"X{record.source_id}"), 36), None, [Guard.NEW_IDS]),
        (of_others(lambda record: record._replace(source_id=f"X{record.source_id}"), 35), None, []),
        (of_others(lambda record: with_patient(record, consent=True), 40), None, [Guard.OTHERS]),  # 10 had said no
        (of_others(lambda record: with_patient(record, consent=True), 12), None, []),
        (of_others(lambda record: with_patient(record, consent=False), 40), None, []),
        (another_practice(), None, [Guard.STRANGE]),
        (another_practice(), FORTNIGHT, [Guard.GONE, Guard.DAY, Guard.PRACTITIONER, Guard.STRANGE]),
    ],
)  # fmt: skip
def test_what_a_file_is_refused_for(
    nightly: Nightly, records: list[AppointmentRecord], complete: Complete | None, told: list[Guard]
) -> None:
    assert nightly.alarms(records, complete=complete) == told


def test_an_older_file_is_known_by_its_own_time_its_bytes_and_its_dates(nightly: Nightly) -> None:
    later = [row(number) for number in range(4, 44)]
    nightly.bench.clock.go_to(NIGHT + timedelta(days=2))
    nightly.imports(later, content="second", written=NIGHT + timedelta(days=1))
    assert nightly.alarms(later, written=NIGHT) == [Guard.OLDER]
    assert nightly.alarms(later, content="first") == [Guard.OLDER]
    assert nightly.alarms(AGENDA) == [Guard.OLDER]
    assert nightly.alarms(later, content="second", written=NIGHT + timedelta(days=1)) == []
    assert nightly.alarms(later, content="third") == []


@pytest.mark.parametrize(
    ("records", "told"),
    [
        (AGENDA[:28], []),
        (AGENDA[:27], [Guard.GONE]),
        (AGENDA[4:], [Guard.DAY]),
        (AGENDA[:4] + AGENDA[12:], []),  # what is gone is after its window
    ],
)
def test_a_source_that_is_complete_by_its_setting_is_guarded_to_the_end_of_its_last_file(
    nightly: Nightly, records: list[AppointmentRecord], told: list[Guard]
) -> None:
    assert nightly.alarms(records, complete=CompleteFor(timedelta(days=2), ZONE)) == told


def test_what_the_last_complete_file_lacked_is_no_news_when_its_day_comes(nightly: Nightly) -> None:
    by_setting = CompleteFor(timedelta(days=2), ZONE)
    nightly.imports(AGENDA[:24] + AGENDA[28:], complete=by_setting)
    nightly.bench.clock.go_to(local("2026-11-29 02:00"))
    assert nightly.alarms(AGENDA[20:24] + AGENDA[28:], complete=by_setting) == []
    assert nightly.alarms(AGENDA[28:], complete=by_setting) == [Guard.DAY]


def test_a_time_in_the_future_is_kept_as_the_time_of_the_import(nightly: Nightly) -> None:
    nightly.imports(AGENDA, written=datetime(2099, 1, 1, tzinfo=UTC))
    assert nightly.alarms(AGENDA, written=nightly.bench.clock.now()) == []


def test_a_complete_file_with_an_older_record_of_what_is_known_is_told(nightly: Nightly) -> None:
    def at(minute: int) -> list[AppointmentRecord]:
        return [record._replace(as_of=NIGHT + timedelta(minutes=minute)) for record in AGENDA]

    nightly.imports(at(5))
    assert nightly.alarms([*at(3)[:1], *at(5)[1:]]) == []
    assert nightly.alarms([*at(3)[:1], *at(5)[1:]], complete=FORTNIGHT) == [Guard.OLDER]


def test_all_alarms_are_told_together_and_nothing_is_imported(nightly: Nightly) -> None:
    expected = (
        r"^agenda\.csv: it lacks 10 of the 40 appointments from 2026-11-23 to 2026-12-06; it has nothing of these days "
        r"any more: 2026-11-24 \(4\), 2026-11-25 \(4\); 30 of 40 starts to come are 60 minutes later: look at the "
        r"export, and if it is right, import it with --source agenda --sure; nothing was imported$"
    )
    with pytest.raises(BadFile, match=expected) as refused:
        nightly.imports(shifted(60)[10:], complete=FORTNIGHT, dry_run=True)
    assert nightly.bench.db.execute("select count(*) from imports where refused is not null").fetchone() == (0,)
    with pytest.raises(BadFile):
        nightly.imports(shifted(60)[10:], complete=FORTNIGHT)
    [kept] = refusals(nightly.bench.db, nightly.practice.id)
    assert (kept.source, kept.reason) == ("agenda", str(refused.value))
    starts = [appointment.starts_at for _, appointment in appointments_between(nightly.bench.db, nightly.practice.id)]
    assert starts == [record.starts_at for record in AGENDA]


def test_who_is_sure_lets_a_file_in_and_hears_of_what(nightly: Nightly) -> None:
    result = nightly.imports(shifted(60), sure=True)
    assert [alarm.says for alarm in result.let_in] == ["40 of 40 starts to come are 60 minutes later"]
    assert nightly.alarms(shifted(60)) == []
    assert refusals(nightly.bench.db, nightly.practice.id) == []


def test_an_empty_file_that_was_let_in_is_told_no_more_unless_files_are_complete(nightly: Nightly) -> None:
    nightly.imports([], sure=True)
    assert nightly.alarms([]) == []
    nightly.imports(AGENDA)
    assert nightly.alarms([]) == []
    assert nightly.alarms([], complete=FORTNIGHT)[:2] == [Guard.EMPTY, Guard.GONE]
    assert nightly.alarms(another_practice()) == [Guard.STRANGE]


def test_what_the_desk_changed_raises_no_alarm(nightly: Nightly) -> None:
    for number in range(40):
        if number % 2:
            a_cancellation(nightly.bench.db, nightly.practice, f"A{number}")
        else:
            an_appointment(nightly.bench.db, nightly.practice, f"A{number}", f"P{number}", start="2026-11-30 12:00")
    assert nightly.alarms(AGENDA) == []
    assert nightly.alarms([record for number, record in enumerate(AGENDA) if number % 2 == 0], complete=FORTNIGHT) == []


def test_what_a_file_cancels_with_a_word_is_not_gone(nightly: Nightly) -> None:
    cancelled = of_others(lambda record: record._replace(booking=Booking.CANCELLED), 20)
    assert nightly.alarms(cancelled, complete=FORTNIGHT) == []


def test_of_another_source_nothing_is_known_before(nightly: Nightly) -> None:
    assert nightly.alarms(another_practice(), source="other") == []
    assert nightly.alarms([], source="other") == []


def test_messages_of_changes_may_be_none_or_all_new(nightly: Nightly) -> None:
    assert nightly.alarms([], changes_only=True) == []
    assert nightly.alarms(another_practice(), changes_only=True) == []


def test_lists_of_patients_and_consents_are_guarded_too(nightly: Nightly) -> None:
    people = [record.patient._replace(place=record.place) for record in AGENDA]
    words = [ConsentRecord(record.place, record.patient.source_id, given=True) for record in AGENDA]
    for kind, records in ((Kind.PATIENTS, people), (Kind.CONSENTS, words)):
        nightly.imports(records, kind=kind)
        nightly.imports(records, kind=kind)
        assert nightly.alarms(records, kind=kind) == []
        assert nightly.alarms([], kind=kind) == [Guard.EMPTY]
    others = [person._replace(phone="06-87654321") for person in people]
    assert nightly.alarms(others, kind=Kind.PATIENTS) == [Guard.OTHERS]
    strangers = [person._replace(source_id=f"Y{number}") for number, person in enumerate(people)]
    assert nightly.alarms(strangers, kind=Kind.PATIENTS) == [Guard.STRANGE]


def test_lists_of_new_patients_only_raise_no_alarm(nightly: Nightly) -> None:
    people = [record.patient._replace(place=record.place) for record in AGENDA]
    for first in (0, 10, 20):
        assert nightly.alarms(people[first : first + 10], kind=Kind.PATIENTS) == []
        nightly.imports(people[first : first + 10], kind=Kind.PATIENTS)


@pytest.mark.parametrize("minutes", [60, -60, 30])
@pytest.mark.parametrize("single", [0, 6])
def test_a_calendar_of_series_and_single_events_that_is_shifted_is_refused(
    bench: Bench, linde: Practice, minutes: int, single: int
) -> None:
    def calendar(later: int) -> list[AppointmentRecord]:
        rows = []
        for number in range(12):
            start = local("2026-11-24 10:00") + timedelta(days=7 * (number % 6), minutes=later)
            uid = f"S{number // 6}@linde/{start.astimezone(UTC):%Y%m%dT%H%M%SZ}" if number >= single else f"A{number}"
            rows.append(row(number // 6)._replace(source_id=uid, starts_at=start))
        return rows

    def imports(later: int) -> ImportResult:
        whole = [IdRange(f"S{number}@linde/", f"S{number}@linde/~") for number in (0, 1)]
        file = Source("agenda.ics", calendar(later), f"{later}", whole=whole)
        [result] = import_files(bench.db, Order(linde.id, Kind.APPOINTMENTS, "agenda"), [file], now=bench.clock.now())
        return result

    assert imports(0).read == 12
    with pytest.raises(BadFile, match=f"12 of 12 starts to come are {abs(minutes)} minutes (later|earlier)"):
        imports(minutes)
    assert imports(0).let_in == []


def test_an_agenda_of_which_most_is_cancelled_or_booked_again_is_refused(nightly: Nightly) -> None:
    def with_status(booking: Booking, count: int) -> list[AppointmentRecord]:
        return of_others(lambda record: record._replace(booking=booking), count)

    half, most = with_status(Booking.CANCELLED, 20), with_status(Booking.CANCELLED, 21)
    assert nightly.alarms(half) == []
    with pytest.raises(BadFile, match="21 of 40 appointments to come are cancelled now: look at the export"):
        nightly.imports(most)
    assert nightly.alarms(most, changes_only=True) == []
    nightly.imports(most, sure=True)
    with pytest.raises(BadFile, match="21 of 21 appointments that were cancelled are booked now"):
        nightly.imports(AGENDA)
    assert nightly.alarms(with_status(Booking.CANCELLED, 12)) == []  # 9 of 21 again
