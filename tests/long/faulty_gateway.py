"""Ten thousand reminders through a gateway of which half of the answers are wrong: none twice, none lost, none guessed.

python -m tests.long.faulty_gateway [--messages N] [--wrong SHARE] [--settle-time SECONDS] [--longest-lag SECONDS]
                                    [--behind SECONDS] [--seed N] [--processes N]

The real jobs with the real Spryng gateway, over HTTP to a fake on loopback whose list lags up to a minute. After every
run the database is compared with the gateway's journal and with what the gateway's answers could let anybody know.
A list that lags longer than the settle time (--longest-lag 900) proves that the script sees a double.
"""

import argparse
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from smsreminders.domain.sending import AccountName, DeliveryReport, Open, Outcome, Outgoing, Uncertain
from smsreminders.errors import SmsremindersError
from smsreminders.gateways.base import Account, Gateway
from smsreminders.store.database import opened
from tests.features import FINDS_ALL
from tests.gateways.benches.spryng import a_spryng
from tests.long.bench import MORNING, House, Listener, MovingClock, build, record_of
from tests.long.faulty_spryng import FaultySpryng
from tests.long.setting import figures

A_PRACTICE = 200  # appointments
MOST_RUNS = 4000
WEATHER = (0.0, 0.0, 0.01, 0.1, 0.5)  # the share of its lists that fails during a run
HANDED_OVER = {"sent", "delivered", "failed", "expired"}
NEVER = {"queued", "cancelled", "rejected"}
BROKEN = ["doubles", "handed over, not in the journal", "never sent, in the journal", "left in sending"]
BROKEN += ["shown as known, not known", "shown as not known, known", "left open", "other fate than theirs", "leaks"]


class Knowing:
    """The real gateway, and beside it what its answers let anybody know: `unknown` are the references in doubt."""

    features = FINDS_ALL

    def __init__(self, inner: Gateway, talk: Listener) -> None:
        self._inner, self._talk, self._lock = inner, talk, threading.Lock()
        self.unknown: set[str] = set()
        self.outcomes: Counter[str] = Counter()

    def send(self, sms: Outgoing) -> Outcome:
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
class Trial:
    """The practices, the gateway, and what was counted."""

    house: House
    clock: MovingClock
    spryng: FaultySpryng
    gateway: Knowing
    in_use: Account
    talk: Listener
    dice: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    most_uncertain: int = 0

    def round(self, code: str, *, wrong: float) -> None:
        """One run of dispatch for one practice, in some weather."""
        self.spryng.wrong = {"POST": wrong, "GET": self.dice.choice(WEATHER)}
        self.counts["runs of dispatch"] += 1
        try:
            result = self.house.dispatch(self.in_use, codes=[code])
            self.talk.heard(result.round_id, result.sent, *result.problems)
        except SmsremindersError as error:
            self.talk.heard(error)
        self.clock.move_on(timedelta(seconds=self.dice.uniform(5, 90)))

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
        statuses, journal = self.statuses(), self.spryng.references
        shown = {reference for reference, status in statuses.items() if status == "uncertain"}
        never = {reference for reference, status in statuses.items() if status in NEVER}
        self.gateway.unknown -= never - shown  # the gateway was asked, and proved not to have it
        broken = {
            "handed over, not in the journal": {r for r, s in statuses.items() if s in HANDED_OVER} - journal,
            "never sent, in the journal": never & journal,
            "left in sending": {r for r, s in statuses.items() if s == "sending"},
            "shown as known, not known": self.gateway.unknown - shown,
            "shown as not known, known": shown - self.gateway.unknown,
        }
        self.counts.update({name: len(references) for name, references in broken.items()})
        self.counts["comparisons of database, journal and answers"] += 1
        self.most_uncertain = max(self.most_uncertain, len(shown))

    def statuses(self) -> dict[str, str]:
        with opened(self.house.database, read_only=True) as db:
            return dict(db.execute("select reference, status from notifications"))

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
        house = House(Path(folder) / "smsreminders.db", clock)
        codes = _appointments(house, messages)
        theirs = FaultySpryng(clock, seed=seed, longest_lag=longest_lag, behind=timedelta(seconds=behind))
        with theirs as spryng:
            gateway = Knowing(a_spryng(spryng, timeout=0.3), talk)
            in_use = Account(AccountName("spryng"), gateway, 16, 10_000, timedelta(seconds=settle_time))
            dice = random.Random(seed)  # noqa: S311  # no secret
            trial = Trial(house, clock, spryng, gateway, in_use, talk, dice)
            _send_all(trial, codes, wrong)
        return _figures(trial, messages)


def _appointments(house: House, messages: int) -> list[str]:
    """Add appointments of the next afternoon, with their practices, and return the codes of these."""
    codes = [f"praktijk-{number}" for number in range(1, -(-messages // A_PRACTICE) + 1)]
    build(house.database, practices=len(codes))
    for number in range(len(codes)):
        some = range(number * A_PRACTICE, min(messages, (number + 1) * A_PRACTICE))
        records = [record_of(n, MORNING + timedelta(hours=31, minutes=n % 240)) for n in some]
        house.tell(*records, practice_id=number + 1)
    return codes


def _send_all(trial: Trial, codes: Sequence[str], wrong: float) -> None:
    for code in codes:
        trial.round(code, wrong=wrong)
    while (left := trial.practices_left()) and trial.counts["runs of dispatch"] < MOST_RUNS:
        trial.round(trial.dice.choice(left), wrong=wrong)
        if trial.counts["runs of dispatch"] % 20 == 0:
            trial.ask()
        trial.check()
    trial.spryng.wrong = {"POST": 0.0, "GET": 0.0}
    trial.clock.move_on(timedelta(hours=1))
    trial.ask()
    trial.check()


def _figures(trial: Trial, messages: int) -> Counter[str]:
    statuses, fates, journal = trial.statuses(), trial.spryng.fates(), trial.spryng.journal
    references = {sms["reference"] for sms in journal}
    texts = {(sms["phone"], sms["text"]) for sms in journal}
    counts = trial.counts + trial.spryng.answers
    counts.update({f"outcome {kind}": count for kind, count in trial.gateway.outcomes.items()})
    counts.update({f"in the database: {status}": count for status, count in Counter(statuses.values()).items()})
    counts["messages"] = messages
    counts["uncertain at a time (most)"] = trial.most_uncertain
    counts["in the journal"] = len(journal)
    counts["doubles"] = len(journal) - min(len(references), len(texts))
    counts["left open"] = messages - sum(status in HANDED_OVER | {"rejected"} for status in statuses.values())
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
