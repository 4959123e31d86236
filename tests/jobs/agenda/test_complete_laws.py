"""After any files and words of the desk only what two good files in a row lacked is cancelled, and no cut file does."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count, groupby, pairwise
from operator import attrgetter
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from smsreminders.domain.agenda.missing import SEEN
from smsreminders.domain.practices import Practice
from smsreminders.errors import InputFileError
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import AppointmentRecord, Kind, Layout, PatientRecord, RowError, Trouble
from smsreminders.jobs.agenda.import_files import CompleteFor, Order, Source, import_files
from smsreminders.jobs.desk.appointment import cancel_appointment, confirm_appointment, move_appointment
from smsreminders.store.appointments import appointments_between
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import MONDAY, TOMORROW, ZONE, a_practice, local

CODES = count()
SECOND = timedelta(seconds=1)
WINDOW = CompleteFor(timedelta(days=14), ZONE)
IDS = ("A1", "A2")
LATER, FAR = "2026-11-24 15:00", "2026-12-20 10:30"  # the second is beyond the window
KINDS = ("good", "good", "good", "again", "partial", "without an id", "changes")
FILES = st.tuples(
    st.sampled_from(KINDS), st.dictionaries(st.sampled_from(IDS), st.sampled_from([TOMORROW, LATER, FAR]))
)
DESK = st.tuples(st.sampled_from(["confirm", "cancel", "move"]), st.sampled_from(IDS))
PARTS = {
    "partial": RowError("the end", "Bundle", "is not all", trouble=Trouble.PARTIAL),
    "without an id": RowError("line 9", "", "has 3 cells"),
}


@dataclass
class Model:
    """An appointment in the plainest way: how many good files in a row lack it, whether a person overruled them."""

    booked: bool = True
    lacked: int = 0
    overruled: bool = False
    start: str = TOMORROW

    @property
    def missing(self) -> bool:
        """Whether nobody is texted of it though it is booked."""
        return self.booked and self.lacked > 0 and not self.overruled

    def had(self, start: str, said: str) -> None:
        """A file has it."""
        self.booked = self.booked or (self.lacked > 1 and not self.overruled)
        self.lacked, self.overruled = 0, False
        self.start = self.start if start == said else start

    def lacks(self, *, again: bool, was_seen: bool) -> None:
        """A complete file lacks it; the same one again says nothing more, unless it was moved into the window since."""
        if again and self.lacked:
            return
        if self.booked and not self.overruled and (self.lacked or self.start != FAR):
            self.lacked += 1
            self.booked = self.lacked < 2 or not was_seen

    def desk(self, word: str) -> None:
        """A person's word."""
        self.overruled = self.overruled or self.lacked > 0
        if word != "confirm":
            self.booked = word == "move"
        if word == "move":
            self.start = LATER


def record(id_: str, start: str) -> AppointmentRecord:
    number = id_[1:]
    patient = PatientRecord("", f"P{number}", "J. de Vries", f"06-1234560{number}", consent=True)
    return AppointmentRecord(f"line {number}", id_, patient, local(start))


