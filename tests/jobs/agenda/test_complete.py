"""Complete files of a source: what they lack is held at once, cancelled by the next night's, and back as it was."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from smsreminders.domain.agenda.missing import SEEN
from smsreminders.domain.appointments import Appointment, Booking
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.sending import Unavailable
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord, Record, RowError, Trouble, Unread
from smsreminders.jobs.agenda.import_files import (
    BadFile,
    Complete,
    CompleteFor,
    ImportResult,
    Order,
    Source,
    import_files,
)
from smsreminders.jobs.agenda.tally import Change
from smsreminders.jobs.desk.appointment import cancel_appointment, confirm_appointment, move_appointment
from smsreminders.store.appointments import appointment_by_id
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import TOMORROW, ZONE, a_patient, an_appointment, local

WINDOW = CompleteFor(timedelta(days=14), ZONE)
MORE = range(3, 9)  # the others of each file, so that one may be gone
UNREADABLE = RowError("line 9", "start", "can't be read as a time", "A2")
WITHOUT_ID = RowError("line 9", "", "has 3 cells")
PARTIAL = RowError("the end of the file", "Bundle", "the record has 9, the file only 8", trouble=Trouble.PARTIAL)


def row(number: int, start: str = TOMORROW, booking: Booking | None = Booking.BOOKED) -> AppointmentRecord:
    """The row of A1 of P1, and so on."""
    patient = PatientRecord("", f"P{number}", "J. de Vries", f"06-123456{number:02}", consent=True)
    return AppointmentRecord(f"line {number}", f"A{number}", patient, local(start), booking=booking)


def of(*records: Record | RowError) -> list[Record | RowError]:
    """A file with these rows, and those of the others."""
    return [*records, *map(row, MORE)]


BOTH, WITHOUT_A2 = of(row(1), row(2)), of(row(1))


@pytest.fixture
def night(bench: Bench, linde: Practice) -> "Nights":
    return Nights(bench, linde)


class Nights:
    """The files of a practice, each ten minutes after the one before, or the next night's."""

    def __init__(self, bench: Bench, practice: Practice) -> None:
        self.bench, self.practice, self.number = bench, practice, 0

    def __call__(
        self, records: Sequence[Record | RowError], content: str = "", *, complete: CompleteFor | None = WINDOW
    ) -> ImportResult:
        """The import of a file, of another content than those before it unless told."""
        self.number += 1
        (result,) = self.bench.imports(
            self.practice,
            Kind.APPOINTMENTS,
            records,
            source="agenda",
            complete=complete,
            content=content or f"of night {self.number}",
        )
        self.bench.clock.go_to(self.bench.clock.now() + timedelta(minutes=10))
        return result

    def next_night(self, records: Sequence[Record | RowError]) -> ImportResult:
        """The import of a file so long after the others that people could look what is missing."""
        self.bench.clock.go_to(self.bench.clock.now() + SEEN)
        return self(records)

    def stored(self, source_id: str = "A2") -> Appointment:
        """An appointment as it stands."""
        return appointment_by_id(self.bench.db, self.practice.id, source_id)[1]

    def state(self, source_id: str = "A2") -> tuple[str, bool, int]:
        """Whether it is booked, whether it is missing, and its revision."""
        stored = self.stored(source_id)
        return stored.booking.value, stored.missing is not None, stored.revision


MISSING, GONE, BOOKED = ("booked", True, 1), ("cancelled", True, 1), ("booked", False, 1)


def told(result: ImportResult) -> tuple[list[str], list[str], int, int]:
    """What is told as missing and as cancelled, by name and in figures."""
    changes = result.changes
    return list(result.missing), list(result.gone), changes[Change.MISSING], changes[Change.CANCELLED]


def test_what_a_file_lacks_is_missing_and_the_second_one_cancels_it(night: Nights) -> None:
    assert told(night(BOTH)) == ([], [], 0, 0)
    assert told(night(WITHOUT_A2)) == (["A2"], [], 1, 0)
    assert night.state() == MISSING
    assert night.stored().missing == "agenda-1.csv, imported on 2026-11-23, doesn't have it"
    assert told(night(WITHOUT_A2)) == ([], [], 0, 0)  # nobody could look yet
    assert night.state() == MISSING
    assert told(night.next_night(WITHOUT_A2)) == ([], ["A2"], 0, 1)
    assert night.state() == GONE
    assert told(night(WITHOUT_A2)) == ([], [], 0, 0)
    assert night.state("A1") == BOOKED


def test_the_same_file_again_is_no_second_one(night: Nights) -> None:
    night(BOTH)
    night(WITHOUT_A2, "the same")
    assert told(night(WITHOUT_A2, "the same")) == ([], [], 0, 0)
    assert night.state() == MISSING


