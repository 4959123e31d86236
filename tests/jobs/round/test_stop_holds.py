"""After a committed STOP nothing is handed over for that number and practice, however rounds, polls and deaths mix."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.inbound import Received
from smsreminders.domain.round.sending import Outgoing
from smsreminders.jobs.round.poll import listen
from smsreminders.store.database import Database, opened
from smsreminders.store.practices import all_practices, practice_by_code
from tests.accounts import only
from tests.builders import a_database
from tests.jobs.bench import Bench
from tests.jobs.builders import MONDAY, a_patient, a_practice, a_word, an_appointment, local, phone_of
from tests.jobs.hearing import HearingGateway
from tests.jobs.round.test_inbox import with_number
from tests.jobs.scripted import do_nothing

NUMBERS = {"linde": "+3197010001111", "duin": "+3197010002222"}
PHONE = phone_of("P1")
DAYS = 5
STEPS = (
    "round",
    "round dies",
    "round beside a poll",
    "poll",
    "poll dies",
    "stop",
    "start",
    "import",
    "consent",
    "move",
)


class Death(BaseException):
    """The process ends here."""


@cache
def _template() -> bytes:
    """Two practices, each with three patients, two of them with one phone, and an appointment of each on each day."""
    with TemporaryDirectory() as folder:
        path = a_database(Path(folder))
        with opened(path) as db:
            for code, number in NUMBERS.items():
                practice = a_practice(db, code)
                with_number(Bench(path, db), practice, number)
                for patient in ("P1", "P2", "P3"):
                    a_patient(db, practice, patient, phone=phone_of("P2") if patient == "P2" else PHONE)
                    for day in range(1, 1 + DAYS):
                        _books(db, practice, patient, day, hour=10)
        return path.read_bytes()


def _books(db: Database, practice: Practice, patient: str, day: int, *, hour: int) -> None:
    start = f"{local(MONDAY) + timedelta(days=day):%F} {hour}:30"
    an_appointment(db, practice, f"{patient}-{day}", patient, start=start)


class Story:
    """What the practice linde does on the mornings from Monday on; what the phone said stands in `said`."""

    def __init__(self, bench: Bench, gateway: HearingGateway) -> None:
        self.bench, self.gateway = bench, gateway
        self.linde = practice_by_code(bench.db, "linde")
        self.morning = local(MONDAY)
        self.said: list[Received] = []

    def takes(self, step: str) -> None:
        """Take a step. A death is the end of a process: what comes then is another's."""
        steps: dict[str, Callable[[], object]] = {
            "round": self._round,
            "round dies": self._round_dies,
            "round beside a poll": self._round_beside_a_poll,
            "poll": self.bench.poll,
            "poll dies": self._poll_dies,
            "stop": lambda: self._says("STOP"),
            "start": lambda: self._says("start"),
            "import": lambda: a_patient(self.bench.db, self.linde, "P1", phone=PHONE, consent=None),
            "consent": lambda: a_word(self.bench.db, self.linde, given=True, at=f"{self.bench.clock.now():%F %H:%M}"),
            "move": lambda: _books(self.bench.db, self.linde, "P3", self._days + 1, hour=15),
        }
        steps[step]()
        self.bench.clock.go_to(self.bench.clock.now() + timedelta(minutes=1))

    @property
    def is_stopped(self) -> bool:
        """Whether the last that was said, of what is on disk, is STOP."""
        with self.bench.elsewhere() as other:
            stored = {id_ for (id_,) in other.execute("select gateway_id from replies")}
        return [received.text for received in self.said if received.gateway_id in stored][-1:] == ["STOP"]

    def texts(self) -> int:
        """How many texts of linde were handed over for the phone."""
        return sum((sms.phone, sms.sender_id) == (PHONE, NUMBERS["linde"]) for sms in self.gateway.journal)

    @property
    def _days(self) -> int:
        return (self.morning - local(MONDAY)).days

    def _says(self, text: str) -> None:
        received = Received(f"r{len(self.said)}", PHONE, NUMBERS["linde"], text, self.bench.clock.now())
        self.said.append(received)
        self.gateway.pages.append([received])

    def _round(self) -> None:
        self.bench.clock.go_to(max(self.morning, self.bench.clock.now()))
        self.morning += timedelta(days=1)
        self.bench.round()

    def _round_dies(self) -> None:
        self.gateway.at_send = _die
        with suppress(Death):
            self._round()
        self.gateway.at_send = do_nothing

    def _round_beside_a_poll(self) -> None:
        """Each time that a text leaves another process listens; from then on the round obeys what it heard."""
        texts_at_stop: list[int] = []

        def listens(_: Outgoing) -> None:
            with self.bench.elsewhere() as db:
                listen(db, all_practices(db), accounts=only(self.bench.in_use()), clock=self.bench.clock)
            if self.is_stopped:
                texts_at_stop.append(self.texts())

        self.gateway.at_send = listens
        self._round()
        self.gateway.at_send = do_nothing
        assert texts_at_stop[:1] in ([], [self.texts()])

    def _poll_dies(self) -> None:
        self.gateway.between = _die
        with suppress(Death):
            self.bench.poll()
        self.gateway.between = lambda: None


def _die(*_: object) -> None:
    raise Death


@settings(max_examples=15)
@given(st.lists(st.sampled_from(STEPS), min_size=4, max_size=10))
@example(["round", "stop", "poll", "round"])
@example(["round", "stop", "round beside a poll", "move", "round"])
@example(["round dies", "stop", "poll dies", "round", "move", "round"])
@example(["stop", "start", "stop", "poll dies", "consent", "round", "poll", "import", "round"])
def test_nothing_is_handed_over_for_a_stopped_number(steps: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "smsreminders.db"
        path.touch(mode=0o600)
        path.write_bytes(_template())
        gateway = HearingGateway()
        gateway.features = replace(gateway.features, repeats_for=timedelta(days=1))
        with opened(path) as db:
            db.execute("pragma synchronous = off")
            story = Story(Bench(path, db, gateway=gateway), gateway)
            for step in steps:
                was_stopped, before = story.is_stopped, story.texts()
                story.takes(step)
                assert not was_stopped or story.texts() == before, step
