"""Ten thousand appointments through two accounts of which half of the answers are wrong: none twice, lost or guessed.

python -m tests.long.faulty_gateway [--messages N] [--wrong SHARE] [--settle-time SECONDS] [--longest-lag SECONDS]
                                    [--behind SECONDS] [--seed N] [--processes N]

The real jobs with the real Spryng gateway, over HTTP to two fakes on loopback whose lists lag up to a minute and which
give the same ids. Patients have one to three appointments on a day; now and then one is cancelled while its round
sends, so between its plan and its claim. After every run the database is compared with the journals and with what the
answers could let anybody know.
A list that lags longer than the settle time (--longest-lag 900) proves that the script sees a double.
"""

import argparse
import random
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from smsreminders.domain.appointments import Booking
from smsreminders.domain.round.sending import AccountName, DeliveryReport, Open, Outcome, Outgoing, Uncertain
from smsreminders.errors import SmsremindersError
from smsreminders.gateways.accounts import Accounts
from smsreminders.gateways.base import Account, Gateway
from smsreminders.importers.records import AppointmentRecord
from smsreminders.store.database import opened
from tests.accounts import several
from tests.features import FINDS_ALL
from tests.gateways.benches.spryng import a_spryng
from tests.long.bench import MORNING, ZONE, House, Listener, MovingClock, build, record_of
from tests.long.faulty_spryng import FaultySpryng
from tests.long.setting import figures, patient_of

A_PRACTICE = 200  # appointments
MOST_RUNS = 4000
WEATHER = (0.0, 0.0, 0.01, 0.1, 0.5)  # the share of its lists that fails during a run
HANDED_OVER = {"sent", "delivered", "failed", "expired"}
NEVER = {"queued", "cancelled", "rejected"}
BROKEN = ["doubles", "handed over, not in the journal", "never sent, in the journal", "left in sending"]
BROKEN += ["shown as known, not known", "shown as not known, known", "left open", "other fate than theirs", "leaks"]
BROKEN += ["covered twice", "told after it was cancelled"]


class Knowing:
    """The real gateway, and beside it what its answers let anybody know: `unknown` are the references in doubt."""

    features = FINDS_ALL

    def __init__(self, inner: Gateway, talk: Listener, cancel: Callable[[Outgoing], None]) -> None:
        self._inner, self._talk, self._cancel, self._lock = inner, talk, cancel, threading.Lock()
        self.unknown: set[str] = set()
        self.outcomes: Counter[str] = Counter()

    def send(self, sms: Outgoing) -> Outcome:
        self._cancel(sms)
        outcome = self._inner.send(sms)
        with self._lock:
            self._talk.heard(outcome)
            self.outcomes[type(outcome).__name__] += 1
            (self.unknown.add if isinstance(outcome, Uncertain) else self.unknown.discard)(sms.reference)
        return outcome

    def account(self) -> str:
        return "known"

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        for report in self._inner.lookup(asked):
            self.unknown.discard(report.reference)
            yield report


@dataclass(slots=True)
class Desk:
    """Somebody who cancels appointments while texts leave; what was cancelled before a claim may not be told by it."""

    house: House
    dice: random.Random
    often: float = 0.03  # of the requests
    records: dict[tuple[int, str], AppointmentRecord] = field(default_factory=dict)
    cancelled: dict[tuple[str, str], datetime] = field(default_factory=dict)
    late: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def cancel_some(self, sms: Outgoing) -> None:
        """Look whether the claim of this request came after a cancellation; then perhaps cancel another appointment."""
        with self.lock:
            times = re.findall(r"\d\d:\d\d", sms.text)
            gone = [self.cancelled.get((sms.phone, time), sms.handed_over_at) for time in times]
            self.late += any(moment < sms.handed_over_at for moment in gone)
            if self.dice.random() >= self.often or not self.records:
                return
            practice_id, source_id = self.dice.choice(sorted(self.records))
            record = self.records.pop((practice_id, source_id))
            self.house.tell(record._replace(booking=Booking.CANCELLED), practice_id=practice_id)
            starts_at, phone = record.starts_at or MORNING, record.patient.phone or ""
            self.cancelled[f"+31{phone[1:]}", f"{starts_at.astimezone(ZONE):%H:%M}"] = self.house.clock.now()


