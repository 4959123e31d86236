"""After any files and words of the desk nobody is texted whose newest word forbids it, or can't be understood."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import ConsentEvent, How
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.reminders import Reminder, plan_reminder
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord, Unread
from smsreminders.jobs.agenda.import_files import BadFile
from smsreminders.jobs.desk.appointment import cancel_appointment, confirm_appointment
from smsreminders.jobs.desk.consent import record_consent
from smsreminders.store.round.due import due_between
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import TOMORROW, a_practice, local

CODES = count()
IDS = ("A1", "A2")
STATUSES = ("booked", "cancelled", None, "?1", "?2")  # what begins with ? can't be understood; None is an empty cell
CONSENTS = (True, False, None, "?1", "?2")
ROWS = st.tuples(st.sampled_from(IDS), st.sampled_from(STATUSES), st.sampled_from(CONSENTS))
FILES = st.tuples(
    st.just("file"),
    st.sampled_from(["export", "by hand"]),
    st.lists(ROWS, min_size=1, max_size=2, unique_by=lambda row: row[0]),
)
DESK = st.tuples(st.just("desk"), st.sampled_from(["give", "withdraw", "cancel", "confirm"]), st.sampled_from(IDS))


@dataclass
class Model:
    """What the newest words say, kept in the plainest way: by id, and for each source what it said the last time."""

    booked: dict[str, bool] = field(default_factory=dict)
    consent: dict[str, bool] = field(default_factory=dict)
    by_person: set[str] = field(default_factory=set)  # whose withdrawal by a person stands
    unclear: set[tuple[str, str]] = field(default_factory=set)
    said: dict[tuple[str, str, str], object] = field(default_factory=dict)
    unread: dict[tuple[str, str, str], object] = field(default_factory=dict)

    def row(self, source: str, id_: str, status: object, consent: object) -> None:
        """A row of a good file."""
        for what, word in (("status", status), ("consent", consent)):
            key = source, id_, what
            if str(word).startswith("?"):
                if self.unread.get(key) != word:
                    self.unclear.add((id_, what))
                self.unread[key] = word
            elif word is not None:
                news = self.said.get(key) != word
                if news or key in self.unread:
                    self.unclear.discard((id_, what))
                self.unread.pop(key, None)
                if news:
                    self._believe(id_, what, word)
                self.said[key] = word
            elif what == "status" and self.unread.pop(key, None):
                self.unclear.discard((id_, what))
        self.booked.setdefault(id_, True)

    def _believe(self, id_: str, what: str, word: object) -> None:
        if what == "status":
            self.booked[id_] = word == "booked"
        elif word is False:
            self.consent[id_] = False
        elif id_ not in self.by_person:
            self.consent[id_] = True

    def desk(self, word: str, id_: str) -> None:
        """A person's word."""
        if word in {"give", "withdraw"}:
            self.consent[id_] = word == "give"
            (self.by_person.discard if word == "give" else self.by_person.add)(id_)
            self.unclear.discard((id_, "consent"))
        else:
            self.booked[id_] = self.booked[id_] and word != "cancel"
            self.unclear.discard((id_, "status"))

    def may_be_texted(self, id_: str) -> bool:
        """Whether no newest word forbids it."""
        held = {(id_, "status"), (id_, "consent")} & self.unclear
        return self.booked.get(id_, False) and self.consent.get(id_, False) and not held


def record(line: int, id_: str, status: object, consent: object) -> AppointmentRecord:
    """The row of an appointment of a patient of its own."""

    def unread(name: str, word: object) -> tuple[Unread, ...]:
        return (Unread(name, name, "is no word", str(word)),) if str(word).startswith("?") else ()

    patient = PatientRecord(
        "",
        f"P{id_[1:]}",
        "J. de Vries",
        f"06-1234560{id_[1:]}",
        consent=consent if isinstance(consent, bool) else None,
        unread=unread("consent", consent),
    )
    booking = Booking(status) if status in {"booked", "cancelled"} else None
    return AppointmentRecord(
        f"line {line}", id_, patient, local(TOMORROW), booking=booking, unread=unread("status", status)
    )


def texted(bench: Bench, practice: Practice) -> set[str]:
    """Whom a round would text now."""
    rules = bench.rules(practice)
    due = due_between(bench.db, practice.id, rules.window.opens, rules.window.closes, rehearsed=False)
    return {appointment.appointment for appointment in due if isinstance(plan_reminder(appointment, rules), Reminder)}


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(FILES | DESK, max_size=10))
def test_nobody_is_texted_whose_newest_word_forbids_it_or_is_unclear(bench: Bench, story: list[tuple]) -> None:  # type: ignore[type-arg]
    practice, model = a_practice(bench.db, f"law{next(CODES)}"), Model()
    for minute, (what, *told) in enumerate(story):
        bench.clock.go_to(local("2026-11-23 09:00") + timedelta(minutes=minute))
        if what == "file":
            source, rows = told
            good = [record(number, f"B{number}", "booked", True) for number in range(3, 8)]  # so that it isn't refused
            bench.imports(
                practice,
                Kind.APPOINTMENTS,
                [*(record(number, *row) for number, row in enumerate(rows)), *good],
                source=source,
            )
            for row in rows:
                model.row(source, *row)
        elif told[1] in model.booked:
            _at_the_desk(bench, practice, *told)
            model.desk(*told)
        going = texted(bench, practice)
        assert {id_ for id_ in IDS if id_ in going and not model.may_be_texted(id_)} == set()


def test_a_refused_file_changes_nothing(bench: Bench, linde: Practice) -> None:
    bench.imports(linde, Kind.APPOINTMENTS, [record(2, "A1", "booked", True)])
    try:
        bench.imports(linde, Kind.APPOINTMENTS, [record(2, "A1", "?1", False)])
    except BadFile:
        assert texted(bench, linde) == {"A1"}
    else:
        raise AssertionError("the file is not refused")


def _at_the_desk(bench: Bench, practice: Practice, word: str, id_: str) -> None:
    if word in {"give", "withdraw"}:
        event = ConsentEvent(word == "give", bench.clock.now(), How.DESK)
        record_consent(bench.db, practice, f"P{id_[1:]}", event, clock=bench.clock, access=RECEPTION)
    elif word == "cancel":
        cancel_appointment(bench.db, practice, id_, access=RECEPTION)
    else:
        confirm_appointment(bench.db, practice, id_, access=RECEPTION)