def test_files_whose_bytes_are_not_known_are_known_again_by_what_they_say(bench: Bench, linde: Practice) -> None:
    bench.clock.go_to(bench.clock.now() - 3 * SEEN)
    for rows, gone in ((BOTH, []), (WITHOUT_A2, []), (WITHOUT_A2, []), (of(row(1, "2026-11-24 11:30")), ["A2"])):
        (result,) = bench.imports(linde, Kind.APPOINTMENTS, rows, source="agenda", complete=WINDOW)
        assert result.gone == gone
        bench.clock.go_to(bench.clock.now() + SEEN)


def test_what_returns_is_as_it_was(night: Nights) -> None:
    night(BOTH)
    night(WITHOUT_A2)
    assert night(BOTH).changes[Change.CHANGED] == 1
    assert night.state() == BOOKED
    assert told(night(WITHOUT_A2)) == (["A2"], [], 1, 0)  # that counts from the beginning again


@pytest.mark.parametrize("booking", [Booking.BOOKED, None])
def test_what_returns_after_it_was_cancelled_is_booked_again(night: Nights, booking: Booking | None) -> None:
    both = of(row(1), row(2, booking=booking))  # also by a file without a status
    night(both)
    night(WITHOUT_A2)
    night.next_night(WITHOUT_A2)
    night(both)
    assert (night.state(), night.stored().unclear) == (("booked", False, 2), None)
    night(WITHOUT_A2)
    assert night.state() == ("booked", True, 2)


def test_a_confirmation_ends_what_is_unclear_and_missing_at_once(night: Nights) -> None:
    night(BOTH)
    night(of(row(1), row(2)._replace(booking=None, unread=(Unread("status", "status", "is no status", "ab"),))))
    night(WITHOUT_A2)
    assert (night.state(), night.stored().unclear is None) == (MISSING, False)
    confirm_appointment(night.bench.db, night.practice, "A2", access=RECEPTION)
    assert (night.state(), night.stored().unclear) == (BOOKED, None)


def test_nobody_is_texted_of_what_is_missing_and_nobody_twice_of_what_returns(bench: Bench, night: Nights) -> None:
    night(BOTH)
    night(WITHOUT_A2)
    assert bench.round().skipped == {SkipReason.MISSING: 1}
    assert len(bench.texted()) == len(MORE) + 1
    night(BOTH)
    bench.round()
    assert len(set(bench.texted())) == len(bench.texted()) == len(MORE) + 2
    night(WITHOUT_A2)
    night(WITHOUT_A2)
    night(BOTH)
    bench.round()
    assert len(bench.texted()) == len(MORE) + 2


def test_what_waits_for_a_missing_appointment_is_withdrawn(bench: Bench, night: Nights) -> None:
    night(BOTH)
    bench.gateway.by_phone["+31612345602"] = Unavailable("down")
    bench.round()
    assert bench.status("A2") is Status.QUEUED
    night(WITHOUT_A2)
    bench.round()
    assert (bench.notification("A2").status, bench.notification("A2").reason) == (Status.CANCELLED, "missing")


@pytest.mark.parametrize("word", ["confirm", "move", "cancel"])
def test_a_persons_word_ends_that_it_is_missing_and_stands_whatever_the_files_lack(night: Nights, word: str) -> None:
    night(BOTH)
    night(WITHOUT_A2)
    bench, practice = night.bench, night.practice
    if word == "confirm":
        confirm_appointment(bench.db, practice, "A2", access=RECEPTION)
    elif word == "cancel":
        cancel_appointment(bench.db, practice, "A2", access=RECEPTION)
    else:
        move_appointment(
            bench.db, practice, "A2", starts_at=local("2026-11-24 15:00"), clock=bench.clock, access=RECEPTION
        )
    after = night.state()
    assert after == {"confirm": BOOKED, "move": ("booked", False, 2), "cancel": ("cancelled", False, 1)}[word]
    for file in (WITHOUT_A2, WITHOUT_A2, BOTH):
        assert told(night(file)) == ([], [], 0, 0)
        assert night.state() == after
    assert told(night(WITHOUT_A2))[0] == ([] if word == "cancel" else ["A2"])  # news once more


def test_a_cancellation_at_the_desk_of_what_a_file_cancelled_is_a_persons_word(night: Nights) -> None:
    night(BOTH)
    night(WITHOUT_A2)
    night(WITHOUT_A2)
    cancel_appointment(night.bench.db, night.practice, "A2", access=RECEPTION)
    night(BOTH)
    assert night.state() == ("cancelled", False, 1)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (WITHOUT_ID, "agenda-1.csv can't be taken as complete: there is a row of which not even the id could be read"),
        (PARTIAL, "agenda-1.csv can't be taken as complete: the record has 9, the file only 8"),
    ],
)
def test_a_file_that_may_be_a_part_is_imported_and_makes_nothing_missing(
    night: Nights, bad: RowError, reason: str
) -> None:
    night(BOTH)
    result = night(of(row(1, "2026-11-24 15:00"), bad))
    assert (told(result), result.incomplete) == (([], [], 0, 0), reason)
    assert (night.state(), night.state("A1")) == (BOOKED, ("booked", False, 2))
    night(WITHOUT_A2)
    night(of(row(1), bad))
    assert night.state() == MISSING