@dataclass(slots=True)
class Trial:
    """The practices, their accounts, and what was counted."""

    house: House
    clock: MovingClock
    spryngs: Sequence[FaultySpryng]
    gateways: Sequence[Knowing]
    in_use: Accounts
    desk: Desk
    talk: Listener
    dice: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    most_uncertain: int = 0

    def round(self, code: str, *, wrong: float) -> None:
        """One run of dispatch for one practice, in some weather."""
        self.weather(post=wrong, get=self.dice.choice(WEATHER))
        self.counts["runs of dispatch"] += 1
        try:
            result = self.house.dispatch(self.in_use, codes=[code])
            self.talk.heard(result.round_id, result.sent, *result.problems)
        except SmsremindersError as error:
            self.talk.heard(error)
        self.clock.move_on(timedelta(seconds=self.dice.uniform(5, 90)))

    def weather(self, *, post: float, get: float) -> None:
        """Let so large a share of the answers be wrong from now on."""
        for spryng in self.spryngs:
            spryng.wrong = {"POST": post, "GET": get}

    def ask(self) -> None:
        """One run of poll for all of them."""
        self.counts["runs of poll"] += 1
        try:
            self.talk.heard(self.house.poll(self.in_use))
        except SmsremindersError as error:
            self.talk.heard(error)
            self.counts["polls that failed"] += 1
        self.clock.move_on(timedelta(seconds=self.dice.uniform(5, 90)))

    def check(self) -> None:
        """Compare the database with the journal, and what it shows as not known with what is not known."""
        statuses = self.statuses()
        journal = set[str]().union(*(spryng.references for spryng in self.spryngs))
        shown = {reference for reference, status in statuses.items() if status == "uncertain"}
        never = {reference for reference, status in statuses.items() if status in NEVER}
        for gateway in self.gateways:
            gateway.unknown -= never - shown  # the gateway was asked, and proved not to have it
        unknown = set[str]().union(*(gateway.unknown for gateway in self.gateways))
        broken = {
            "handed over, not in the journal": {r for r, s in statuses.items() if s in HANDED_OVER} - journal,
            "never sent, in the journal": never & journal,
            "left in sending": {r for r, s in statuses.items() if s == "sending"},
            "shown as known, not known": unknown - shown,
            "shown as not known, known": shown - unknown,
        }
        self.counts.update({name: len(references) for name, references in broken.items()})
        self.counts["comparisons of database, journal and answers"] += 1
        self.most_uncertain = max(self.most_uncertain, len(shown))

    def statuses(self) -> dict[str, str]:
        with opened(self.house.database, read_only=True) as db:
            return dict(db.execute("select reference, status from notifications"))

    def left_open(self) -> int:
        """How many booked appointments have no text that was handed over or rejected."""
        with opened(self.house.database, read_only=True) as db:
            (count,) = db.execute(
                "select count(*) from appointments a where a.status = 'booked' and not exists (select 1 from covers c"
                " join notifications n on n.id = c.notification_id where c.appointment_id = a.id"
                " and n.status in ('sent', 'delivered', 'failed', 'expired', 'rejected'))"
            ).fetchone()
            return int(count)

    def covered(self) -> dict[str, list[int]]:
        """The appointments that each notification covers, by its reference."""
        covered: dict[str, list[int]] = {}
        with opened(self.house.database, read_only=True) as db:
            for reference, id_ in db.execute(
                "select n.reference, c.appointment_id from covers c join notifications n on n.id = c.notification_id"
            ):
                covered.setdefault(reference, []).append(id_)
        return covered

    def practices_left(self) -> list[str]:
        """The practices of which something is queued or uncertain."""
        with opened(self.house.database, read_only=True) as db:
            rows = db.execute(
                "select distinct code from notifications n join practices p on p.id = n.practice_id"
                " where n.status in ('queued', 'sending', 'uncertain') order by code"
            )
            return [code for (code,) in rows]


def run(
    messages: int,
    seed: int,
    *,
    wrong: float = 0.5,
    settle_time: float = 60.0,
    longest_lag: float = 60.0,
    behind: float = 0.0,
) -> Counter[str]:
    """Send so many, until nothing is queued or uncertain; the figures."""
    clock = MovingClock(MORNING)
    with TemporaryDirectory() as folder, Listener() as talk:
        house, dice = House(Path(folder) / "smsreminders.db", clock), random.Random(seed)  # noqa: S311  # no secret
        desk = Desk(house, random.Random(seed))  # noqa: S311  # no secret
        codes = _appointments(house, messages, desk)
        with ExitStack() as stack:
            spryngs = [
                stack.enter_context(
                    FaultySpryng(clock, seed=own, longest_lag=longest_lag, behind=timedelta(seconds=behind))
                )
                for own in (seed, seed + 1000)
            ]
            gateways = [Knowing(a_spryng(spryng, timeout=0.3), talk, desk.cancel_some) for spryng in spryngs]
            settles = timedelta(seconds=settle_time)
            in_use = several(
                {
                    name: Account(AccountName("spryng", name), gateway, 16, 10_000, settles)
                    for name, gateway in zip(("", "noord"), gateways, strict=True)
                },
                dict.fromkeys(codes[1::2], "noord"),
            )
            trial = Trial(house, clock, spryngs, gateways, in_use, desk, talk, dice)
            _send_all(trial, codes, wrong)
        return _figures(trial, messages)