class Story:
    """A practice whose files and desk are told to the program and to the model."""

    def __init__(self, bench: Bench, step: timedelta) -> None:
        self.step = step  # from one to the next
        self.bench, self.practice = bench, a_practice(bench.db, f"law{next(CODES)}")
        self.model: dict[str, Model] = {}
        self.said: dict[str, str] = {}
        self.last: tuple[str, dict[str, str]] = ("good", {})
        self.number = 0

    def file(self, kind: str, rows: dict[str, str]) -> None:
        """A file of the source."""
        again = kind == "again"
        kind, rows = self.last if again else (kind, rows)
        self.last = kind, rows
        self.number += not again
        records = [record(id_, start) for id_, start in {**rows, "A3": TOMORROW}.items()]
        source = Source(
            "agenda.csv",
            [*records, *([PARTS[kind]] if kind in PARTS else [])],
            f"content {self.number}",
            changes_only=kind == "changes",
        )
        order = Order(self.practice.id, Kind.APPOINTMENTS, "agenda", WINDOW)
        import_files(self.bench.db, order, [source], now=self.bench.clock.now())
        for id_, start in rows.items():
            self.model.setdefault(id_, Model(start=start)).had(start, self.said.get(id_, start))
            self.said[id_] = start
        for id_ in self.model.keys() - rows.keys() if kind == "good" else ():
            self.model[id_].lacks(again=again, was_seen=self.step >= SEEN)

    def desk(self, word: str, id_: str) -> None:
        """A word at the desk, where the appointment is known."""
        if id_ not in self.model:
            return
        db, clock = self.bench.db, self.bench.clock
        if word == "confirm":
            confirm_appointment(db, self.practice, id_, access=RECEPTION)
        elif word == "cancel":
            cancel_appointment(db, self.practice, id_, access=RECEPTION)
        else:
            move_appointment(db, self.practice, id_, starts_at=local(LATER), clock=clock, access=RECEPTION)
        self.model[id_].desk(word)

    def stored(self) -> dict[str, tuple[bool, bool, str]]:
        """What is booked, what is missing, and when."""
        return {
            found.source_id: (
                found.booking.value == "booked",
                found.missing is not None and found.booking.value == "booked",
                f"{found.starts_at.astimezone(ZONE):%Y-%m-%d %H:%M}",
            )
            for _, found in appointments_between(self.bench.db, self.practice.id)
            if found.source_id in IDS
        }


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(FILES | DESK, max_size=8), step=st.sampled_from([SEEN, SECOND]))
@example(story=[("good", {"A2": FAR}), ("good", {}), ("move", "A2"), ("again", {})], step=SEEN)
def test_only_what_two_good_files_in_a_row_lacked_is_cancelled_and_what_one_lacked_is_held(
    bench: Bench, story: list[tuple[str, dict[str, str] | str]], step: timedelta
) -> None:
    told = Story(bench, step)
    bench.clock.go_to(local(MONDAY) - 8 * step)
    for what, about in story:
        bench.clock.go_to(bench.clock.now() + step)
        if isinstance(about, str):
            told.desk(what, about)
        else:
            told.file(what, about)
        assert told.stored() == {id_: (m.booked, m.missing, m.start) for id_, m in told.model.items()}


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(  # there and back again: the last text is what the patient goes by
    story=[
        ("good", {"A1": LATER}),
        ("round", ""),
        ("good", {"A1": TOMORROW}),
        ("round", ""),
        ("move", "A1"),
    ]
)
@given(story=st.lists(FILES | DESK | st.just(("round", "")), min_size=2, max_size=8))
def test_nobody_is_texted_of_what_is_missing_and_nobody_twice_running_in_the_same_words(
    bench: Bench, story: list[tuple[str, dict[str, str] | str]]
) -> None:
    told = Story(bench, SECOND)
    bench.gateway.journal.clear()
    for what, about in [*story, ("round", "")]:
        bench.clock.go_to(bench.clock.now() + SECOND)
        if isinstance(about, dict):
            told.file(what, about)
        elif what != "round":
            told.desk(what, about)
        else:
            before = len(bench.gateway.journal)
            bench.round(told.practice)
            going = {f"A{sms.phone[-1]}" for sms in bench.gateway.journal[before:]}
            assert going <= {"A3", *(id_ for id_, m in told.model.items() if m.booked and not m.missing)}
    for _, texts in groupby(sorted(bench.gateway.journal, key=attrgetter("phone")), attrgetter("phone")):
        assert [text for text, after in pairwise(sms.text for sms in texts) if text == after] == []


TABLE = b"appointment_id;patient_id;patient_name;start;type\n" + b"".join(
    b"A%d;P%d;J. Vries;2026-11-24 1%d:30;C\n" % (number, number, number) for number in (1, 2, 3)
)


def test_a_table_that_is_cut_anywhere_cancels_nothing(bench: Bench, linde: Practice, tmp_path: Path) -> None:
    file, layout = tmp_path / "agenda.csv", Layout(ZONE, bench.clock.now())

    def imported(content: bytes, *, dry_run: bool = True) -> tuple[list[str], list[str]]:
        file.write_bytes(content)
        order = Order(linde.id, Kind.APPOINTMENTS, "agenda", WINDOW, dry_run=dry_run)
        try:
            source = Source("agenda.csv", read_file(file, Kind.APPOINTMENTS, layout), content.hex())
            (result,) = import_files(bench.db, order, [source], now=bench.clock.now())
        except InputFileError:
            return [], []
        return list(result.missing), list(result.gone)

    assert imported(TABLE, dry_run=False) == ([], [])
    ends = [index + 1 for index, byte in enumerate(TABLE) if byte == ord("\n")]
    looks_whole = {at for end in ends for at in (end - 2, end - 1, end)}  # in the last cell of a row, or behind it
    for length in range(len(TABLE)):
        begun = sum(end < length for end in ends)
        lacked = ["A1", "A2", "A3"][begun:] if length in looks_whole and length > ends[0] else []
        assert (length, *imported(TABLE[:length])) == (length, lacked, [])