def test_a_file_of_changes_is_imported_and_makes_nothing_missing(night: Nights) -> None:
    night(BOTH)
    order = Order(night.practice.id, Kind.APPOINTMENTS, "agenda", WINDOW)
    changes = Source("agenda.hl7", WITHOUT_A2, changes_only=True)
    (result,) = import_files(night.bench.db, order, [changes], now=night.bench.clock.now())
    assert result.incomplete == "agenda.hl7 tells changes only, so it can't be taken as complete"
    assert night.state() == BOOKED


def test_a_refused_file_is_none(night: Nights) -> None:
    night(BOTH)
    night(WITHOUT_A2)
    with pytest.raises(BadFile):
        night([row(1), UNREADABLE, UNREADABLE])
    assert night.state() == MISSING


def test_a_bad_row_protects_its_appointment_and_brings_back_nothing(night: Nights) -> None:
    night(BOTH)
    night(of(row(1), UNREADABLE))
    assert night.state() == BOOKED
    night(WITHOUT_A2)
    night(of(row(1), UNREADABLE))
    assert night.state() == MISSING


def test_what_returns_and_is_not_understood_is_unclear(night: Nights) -> None:
    night(BOTH)
    night(WITHOUT_A2)
    night(of(row(1), row(2)._replace(booking=None, unread=(Unread("status", "status", "is no status", "ab"),))))
    assert night.state() == BOOKED
    assert night.stored().unclear == "agenda-1.csv, line 2, status: is no status"


def test_only_what_the_source_itself_has_told_is_missing(bench: Bench, night: Nights, duin: Practice) -> None:
    a_patient(bench.db, night.practice)
    an_appointment(bench.db, night.practice, "desk")
    bench.imports(night.practice, Kind.APPOINTMENTS, [row(20)], source="other")
    bench.imports(duin, Kind.APPOINTMENTS, BOTH, source="agenda")
    night(BOTH)
    assert told(night(of(row(2)))) == (["A1"], [], 1, 0)
    assert appointment_by_id(bench.db, duin.id, "A1")[1].missing is None


@pytest.mark.parametrize(
    ("start", "missing"),
    [
        ("2026-11-23 09:09", False),  # a minute ago
        ("2026-11-23 09:10", True),
        ("2026-12-07 09:09", True),
        ("2026-12-07 09:10", False),
    ],
)
def test_the_window_is_from_now_for_so_long_and_never_that_of_the_file(
    night: Nights, start: str, *, missing: bool
) -> None:
    night(of(row(2, start)))
    assert night(of()).missing == (["A2"] if missing else [])


def test_what_moved_out_of_the_window_is_moved(night: Nights) -> None:
    night(BOTH)
    assert told(night(of(row(1), row(2, "2026-12-20 10:00")))) == ([], [], 0, 0)
    assert night.state() == ("booked", False, 2)


@pytest.mark.parametrize("booking", [Booking.CANCELLED, None])
def test_what_is_cancelled_and_then_left_out_is_no_news(night: Nights, booking: Booking | None) -> None:
    night(BOTH)
    night(of(row(1), row(2, booking=booking)._replace(ignored=booking is None)))
    confirm_appointment(night.bench.db, night.practice, "A2", access=RECEPTION)
    before = night.state()
    assert told(night(WITHOUT_A2)) == ([], [], 0, 0)
    assert night.state() == before


def test_the_next_file_of_another_source_that_has_it_brings_it_back(night: Nights) -> None:
    night(BOTH)
    night(WITHOUT_A2)
    night.bench.imports(night.practice, Kind.APPOINTMENTS, [row(2)], source="by hand")
    assert night.state() == BOOKED
    night(WITHOUT_A2)
    assert night.state() == BOOKED


def test_a_person_who_calls_a_file_complete_cancels_what_is_missing(night: Nights) -> None:
    night(BOTH)
    night(WITHOUT_A2)
    week = Complete(date(2026, 11, 23), date(2026, 11, 29), ZONE)
    (result,) = night.bench.imports(night.practice, Kind.APPOINTMENTS, WITHOUT_A2, source="agenda", complete=week)
    assert told(result) == ([], ["A2"], 0, 1)
    night(BOTH)
    assert night.state() == ("booked", False, 2)


def test_a_file_that_lacks_too_many_is_refused(night: Nights) -> None:
    night(of(row(1), row(2)))
    with pytest.raises(BadFile, match=r"it lacks 6 of the 8 appointments from 2026-11-23 to 2026-12-07.*--sure; noth"):
        night([row(1), row(2)])
    assert night.state("A3") == BOOKED


def test_a_file_without_the_word_complete_makes_nothing_missing_and_cancels_nothing(night: Nights) -> None:
    night(BOTH)
    night(WITHOUT_A2, complete=None)
    assert night.state() == BOOKED
    night(WITHOUT_A2)
    night(WITHOUT_A2, complete=None)
    assert night.state() == MISSING