def _appointments(house: House, messages: int, desk: Desk) -> list[str]:
    """Add appointments of the next afternoon, with their practices, and return the codes of these.

    Of six appointments the patients have one, two and three; there are two practices at least, one an account.
    """
    codes = [f"praktijk-{number}" for number in range(1, max(2, -(-messages // A_PRACTICE)) + 1)]
    build(house.database, practices=len(codes))
    each = -(-messages // len(codes))
    for number in range(len(codes)):
        some = range(number * each, min(messages, (number + 1) * each))
        records = [_record(n) for n in some]
        house.tell(*records, practice_id=number + 1)
        desk.records |= {(number + 1, record.source_id): record for record in records}
    return codes


def _record(number: int) -> AppointmentRecord:
    starts_at = MORNING + timedelta(hours=31, minutes=number % 240)
    patient = record_of(patient_of(number), starts_at).patient
    return record_of(number, starts_at)._replace(patient=patient)


def _send_all(trial: Trial, codes: Sequence[str], wrong: float) -> None:
    for code in codes:
        trial.round(code, wrong=wrong)
    while (left := trial.practices_left()) and trial.counts["runs of dispatch"] < MOST_RUNS:
        trial.round(trial.dice.choice(left), wrong=wrong)
        if trial.counts["runs of dispatch"] % 20 == 0:
            trial.ask()
        trial.check()
    trial.weather(post=0.0, get=0.0)
    trial.clock.move_on(timedelta(hours=1))
    trial.ask()
    trial.check()


def _figures(trial: Trial, messages: int) -> Counter[str]:
    statuses, journal = trial.statuses(), [sms for spryng in trial.spryngs for sms in spryng.journal]
    fates = {reference: fate for spryng in trial.spryngs for reference, fate in spryng.fates().items()}
    references = {sms["reference"] for sms in journal}
    texts = {(sms["phone"], sms["text"]) for sms in journal}
    counts = sum((spryng.answers for spryng in trial.spryngs), trial.counts)
    for gateway in trial.gateways:
        counts.update({f"outcome {kind}": count for kind, count in gateway.outcomes.items()})
    counts.update({f"in the database: {status}": count for status, count in Counter(statuses.values()).items()})
    covers = trial.covered()
    each = Counter(id_ for sms in journal for id_ in covers[str(sms["reference"])])
    counts["appointments"], counts["cancelled meanwhile"] = messages, len(trial.desk.cancelled)
    counts["covered twice"] = each.total() - len(each)
    counts["told after it was cancelled"] = trial.desk.late
    counts["uncertain at a time (most)"] = trial.most_uncertain
    counts["in the journal"] = len(journal)
    counts["doubles"] = len(journal) - min(len(references), len(texts))
    counts["left open"] = trial.left_open()
    counts["other fate than theirs"] = sum(statuses.get(reference) != fate for reference, fate in fates.items())
    counts["lines heard"], counts["leaks"] = trial.talk.lines, trial.talk.leaks
    return counts


def main(arguments: Sequence[str] | None = None) -> int:
    """The script: the messages in equal parts, each part with a gateway and a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--wrong", type=float, default=0.5, help="share of the answers to a request to send")
    parser.add_argument("--settle-time", type=float, default=60.0, help="seconds")
    parser.add_argument("--longest-lag", type=float, default=60.0, help="seconds until the list shows a message")
    parser.add_argument("--behind", type=float, default=0.0, help="seconds that the gateway's clock is behind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=4)
    given = parser.parse_args(arguments)
    same = {name: getattr(given, name) for name in ("wrong", "settle_time", "longest_lag", "behind")}
    part = partial(run, **same)
    sizes = [(given.messages + n) // given.processes for n in range(given.processes)]
    began = time.monotonic()
    with ProcessPoolExecutor(given.processes) as pool:
        total = sum(pool.map(part, sizes, range(given.seed, given.seed + given.processes)), Counter[str]())
    wrong = total["POST wrong"] / max(1, total["POST"])
    shown: dict[str, object] = {"seconds": round(time.monotonic() - began, 1), "POST wrong of POST": f"{wrong:.0%}"}
    return figures({**shown, **dict(sorted(total.items())), **{name: total[name] for name in BROKEN}}, broken=BROKEN)


if __name__ == "__main__":
    sys.exit(main())
