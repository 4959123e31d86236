"""This machine: what a text costs it, measured with real rounds of made-up patients to a gateway on 127.0.0.1."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.loopback import loopback
from bench.made_up import MORNING, RATE, SCHEDULE, WORDING, RunningClock, fill
from bench.measure import must
from bench.simulation import Costs
from smsreminders.domain.round.sending import Accepted, AccountName, DeliveryReport, Open, Outcome, Outgoing
from smsreminders.gateways.base import Account, Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from smsreminders.gateways.spryng import FEATURES
from smsreminders.jobs.round.dispatch import dispatch
from smsreminders.jobs.round.terms import Talk, Terms
from smsreminders.store.database import opened, write_transaction
from smsreminders.store.installation import count_run
from smsreminders.store.lock import run_lock
from smsreminders.store.practices import all_practices
from tests.accounts import only

_PROGRAM = Path(sys.executable).with_name("smsreminders")
_A_PRACTICE = 100  # texts
_EMPTY = 100  # transactions


@dataclass(frozen=True, slots=True)
class Round:
    """What the sending of a real round took: seconds, seconds of CPU, transactions; `planning` is what came before."""

    texts: int
    seconds: float
    cpu: float
    transactions: int
    planning: float


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run of the program: its seconds, the most memory in MiB, and by how many bytes a text the file grew."""

    texts: int
    seconds: float
    memory: float
    growth: float


class AtOnce:
    """A gateway within this process that takes every text at once: what is left is ours."""

    features = FEATURES

    def __init__(self) -> None:
        self._count = 0

    def send(self, _sms: Outgoing) -> Outcome:
        """Take it."""
        self._count += 1
        return Accepted(f"m{self._count}")

    def lookup(self, _asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Know nothing."""
        yield from ()

    def account(self) -> str:
        """Know the account."""
        return "known"


class House:
    """Practices in a folder, with so many patients who come tomorrow; each round is the first one of a copy."""

    def __init__(self, folder: Path, texts: int) -> None:
        folder.mkdir()
        self._texts, self._copies = texts, 0
        self._database, self._config = folder / "smsreminders.db", folder / "config.toml"
        self._config.write_text("[gateway]\nper_second = 10000\n", encoding="utf-8")
        fill(self._database, practices=max(1, texts // _A_PRACTICE), due=texts)

    def round(self, gateway: Gateway, *, connections: int, per_second: float) -> Round:
        """Dispatch to this gateway, all safety on."""
        marks: list[tuple[float, float]] = []

        def mark(*_: object) -> None:
            marks.append((time.perf_counter(), time.process_time()))

        in_use = Account(AccountName("spryng"), gateway, connections, per_second, timedelta(minutes=10))
        database = self.copy()
        with run_lock(database) as lock, opened(database) as db:
            mark()
            result = dispatch(
                db,
                lock,
                all_practices(db),
                accounts=only(in_use),
                terms=Terms(SCHEDULE, WORDING, RATE),
                clock=RunningClock(),
                talk=Talk(foreseen=mark, progress=mark),
            )
        must(result.sent.by_status.total() == self._texts and not result.waiting, "not every text was sent")
        (began, _), (first, cpu), (last, cpu_at_last) = marks[0], marks[1], marks[-1]
        return Round(self._texts, last - first, cpu_at_last - cpu, len(marks) - 2, first - began)

    def round_over_http(self, milliseconds: float, *, connections: int, per_second: float) -> Round:
        """Measure a round to a gateway on 127.0.0.1 that answers after these milliseconds."""
        with loopback(milliseconds / 1000) as there:
            return self.round(spryng(there.url, self._config), connections=connections, per_second=per_second)

    def whole_run(self) -> Run:
        """The program as cron starts it, with the gateway `sandbox`, which takes every text at once."""
        path = self.copy()
        before = path.stat().st_size
        surroundings = {"SMSREMINDERS_DATABASE": str(path), "SMSREMINDERS_NOW": MORNING.isoformat()}
        began = time.perf_counter()
        with subprocess.Popen([_PROGRAM, "--config", self._config, "--quiet", "dispatch"], env=surroundings) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        must(process.returncode == 0, f"dispatch ended with {process.returncode}")
        return Run(self._texts, seconds, used.ru_maxrss / 1024, (path.stat().st_size - before) / self._texts)

    def costs(self) -> Costs:
        """What the model needs to know of this machine, each measured alone."""
        alone = self.round(AtOnce(), connections=1, per_second=1e6)
        with opened(self.copy()) as db:
            began = time.process_time()
            for number in range(_EMPTY):
                with write_transaction(db):
                    count_run(db, number, MORNING)
            transaction = (time.process_time() - began) / _EMPTY
        return Costs(
            transaction=transaction,
            text=max(0.0, (alone.cpu - alone.transactions * transaction) / alone.texts),
            request=self._request(),
            commit=max(0.0, alone.seconds - alone.cpu) / alone.transactions,
        )

    def copy(self) -> Path:
        """The database as it is before its first round."""
        self._copies += 1
        path = self._database.with_name(f"{self._copies}.db")
        shutil.copyfile(self._database, path)
        return path

    def _request(self) -> float:
        """Seconds of CPU of a request."""
        moments = {"handed_over_at": MORNING, "valid_until": MORNING + timedelta(days=1)}
        sms = Outgoing(
            reference="r", phone="+31612000000", sender_id="Linde", text="x" * 140, encoding="GSM-7", **moments
        )
        with loopback(0) as there:
            gateway = spryng(there.url, self._config)
            gateway.send(sms)
            began = time.process_time()
            for _ in range(self._texts):
                gateway.send(sms)
            return (time.process_time() - began) / self._texts


def spryng(url: str, beside: Path) -> Gateway:
    """The gateway Spryng as the configuration opens it, at this address."""
    own = {"account_reference": "SPNLBENCH", "api_key": "bench"}
    return open_gateway("spryng", Options(beside=beside, base_url=url, timeout=30, own=own))
